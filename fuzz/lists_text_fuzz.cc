// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Published lists that are lines of text, in every format: as recognised, and forced.
#include <cstdint>
#include <string_view>

#include "lists_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto* path : {"list.txt", "ips-v4", "github/ipv4_merged.txt", "data/azure"}) {
    zonder::fuzz::check(zonder::wire::read_list(path, text, {}));
  }
  for (const auto& format : zonder::wire::list_formats()) {
    zonder::fuzz::check(zonder::wire::read_list(
        "list.txt", text, {.party = "a", .format = format, .known_parties = {"list"}}));
  }
  return 0;
}
