// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <sys/socket.h>

#include "base/descriptor.hh"

namespace zonder::isolate {

/// A copy of a program's socket, and what the kernel says of it. What is done with the copy happens
/// to the program's own: both are one socket.
struct BorrowedSocket {
  Descriptor descriptor;
  int family = AF_UNSPEC;
  int type = 0;
  int protocol = 0;

  /// A socket of the kernel's own that it says nothing of has family AF_UNSPEC.
  static BorrowedSocket of(Descriptor descriptor);

  [[nodiscard]] bool is_internet() const { return family == AF_INET || family == AF_INET6; }
  [[nodiscard]] bool is_stream() const { return type == SOCK_STREAM; }
  /// Its calls do not wait (O_NONBLOCK).
  [[nodiscard]] bool never_waits() const;
};

/// connect() that waits no longer than one tick of the kernel's clock, also on a socket whose calls
/// wait, and without changing that: other threads of the program would notice. Gives 0 or minus the
/// errno; -EINPROGRESS or -EALREADY: it goes on by itself, and the same call tells how it ended
/// once the socket can be written to.
int connect_without_waiting(const BorrowedSocket& socket, const sockaddr* to, socklen_t length);

/// How long the program itself lets a call wait (SO_SNDTIMEO), in milliseconds; 0: for ever.
long patience_of(const BorrowedSocket& socket);

}  // namespace zonder::isolate
