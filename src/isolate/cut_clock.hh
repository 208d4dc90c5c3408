// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>

namespace zonder::isolate {

/// For --after: when the parties fall away, counted from now.
class CutClock {
public:
  explicit CutClock(std::optional<std::chrono::seconds> after);

  /// How long poll() may wait for something else; -1: for ever.
  [[nodiscard]] int milliseconds_left() const;
  /// True once, when the time has come.
  bool strikes();

private:
  std::optional<std::chrono::steady_clock::time_point> at_;
};

}  // namespace zonder::isolate
