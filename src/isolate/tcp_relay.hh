// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hh"
#include "isolate/relay_network.hh"
#include "net/address.hh"
#include "net/prefix.hh"

namespace zonder::isolate {

/// Passes TCP on between the network that it is ended in (relay_network.hh) and the network of the
/// thread that starts it, in a thread of its own. Whoever opens a connection hears what he would
/// hear outside: it is refused, unreachable or silent when that is what the outside says, and only
/// taken when the other side took it.
class TcpRelay {
public:
  struct Options {
    net::Address router_v4;  // in whose name it says that there is no way
    net::Address router_v6;
    std::vector<net::Prefix> closed;      // never connected to
    std::size_t most_connections = 8192;  // at once, with those that are being opened
    /// From the other side's answer until the connection has come back here.
    std::chrono::milliseconds return_patience{60000};
  };
  struct Counts {
    std::uint64_t opened = 0;       // taken, by both sides
    std::uint64_t turned_away = 0;  // past most_connections, or for want of descriptors
  };

  /// Takes what the network is made of but the network itself. Errors: the thread cannot start; the
  /// kernel's limits.
  static Result<std::unique_ptr<TcpRelay>> start(Options options, RelayNetwork network);
  ~TcpRelay();
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;
  TcpRelay(TcpRelay&&) = delete;
  TcpRelay& operator=(TcpRelay&&) = delete;

  /// Ends the thread and all connections.
  void stop();
  /// After stop().
  [[nodiscard]] Counts counts() const;

private:
  struct State;
  explicit TcpRelay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
