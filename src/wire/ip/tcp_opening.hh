// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "net/address.hh"

// The packet that opens a TCP connection (SYN), and what a network says to it when there is none.
namespace zonder::wire::ip {

struct TcpOpening {
  net::Address source;
  net::Address destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence = 0;
};

/// `packet` begins with its IP header. Nothing: it is something else, a fragment, cut short, or
/// wants another header than TCP's first (IPv6).
std::optional<TcpOpening> read_tcp_opening(std::span<const std::uint8_t> packet);

/// Nobody listens there: a reset in the destination's name, as a packet with its IP header.
std::vector<std::uint8_t> refusal_of(const TcpOpening& opening);

/// Why a router does not pass it on.
enum class NotPassedOn { NoRoute, HostUnreachable, Prohibited };

/// The same, as a router with that address says it (ICMP); of the family of `opening`, which was
/// read from `packet`.
std::vector<std::uint8_t> not_passed_on(std::span<const std::uint8_t> packet,
                                        const TcpOpening& opening,
                                        net::Address router,
                                        NotPassedOn why);

}  // namespace zonder::wire::ip
