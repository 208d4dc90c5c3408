// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.hh"

namespace zonder::kernel {

enum class WatchedCall { Connect, Bind, SendTo, SendMessage, SendMessages, Socket, SetOption };

/// A call in which a program waits for us.
struct CallNotice {
  std::uint64_t id = 0;
  pid_t thread = 0;  // as the caller of receive() numbers processes; 0: it cannot see it
  WatchedCall call = WatchedCall::Connect;
  bool from_memory =
      false;            // the arguments were read where the program can change them (socketcall)
  bool narrow = false;  // its pointers and lengths have 32 bits (i386, x32)
  int unread = 0;  // why its arguments could not be read where they lie (an errno); 0: they were
  std::array<std::uint64_t, 6> arguments{};
};

/// An address as a program gave it: a sockaddr.
using SocketBytes = std::vector<std::uint8_t>;

/// The supervisor's end of a call filter.
class CallListener {
public:
  explicit CallListener(Descriptor descriptor);

  /// To poll for reading. Hang-up: nobody is left who has the filter.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  /// The next call; may wait. Nothing: whoever called has ended, or the call was none of those that
  /// we watch (it goes on by itself).
  std::optional<CallNotice> receive();

  /// Whether the caller still waits: what was read of it by its number meanwhile was its own.
  [[nodiscard]] bool still_waits(const CallNotice& notice) const;

  /// The program does its call itself, as if nobody had looked.
  void let_go_on(const CallNotice& notice);

  /// The program does nothing; its call gives this value, or fails with that errno (negative).
  void answer(const CallNotice& notice, std::int64_t value);

  /// The program gets a copy of a descriptor of ours, whose number its call gives.
  void give(const CallNotice& notice, int descriptor, bool close_on_exec);

private:
  Descriptor descriptor_;
};

/// Memory of another process. False, and errno: it cannot be read, in whole or in part.
bool read_memory(pid_t process, std::uint64_t address, std::span<std::uint8_t> into);

bool write_memory(pid_t process, std::uint64_t address, std::span<const std::uint8_t> from);

/// The addresses that a call names: one of connect, bind and sendto; at most `limit` of sendmsg and
/// sendmmsg. None may be named.
struct NamedAddresses {
  std::vector<SocketBytes> all;
  bool hidden = false;  // one is said to be where we cannot read: the kernel may be able to
};
NamedAddresses addresses_in(const CallNotice& notice, std::size_t limit = 1024);

}  // namespace zonder::kernel
