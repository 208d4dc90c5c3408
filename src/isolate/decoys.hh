// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {

/// Places on this machine's loopback that stand for places that are gone. A socket that is pointed
/// at one of them behaves as it would towards the real one, with the kernel's own clocks, and
/// nothing leaves:
///   hanging  a listener whose queue is full, so that the kernel throws away each new SYN: a
///            connection there tries, again and again, as one into a blackhole does
///   silent   a datagram socket that nobody reads
///   closed   a port that answers "nobody listens here", and that nobody else can take
class Decoys {
public:
  /// Errors: this machine has no loopback, or a queue does not fill.
  static Result<Decoys> open();

  /// `to`: the address that was meant. `family`: the socket's own (AF_INET or AF_INET6).
  [[nodiscard]] SocketAddress hanging(int family, net::Address to) const;
  [[nodiscard]] SocketAddress silent(int family, net::Address to) const;
  [[nodiscard]] SocketAddress closed(int family, net::Address to) const;

  /// Our loopback as a socket of that family reaches it, for the one who is told apart by `to`.
  [[nodiscard]] net::Address loopback(int family, net::Address to) const;
  [[nodiscard]] bool has_v6() const { return has_v6_; }

private:
  struct Ports {
    std::uint16_t hanging = 0;
    std::uint16_t silent = 0;
    std::uint16_t closed = 0;
  };
  Decoys() = default;
  Result<Ports> open_at(net::Address loopback);
  [[nodiscard]] const Ports& ports_at(net::Address loopback) const;

  std::vector<Descriptor> held_;
  Ports v4_;
  Ports v6_;
  bool has_v6_ = false;
};

/// A socket bound to that address; port 0 in it: any. Errors: errno's words.
Result<Descriptor> bind_socket(const SocketAddress& address, int type);
/// Where it is bound.
std::uint16_t port_of(const Descriptor& socket);

}  // namespace zonder::isolate
