// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// NetFlow and IPFIX: datagrams with their lengths before them, and IPFIX files.
#include "import_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  zonder::fuzz::read_as("netflow", data, size);
  zonder::fuzz::read_as("ipfix", data, size);
  return 0;
}
