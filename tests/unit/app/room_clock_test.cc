// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/room_clock.hh"

namespace zonder::app {
namespace {

using namespace std::chrono_literals;

TEST(RoomClock, TellsTheTimeOfTheStartAndWhatHasPassedSince)
{
  const model::Moment wall{24h * 365 * 56};
  const RoomClock::Steady::time_point steady{17min};
  const RoomClock clock(wall, steady);
  EXPECT_EQ(clock.at(steady), wall);
  EXPECT_EQ(clock.at(steady + 3661s), wall + 3661s);
  EXPECT_EQ(clock.at(steady - 2s), wall - 2s);
}

TEST(RoomClock, DoesNotHearOfAStepOfTheMachinesClock)
{
  // As if the machine's clock had stood an hour ahead when the room began, and was set right since.
  const auto ahead = std::chrono::system_clock::now() + 1h;
  const RoomClock clock(ahead, RoomClock::Steady::now() - 60s);
  const auto told = clock.now();
  EXPECT_GE(told, ahead + 60s);
  EXPECT_LT(told, ahead + 90s);
  EXPECT_GE(clock.now(), told);
}

}  // namespace
}  // namespace zonder::app
