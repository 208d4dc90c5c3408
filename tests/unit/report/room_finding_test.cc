// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "report/room_finding.hh"
#include "support/room_story.hh"

namespace zonder::report {
namespace {

using model::Mark;
using std::chrono::minutes;

class RoomFindings : public testing::Test {
protected:
  RoomFindings()
  {
    story_.device("one").device("two").task("open a case", {"cases.example"});
    record_.cold = true;
  }

  void mark(Mark what, std::size_t device = 0, int minute = 10)
  {
    story_.mark(0, device, what, minute);
  }
  void living(const std::string& name, std::size_t device = 0)
  {
    story_.living(device, name, 5, 9);
  }
  void blocked(const std::string& name, std::size_t device = 0)
  {
    story_.blocked(device, name, 5, 9);
  }
  [[nodiscard]] TaskFinding found() const { return room_findings(record_).at(0); }
  /// "cut-and-held: warm"
  [[nodiscard]] std::string finding() const
  {
    std::string text = name_of(found().finding);
    for (const auto doubt : found().doubts) {
      text += std::string(text.find(':') == std::string::npos ? ": " : ", ") + name_of(doubt);
    }
    return text;
  }

  test::RoomStory story_;
  model::RoomRecord& record_ = story_.record;
};

TEST_F(RoomFindings, NobodyTried)
{
  EXPECT_EQ(finding(), "not-exercised");
  mark(Mark::CouldNotTry);
  living("www.cases.example");
  EXPECT_EQ(finding(), "not-exercised");
}

TEST_F(RoomFindings, StoppedForWantOfTheAbsent)
{
  mark(Mark::Stopped);
  living("www.cases.example");
  blocked("login.microsoft.example");
  EXPECT_EQ(finding(), "cut-and-stopped: indirect");
  EXPECT_EQ(found().marks, std::vector<std::size_t>{0});
  EXPECT_EQ(found().contacts, std::vector<std::size_t>{1});  // what it rests on
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "cut-and-stopped");
  EXPECT_EQ(found().contacts, std::vector<std::size_t>{2});
}

TEST_F(RoomFindings, StoppedWithoutAnythingOfTheAbsentIsNoEvidence)
{
  mark(Mark::Stopped);
  living("www.cases.example");
  blocked("login.microsoft.example", 1);  // of another device
  EXPECT_EQ(finding(), "stopped-unexplained: nothing-seen");
}

TEST_F(RoomFindings, StoppedLongAfterTheAbsentWereAskedIsNoEvidence)
{
  blocked("login.microsoft.example");  // until 9
  mark(Mark::Stopped, 0, 19);
  EXPECT_EQ(finding(), "cut-and-stopped: indirect");
  record_.marks[0].time = story_.at(20);
  EXPECT_EQ(finding(), "stopped-unexplained: nothing-seen");
  record_.marks[0].time = story_.at(3);  // before it
  EXPECT_EQ(finding(), "stopped-unexplained: nothing-seen");
}

/// A printer without paper, beside a laptop that always asks for something.
TEST_F(RoomFindings, WhatIsAllInTheRoomDoesNotStopForWhatALaptopAsksBesides)
{
  record_.tasks[0].inside = true;
  mark(Mark::Stopped);
  blocked("telemetry.microsoft.example");
  EXPECT_EQ(finding(), "stopped-unexplained: nothing-seen");
  blocked("print.cases.example");
  EXPECT_EQ(finding(), "cut-and-stopped");
}

TEST_F(RoomFindings, ABadgeReaderCannotSayThatItStoppedButAskedForIt)
{
  story_.device("reader");
  record_.devices[2].by_leader = true;
  mark(Mark::Stopped);
  blocked("door.microsoft.example", 2);
  EXPECT_EQ(finding(), "stopped-unexplained: nothing-seen");
  blocked("door.cases.example", 2);
  EXPECT_EQ(finding(), "cut-and-stopped");
}

/// The supplier's own log-in may be at the absent: that was not cut, and the room says so.
TEST_F(RoomFindings, WorksAtASupplierWhoseSideWasNotCutProvesNothing)
{
  mark(Mark::Works);
  living("www.cases.example");
  blocked("login.microsoft.example");
  EXPECT_EQ(finding(), "supplier-not-cut");
  EXPECT_EQ(found().contacts, std::vector<std::size_t>{0});
  record_.tasks[0].inside = true;  // whatever is said of it: somebody outside answered
  EXPECT_EQ(finding(), "supplier-not-cut");
}

TEST_F(RoomFindings, ASupplierWhomTheTaskForgotToNameIsNotCutEither)
{
  record_.tasks[0].names = {"login.microsoft.example"};  // and not cases.example
  blocked("login.microsoft.example");
  mark(Mark::Works);
  EXPECT_EQ(finding(), "cut-and-held");
  living("www.cases.example");
  EXPECT_EQ(finding(), "supplier-not-cut: other-living");
  record_.contacts[1].name.clear();  // by its address only
  EXPECT_EQ(finding(), "supplier-not-cut: other-living");
  record_.contacts[1].last = record_.contacts[1].first = story_.at(1);
  mark(Mark::Works, 0, 50);  // a connection lasts
  EXPECT_EQ(finding(), "supplier-not-cut: other-living");
  record_.contacts[1].protocol = "proxy";
  record_.contacts[1].name = "www.cases.example";
  record_.contacts[1].address.reset();
  EXPECT_EQ(finding(), "supplier-not-cut: other-living");
}

TEST_F(RoomFindings, ASupplierReachedThroughAProxyIsNotCutEither)
{
  mark(Mark::Works);
  blocked("files.cases.example");
  record_.contacts.push_back({.name = "www.cases.example",
                              .protocol = "proxy",
                              .count = 1,
                              .first = story_.at(5),
                              .last = story_.at(6)});
  EXPECT_EQ(finding(), "supplier-not-cut");
  record_.contacts[1].blocked = true;  // the proxy refused it
  EXPECT_EQ(finding(), "cut-and-held");
}

TEST_F(RoomFindings, ASupplierThatIsNamedByItsAddressIsNotCutEither)
{
  record_.tasks[0].names = {"203.0.113.7"};
  mark(Mark::Works);
  living("");
  EXPECT_EQ(finding(), "supplier-not-cut");
}

TEST_F(RoomFindings, ASupplierSeenByAnotherDeviceOrAskedForByNameIsNotCutEither)
{
  blocked("files.cases.example");
  mark(Mark::Works);
  EXPECT_EQ(finding(), "cut-and-held");
  living("www.cases.example", 1);
  EXPECT_EQ(finding(), "supplier-not-cut");
  record_.contacts[1].protocol = "dns";
  EXPECT_EQ(finding(), "supplier-not-cut");
}

TEST_F(RoomFindings, WhatIsSaidToBeInTheRoomIsNotWhereSomethingElseWasReached)
{
  record_.tasks[0].inside = true;
  record_.tasks[0].names.clear();
  mark(Mark::Works, 0, 15);
  blocked("telemetry.microsoft.example");
  EXPECT_EQ(finding(), "cut-and-held");
  living("backend.example", 1);  // another's
  EXPECT_EQ(finding(), "cut-and-held");
  living("backend.example");
  EXPECT_EQ(finding(), "worked-unseen: other-living");
  EXPECT_EQ(found().contacts, std::vector<std::size_t>{2});
  record_.marks[0].time = story_.at(45);  // long after it
  EXPECT_EQ(finding(), "cut-and-held");
  record_.contacts[1].last = story_.at(44);  // a badge reader and its cloud
  record_.devices[1].by_leader = true;
  EXPECT_EQ(finding(), "worked-unseen: other-living");
}

TEST_F(RoomFindings, HeldWhereAllOfItWasInTheRoomOrFellAway)
{
  mark(Mark::Works);
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "cut-and-held");
  EXPECT_EQ(found().contacts, std::vector<std::size_t>{0});
  record_.contacts.clear();
  EXPECT_EQ(finding(), "worked-unseen: nothing-seen");
  record_.tasks[0].inside = true;  // a device of which nothing at all was seen
  EXPECT_EQ(finding(), "worked-unseen: nothing-seen");
  story_.question(0, "www.microsoft.example", 4);
  EXPECT_EQ(finding(), "cut-and-held");
}

