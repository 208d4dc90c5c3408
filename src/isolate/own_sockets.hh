// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>

#include "isolate/tries.hh"
#include "kernel/socket_table.hh"

namespace zonder::isolate {

/// The sockets to which a program among ours gave an address of this machine. That a port is among
/// theirs does not say that whoever answers there is: another may be at it by another address, or
/// share it, or have it since. So it is looked up who would get a packet.
class OwnSockets {
public:
  /// Of those that were bound long ago, past `capacity`, it is no longer known.
  explicit OwnSockets(std::size_t capacity = 65536) : capacity_(capacity) {}

  void note(std::uint8_t protocol, std::uint16_t port, std::uint64_t cookie);

  /// Whether one of them was ever at this port; else nobody needs to be looked for there.
  [[nodiscard]] bool had_port(const Destination& destination) const
  {
    return ports_.count({destination.protocol, destination.port}) > 0;
  }

  /// Whether somebody would get what goes there, and only ours would, whichever of those at this
  /// port the kernel takes. `there`: all who are at it, as sockets_at() gives them.
  [[nodiscard]] bool alone_get(const Destination& destination,
                               std::span<const kernel::SocketRow> there) const;

private:
  std::size_t capacity_;
  std::set<std::pair<std::uint8_t, std::uint16_t>> ports_;
  std::set<std::uint64_t> cookies_;  // the kernel counts upward
};

}  // namespace zonder::isolate
