// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "wire/ip/tcp_opening.hh"

namespace ip = zonder::wire::ip;

/// What is taken for an opening can be answered in both ways.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::span packet(data, size);
  if (const auto opening = ip::read_tcp_opening(packet)) {
    if (opening->source.family() != opening->destination.family()) {
      std::abort();
    }
    const auto refused = ip::refusal_of(*opening);
    const auto no_way =
        ip::not_passed_on(packet, *opening, opening->destination, ip::NotPassedOn::Prohibited);
    if (ip::read_tcp_opening(refused) || ip::read_tcp_opening(no_way) ||
        no_way.size() > 60 + 80 + 8) {
      std::abort();
    }
  }
  return 0;
}
