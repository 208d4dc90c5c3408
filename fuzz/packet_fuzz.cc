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
  if (packet && packet->source.family() != packet->destination.family()) {
    std::abort();
  }
  return 0;
}
