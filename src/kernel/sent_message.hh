// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/call_listener.hh"

namespace zonder::kernel {

/// A message that a program wants to send, copied out of its memory so that nobody changes it any
/// more.
struct SentMessage {
  SocketBytes address;                // empty: none was named
  std::vector<std::uint8_t> data;     // at most 65,535 bytes: more fits no datagram
  std::vector<std::uint8_t> control;  // as this processor lays it out, whatever the program's
  std::uint64_t length_place = 0;     // where sendmmsg wants to read how much was sent; 0: nowhere
  int error = 0;                      // why it cannot be sent: an errno
};

/// How many messages a send has: 1, or what sendmmsg says; at most 1,024, as the kernel has it.
std::size_t count_messages(const CallNotice& notice);

/// One of them. `notice` is a SendTo, SendMessage or SendMessages.
SentMessage read_message(const CallNotice& notice, std::size_t which);

/// Its flags (MSG_DONTWAIT and so on).
int send_flags(const CallNotice& notice);

}  // namespace zonder::kernel