TEST_F(RoomFindings, WhatNamesNothingCannotBeHeldNorSeen)
{
  record_.tasks[0].names.clear();
  mark(Mark::Works);
  blocked("files.cases.example");
  living("www.cases.example");
  EXPECT_EQ(finding(), "worked-unseen: nothing-seen");
}

TEST_F(RoomFindings, AWarmRoomHoldsWithADoubt)
{
  record_.cold = false;
  mark(Mark::Degraded);
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "cut-and-held: warm");
  EXPECT_TRUE(found().degraded);
}

TEST_F(RoomFindings, WhoMayHaveGoneAroundTheRoomProvesNothingByIt)
{
  using model::Outside;
  mark(Mark::Works);
  blocked("files.cases.example");
  for (const auto how : {Outside::Said, Outside::Vpn, Outside::PrivateDns, Outside::Silent}) {
    record_.devices[0].outside = {{.how = how, .what = "", .time = story_.at(12)}};
    EXPECT_EQ(finding(), "worked-unseen: went-around");
    record_.tasks[0].inside = true;
    EXPECT_EQ(finding(), "worked-unseen: went-around");
    record_.tasks[0].inside = false;
  }
  record_.devices[0].outside[0].time = story_.at(40);  // long afterwards
  EXPECT_EQ(finding(), "cut-and-held");
  record_.devices[0].outside[0].time = story_.at(1);
  mark(Mark::Works, 1);  // another who did not, and whose own was not seen
  EXPECT_EQ(finding(), "worked-unseen: nothing-seen, went-around");
  blocked("files.cases.example", 1);
  EXPECT_EQ(finding(), "cut-and-held");
  EXPECT_EQ(found().marks, std::vector<std::size_t>{1});
}

