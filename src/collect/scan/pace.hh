// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <chrono>

namespace zonder::collect {

/// So many a second, and no more: each takes its share of time, and what was not used is lost but
/// for a tenth of a second. Time comes from outside.
class Pace {
public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Pace(double a_second)
      : each_(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            std::chrono::duration<double>(1.0 / std::max(a_second, 0.01))))
  {
  }
  [[nodiscard]] bool may(Time now) const { return next_ <= now; }
  [[nodiscard]] Time next() const { return next_; }
  void take(Time now)
  {
    constexpr std::chrono::milliseconds kept{100};
    next_ = std::max(next_, now - kept) + each_;
  }

private:
  std::chrono::steady_clock::duration each_;
  Time next_;
};

}  // namespace zonder::collect
