// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <poll.h>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/event_loop.hh"

namespace zonder::isolate {

/// An error for want of descriptors or memory: it passes, and is nobody else's.
bool is_short_of_means(int error);

/// Sockets at which connections come in, in one event loop. Where none can be taken for want of
/// descriptors or memory all of them rest for a moment: what cannot be taken stays where it is, and
/// would wake us without end.
class Listeners {
public:
  using OnConnection = std::function<void(Descriptor)>;

  /// The loop outlives it.
  explicit Listeners(EventLoop& loop) : loop_(loop) {}
  ~Listeners();
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;
  Listeners(Listeners&&) = delete;
  Listeners& operator=(Listeners&&) = delete;

  /// The socket listens. Errors: the kernel's limits.
  Result<void> add(Descriptor socket, OnConnection on_connection);

  /// Takes all connections that wait, without waiting for the loop.
  void take_all();

  /// Each of them, to see whether somebody waits.
  [[nodiscard]] std::vector<pollfd> to_poll() const;

  /// Times that they had to rest.
  [[nodiscard]] std::uint64_t rests() const { return rests_; }

  void close();

private:
  struct Door {
    Descriptor socket;
    OnConnection on_connection;
    EventLoop::Token token = 0;
  };
  bool take_one(const Door& door);
  void on_event(const Door& door);
  void rest();
  void listen_for(std::uint32_t events);

  EventLoop& loop_;
  std::vector<std::unique_ptr<Door>> doors_;
  EventLoop::Timer waking_{};
  bool resting_ = false;
  std::uint64_t rests_ = 0;
};

}  // namespace zonder::isolate
