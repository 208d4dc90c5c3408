// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Which format a file is of: by its beginning, wherever that ends.
#include "import_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string head(reinterpret_cast<const char*>(data), size);
  const auto* format = zonder::collect::format_of(head);
  if (format != nullptr) {
    zonder::fuzz::require(zonder::collect::format_named(format->name) == format);
  }
  return 0;
}
