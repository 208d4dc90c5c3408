// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>

namespace zonder {

/// What has passed since the machine started, also while it slept. Nobody can set it.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept;
};

/// The time of day, as the machine's clock said when it was first asked for, and from then on what
/// has passed since. So all times that are told in one go keep their order and their lengths, also
/// when somebody sets the machine's clock, or the network does. Any thread.
std::chrono::system_clock::time_point time_of_day();

}  // namespace zonder
