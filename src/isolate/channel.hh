// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"

namespace zonder::isolate {

/// What one process of ours tells another: a word, an optional rest, and open descriptors. When the
/// other has ended, receive() says so.
struct Notice {
  std::string word;  // "built", "error", ...
  std::string rest;
  std::vector<Descriptor> descriptors;
};

/// One end of a connection between two processes of ours (a socket that keeps messages apart).
class Channel {
public:
  static Result<std::pair<Channel, Channel>> make_pair();
  explicit Channel(Descriptor socket) : socket_(std::move(socket)) {}

  Result<void>
  send(std::string_view word, std::string_view rest = {}, const std::vector<int>& descriptors = {});

  /// Errors: the other side ended, or said "error" (its text is ours then), or nothing in time.
  Result<Notice> receive(std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// The same, but any other word than `word` is an error.
  Result<Notice> expect(std::string_view word,
                        std::chrono::milliseconds limit = std::chrono::seconds(30));

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  void close() { socket_.reset(); }

private:
  Descriptor socket_;
};

}  // namespace zonder::isolate
