// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/boot_clock.hh"

namespace zonder {
namespace {

TEST(BootClock, GoesForwardOnlyAndTheTimeOfDayWithIt)
{
  const auto day = time_of_day();
  const auto boot = BootClock::now();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GE(BootClock::now(), boot);
    EXPECT_GE(time_of_day(), day);
  }
  // Between two looks at the one, as much passed of the other, and no more.
  const auto passed = time_of_day() - day;
  EXPECT_LE(passed, BootClock::now() - boot + std::chrono::seconds(1));
}

TEST(BootClock, TheTimeOfDayIsThatOfTheMachineAtTheStart)
{
  const auto apart = time_of_day() - std::chrono::system_clock::now();
  EXPECT_LT(std::chrono::abs(apart), std::chrono::hours(1));
}

}  // namespace
}  // namespace zonder
