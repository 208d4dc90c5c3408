// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "room/roster.hh"

namespace zonder::room {
namespace {

const model::Moment start{std::chrono::hours(24 * 365 * 56)};
const model::Moment later = start + std::chrono::minutes(5);

class InARoom : public testing::Test {
protected:
  InARoom() : roster_({{.title = "log in"}, {.title = "print"}}) {}
  Roster roster_;
};

TEST_F(InARoom, ADeviceHasItsOwnersNameAndMayComeBack)
{
  ASSERT_TRUE(roster_.join(0, "  laptop of the desk ", false, start));
  EXPECT_TRUE(roster_.is_in(0));
  EXPECT_EQ(roster_.devices().at(0).name, "laptop of the desk");
  roster_.leave(0, later);
  EXPECT_FALSE(roster_.is_in(0));
  EXPECT_EQ(roster_.devices().at(0).left, later);
  ASSERT_TRUE(roster_.join(0, "the same", false, later));
  EXPECT_TRUE(roster_.is_in(0));
  EXPECT_EQ(roster_.devices().size(), 1U);
  EXPECT_EQ(roster_.devices().at(0).joined, start);
}

TEST_F(InARoom, NamesAreShortAndOneLine)
{
  EXPECT_EQ(roster_.join(0, " \t", false, start).error().fault, Fault::Usage);
  EXPECT_EQ(roster_.join(0, "a\nb", false, start).error().message,
            "a name is one line of ordinary characters");
  std::string forty;
  for (int i = 0; i < 40; ++i) {
    forty += "\u00e9";
  }
  EXPECT_EQ(roster_.join(0, forty + "e", false, start).error().message,
            "the name is too long; at most 40 characters");
  EXPECT_TRUE(roster_.join(0, forty, false, start));
}

TEST_F(InARoom, OnlyWhoIsInMarksAndOnlyTasksThatThereAre)
{
  EXPECT_EQ(roster_.mark(0, 0, model::Mark::Works, "", start).error().message,
            "this device is not in the room");
  ASSERT_TRUE(roster_.join(0, "a", false, start));
  EXPECT_EQ(roster_.mark(0, 2, model::Mark::Works, "", start).error().message,
            "there is no such task");
  EXPECT_TRUE(roster_.mark(0, 1, model::Mark::Stopped, " the queue is full ", later));
  ASSERT_EQ(roster_.marks().size(), 1U);
  EXPECT_EQ(roster_.marks().at(0).note, "the queue is full");
  EXPECT_EQ(roster_.marks().at(0).task, 1U);
  EXPECT_EQ(roster_.marks().at(0).time, later);
  EXPECT_EQ(roster_.mark(0, 1, model::Mark::Works, std::string(301, 'x'), later).error().message,
            "the note is too long; at most 300 characters");
  roster_.leave(0, later);
  EXPECT_FALSE(roster_.mark(0, 1, model::Mark::Works, "", later));
}

TEST_F(InARoom, ASignThatSomethingWentAroundIsNotedOnce)
{
  ASSERT_TRUE(roster_.join(0, "a", false, start));
  ASSERT_TRUE(roster_.note_outside(0, model::Outside::Vpn, "UDP 51820 to 192.0.2.7", start));
  ASSERT_TRUE(roster_.note_outside(0, model::Outside::Vpn, "UDP 51820 to 192.0.2.7", later));
  ASSERT_TRUE(roster_.note_outside(0, model::Outside::Said, "4G", later));
  ASSERT_EQ(roster_.devices().at(0).outside.size(), 2U);
  EXPECT_EQ(roster_.devices().at(0).outside.at(0).time, start);
  EXPECT_FALSE(roster_.note_outside(1, model::Outside::Said, "4G", later));
}

}  // namespace
}  // namespace zonder::room
