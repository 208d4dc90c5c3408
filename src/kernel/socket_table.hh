// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

/// Where a unix socket can be found: a file, or a name that is in no file system.
struct UnixName {
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t inode = 0;  // 0: it is no file
  std::string abstract;     // without the zero that it begins with; may hold more of them
};

/// A socket that asks the kernel of the unix sockets of the network namespace that it is made in.
/// Errors: none can be made.
Descriptor open_unix_table();

/// The cookies of the sockets that have this name now, in that table's network: who listens, and
/// who was accepted there. Nothing: the kernel does not say.
std::optional<std::vector<std::uint64_t>> unix_sockets_at(const Descriptor& table,
                                                          const UnixName& name);

}  // namespace zonder::kernel
