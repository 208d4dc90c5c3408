// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Archives of lists.
#include <cstdint>
#include <string_view>

#include "lists_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto lists = zonder::wire::read_list_archive("lists.tar.xz", bytes, {});
  if (!lists) {
    zonder::fuzz::check_shown(lists.error().message);
    return 0;
  }
  for (const auto& list : lists->files) {
    zonder::fuzz::check(list);
  }
  for (const auto& sentence : lists->passed_over) {
    zonder::fuzz::check_shown(sentence);
  }
  return 0;
}
