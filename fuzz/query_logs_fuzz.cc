// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What resolvers write of questions, the kernel of connections, and a proxy of requests.
#include "import_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  zonder::fuzz::read_as("unbound", data, size);
  zonder::fuzz::read_as("bind", data, size);
  zonder::fuzz::read_as("dnsmasq", data, size);
  zonder::fuzz::read_as("powerdns", data, size);
  zonder::fuzz::read_as("conntrack", data, size);
  zonder::fuzz::read_as("squid", data, size);
  return 0;
}
