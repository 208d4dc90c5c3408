// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <functional>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/judgement.hh"
#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_junit.hh"
#include "report/run_text.hh"
#include "report/run_verdict.hh"
#include "support/json_schema.hh"
#include "support/run_story.hh"

namespace zonder::report {
namespace {

using test::allowed_party;
using test::run_story;
using Lines = std::vector<std::string>;

const Style plain{.colour = false, .unicode = true, .now = {}};

/// What such a run would have left behind.
Baseline left_by(const std::string& story)
{
  const auto record = run_story(story);
  return baseline_of(record, judge(record, nullptr, nullptr).with(Standing::Counts));
}

constexpr const char* git_and_curl = R"(
    git   blocked  github     github.com           -             dns
    git   blocked  github     github.com           192.0.2.1     tcp/443
    curl  blocked  microsoft  login.microsoft.com  20.190.128.1  tcp/443
    curl  passed   -          www.example.nl       193.0.6.139   tcp/443
)";

TEST(Judgement, EveryContactCountsUntilSomethingIsSaidOfIt)
{
  const auto judgement = judge(run_story(git_and_curl), nullptr, nullptr);
  EXPECT_EQ(judgement.count(Standing::Counts), 2U);
  EXPECT_TRUE(judgement.finds());
  EXPECT_TRUE(judgement_sentences(judgement, plain, 5).empty());
  EXPECT_FALSE(judge(run_story(""), nullptr, nullptr).finds());
}

TEST(Judgement, SaysWhyTheExitCodeIsNotTheCommands)
{
  const auto why = [](const model::RunRecord& record) {
    return why_not_zero(record, judge(record, nullptr, nullptr), true);
  };
  EXPECT_EQ(why(run_story(git_and_curl)),
            "exit code 1, of --fail-on-contact: 2 contacts count; the command's own exit code is "
            "0");
  auto doubted = run_story("");
  doubted.questions_odd = 1;
  EXPECT_EQ(why(doubted),
            "exit code 1, of --fail-on-contact: whether the absent were asked for anything cannot "
            "be told (not-listed); the command's own exit code is 0");
  doubted.uplink_died = true;
  EXPECT_EQ(why(doubted), "exit code 1, since the uplink died; the command's own exit code is 0");
  EXPECT_EQ(why(run_story("")), "");
}

TEST(Judgement, WhatWasLetThroughNeverCounts)
{
  const auto judgement =
      judge(run_story("git passed github github.com 192.0.2.1 tcp/443"), nullptr, nullptr);
  EXPECT_FALSE(judgement.finds());
  EXPECT_EQ(judgement.standing_of(0), std::nullopt);
}

TEST(Judgement, WhatIsAllowedDoesNotCountAndDoesNotDisappear)
{
  const auto record = run_story(git_and_curl);
  const auto github = allowed_party("github", "198.51.100.0/24", "other.example");
  const auto judgement = judge(record, &github, nullptr);
  EXPECT_EQ(judgement.count(Standing::Allowed), 1U);
  EXPECT_EQ(judgement.count(Standing::Counts), 1U);
  EXPECT_EQ(judgement.standing_of(0), Standing::Allowed);
  EXPECT_EQ(judgement.standing_of(1), Standing::Allowed);
  EXPECT_EQ(judgement.standing_of(2), Standing::Counts);
  EXPECT_EQ(judgement_sentences(judgement, plain, 5),
            Lines{"Allowed, and absent all the same: github.com by git (tcp/443)."});
  const auto text = run_as_text(record, plain, judgement);
  EXPECT_NE(text.find("blocked (allowed)"), std::string::npos) << text;
  EXPECT_NE(text.find("It reached for github (1 packet): github.com (192.0.2.1)."),
            std::string::npos);
}

TEST(Judgement, AllowsByAddressAlsoTheQuestionThatLedThere)
{
  const auto prefix = allowed_party("192.0.2.0/24", "192.0.2.0/24", "other.example");
  const auto judgement = judge(run_story(git_and_curl), &prefix, nullptr);
  EXPECT_EQ(judgement.with(Standing::Allowed).size(), 1U);
  EXPECT_EQ(judgement.with(Standing::Allowed).front().target, "github.com");
}

TEST(Judgement, AllowsByAddressOnlyWhereEachAddressIsAllowed)
{
  const auto prefix = allowed_party("192.0.2.0/24", "192.0.2.0/24", "other.example");
  const auto judgement = judge(run_story(R"(
    git  blocked  github  github.com  192.0.2.1     tcp/443
    git  blocked  github  github.com  198.51.100.1  tcp/443
  )"),
                               &prefix,
                               nullptr);
  EXPECT_EQ(judgement.count(Standing::Counts), 1U);
}

TEST(Judgement, AllowsANameAndWhatIsBelowIt)
{
  const auto name = allowed_party("*.github.com", "203.0.113.0/24", "github.com");
  const auto judgement = judge(run_story(R"(
    git  blocked  github  api.github.com       192.0.2.1  tcp/443
    git  blocked  github  github.com.evil.org  192.0.2.1  tcp/443
    git  blocked  github  -                    192.0.2.1  tcp/443
    git  blocked  github  raw.github.com       -          dns
  )"),
                               &name,
                               nullptr);
  EXPECT_EQ(judgement.standing_of(0), Standing::Allowed);
  EXPECT_EQ(judgement.standing_of(1), Standing::Counts);
  EXPECT_EQ(judgement.standing_of(2), Standing::Counts);
  EXPECT_EQ(judgement.standing_of(3), Standing::Allowed);
}

TEST(Judgement, AllowsANameAlsoWhereItsAddressIsNamedAfterAnother)
{
  const auto name = allowed_party("*.github.com", "203.0.113.0/24", "github.com");
  const auto judgement = judge(run_story(R"(
    git   blocked  github  raw.github.com                   -          dns
    curl  blocked  github  other.example                    -          dns
    git   blocked  github  other.example|raw.github.com     192.0.2.1  tcp/443
    curl  blocked  github  raw.github.com|other.example     192.0.2.1  tcp/80
  )"),
                               &name,
                               nullptr);
  EXPECT_EQ(judgement.standing_of(2), Standing::Allowed);
  EXPECT_EQ(judgement.standing_of(3), Standing::Counts);
}

TEST(Judgement, APartOfWhatIsAbsentIsAllowedWithItsParty)
{
  const auto party = allowed_party("github", "203.0.113.0/24", "other.example");
  const auto judgement = judge(run_story(R"(
    git  blocked  service:github/actions     a.example  -  dns
    git  blocked  service:githubber/actions  b.example  -  dns
  )"),
                               &party,
                               nullptr);
  EXPECT_EQ(judgement.standing_of(0), Standing::Allowed);
  EXPECT_EQ(judgement.standing_of(1), Standing::Counts);
}

TEST(Judgement, OnlyWhatIsNewCountsAgainstABaseline)
{
  const auto last_time = left_by(R"(
    curl  blocked  microsoft  login.microsoft.com  20.190.128.9  tcp/443
    npm   blocked  microsoft  packages.example.com   20.190.128.1  tcp/443
  )");
  const auto record = run_story(git_and_curl);
  const auto judgement = judge(record, nullptr, &last_time);
  EXPECT_TRUE(judgement.finds());
  EXPECT_EQ(judgement_sentences(judgement, plain, 5),
            (Lines{"New since last time: github.com by git (tcp/443).",
                   "Gone since last time: packages.example.com by npm (tcp/443)."}));
  const auto text = run_as_text(record, plain, judgement);
  EXPECT_NE(text.find("blocked (new)"), std::string::npos) << text;
  EXPECT_NE(text.find("blocked (known)"), std::string::npos) << text;
}

TEST(Judgement, TheSameAgainIsNothingNew)
{
  const auto last_time = left_by(git_and_curl);
  const auto judgement = judge(run_story(git_and_curl), nullptr, &last_time);
  EXPECT_FALSE(judgement.finds());
  EXPECT_EQ(judgement_sentences(judgement, plain, 5), Lines{"Nothing new since last time."});
}

TEST(Judgement, WhatIsAllowedNowIsNotGone)
{
  const auto last_time = left_by(git_and_curl);
  const auto github = allowed_party("github", "192.0.2.0/24", "github.com");
  const auto judgement = judge(run_story(git_and_curl), &github, &last_time);
  EXPECT_TRUE(judgement.gone.empty());
  EXPECT_EQ(judgement.count(Standing::Allowed), 1U);
  EXPECT_EQ(judgement.count(Standing::Known), 1U);
}

TEST(Judgement, SaysThatTheBaselineIsOfAnotherKindOfRun)
{
  auto last_time = left_by(git_and_curl);
  last_time.selector = "google";
  const auto sentences =
      judgement_sentences(judge(run_story(git_and_curl), nullptr, &last_time), plain, 5);
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_TRUE(sentences[1].starts_with("The baseline is of a run in which something else"));
}

TEST(Judgement, OneRowOfSeveralProgramsIsAsBadAsTheWorst)
{
  const auto last_time = left_by("git blocked github github.com 192.0.2.1 tcp/443");
  const auto judgement =
      judge(run_story("git,curl blocked github github.com 192.0.2.1 tcp/443"), nullptr, &last_time);
  EXPECT_EQ(judgement.standing_of(0), Standing::Counts);
  EXPECT_EQ(judgement.count(Standing::Known), 1U);
  EXPECT_EQ(judgement.count(Standing::Counts), 1U);
}

TEST(Judgement, WhatCouldNotBeListedCounts)
{
  auto record = run_story(git_and_curl);
  record.blocked_packets += 3;
  const auto last_time = left_by(git_and_curl);
  const auto judgement = judge(record, nullptr, &last_time);
  EXPECT_TRUE(judgement.finds());
  EXPECT_EQ(judgement_sentences(judgement, plain, 5).back(),
            "3 packets or questions could not be judged, since more came than can be listed; they "
            "count as contact.");
}

TEST(Judgement, WhatCouldNotBeLookedAtCounts)
{
  auto record = run_story("");
  record.refused_unseen = 2;
  const auto github = allowed_party("github", "198.51.100.0/24", "other.example");
  const auto judgement = judge(record, &github, nullptr);
  EXPECT_TRUE(judgement.finds());
  EXPECT_EQ(judgement_sentences(judgement, plain, 5).back(),
            "Calls that could not be looked at count as contact: 2.");
  const auto text = run_as_text(record, plain, judgement);
  EXPECT_NE(
      text.find(
          "2 calls could not be looked at, and were refused: for whom they were is not known."),
      std::string::npos)
      << text;
  EXPECT_EQ(text.find("asked nothing"), std::string::npos) << text;
  EXPECT_NE(run_as_html(record, plain, judgement).find("2 calls could not be looked at"),
            std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(run_as_json(record, judgement))["totals"]["refused_unseen"], 2);
  EXPECT_NE(run_as_junit(record, judgement, plain).find("calls that could not be looked at"),
            std::string::npos);
}

TEST(Judgement, NamesAtMostSoMany)
{
  const auto nothing = left_by("");
  const auto judgement = judge(run_story(git_and_curl), nullptr, &nothing);
  EXPECT_EQ(judgement_sentences(judgement, plain, 1),
            Lines{"New since last time: github.com by git (tcp/443) and 1 more."});
}

TEST(Judgement, StandsInJsonAndHtmlToo)
{
  const auto record = run_story(git_and_curl);
  const auto last_time = left_by("npm blocked microsoft packages.example.com 20.190.128.1 tcp/443");
  const auto github = allowed_party("github", "192.0.2.0/24", "github.com");
  const auto judgement = judge(record, &github, &last_time);
  const auto text = run_as_json(record, judgement);
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  EXPECT_EQ(test::against_schema(text, *schema), Lines{});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["allow"], "github");
  EXPECT_EQ(json["contacts"].size(), 2U);
  EXPECT_EQ(json["contacts"][0]["standing"], "allowed");
  EXPECT_EQ(json["contacts"][1]["standing"], "counts");
  EXPECT_EQ(json["attempts"].size(), 4U);
  EXPECT_EQ(json["attempts"][1]["standing"], "allowed");
  EXPECT_TRUE(json["attempts"][3]["standing"].is_null());
  EXPECT_EQ(json["baseline"]["new"], 1);
  EXPECT_EQ(json["baseline"]["gone"][0]["target"], "packages.example.com");
  const auto html = run_as_html(record, plain, judgement);
  EXPECT_NE(html.find("New since last time: login.microsoft.com by curl (tcp/443)."),
            std::string::npos);
  EXPECT_NE(html.find("blocked (allowed)"), std::string::npos);
}

