// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "kernel/nflog.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// The kernel hands over what a program in the room made up: any bytes behind the first.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const auto packet = zonder::kernel::read_packet({data, size});
  // In IPv6 an address may be an IPv4 one that is mapped, and is read as what it means; not so in
  // IPv4.
  const bool both_v4 = packet && packet->source.is_v4() && packet->destination.is_v4();
  if (packet && data[0] >> 4U == 4 && !both_v4) {
    std::abort();
  }
  return 0;
}
