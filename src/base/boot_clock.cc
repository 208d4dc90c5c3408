// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/boot_clock.hh"

#include <ctime>

namespace zonder {

BootClock::time_point BootClock::now() noexcept
{
  std::timespec passed{};
  // Linux has it since 2.6.39, and it has no other way to fail.
  (void)::clock_gettime(CLOCK_BOOTTIME, &passed);
  return time_point(std::chrono::seconds(passed.tv_sec) + std::chrono::nanoseconds(passed.tv_nsec));
}

std::chrono::system_clock::time_point time_of_day()
{
  struct Start {
    std::chrono::system_clock::time_point wall = std::chrono::system_clock::now();
    BootClock::time_point boot = BootClock::now();
  };
  static const Start start;
  return start.wall + std::chrono::duration_cast<std::chrono::system_clock::duration>(
                          BootClock::now() - start.boot);
}

}  // namespace zonder
