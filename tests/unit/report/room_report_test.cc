// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/room_html.hh"
#include "report/room_json.hh"
#include "report/room_text.hh"
#include "support/json_schema.hh"
#include "support/room_town.hh"

namespace zonder::report {
namespace {

using model::Mark;
using test::RoomStory;
using test::town_in_a_room;

const Style plain{.colour = false, .unicode = true, .now = RoomStory::at(60)};

bool has(const std::string& text, const std::string& part)
{
  return text.find(part) != std::string::npos;
}

std::string schema(const std::string& name)
{
  std::ifstream file(std::string(ZONDER_SOURCE_DIR) + "/docs/schema/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> all_reports(const model::RoomRecord& record)
{
  return {room_as_text(record, plain),
          room_as_html(record, plain),
          room_as_json(record),
          room_observations_as_json_lines(record)};
}

TEST(RoomReport, SaysHowItWasCutHoweverLongTheSelectionIs)
{
  auto story = town_in_a_room();
  story.record.selection.assign(50, std::string(200, 's'));
  EXPECT_TRUE(has(room_as_html(story.record, plain), "Proved beforehand: 3 of 3"));
}

TEST(RoomReport, NamesWhoCameAlongBehindWhatWasTyped)
{
  auto story = town_in_a_room();
  const auto begins = [&] {
    const auto text = room_as_text(story.record, plain);
    return text.substr(1, text.find('.') - 1);
  };
  story.record.parties = {"github", "linkedin", "microsoft"};
  story.record.party_names = {
      {"github", "GitHub"}, {"linkedin", "LinkedIn"}, {"microsoft", "Microsoft"}};
  EXPECT_EQ(begins(), "Without Microsoft, GitHub and LinkedIn for 60 minutes, with 4 devices");
  EXPECT_TRUE(has(room_as_html(story.record, plain),
                  "<h1>A room without Microsoft, GitHub and LinkedIn</h1>"));
  story.record.except = "github";
  story.record.parties.erase(story.record.parties.begin());
  EXPECT_EQ(
      begins(),
      "Without microsoft, except github (Microsoft and LinkedIn) for 60 minutes, with 4 devices");
  story.record.without = "@us";
  story.record.except.clear();
  story.record.parties = {"a", "b", "c", "d", "e", "f", "g", "h"};
  EXPECT_EQ(begins(), "Without @us (a, b, c, d, e, f and 2 more) for 60 minutes, with 4 devices");
}

TEST(RoomReport, SaysPlainlyThatTheRecordEndsBeforeTheRoomDid)
{
  auto story = town_in_a_room();
  story.record.ending = model::RoomEnding::Lost;
  story.record.ended = RoomStory::at(47);
  for (const auto& report :
       {room_as_text(story.record, plain), room_as_html(story.record, plain)}) {
    EXPECT_TRUE(has(report,
                    "THE RECORD ENDS at 2026-11-23 10:47 (UTC+01:00): the room ended "
                    "without zonder, which was killed, or the laptop failed."))
        << report;
    EXPECT_TRUE(has(report, "It ended: zonder was killed, or the laptop failed."));
    EXPECT_TRUE(has(report, "works until the record ends (47 minutes), last said after 45 "));
  }
  EXPECT_EQ(nlohmann::json::parse(room_as_json(story.record))["ending"], "lost");
  EXPECT_EQ(test::against_schema(room_as_json(story.record), schema("zonder.room-1.json")),
            std::vector<std::string>());
}

TEST(RoomReport, TellsTheTimeOfTheClockInTheRoom)
{
  auto story = town_in_a_room();
  for (const auto& [east, told] : {std::pair(0,
                                             "Cut from 2026-11-23 09:00 until 2026-11-23 10:00, "
                                             "at the latest until 2026-11-23 10:00 (UTC)."),
                                   std::pair(-570,
                                             "at the latest until 2026-11-23 00:30 "
                                             "(UTC-09:30)."),
                                   std::pair(900,
                                             "at the latest until 2026-11-24 01:00 "
                                             "(UTC+15:00).")}) {
    story.record.east_of_utc = std::chrono::minutes(east);
    EXPECT_TRUE(has(room_as_text(story.record, plain), told)) << east;
  }
  EXPECT_EQ(nlohmann::json::parse(room_as_json(story.record))["utc_offset_minutes"], 900);
}

TEST(RoomReport, SaysThatSomethingCameBack)
{
  RoomStory story;
  story.device("a").task("mail", {"mail.microsoft.example"});
  story.blocked(0, "mail.microsoft.example", 5, 6);
  story.mark(0, 0, Mark::Stopped, 7).mark(0, 0, Mark::Works, 31);
  EXPECT_TRUE(has(room_as_text(story.record, plain),
                  "\"mail\": stopped after 7 minutes; said to work after 31 minutes ("));
}

TEST(RoomReport, SaysWhereLogInsComeFrom)
{
  auto story = town_in_a_room();
  for (auto& contact : story.record.contacts) {
    contact.login = contact.name == "graph.microsoft.example";
  }
  EXPECT_TRUE(has(room_as_text(story.record, plain), "Log-ins come from graph.microsoft.example."));
}

TEST(RoomText, TellsWhatIsEvidenceFirstAndThenEverythingElse)
{
  EXPECT_EQ(room_as_text(town_in_a_room().record, plain), R"TEXT(
Without microsoft for 60 minutes, with 4 devices.
3 of 6 tasks: cut and stopped; 1 of these less sure: nothing that it names fell away, only other things that the device asked for then.
1 of 6 tasks: works here; the supplier's side was not cut.
1 of 6 tasks: too short to show.
1 of 6 tasks: not exercised.
Evidence of a drill: 3 of 6 tasks, those that were cut and stopped, or cut and held. The others prove nothing of what happens without the absent.
Asked of the absent, by all together: 216 attempts, 6 questions for names.

What stopped
  First "log in": stopped after 7 minutes, says device 1 (cut and stopped; others say that it works).
  Then "open a case": stopped after 12 minutes, says device 2 (cut and stopped; but nothing that it names fell away, only other things that the device asked for then).
  Then "enter the door": stopped after 25 minutes, says device 1 (cut and stopped).

What still worked, and until when
  "log in": stopped after 7 minutes; last said to work after 5 minutes (cut and stopped; others say that it works).
  "open a case": stopped after 12 minutes; last said to work after 8 minutes (cut and stopped; but nothing that it names fell away, only other things that the device asked for then).
  "read mail": works until the end of the room (60 minutes), last said after 30 minutes (too short to show; degraded).
  "look something up": works until the end of the room (60 minutes), last said after 45 minutes (works here; the supplier's side was not cut).

What surprised
  "open a case" stopped though all that was seen of its own names lives. At about that time its device asked the absent for graph.microsoft.example: something behind it may hang on them.

By task
  log in: cut and stopped; others say that it works (says device 1; seen: login.microsoft.example); works 1, degraded 0, stopped 1, could not try 0
  open a case: cut and stopped (says device 2; seen: graph.microsoft.example, mail.microsoft.example; but nothing that it names fell away, only other things that the device asked for then); works 0, degraded 0, stopped 1, could not try 0
  read mail: too short to show; degraded (says device 2); works 0, degraded 1, stopped 0, could not try 0
  enter the door: cut and stopped (says device 1; seen: hub.door.example); works 0, degraded 0, stopped 1, could not try 0
  look something up: works here; the supplier's side was not cut (says device 1; seen: www.town.example); works 1, degraded 0, stopped 0, could not try 0
  pay: not exercised; works 0, degraded 0, stopped 0, could not try 1

What that does and does not prove
  cut and stopped: Evidence of a drill: somebody says that it stopped, and the device asked the absent for something at about that time, in vain. Both were seen; that the one caused the other was not, and another device or another way in may fare otherwise.
  works here; the supplier's side was not cut: No evidence: it works here, and whoever runs it elsewhere was not cut off at his own side. He may need the absent there (a log-in, a cloud, a name server), and nothing here tells whether he would hold. Ask the supplier.
  too short to show: No evidence: it worked when it was last tried, and is predicted to stop later than that. Tokens, tickets and licences last for a while.
  not exercised: No evidence: nobody tried it and said how it went.

What was not tested
  "read mail": what happens after 90 minutes without the absent.
  "pay": nobody could try it.
  Nothing was said of any task by device 3.

Who asked the absent, and how often
  device 1, 60 minutes in the room: 200 attempts, 6 questions for names; microsoft 206 (login.microsoft.example)
  device 2, 48 minutes in the room: 13 attempts; microsoft 13 (graph.microsoft.example, mail.microsoft.example)
  device 3, 57 minutes in the room: 0 attempts
  device 4, 60 minutes in the room: 3 attempts; microsoft 3 (hub.door.example)

What the absent were asked for
  login.microsoft.example, microsoft: 200 attempts, 6 questions for names, by device 1; first 4 minutes after the cut
  microsoft.example, microsoft: 12 attempts, by device 2; first 6 minutes after the cut
  door.example, microsoft: 3 attempts, by device 4; first 1 minute after the cut
  mail.microsoft.example, microsoft: 1 attempt, by device 2; first 6 minutes after the cut

Who may have gone around the room
  device 3: a tunnel, perhaps a VPN: WireGuard: udp 51820 192.0.2.99, 6 minutes after the cut

What people wrote
  device 1, 25 minutes after the cut, "enter the door" (stopped): the door stays shut
  These are people's own words, not changed: read them before you share this report, as they may tell who somebody is.

How it was cut
  Without: microsoft.
  Absent: microsoft.
  Failure mode gone, like blackhole; names: asked of the resolvers of this network; uplink slirp4netns.
  Cut from 2026-11-23 10:00 until 2026-11-23 11:00, at the latest until 2026-11-23 11:00 (UTC+01:00). It ended: the time was up.
  Warm: what was signed in, open or kept stayed so.
  Proved beforehand: 3 of 3 checks as they must be (canaries that died at the gateway: 1; controls that answered: 1).
  Data of 2026-11-01: 22 days old.
  microsoft = 3 owners

Where the numbers come from
  Attempts: counted by the rules of the room's own gateway, by device, from 2026-11-23 10:00 until 2026-11-23 11:00 (UTC+01:00): packets that open something, and requests to the room's proxy. Whoever tries again counts again; times are exact to some seconds.
  Questions for names: counted by the room's own name server, at the same time.
  Whose a name or an address is: the catalogue of zonder, data of 2026-11-01.
  What works and what stopped: what people said on their pages, each at its time. Of each device the last word counts, and one for whom it stopped outweighs all for whom it works. A contact counts for what is said within 10 minutes after it.
  Findings: by the rules of zonder, from the two above; which marks and contacts each rests on stands in the JSON.

What this does not tell
  Tried was an outage: they are gone. In a sanction they would answer and refuse, and end what still lasts; that was not tried.
  Only the side of those in the room was cut. What a supplier needs of the absent at his own side was not, and nothing here tells whether he would hold.
  What lasts for a while (tokens, tickets, caches, licences) may have hidden what stops later.
  What goes by mobile data or another network is not seen. It is told above where something showed it, or somebody said so; that nothing is told proves nothing.
  What goes through a tunnel, or asks a living party for names over HTTPS, is cut by address only and shown without its name.
  What was said in connections was never looked at, only with whom they were: whether a page was right, only people can tell, and nobody checked what they said.
  A device is told by the address of its network card, which another one in the room can copy: it then counts as that device.
  What devices do among themselves behind one port of the room, at a switch or an access point, is not seen.
)TEXT");
}

TEST(RoomReport, SaysOfASupplierWhoseSideWasNotCutThatItProvesNothing)
{
  for (const auto& report : {room_as_text(town_in_a_room().record, plain),
                             room_as_html(town_in_a_room().record, plain)}) {
    EXPECT_TRUE(has(report, "No evidence: it works here, and whoever runs it elsewhere was not "));
  }
  auto story = RoomStory();
  story.device("a").task("open a case", {"cases.example"});
  story.living(0, "cases.example", 1, 2);
  story.blocked(0, "login.microsoft.example", 1, 2);
  story.mark(0, 0, Mark::Works, 3);
  for (const auto& report : all_reports(story.record)) {
    EXPECT_FALSE(has(report, "cut and held:")) << report;
    EXPECT_FALSE(has(report, "\"drilled\"")) << report;
    EXPECT_FALSE(has(report, " held: it was cut")) << report;
  }
}

TEST(RoomReport, NeverTellsWhoseADeviceIs)
{
  auto story = town_in_a_room();
  story.record.devices[0].name = "Hannah's laptop";
  story.living(0, "hannah-laptop.local", 1, 2, "192.168.17.4");
  story.living(0, "", 1, 2, "192.168.17.5");
  story.living(0, "", 1, 2, "fe80::1234");
  story.living(0, "hannahpc", 1, 2);
  story.blocked(0, "4.17.168.192.in-addr.arpa", 1, 2);
  for (const auto& report : all_reports(story.record)) {
    for (const char* secret : {"annah", "192.168.17", "fe80::1234", "17.168.192"}) {
      EXPECT_FALSE(has(report, secret)) << secret << " in " << report;
    }
  }
  EXPECT_TRUE(has(room_as_text(story.record, plain), "device 1"));
}

TEST(RoomReport, ShowsWhatPeopleWroteAsTheirsWithAWarning)
{
  const auto record = town_in_a_room().record;
  for (const auto& report : {room_as_text(record, plain), room_as_html(record, plain)}) {
    EXPECT_TRUE(has(report, "the door stays shut")) << report;
    EXPECT_TRUE(has(report, "read them before you share this report"));
  }
}

TEST(RoomReport, HostileTextStaysText)
{
  const std::string evil = "<script>alert(1)</script>\x1b[2J\xff\xe2\x80\xae\"'&";
  auto story = town_in_a_room();
  story.record.without = evil;
  story.record.failed = evil;
  story.record.ending = model::RoomEnding::Failed;
  story.record.tasks[0].title = evil;
  story.record.marks[0].note = evil;
  story.record.contacts[0].name = evil + ".microsoft.example";
  story.record.devices[0].outside = {
      {.how = model::Outside::Said, .what = evil, .time = story.at(4)}};
  story.record.proof.checks[0].detail = evil;
  const auto text = room_as_text(story.record, plain);
  EXPECT_FALSE(has(text, "\x1b"));
  EXPECT_FALSE(has(text, "\xff"));
  EXPECT_FALSE(has(text, "\xe2\x80\xae"));
  const auto html = room_as_html(story.record, plain);
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_FALSE(has(html, "\x1b"));
  EXPECT_TRUE(has(html, "&lt;script&gt;"));
  const auto json = room_as_json(story.record);
  EXPECT_EQ(nlohmann::json::parse(json)["tasks"][0]["title"],
            "<script>alert(1)</script>\x1b[2J\xef\xbf\xbd\xe2\x80\xae\"'&");
  // As text, neither turns what stands beside it.
  for (const auto& each : {html, json, room_observations_as_json_lines(story.record)}) {
    EXPECT_FALSE(has(each, "\xe2\x80\xae"));
  }
  EXPECT_TRUE(has(json, "\\u202e"));
}

TEST(RoomReport, WhatIsNotSeenIsToldOrLeftOut)
{
  for (const auto* unseen : {"\u061c", "\u200b", "\u200f", "\u2066", "\ufeff", "\u2028"}) {
    auto story = town_in_a_room();
    story.record.tasks[0].title = std::string("log") + unseen + "in";
    for (const auto& each : all_reports(story.record)) {
      EXPECT_FALSE(has(each, unseen)) << unseen;
    }
    EXPECT_EQ(nlohmann::json::parse(room_as_json(story.record))["tasks"][0]["title"],
              story.record.tasks[0].title);
  }
}

TEST(RoomReport, TellsWhenTheRoomWasClosedAndWhoElseGaveOutAddresses)
{
  auto story = town_in_a_room();
  story.record.lapses = {{.from = story.at(10), .until = story.at(12)}};
  story.record.givers = {{.who = "02:00:00:00:00:07", .device = std::nullopt, .time = story.at(3)},
                         {.who = "02:00:00:00:00:08", .device = 1, .time = story.at(4)}};
  for (const auto& each : {room_as_text(story.record, plain), room_as_html(story.record, plain)}) {
    EXPECT_TRUE(has(each, "The room was closed from 2026-"));
    EXPECT_TRUE(has(each, "who had not joined, first seen"));
    EXPECT_TRUE(has(each, "device 2, first seen"));
  }
  for (const auto& each : all_reports(story.record)) {
    EXPECT_FALSE(has(each, "02:00:00"));
  }
  const auto json = nlohmann::json::parse(room_as_json(story.record));
  EXPECT_EQ(json["lapses"].size(), 1U);
  EXPECT_EQ(json["givers"][0]["device"], nullptr);
  EXPECT_EQ(json["givers"][1]["device"], 2);
  const auto lines = room_observations_as_json_lines(story.record);
  EXPECT_TRUE(has(lines, "\"kind\":\"lapse\""));
  EXPECT_TRUE(has(lines, "\"kind\":\"giver\""));
}

TEST(RoomJson, OfADeviceThatNeverLeftTellsWhenItWasLastSeen)
{
  auto story = town_in_a_room();
  story.record.devices[0].left.reset();
  story.record.contacts.push_back(
      {.device = 0, .protocol = "dns", .count = 1, .first = story.at(1), .last = story.at(55)});
  story.record.contacts.back().name = "late.example";
  story.record.ended = story.at(60);
  const auto json = nlohmann::json::parse(room_as_json(story.record));
  EXPECT_EQ(json["devices"][0]["left"], nullptr);
  EXPECT_EQ(json["devices"][0]["last_seen"], iso_time(story.at(55)));
}

TEST(RoomReport, ShowsAsciiOnlyWhereATerminalHasNoMore)
{
  auto story = town_in_a_room();
  story.record.tasks[0].title = "caf\xc3\xa9";
  const auto text = room_as_text(story.record, {.unicode = false, .now = plain.now});
  EXPECT_TRUE(std::all_of(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST(RoomReport, ARoomWithNobodyInItIsAReportToo)
{
  RoomStory story;
  const auto text = room_as_text(story.record, plain);
  EXPECT_TRUE(has(text, "There was no list of tasks")) << text;
  EXPECT_EQ(test::against_schema(room_as_json(story.record), schema("zonder.room-1.json")),
            std::vector<std::string>());
  EXPECT_TRUE(has(room_as_html(story.record, plain), "</html>"));
}

TEST(RoomReport, SaysWhatWasNotProved)
{
  auto story = town_in_a_room();
  story.record.proof.checks[1].as_expected = false;
  story.record.proof.overridden = true;
  const auto text = room_as_text(story.record, plain);
  EXPECT_TRUE(has(text, "NOT PROVED")) << text;
  EXPECT_TRUE(has(text, "Evidence of a drill: 0 of 6 tasks")) << text;
  EXPECT_TRUE(has(text, "--unproved")) << text;
}

TEST(RoomHtml, StaysSmallWithFortyDevicesWhateverIsInIt)
{
  RoomStory story;
  const std::string evil(200, '&');
  for (int device = 0; device < 40; ++device) {
    story.device(evil);
    story.record.devices.back().outside = {
        {.how = model::Outside::Said, .what = evil, .time = story.at(30)},
        {.how = model::Outside::Vpn, .what = evil, .time = story.at(31)}};
  }
  for (int task = 0; task < 12; ++task) {
    story.task(evil, {evil + std::to_string(task) + ".example"});
  }
  for (std::size_t device = 0; device < 40; ++device) {
    for (std::size_t task = 0; task < 12; ++task) {
      story.mark(task, device, task % 2 == 0 ? Mark::Stopped : Mark::Works, 20);
      story.record.marks.back().note = evil;
      for (int each = 0; each < 4; ++each) {
        auto& contact = story.blocked(
            device, evil + std::to_string(each) + story.record.tasks[task].names[0], 15, 20);
        contact.party = "party" + std::to_string(each);
        story.record.parties.push_back(contact.party);
      }
    }
  }
  story.record.proof.checks.resize(60, {.what = evil, .target = evil, .detail = evil});
  story.record.selection.assign(20, evil);
  const auto html = room_as_html(story.record, plain);
  EXPECT_LT(html.size(), 100'000U);
  EXPECT_TRUE(has(html, "more; --report FILE.json has them all"));
}

TEST(RoomHtml, HasEveryDeviceAndTaskOfAnOrdinaryRoomInIt)
{
  auto story = test::big_room(40, 12);
  const auto html = room_as_html(story.record, plain);
  EXPECT_LT(html.size(), 100'000U) << html.size();
  for (int device = 1; device <= 40; ++device) {
    EXPECT_TRUE(has(html, ">device " + std::to_string(device) + "</th>")) << device;
  }
  for (int task = 0; task < 12; ++task) {
    EXPECT_TRUE(has(html, ">task " + std::to_string(task) + "</th>")) << task;
  }
}

TEST(RoomJson, KeepsToItsSchema)
{
  auto disturbed = town_in_a_room().record;
  disturbed.lapses = {{.from = RoomStory::at(10), .until = RoomStory::at(12)}};
  disturbed.givers = {{.who = "02:00:00:00:00:07", .device = {}, .time = RoomStory::at(3)}};
  for (const auto& record : {town_in_a_room().record, test::big_room(5, 3).record, disturbed}) {
    EXPECT_EQ(test::against_schema(room_as_json(record), schema("zonder.room-1.json")),
              std::vector<std::string>());
    std::istringstream lines(room_observations_as_json_lines(record));
    std::string line;
    for (std::size_t i = 0; std::getline(lines, line); ++i) {
      EXPECT_EQ(test::against_schema(line, schema("zonder.room-observation-1.json")),
                std::vector<std::string>())
          << line;
    }
  }
}

TEST(RoomJson, TellsWhatAFindingRestsOn)
{
  const auto json = nlohmann::json::parse(room_as_json(town_in_a_room().record));
  const auto& task = json["tasks"][0];
  EXPECT_EQ(task["finding"], "cut-and-stopped");
  EXPECT_EQ(task["evidence"], "drilled");
  const auto& contact = json["contacts"][task["contacts"][0].get<std::size_t>()];
  EXPECT_EQ(contact["name"], "login.microsoft.example");
  EXPECT_EQ(json["marks"][task["marks"][0].get<std::size_t>()]["mark"], "stopped");
  EXPECT_EQ(json["devices"][0]["device"], 1);
  EXPECT_EQ(json["data"]["date"], "2026-11-01");
}

TEST(RoomObservations, AreALineEachInOrderWithTheRoomFirst)
{
  const auto record = town_in_a_room().record;
  std::istringstream lines(room_observations_as_json_lines(record));
  std::string line;
  std::string before;
  std::vector<std::string> kinds;
  std::size_t drilled = 0;
  while (std::getline(lines, line)) {
    const auto json = nlohmann::json::parse(line);
    kinds.push_back(json["kind"]);
    EXPECT_EQ(json["evidence"]["source"], "zonder room");
    drilled += json["evidence"]["tier"] == "drilled" ? 1U : 0U;
    if (kinds.size() > 1) {
      EXPECT_LE(before, json["time"].get<std::string>());
      before = json["time"];
    }
  }
  EXPECT_EQ(kinds.at(0), "room");
  const auto count = [&](const std::string& kind) {
    return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
  };
  EXPECT_EQ(count("contact"), record.contacts.size());
  EXPECT_EQ(count("mark"), record.marks.size());
  EXPECT_EQ(count("device"), record.devices.size());
  EXPECT_EQ(count("outside"), 1U);
  EXPECT_EQ(drilled, 3U);
}

}  // namespace
}  // namespace zonder::report
