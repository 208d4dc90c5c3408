// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Zeek's logs as text.
#include "import_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  zonder::fuzz::read_as("zeek", data, size);
  return 0;
}
