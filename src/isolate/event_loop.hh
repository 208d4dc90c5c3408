// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/descriptor.hh"
#include "base/guarded.hh"
#include "base/result.hh"

namespace zonder::isolate {

/// Descriptors and deadlines of one thread (epoll). A token is never used twice, so that an event
/// for something that was just closed reaches nobody. Callbacks may add and take away anything,
/// themselves too. Only post() and stop() are for other threads.
class EventLoop {
public:
  using Clock = std::chrono::steady_clock;
  using Token = std::uint64_t;
  using Timer = std::pair<Clock::time_point, std::uint64_t>;
  using OnEvent = std::function<void(Token token, std::uint32_t events)>;
  using Action = std::function<void()>;

  static Result<EventLoop> open();

  /// Events as for epoll_ctl (EPOLLIN, EPOLLOUT). The descriptor stays the caller's. Errors: the
  /// kernel's limits.
  Result<Token> watch(int descriptor, std::uint32_t events, OnEvent on_event);
  void change(Token token, std::uint32_t events);
  /// Before the descriptor is closed.
  void forget(Token token);

  Timer at(Clock::time_point when, Action action);
  Timer after(std::chrono::milliseconds delay, Action action);
  void cancel(const Timer& timer);

  /// Runs until stop(). Calls `action` of each post() in this thread.
  void run();
  void post(Action action);
  void stop();

private:
  struct Watched {
    int descriptor = -1;
    OnEvent on_event;
  };
  struct Posted {
    std::vector<Action> actions;
    bool stop = false;
  };
  EventLoop() = default;
  void run_timers();
  bool run_posted();
  [[nodiscard]] int milliseconds_to_next_timer() const;
  void dispatch(Token token, std::uint32_t events);

  Descriptor epoll_;
  Descriptor wake_;
  std::uint64_t next_token_ = 1;
  std::unordered_map<Token, Watched> watched_;
  std::map<Timer, Action> timers_;
  std::unique_ptr<Guarded<Posted>> posted_;
};

}  // namespace zonder::isolate
