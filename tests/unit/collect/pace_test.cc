// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "collect/scan/pace.hh"

namespace zonder::collect {
namespace {

using namespace std::chrono_literals;

/// How many may be taken in that time by somebody who always wants more, looking each `step`.
int taken(Pace& pace,
          Pace::Time from,
          std::chrono::milliseconds time,
          std::chrono::milliseconds step)
{
  int count = 0;
  for (auto now = from; now < from + time; now += step) {
    while (pace.may(now)) {
      pace.take(now);
      ++count;
    }
  }
  return count;
}

TEST(Pace, IsKeptHoweverOftenOneLooks)
{
  const Pace::Time start(1h);
  for (const auto step : {1ms, 7ms, 40ms}) {
    Pace pace(100);
    const int count = taken(pace, start, 10s, step);
    EXPECT_LE(count, 1011) << step.count();
    EXPECT_GE(count, 990) << step.count();
  }
}

TEST(Pace, DoesNotSaveUpWhatWasNotUsed)
{
  const Pace::Time start(1h);
  Pace pace(100);
  (void)taken(pace, start, 1s, 1ms);
  const auto after_a_pause = start + 1min;
  EXPECT_LE(taken(pace, after_a_pause, 100ms, 1ms), 21);
}

}  // namespace
}  // namespace zonder::collect