TEST_F(RoomFindings, WhoHasLeftProvesNothing)
{
  mark(Mark::Works);
  blocked("files.cases.example");
  record_.devices[0].left = story_.at(9);
  EXPECT_EQ(finding(), "worked-unseen: not-in-room");
  record_.marks[0].mark = Mark::Stopped;
  EXPECT_EQ(finding(), "stopped-unexplained: not-in-room");
  record_.devices[0].left = story_.at(11);  // after what it said
  EXPECT_EQ(finding(), "cut-and-stopped");
}

TEST_F(RoomFindings, NothingIsDrilledInARoomThatWasNotProved)
{
  record_.proof.checks[2].as_expected = false;  // the control: all may have stopped for want of it
  mark(Mark::Works);
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "worked-unseen: unproved");
  record_.marks[0].mark = Mark::Stopped;
  EXPECT_EQ(finding(), "stopped-unexplained: unproved");
}

TEST_F(RoomFindings, WhatIsSaidWhileTheRoomItselfFailsProvesNothing)
{
  record_.ending = model::RoomEnding::Failed;
  record_.ended = story_.at(12);
  mark(Mark::Stopped);
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "stopped-unexplained: room-failed");
  record_.ended = story_.at(40);
  EXPECT_EQ(finding(), "cut-and-stopped");
}

TEST_F(RoomFindings, WhatIsSaidWhileTheRoomWasClosedProvesNothing)
{
  mark(Mark::Stopped);
  blocked("files.cases.example");
  const auto said = record_.marks.back().time;
  using std::chrono::hours;
  using std::chrono::seconds;
  record_.lapses = {{.from = said - seconds(40), .until = said - seconds(10)}};
  EXPECT_EQ(finding(), "stopped-unexplained: room-closed");
  record_.lapses = {{.from = said + seconds(1), .until = said + seconds(9)}};
  EXPECT_EQ(finding(), "cut-and-stopped");
  record_.lapses = {{.from = said - hours(3), .until = said - hours(2)}};
  EXPECT_EQ(finding(), "cut-and-stopped");
}

