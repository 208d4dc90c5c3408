// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The tables that the shipped catalogue is made from, and feeds.yaml: hostile ones are refused.
#include <cstdint>

#include "catalog/feeds.hh"
#include "wire/tables/ip_location.hh"
#include "wire/tables/third_party_web.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  if (size > 65536) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto as_table = zonder::wire::tables::read_as_table(text, "x.csv");
  if (as_table) {
    for (const auto& row : *as_table) {
      if (row.range.last < row.range.first) {
        __builtin_trap();
      }
    }
  }
  (void)zonder::wire::tables::read_country_table(text, "x.csv");
  (void)zonder::wire::tables::read_web_entities(text, "x.json");
  (void)zonder::catalog::load_feeds("feeds.yaml", text);
  return 0;
}
