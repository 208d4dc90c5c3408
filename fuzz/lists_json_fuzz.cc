// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Published lists in JSON: what is read adds up, and all that we say of it is fit to be shown.
#include <cstdint>
#include <string_view>

#include "lists_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  zonder::fuzz::check(zonder::wire::read_list("ServiceTags_Public_20260810.json", text, {}));
  zonder::fuzz::check(zonder::wire::read_list("github/list.json", text, {}));
  return 0;
}
