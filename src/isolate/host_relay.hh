// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// A service of this machine that the command may use (--allow-host PORT): the room's own loopback
/// has a socket at the same port, and what connects there is passed on to the machine's loopback.
struct HostPort {
  std::uint16_t port = 0;
  net::Family family = net::Family::V4;
  Descriptor listener;  // in the room's network, listening
};

/// Passes bytes on between the room and this machine's loopback, in a thread of its own: TCP only,
/// each direction ends by itself, and where the machine refuses, the room's connection is reset.
class HostRelay {
public:
  /// Errors: the thread cannot start; the kernel's limits.
  static Result<std::unique_ptr<HostRelay>> start(std::vector<HostPort> ports);
  ~HostRelay();
  HostRelay(const HostRelay&) = delete;
  HostRelay& operator=(const HostRelay&) = delete;
  HostRelay(HostRelay&&) = delete;
  HostRelay& operator=(HostRelay&&) = delete;

private:
  struct State;
  explicit HostRelay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