// Whatever makes silence worth nothing is told to a build server too: by the exit code, by a test
// that did not pass, and by name.
TEST(Judgement, ASilenceThatMayMeanNothingIsNoGoodNews)
{
  using Record = model::RunRecord;
  const std::vector<std::pair<std::string, std::function<void(Record&)>>> doubts = {
      {"not-started",
       [](Record& record) {
         record.not_started = "no such command";
       }},
      {"not-proved",
       [](Record& record) {
         record.proof.checks[0].as_expected = false;
       }},
      {"nothing-fell-away",
       [](Record& record) {
         record.later = true;
       }},
      {"network-died",
       [](Record& record) {
         record.uplink_died = true;
       }},
      {"network-died",
       [](Record& record) {
         record.dns.resolver_died = true;
       }},
      {"names-hung",
       [](Record& record) {
         record.dns.failed.push_back({.name = "a.example", .chain = {{.name = "a.example"}}});
       }},
      {"cut-by-name-only",
       [](Record& record) {
         record.by_name_only = {"service:cloudflare/cdn"};
         record.attempts.push_back({.party = "cloudflare",
                                    .address = net::Address::parse("192.0.2.1").value(),
                                    .protocol = "tcp",
                                    .verdict = model::Verdict::Passed,
                                    .count = 1});
       }},
      {"names-failed",
       [](Record& record) {
         record.attempts.push_back({.name = "a.example", .protocol = "dns", .failed = true});
       }},
      {"not-listed",
       [](Record& record) {
         record.questions_odd = 1;
       }},
      {"not-listed",
       [](Record& record) {
         record.questions_unlisted = 1;
       }},
      {"not-looked-at",
       [](Record& record) {
         record.refused_unseen = 1;
       }},
      {"proxied-not-judged", [](Record& record) {
         record.proxies.uses.push_back({.proxy = "p:1", .requests = 1, .by_name_only = 1});
       }}};
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json").value_or("{}");
  for (const auto& [name, make_so] : doubts) {
    SCOPED_TRACE(name);
    auto record = run_story("");
    make_so(record);
    record.exit_code = record.not_started.empty() ? 0 : 127;
    const auto judgement = judge(record, nullptr, nullptr);
    EXPECT_TRUE(judgement.finds());
    EXPECT_EQ(judgement.doubts_by_name(), Lines{name});
    const auto text = run_as_json(record, judgement);
    EXPECT_EQ(test::against_schema(text, schema), Lines{});
    EXPECT_EQ(nlohmann::json::parse(text)["doubts"], nlohmann::json{name});
    const auto junit = run_as_junit(record, judgement, plain);
    EXPECT_EQ(junit.find(R"(failures="0" errors="0")"), std::string::npos) << junit;
    const auto told = verdict(record, plain);
    EXPECT_EQ(std::count(told.begin(), told.end(), "It asked nothing of the absent."), 0);
  }
  const auto judgement = judge(run_story(""), nullptr, nullptr);
  EXPECT_NE(run_as_junit(run_story(""), judgement, plain).find(R"(failures="0" errors="0")"),
            std::string::npos);
}

TEST(Judgement, ANameThatWasAnsweredAnotherTimeIsKnown)
{
  auto record = run_story("curl passed - www.example.nl - dns");
  record.attempts.push_back({.name = "www.example.nl", .protocol = "dns", .failed = true});
  EXPECT_FALSE(judge(record, nullptr, nullptr).finds());
  EXPECT_EQ(failed_names(record), Lines{});
  record.attempts.push_back({.name = "a.example", .protocol = "dns", .failed = true});
  EXPECT_EQ(failed_names(record), Lines{"a.example"});
}

TEST(Judgement, ARunThatSawTooLittleIsNoBaseline)
{
  auto record = run_story(git_and_curl);
  EXPECT_EQ(why_no_baseline(record), "");
  record.exit_code = 7;  // that the command fails is what is to be expected
  EXPECT_EQ(why_no_baseline(record), "");
  record.later = true;
  EXPECT_NE(why_no_baseline(record), "");
  record.absent_from = record.started;
  EXPECT_EQ(why_no_baseline(record), "");
  record.uplink_died = true;
  EXPECT_NE(why_no_baseline(record), "");
}

}  // namespace
}  // namespace zonder::report
