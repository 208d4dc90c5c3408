// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/run_events.hh"
#include "support/json_schema.hh"
#include "support/run_story.hh"

namespace zonder::report {
namespace {

using nlohmann::json;
using std::chrono::seconds;

std::vector<json> events_of(const model::RunRecord& record)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json");
  std::vector<json> events;
  std::istringstream lines(run_as_json_lines(record, judge(record, nullptr, nullptr)));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(test::against_schema(line, schema.value()), std::vector<std::string>{});
    events.push_back(json::parse(line));
  }
  return events;
}

std::string words_of(const std::vector<json>& events)
{
  std::string words;
  for (const auto& event : events) {
    words += (words.empty() ? "" : " ") + event["event"].get<std::string>();
    if (event["event"] == "reached") {
      words += ":" + (event["program"].is_null() ? std::string("?")
                                                 : event["program"]["argv"][0].get<std::string>());
    }
  }
  return words;
}

/// What `name` can be in the schema of a line.
std::vector<std::string> words_in_schema(const char* name)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json");
  return json::parse(schema.value())["properties"][name]["enum"];
}

TEST(RunEvents, AreEachInTheManual)
{
  const auto manual = read_file(ZONDER_SOURCE_DIR "/docs/run.md").value();
  const auto words = words_in_schema("event");
  EXPECT_EQ(words.size(), 9U);
  for (const auto& word : words) {
    EXPECT_NE(manual.find("| `" + word + "` |"), std::string::npos) << word;
  }
}

// What the schema does not know is no event: then the manual has not been told of it either.
TEST(RunEvents, AreEachInTheSchema)
{
  const auto source = read_file(ZONDER_SOURCE_DIR "/src/report/run_events.cc").value();
  const auto words = words_in_schema("event");
  std::size_t found = 0;
  for (auto at = source.find("event(\""); at != std::string::npos;
       at = source.find("event(\"", at)) {
    at += 7;
    const auto word = source.substr(at, source.find('"', at) - at);
    EXPECT_NE(std::find(words.begin(), words.end(), word), words.end()) << word;
    ++found;
  }
  EXPECT_GE(found, words.size());
}

TEST(RunEvents, TellWhoReachedForWhatInTheOrderOfTime)
{
  auto record = test::run_story(R"(
    git,npm  blocked  github  github.com      192.0.2.1    tcp/443
    -        passed   -       www.example.nl  193.0.6.139  tcp/443
  )");
  record.exit_code = 7;
  record.seconds = std::chrono::seconds(9);
  record.attempts[0].programs[0].first += seconds(5);
  record.attempts[0].programs[1].first += seconds(2);
  record.attempts[1].first += seconds(3);
  const auto events = events_of(record);
  EXPECT_EQ(words_of(events),
            "start absent reached:/usr/bin/npm reached:? reached:/usr/bin/git end");
  EXPECT_EQ(events[0]["command"], (json{"make", "test"}));
  EXPECT_EQ(events[2]["time"], "2026-11-23T09:00:02Z");
  EXPECT_EQ(events[2]["standing"], "counts");
  EXPECT_EQ(events[3]["verdict"], "passed");
  EXPECT_TRUE(events[3]["standing"].is_null());
  EXPECT_EQ(events[5]["exit_code"], 7);
  EXPECT_EQ(events[5]["time"], "2026-11-23T09:00:09Z");
  EXPECT_EQ(events[5]["counts"], 2);
}

TEST(RunEvents, TellWhenThePartiesFellAwayAndThatTheUplinkDied)
{
  auto record = test::run_story("git passed github github.com 192.0.2.1 tcp/443");
  record.later = true;
  EXPECT_EQ(words_of(events_of(record)), "start reached:/usr/bin/git end");
  record.absent_from = record.started + seconds(60);
  record.uplink_died = true;
  EXPECT_EQ(words_of(events_of(record)), "start reached:/usr/bin/git absent uplink-died end");
}

TEST(RunEvents, OfAnAttemptSayWhatIsKnownInThatMoment)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json").value();
  model::Sighting bare;
  bare.protocol = "dns";
  bare.name = "login.example";
  const auto told = attempt_line(bare, "microsoft");
  EXPECT_EQ(test::against_schema(told, schema), std::vector<std::string>{});
  EXPECT_TRUE(json::parse(told)["address"].is_null());
  EXPECT_TRUE(json::parse(told)["program"].is_null());
  model::Sighting full = bare;
  full.address = net::Address::parse("192.0.2.1").value();
  full.port = 443;
  full.protocol = "tcp";
  full.program =
      model::Program{.pid = 7, .path = "/bin/git", .argv = {"git", "\xff"}, .parents = {}};
  const auto line = attempt_line(full, "microsoft");
  EXPECT_EQ(test::against_schema(line, schema), std::vector<std::string>{});
  EXPECT_EQ(json::parse(line)["address"], "192.0.2.1");
  EXPECT_EQ(json::parse(line)["program"]["pid"], 7);
  EXPECT_EQ(test::against_schema(not_listed_line({}), schema), std::vector<std::string>{});
  EXPECT_EQ(test::against_schema(cut_line({}), schema), std::vector<std::string>{});
}

TEST(RunEvents, DoNotCallANameBlockedThatWasAnswered)
{
  auto record = test::run_story("git blocked github github.com - dns");
  EXPECT_EQ(events_of(record)[2]["verdict"], "asked");
  record.signature = model::Signature::Servfail;
  EXPECT_EQ(events_of(record)[2]["verdict"], "blocked");
}

TEST(RunEvents, SurviveBytesThatAreNoText)
{
  auto record = test::run_story("git blocked github github.com 192.0.2.1 tcp/443");
  record.programs[0].argv = {"\xff\n\"", "\n"};
  EXPECT_EQ(events_of(record).size(), 4U);
}

}  // namespace
}  // namespace zonder::report
