// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "isolate/borrowed_socket.hh"
#include "isolate/event_loop.hh"
#include "kernel/call_listener.hh"

namespace zonder::isolate {

/// Calls whose callers wait until a socket can be written to, as many as there are: each is tried
/// again then, and answered when it is done, when its socket's own patience is over, or when its
/// thread has a signal to see to. In the thread of one event loop.
class WaitingCalls {
public:
  /// The call's answer (0 or more, or minus the errno); nothing: it must wait on.
  using Try =
      std::function<std::optional<std::int64_t>(const kernel::CallNotice&, BorrowedSocket&)>;

  /// Both outlive it.
  WaitingCalls(kernel::CallListener& listener, EventLoop& loop) : listener_(listener), loop_(loop)
  {
  }

  /// `too_late`: the answer when the socket's patience is over.
  void add(const kernel::CallNotice& notice,
           BorrowedSocket socket,
           Try try_again,
           std::int64_t too_late);

private:
  struct Waiting {
    kernel::CallNotice notice;
    BorrowedSocket socket;
    Try try_again;
    std::optional<std::chrono::steady_clock::time_point> until;
    std::int64_t too_late = 0;
    EventLoop::Token token = 0;
  };
  void on_writable(std::uint64_t id);
  void look();
  void end(std::uint64_t id, std::optional<std::int64_t> value);

  kernel::CallListener& listener_;
  EventLoop& loop_;
  std::map<std::uint64_t, Waiting> waiting_;  // by notice
  bool looking_ = false;                      // a timer looks at them
};

}  // namespace zonder::isolate
