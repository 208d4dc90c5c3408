// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What resolvers write of questions, and the kernel of connections.
#include "import_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  zonder::fuzz::read_as("unbound", data, size);
  zonder::fuzz::read_as("bind", data, size);
  zonder::fuzz::read_as("dnsmasq", data, size);
  zonder::fuzz::read_as("powerdns", data, size);
  zonder::fuzz::read_as("conntrack", data, size);
  return 0;
}
