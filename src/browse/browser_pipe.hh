// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hh"

// How one talks with Chromium that was started with --remote-debugging-pipe: texts that end in a
// zero byte, by two descriptors. No port and no socket file, so nobody else can join in.
namespace zonder::browse {

using Deadline = std::chrono::steady_clock::time_point;

/// Cuts what arrives into messages. One that grows past `largest` is thrown away to its end, and
/// counted: a page can make the browser say as much as it likes.
class MessageCutter {
public:
  explicit MessageCutter(std::size_t largest = std::size_t{32} << 20U) : largest_(largest) {}

  void put(std::string_view bytes);
  /// The next whole message; nothing: more has to come.
  std::optional<std::string> next();
  [[nodiscard]] std::uint64_t too_large() const { return too_large_; }

private:
  std::size_t largest_;
  std::string waiting_;       // from the start of a message on
  std::size_t searched_ = 0;  // so far of waiting_ no end was found
  bool skipping_ = false;     // up to the end of a message that is too large
  std::uint64_t too_large_ = 0;
};

class BrowserPipe {
public:
  /// `from` and `to` are the browser's output and input; both sockets.
  BrowserPipe(Descriptor from, Descriptor to) : from_(std::move(from)), to_(std::move(to)) {}

  /// False: the browser has gone, or does not listen.
  bool send(std::string_view message);

  /// The next message; nothing when none came in time, or the browser has gone (see gone()).
  std::optional<std::string> receive(Deadline until);

  [[nodiscard]] bool gone() const { return gone_; }
  /// That answers come by; when it is shut down, the browser has gone.
  [[nodiscard]] int descriptor() const { return from_.get(); }
  [[nodiscard]] std::uint64_t too_large() const { return cutter_.too_large(); }

private:
  Descriptor from_;
  Descriptor to_;
  MessageCutter cutter_;
  bool gone_ = false;
};

}  // namespace zonder::browse
