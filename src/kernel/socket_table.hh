// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/descriptor.hh"
#include "net/address.hh"

// The kernel's own list of sockets (sock_diag), of this network namespace.
namespace zonder::kernel {

/// A socket that packets to its port can find. Of one of MPTCP there are two rows: the one that
/// packets find, and, marked, the one that the program has.
struct SocketRow {
  net::Address address;  // where it is bound; an IPv4 one written as IPv6 is the IPv4 one
  std::uint64_t cookie = 0;
  bool is_mptcp = false;
};

/// The number that tells a socket from all others that there ever were. 0: it has none.
std::uint64_t cookie_of(const Descriptor& socket);

/// Whoever is at this port of this machine, at any address: for IPPROTO_TCP those that listen, for
/// IPPROTO_UDP all. Nothing: the kernel does not say.
std::optional<std::vector<SocketRow>> sockets_at(std::uint8_t protocol, std::uint16_t port);

}  // namespace zonder::kernel
