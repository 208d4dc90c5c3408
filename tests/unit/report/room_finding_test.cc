// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "report/room_finding.hh"

namespace zonder::report {
namespace {

using model::Mark;
using std::chrono::minutes;

class RoomFindings : public testing::Test {
protected:
  RoomFindings()
  {
    record_.without = "microsoft";
    record_.cut = start_;
    record_.ended = start_ + minutes(60);
    record_.tasks = {{.title = "open a case", .names = {"cases.example"}}};
    record_.devices = {{.name = "one"}, {.name = "two"}};
  }

  void mark(Mark what, std::size_t device = 0, minutes after = minutes(10))
  {
    record_.marks.push_back({.device = device, .mark = what, .time = start_ + after});
  }
  void contact(const std::string& name, bool blocked, std::size_t device = 0)
  {
    record_.contacts.push_back({.device = device,
                                .name = name,
                                .blocked = blocked,
                                .count = 1,
                                .first = start_ + minutes(5),
                                .last = start_ + minutes(9)});
  }
  [[nodiscard]] std::string finding() const
  {
    return name_of(room_findings(record_).at(0).finding);
  }

  model::Moment start_{std::chrono::hours(24 * 365 * 56)};
  model::RoomRecord record_;
};

TEST_F(RoomFindings, NobodyTried)
{
  EXPECT_EQ(finding(), "not-exercised");
  mark(Mark::CouldNotTry);
  contact("www.cases.example", false);
  EXPECT_EQ(finding(), "not-exercised");
}

TEST_F(RoomFindings, StoppedForWantOfTheAbsent)
{
  mark(Mark::Stopped);
  contact("www.cases.example", false);
  contact("login.microsoft.example", true);
  EXPECT_EQ(finding(), "cut-and-stopped");
}

TEST_F(RoomFindings, StoppedWithoutAnythingOfTheAbsentIsNoEvidence)
{
  mark(Mark::Stopped);
  contact("www.cases.example", false);
  contact("login.microsoft.example", true, 1);  // of another device
  EXPECT_EQ(finding(), "stopped-unexplained");
}

/// The supplier's own log-in may be at the absent: that was not cut, and the room says so.
TEST_F(RoomFindings, WorksAtASupplierWhoseSideWasNotCutProvesNothing)
{
  mark(Mark::Works);
  contact("www.cases.example", false);
  contact("login.microsoft.example", true);
  EXPECT_EQ(finding(), "supplier-not-cut");
  record_.tasks[0].inside = true;  // whatever is said of it: somebody outside answered
  EXPECT_EQ(finding(), "supplier-not-cut");
}

TEST_F(RoomFindings, HeldWhereAllOfItWasInTheRoomOrFellAway)
{
  mark(Mark::Works);
  contact("files.cases.example", true);
  EXPECT_EQ(finding(), "cut-and-held");
  record_.contacts.clear();
  EXPECT_EQ(finding(), "worked-unseen");
  record_.tasks[0].inside = true;
  EXPECT_EQ(finding(), "cut-and-held");
}

TEST_F(RoomFindings, ANameIsOfATaskByWholeLabels)
{
  mark(Mark::Works);
  contact("othercases.example", false);
  EXPECT_EQ(finding(), "worked-unseen");
  contact("cases.example", false);
  EXPECT_EQ(finding(), "supplier-not-cut");
}

TEST_F(RoomFindings, WhatWouldStopLaterThanTheRoomLastedIsNotShown)
{
  record_.tasks[0].stops_after = minutes(90);
  record_.tasks[0].inside = true;
  mark(Mark::Works);
  EXPECT_EQ(finding(), "too-short-to-show");
  record_.ended = start_ + minutes(90);
  EXPECT_EQ(finding(), "cut-and-held");
}

TEST_F(RoomFindings, WhatWasBeforeTheCutDoesNotCount)
{
  record_.cut = start_ + minutes(20);
  mark(Mark::Works);
  contact("www.cases.example", false);
  EXPECT_EQ(finding(), "not-exercised");
}

TEST_F(RoomFindings, OneForWhomItStoppedOutweighsThoseForWhomItWorks)
{
  mark(Mark::Works, 1);
  mark(Mark::Degraded, 1);
  mark(Mark::Stopped, 0);
  contact("login.microsoft.example", true);
  const auto found = room_findings(record_).at(0);
  EXPECT_EQ(std::string(name_of(found.finding)), "cut-and-stopped");
  EXPECT_TRUE(found.disputed);
  EXPECT_TRUE(found.degraded);
  EXPECT_EQ(found.marks, std::vector<std::size_t>{2});
}

}  // namespace
}  // namespace zonder::report