TEST_F(RoomFindings, WhereNotAllIsListedSomethingThatLivesMayBeMissing)
{
  record_.contacts_unlisted = 1;
  mark(Mark::Works);
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "worked-unseen: not-all-listed");
}

TEST_F(RoomFindings, WhoIsOnlySlowWasNotCut)
{
  record_.signature = model::Signature::Slow;
  mark(Mark::Works);
  blocked("files.cases.example");
  EXPECT_EQ(finding(), "supplier-not-cut: hindered");
  record_.marks[0].mark = Mark::Stopped;
  EXPECT_EQ(finding(), "cut-and-stopped: hindered");
}

TEST_F(RoomFindings, ANameIsOfATaskByWholeLabels)
{
  mark(Mark::Works);
  living("othercases.example");
  EXPECT_EQ(finding(), "worked-unseen: nothing-seen");
  living("cases.example");
  EXPECT_EQ(finding(), "supplier-not-cut");
}

TEST_F(RoomFindings, WhatWouldStopLaterThanItWasTriedIsNotShown)
{
  record_.tasks[0].stops_after = minutes(50);
  blocked("files.cases.example");
  mark(Mark::Works, 0, 10);
  EXPECT_EQ(finding(), "too-short-to-show");  // the room lasted; nobody tried again
  mark(Mark::Works, 0, 50);
  EXPECT_EQ(finding(), "cut-and-held");
  record_.devices[0].joined = story_.at(2);  // until then it could get new ones
  EXPECT_EQ(finding(), "too-short-to-show");
  living("www.cases.example");
  EXPECT_EQ(finding(), "too-short-to-show");
}

TEST_F(RoomFindings, WhatWasBeforeTheCutDoesNotCount)
{
  record_.cut = story_.at(20);
  mark(Mark::Works);
  living("www.cases.example");
  EXPECT_EQ(finding(), "not-exercised");
}

TEST_F(RoomFindings, OneForWhomItStoppedOutweighsThoseForWhomItWorks)
{
  mark(Mark::Works, 1);
  mark(Mark::Degraded, 1);
  mark(Mark::Stopped, 0);
  blocked("login.microsoft.example");
  EXPECT_EQ(finding(), "cut-and-stopped: indirect");
  EXPECT_TRUE(found().disputed);
  EXPECT_TRUE(found().degraded);
  EXPECT_EQ(found().marks, std::vector<std::size_t>{2});
  record_.contacts.clear();  // and where nothing explains it, nothing is held either
  blocked("files.cases.example", 1);
  EXPECT_EQ(finding(), "stopped-unexplained: nothing-seen");
}

TEST_F(RoomFindings, TheLastWordOfADeviceCounts)
{
  blocked("files.cases.example");
  mark(Mark::Stopped, 0, 10);
  mark(Mark::Works, 0, 12);
  mark(Mark::CouldNotTry, 0, 13);
  EXPECT_EQ(finding(), "cut-and-held");
  EXPECT_TRUE(found().came_back);
  EXPECT_FALSE(found().disputed);
  mark(Mark::Stopped, 0, 14);
  EXPECT_EQ(finding(), "cut-and-stopped");
  EXPECT_FALSE(found().came_back);
}

TEST_F(RoomFindings, OneWhoFetchedItFromOutsideOutweighsOneForWhomItHeld)
{
  record_.tasks[0].names = {"login.microsoft.example"};
  blocked("login.microsoft.example", 0);
  blocked("login.microsoft.example", 1);
  living("www.cases.example", 1);
  mark(Mark::Works, 0);
  mark(Mark::Works, 1);
  EXPECT_EQ(finding(), "supplier-not-cut: other-living");
}

}  // namespace
}  // namespace zonder::report
