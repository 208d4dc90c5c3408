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

TEST_F(InARoom, NamesAndNotesHideNothing)
{
  EXPECT_EQ(device_name("a\u0085b").error().message, "a name is one line of ordinary characters");
  EXPECT_EQ(device_name("a\xff").error().message, "a name is one line of ordinary characters");
  EXPECT_EQ(*device_name("\u202edesk\u200b "), "desk");
  EXPECT_EQ(device_name("\u200b\u2066").error().message,
            "give the device a name, for example: laptop of the desk");
  ASSERT_TRUE(roster_.join(0, "a", false, start));
  ASSERT_TRUE(roster_.mark(0, 0, model::Mark::Works, "\u202efine\u0085\r\nbut slow\u200b", later));
  EXPECT_EQ(roster_.marks().at(0).note, "fine\nbut slow");
  EXPECT_EQ(roster_.mark(0, 0, model::Mark::Works, "\xc3(", later).error().message,
            "the note is no text (UTF-8)");
  ASSERT_TRUE(roster_.note_outside(0, model::Outside::Said, "4\u2067G", later));
  EXPECT_EQ(roster_.devices().at(0).outside.at(0).what, "4G");
  EXPECT_FALSE(roster_.note_outside(0, model::Outside::Said, "\xff", later));
}

TEST_F(InARoom, OneDeviceCannotUseUpTheMarksOfAll)
{
  ASSERT_TRUE(roster_.join(0, "a", false, start));
  ASSERT_TRUE(roster_.join(1, "b", false, start));
  for (std::size_t i = 0; i < most_marks_of_one; ++i) {
    ASSERT_TRUE(roster_.mark(0, 0, model::Mark::Works, "", later));
  }
  EXPECT_EQ(roster_.mark(0, 1, model::Mark::Works, "", later).error().message,
            "this device has marked 500 times, and no more is kept of one device");
  EXPECT_TRUE(roster_.mark(1, 0, model::Mark::Works, "", later));
}

TEST_F(InARoom, AFullRoomSaysThatItIsFullAndLetsItsOwnComeBack)
{
  for (std::size_t i = 0; i < most_devices; ++i) {
    ASSERT_TRUE(roster_.may_join(std::nullopt, false));
    ASSERT_TRUE(roster_.join(i, "one of many", false, start));
  }
  for (const bool by_leader : {false, true}) {
    EXPECT_EQ(roster_.may_join(std::nullopt, by_leader).error().message,
              "the room is full: it has had 1000 devices, and keeps no more");
  }
  roster_.leave(7, later);
  EXPECT_TRUE(roster_.may_join(7, false));
}

TEST_F(InARoom, WhomTheLeaderSentOutComesBackByHimOnly)
{
  ASSERT_TRUE(roster_.join(0, "a", false, start));
  ASSERT_TRUE(roster_.join(1, "b", false, start));
  roster_.leave(1, later);
  roster_.send_out(0, later);
  EXPECT_FALSE(roster_.is_in(0));
  EXPECT_EQ(roster_.devices().at(0).left, later);
  EXPECT_EQ(roster_.may_join(0, false).error().message,
            "the leader has sent this device out; ask the leader");
  EXPECT_TRUE(roster_.may_join(1, false));  // left by itself
  EXPECT_TRUE(roster_.may_join(0, true));
  ASSERT_TRUE(roster_.join(0, "a", true, later));
  roster_.leave(0, later);
  EXPECT_TRUE(roster_.may_join(0, false));
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
