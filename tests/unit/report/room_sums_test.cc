// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "report/room_seen.hh"
#include "report/room_sums.hh"
#include "support/room_story.hh"

namespace zonder::report {
namespace {

using model::Mark;
using std::chrono::minutes;
using test::RoomStory;

std::vector<std::string> services_of(const RoomSums& sums)
{
  std::vector<std::string> all;
  for (const auto& service : sums.services) {
    all.push_back(
        service.party + " " + service.service + " " + std::to_string(service.asked.tries) + "+" +
        std::to_string(service.asked.questions) + " by " + std::to_string(service.devices.size()));
  }
  return all;
}

TEST(RoomSums, CountsWhatEachDeviceAskedOfTheAbsentSinceItJoined)
{
  RoomStory story;
  story.device("a").device("b", 20).device("c");
  story.blocked(0, "login.microsoft.example", 5, 9).count = 200;
  story.blocked(0, "files.microsoft.example", 5, 9).count = 10;
  story.question(0, "login.microsoft.example", 5).count = 4;
  story.living(0, "www.town.example", 5, 9).count = 1000;
  story.record.devices[1].left = story.at(50);
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.devices.size(), 3U);
  EXPECT_EQ(sums.devices[0].asked.tries, 210U);
  EXPECT_EQ(sums.devices[0].asked.questions, 4U);
  EXPECT_EQ(sums.devices[0].in_room, minutes(60));
  EXPECT_EQ(sums.devices[0].parties.at(0).party, "microsoft");
  EXPECT_EQ(sums.devices[0].parties.at(0).names.at(0).name, "login.microsoft.example");
  EXPECT_EQ(sums.devices[0].contacts, (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(sums.devices[1].in_room, minutes(30));
  EXPECT_EQ(sums.devices[1].since, story.at(20));
  EXPECT_TRUE(sums.devices[1].parties.empty());
  EXPECT_EQ(sums.asked.all(), 214U);
}

TEST(RoomSums, GroupsNamesByTheTasksThatTheyAreOfAndElseByWhatWasRegistered)
{
  RoomStory story;
  story.device("a").device("b").task("mail", {"mail.microsoft.example"});
  story.blocked(0, "eu.mail.microsoft.example", 1, 2);
  story.blocked(1, "us.mail.microsoft.example", 1, 2);
  story.blocked(0, "a.login.microsoft.example", 3, 4).count = 7;
  story.blocked(0, "b.login.microsoft.example", 3, 4);
  story.blocked(1, "x.y.microsoft.co.uk", 3, 4);
  story.blocked(1, "", 3, 4, "192.0.2.9");
  EXPECT_EQ(services_of(room_sums(story.record)),
            (std::vector<std::string>{"microsoft microsoft.example 8+0 by 1",
                                      "microsoft mail.microsoft.example 2+0 by 2",
                                      "microsoft  1+0 by 1",
                                      "microsoft microsoft.co.uk 1+0 by 1"}));
}

TEST(RoomSums, TheDomainThatWasRegisteredIsGuessedFromTheNameAlone)
{
  const auto guess = [](const std::string& name) {
    return service_of({.name = name}, {});
  };
  EXPECT_EQ(guess("www.town.example"), "town.example");
  EXPECT_EQ(guess("a.b.council.gov.uk"), "council.gov.uk");
  EXPECT_EQ(guess("a.b.ab.nl"), "b.ab.nl");  // finer than need be, never wider
  EXPECT_EQ(guess("gov.uk"), "gov.uk");
  EXPECT_EQ(guess("localhost"), "localhost");
  EXPECT_EQ(guess("."), ".");
  EXPECT_EQ(guess(""), "");
}

TEST(RoomSums, EachDeviceHasOneSayOfATaskItsLast)
{
  RoomStory story;
  story.device("a").device("b").task("mail", {});
  story.mark(0, 0, Mark::Works, 5).mark(0, 1, Mark::Works, 6).mark(0, 0, Mark::Stopped, 30);
  const auto task = room_sums(story.record).tasks.at(0);
  EXPECT_EQ(task.works, 1U);
  EXPECT_EQ(task.stopped, 1U);
  EXPECT_EQ(task.last_worked, story.at(6));
  EXPECT_EQ(task.first_stopped, story.at(30));
}

TEST(RoomSums, TellsWhatStoppedFirst)
{
  RoomStory story;
  story.device("a").task("one", {}).task("two", {});
  story.mark(1, 0, Mark::Stopped, -3).mark(0, 0, Mark::Works, 4);
  story.mark(1, 0, Mark::Stopped, 7).mark(0, 0, Mark::Stopped, 9).mark(1, 0, Mark::Stopped, 11);
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.stopped.size(), 2U);
  EXPECT_EQ(sums.stopped[0].task, 1U);
  EXPECT_EQ(sums.stopped[0].mark, 2U);
  EXPECT_EQ(sums.stopped[0].after_cut, minutes(7));
}

TEST(RoomSums, ASupplierWhoStoppedThoughAllItsNamesLiveIsASurprise)
{
  RoomStory story;
  story.device("a").task("open a case", {"cases.example"});
  story.living(0, "www.cases.example", 5, 9);
  story.blocked(0, "login.microsoft.example", 6, 8);
  story.blocked(0, "old.microsoft.example", 1, 1);
  story.mark(0, 0, Mark::Stopped, 15);
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.surprises.size(), 1U);
  EXPECT_EQ(sums.surprises[0].kind, RoomSurprise::Kind::StoppedThoughItsNamesLive);
  EXPECT_EQ(sums.surprises[0].contacts, std::vector<std::size_t>{1});  // not what was long before
  story.blocked(0, "files.cases.example", 6, 8);  // one of its own fell away: no surprise
  EXPECT_TRUE(room_sums(story.record).surprises.empty());
}

TEST(RoomSums, WhatASurpriseMayHangOnIsLikeliestFirst)
{
  RoomStory story;
  story.device("a").device("b").task("open a case", {"cases.example"});
  story.task("read mail", {"mail.microsoft.example"}).task("report", {"reports.example"});
  story.living(0, "www.cases.example", 5, 9);
  story.living(1, "www.reports.example", 5, 9);
  story.blocked(0, "adverts.microsoft.test", 6, 8).count = 900;
  story.blocked(0, "cdn.microsoft.net", 6, 8).count = 2;
  story.blocked(0, "mail.microsoft.example", 6, 8).count = 50;  // another task's
  story.blocked(0, "login.microsoft.com", 6, 8).login = true;
  story.blocked(1, "cdn.microsoft.net", 6, 8);
  story.mark(0, 0, Mark::Stopped, 15).mark(2, 1, Mark::Stopped, 15);
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.surprises.size(), 2U);
  EXPECT_EQ(sums.surprises[0].task, 0U);
  // Log-ins first, then what two tasks asked for, however often another was asked.
  EXPECT_EQ(sums.surprises[0].contacts, (std::vector<std::size_t>{5, 3, 2}));
  EXPECT_EQ(sums.surprises[1].task, 2U);
  EXPECT_EQ(sums.surprises[1].contacts, (std::vector<std::size_t>{6}));
}

