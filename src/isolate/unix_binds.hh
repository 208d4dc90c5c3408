// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.hh"
#include "isolate/unix_place.hh"

namespace zonder::isolate {

/// Unix sockets that programs bind themselves while we look on. Whether a bind made its path is
/// known afterwards only, from the socket: one that fails, since somebody else's service is there,
/// makes nothing.
class UnixBinds {
public:
  /// A thread is about to bind, and is held in that call. `socket`: a copy of what is to be bound,
  /// which is kept for a moment only.
  void begin(pid_t thread, Descriptor socket, const kernel::SocketBytes& address);

  /// Looks what was made since. To be called before made() is asked, and every settle_again while
  /// not empty.
  void settle();
  [[nodiscard]] bool empty() const { return pending_.empty(); }

  /// Whether a program in the room made that socket, as far as is known: past most_made they are
  /// taken for somebody else's, which is said and not hidden.
  [[nodiscard]] bool made(const UnixPlace& socket) const { return made_.count(socket.key) > 0; }

  static constexpr std::chrono::milliseconds settle_again{10};
  static constexpr std::size_t most_made = 100000;

private:
  struct Pending {
    Descriptor socket;
    std::string wanted;
    UnixPlaceToBe place;
    std::chrono::steady_clock::time_point since;
  };
  std::vector<Pending> pending_;
  std::set<std::string> made_;  // by key
};

}  // namespace zonder::isolate
