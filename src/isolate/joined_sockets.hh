// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/descriptor.hh"

namespace zonder::isolate {

/// Pipes that bytes go through on their way from one socket to another without being copied. One
/// is enough for all connections that flow; where an end does not take what is for it, what is in
/// the pipe stays there, and the connection keeps it.
class PipePool {
public:
  struct Pipe {
    Descriptor read;
    Descriptor write;
  };
  /// An empty one; without descriptors when there are no more.
  Pipe take();
  void give_back(Pipe pipe);  // empty

private:
  std::vector<Pipe> idle_;
};

/// Two connected TCP sockets, non-blocking: what one hears, the other says; each direction ends by
/// itself.
class JoinedSockets {
public:
  JoinedSockets(Descriptor one, Descriptor other);

  enum class State { Flows, Over, Broken };
  /// As much as can be done now. Over: both directions have ended. Broken: an end is gone, or there
  /// are no pipes; the other is to be reset.
  State pass_on(PipePool& pipes);

  /// What to wait for, for the first and the second socket: EPOLLIN, EPOLLOUT.
  [[nodiscard]] std::array<std::uint32_t, 2> wishes() const;
  /// It says and hears nothing more.
  [[nodiscard]] bool is_over(std::size_t end) const;
  [[nodiscard]] int descriptor(std::size_t end) const { return sockets_.at(end).get(); }
  /// Closing then resets both.
  void break_off() const;

private:
  struct Way {
    PipePool::Pipe pipe;   // where something is in it
    std::size_t held = 0;  // bytes in the pipe
    bool heard_all = false;
    bool told_all = false;
  };
  bool carry(Way& way, const Descriptor& from, const Descriptor& to, PipePool& pipes);

  std::array<Descriptor, 2> sockets_;
  std::array<Way, 2> ways_;  // from the first to the second, and back
};

}  // namespace zonder::isolate