TEST(RoomSums, ATaskBehindWhichLogInsAreComesFirstAlsoWhereTheyAreAnothersTask)
{
  RoomStory story;
  story.device("a").device("b");
  story.task("log in", {"login.microsoft.com"}).task("one", {"one.example"});
  story.task("two", {"two.example"});
  story.living(0, "one.example", 5, 9);
  story.living(1, "two.example", 5, 9);
  story.blocked(0, "cdn.microsoft.net", 6, 8).count = 900;
  story.blocked(1, "login.microsoft.com", 6, 8).login = true;
  story.mark(1, 0, Mark::Stopped, 15).mark(2, 1, Mark::Stopped, 15);
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.surprises.size(), 2U);
  EXPECT_EQ(sums.surprises[0].task, 2U);
  EXPECT_EQ(sums.surprises[1].task, 1U);
}

TEST(RoomSums, OfPartiesInNoTaskThatOfMostDevicesComesFirst)
{
  RoomStory story;
  story.record.parties = {"microsoft", "clock", "adverts"};
  story.device("a").device("b").device("c");
  for (const std::size_t device : {0U, 1U}) {
    auto& contact = story.blocked(device, "adverts.example", 1, 2);
    contact.party = "adverts";
    contact.count = 100;
  }
  for (const std::size_t device : {0U, 1U, 2U}) {
    story.blocked(device, "time.clock.example", 1, 2).party = "clock";
  }
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.surprises.size(), 2U);
  EXPECT_EQ(sums.surprises[0].party, "clock");
  EXPECT_EQ(sums.surprises[1].party, "adverts");
}

TEST(RoomSums, APartyThatMostAskForAndNoTaskNamesIsASurprise)
{
  RoomStory story;
  story.record.parties = {"microsoft", "clock"};
  story.device("a").device("b").device("c").task("mail", {"mail.microsoft.example"});
  for (const std::size_t device : {0U, 1U}) {
    story.blocked(device, "mail.microsoft.example", 1, 2);
    story.blocked(device, "time.clock.example", 1, 2).party = "clock";
  }
  const auto sums = room_sums(story.record);
  ASSERT_EQ(sums.surprises.size(), 1U);
  EXPECT_EQ(sums.surprises[0].party, "clock");
  EXPECT_EQ(sums.surprises[0].devices, 2U);
  story.device("d");
  EXPECT_TRUE(room_sums(story.record).surprises.empty());  // half is not more than half
}

TEST(RoomSums, TellsWhatHappenedInOrder)
{
  RoomStory story;
  story.device("a").device("b", 2).task("mail", {});
  story.blocked(1, "b.microsoft.example", 8, 9);
  story.blocked(0, "a.microsoft.example", 3, 9);
  story.mark(0, 0, Mark::Works, 5);
  story.record.devices[0].outside = {{.how = model::Outside::Vpn, .time = story.at(6)}};
  story.record.devices[0].left = story.at(7);
  std::vector<RoomEvent::Kind> kinds;
  const auto sums = room_sums(story.record);
  for (const auto& event : sums.timeline) {
    kinds.push_back(event.kind);
  }
  using enum RoomEvent::Kind;
  EXPECT_EQ(kinds, (std::vector<RoomEvent::Kind>{Joined, Joined, FirstTry, Marked, Outside, Left}));
  EXPECT_EQ(sums.timeline[2].place, 1U);  // the first of all, whoever is told first
  EXPECT_EQ(sums.outside, std::vector<std::size_t>{0});
}

TEST(RoomSums, WhatPointsNowhereIsLeftOut)
{
  RoomStory story;
  story.task("mail", {}).mark(7, 0, Mark::Stopped, 5).mark(0, 7, Mark::Stopped, 5);
  story.blocked(9, "a.microsoft.example", 1, 2);
  const auto sums = room_sums(story.record);
  EXPECT_TRUE(sums.stopped.empty());
  EXPECT_TRUE(sums.devices.empty());
  EXPECT_EQ(sums.tasks.at(0).stopped, 0U);
}

}  // namespace
}  // namespace zonder::report
