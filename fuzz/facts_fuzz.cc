// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Hostile facts: the loader lists mistakes and never falls over. Each input is read as a party, as
// the list of jurisdictions and as the list of private resolvers.
#include <cstdint>

#include "catalog/facts_loader.hh"
#include "catalog/private_resolvers.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  if (size > 65536) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto loaded = zonder::catalog::load_facts({{"data/parties/x.yaml", text}},
                                                  {"data/jurisdictions.yaml", text});
  const auto resolvers = zonder::catalog::load_private_resolvers("x.yaml", text);
  if (!resolvers && resolvers.error().message.empty()) {
    __builtin_trap();
  }
  for (const auto& mistake : loaded.mistakes) {
    if (mistake.line < 1 || mistake.column < 1 || mistake.to_string().empty()) {
      __builtin_trap();
    }
  }
  return 0;
}
