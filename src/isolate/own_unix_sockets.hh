// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>

#include "base/descriptor.hh"
#include "isolate/unix_place.hh"

namespace zonder::isolate {

/// The unix sockets that programs in the room gave a name themselves. Who has a name is asked of
/// the kernel at the moment that it matters, and a socket is known by its cookie, which no other
/// ever gets: a bind that failed, a file that was put in the place of the first, a name that
/// somebody else took later are not taken for the room's.
///
/// What a program makes in a network namespace of its own is taken for somebody else's, which is
/// said and not hidden; so are those past most_kept.
class OwnUnixSockets {
public:
  /// `table`: of the network in which the programs are.
  explicit OwnUnixSockets(Descriptor table = {}) : table_(std::move(table)) {}

  /// A program is about to bind it, and is held in that call.
  void note(const Descriptor& socket);

  [[nodiscard]] bool made(const UnixPlace& place) const;

  static constexpr std::size_t most_kept = 100000;

private:
  Descriptor table_;
  std::set<std::uint64_t> cookies_;
};

}  // namespace zonder::isolate
