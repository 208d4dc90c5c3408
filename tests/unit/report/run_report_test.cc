// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/run_events.hh"
#include "report/run_grounds.hh"
#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_junit.hh"
#include "report/run_text.hh"
#include "report/run_verdict.hh"
#include "support/json_schema.hh"

namespace zonder::report {
namespace {

using namespace std::chrono;

model::Moment at(int minute)
{
  return sys_days(year(2026) / 11 / 23) + hours(9) + minutes(minute);
}

model::RunRecord curl_without_microsoft()
{
  model::RunRecord record;
  record.selector = "microsoft";
  record.parties = {"github", "microsoft"};
  record.signature = model::Signature::Refuse;
  record.engine = "netns";
  record.uplink = "slirp4netns";
  record.command = {"curl", "-sS", "https://login.microsoftonline.com"};
  record.exit_code = 7;
  record.seconds = milliseconds(350);
  record.started = at(30);
  record.data_date = "2026-11-01";
  record.prefixes_v4 = 412;
  record.prefixes_v6 = 70;
  record.proof.checks = {
      {.what = "passes-while-empty",
       .target = "20.190.128.1",
       .party = "microsoft",
       .as_expected = true},
      {.what = "canary", .target = "20.190.128.1", .party = "microsoft", .as_expected = true},
      {.what = "control", .target = "resolver", .party = "", .as_expected = true}};
  record.attempts = {{.party = "microsoft",
                      .name = "login.microsoftonline.com",
                      .address = net::Address::try_parse("20.190.128.1"),
                      .port = 443,
                      .protocol = "tcp",
                      .verdict = model::Verdict::Blocked,
                      .count = 1,
                      .first = at(30),
                      .last = at(30),
                      .programs = {{.program = 0, .tries = 1, .first = at(30), .last = at(30)}}},
                     {.party = "",
                      .name = "www.example.nl",
                      .address = net::Address::try_parse("193.0.6.139"),
                      .port = 443,
                      .protocol = "tcp",
                      .verdict = model::Verdict::Passed,
                      .count = 2,
                      .first = at(30),
                      .last = at(31),
                      .programs = {{.program = 0, .tries = 2, .first = at(31), .last = at(31)}}}};
  record.programs = {{.pid = 4711,
                      .path = "/usr/bin/curl",
                      .argv = record.command,
                      .parents = {{.pid = 4700, .name = "sh"}, {.pid = 4600, .name = "make"}}}};
  record.blocked_packets = 1;
  record.passed_packets = 2;
  return record;
}

const Style plain{.colour = false, .unicode = true, .now = at(40)};

TEST(RunText, SaysTheVerdictFirstAndThenEverythingThatWasAskedFor)
{
  EXPECT_EQ(run_as_text(curl_without_microsoft(), plain), R"(
Without microsoft: the command failed (curl: exit 7).
It reached for microsoft (1 packet): login.microsoftonline.com (20.190.128.1).
2 attempts at others were let through.

  what happened  whose      how often  how      by    asked for
  blocked        microsoft   1 packet  tcp/443  curl  login.microsoftonline.com (20.190.128.1)
  let through    not known  2 packets  tcp/443  curl  www.example.nl (193.0.6.139)

curl -sS https://login.microsoftonline.com (process 4711; started by sh < make): microsoft 1 call (login.microsoftonline.com (20.190.128.1)); after that it reached www.example.nl (193.0.6.139).

Proved beforehand: 3 of 3 checks as they must be (canaries that died at the gateway: 1; controls that answered: 1).
Failure mode gone, like refuse; engine netns, uplink slirp4netns; 412 IPv4 and 70 IPv6 prefixes absent.
Data of 2026-11-01: 22 days old.
Tried was an outage: they are gone. In a sanction they would answer and refuse, and end what still lasts; that was not tried.
This run cut your side only: what a service that lives needs of the absent at its own side was not cut, and nothing here tells whether it would hold.
What lasts for a while (tokens, tickets, caches, licences) may have hidden what stops later.
What goes through a tunnel, or asks a living party for names over HTTPS, is cut by address only and shown without its name.
)");
}

// Whoever opens a file did not see what was told at the start.
TEST(RunReport, AFileTellsTheCommandTheTimeAndWhoWasAbsent)
{
  auto record = curl_without_microsoft();
  record.selection = {"microsoft = 3 owners", "of 2 parties the law is not known <and> they stay"};
  record.facts_date = "2026-10-30";
  constexpr auto all = std::numeric_limits<std::size_t>::max();
  const auto file = run_as_text(record, plain, {}, all);
  EXPECT_TRUE(file.starts_with("curl -sS https://login.microsoftonline.com\n"
                               "started 2026-11-23T09:30:00Z, took 0.3 s\n\n"
                               "Without microsoft: "))
      << file;
  const std::string meant = "\nmicrosoft = 3 owners\nof 2 parties the law is not known <and> they "
                            "stay\nAbsent: github, microsoft.\n";
  EXPECT_NE(file.find(meant), std::string::npos) << file;
  EXPECT_EQ(run_as_text(record, plain).find(meant), std::string::npos) << "was told at the start";
  const auto html = run_as_html(record, plain);
  EXPECT_NE(html.find("<li>of 2 parties the law is not known &lt;and&gt; they stay</li>"),
            std::string::npos);
  EXPECT_NE(html.find("Absent: github, microsoft."), std::string::npos);
  const auto xml = run_as_junit(record, {}, plain);
  EXPECT_NE(xml.find("microsoft = 3 owners\n"), std::string::npos);
  EXPECT_NE(xml.find(R"(<property name="facts" value="2026-10-30"/>)"), std::string::npos);
  const auto json = nlohmann::json::parse(run_as_json(record, {}));
  EXPECT_EQ(json["selection"][0], "microsoft = 3 owners");
  EXPECT_EQ(json["data"]["facts"], "2026-10-30");
}

TEST(RunText, SaysFirstThatOnlyAPartOfThemWasFrozen)
{
  auto record = curl_without_microsoft();
  record.mode = model::FailureMode::Frozen;
  EXPECT_EQ(verdict(record, plain)[0],
            "Without what hands out log-ins, certificates, updates and rights (frozen) of "
            "microsoft: the command failed (curl: exit 7).");
}

TEST(RunReport, MarksAnAddressThatStandsForAName)
{
  auto record = curl_without_microsoft();
  record.attempts[0].address = net::Address::try_parse("198.18.0.1");
  EXPECT_NE(run_as_text(record, plain).find("login.microsoftonline.com (made-up 198.18.0.1)"),
            std::string::npos);
  const auto json = nlohmann::json::parse(run_as_json(record, {}));
  EXPECT_EQ(json["attempts"][0]["made_up"], true);
  EXPECT_EQ(json["attempts"][1]["made_up"], false);
  record.attempts[0].name.clear();  // somebody's own number
  EXPECT_EQ(run_as_text(record, plain).find("made-up"), std::string::npos);
}

TEST(RunText, SaysOfOneWhatItIs)
{
  auto record = curl_without_microsoft();
  record.prefixes_v6 = 1;
  record.attempts[1].party = "microsoft";
  record.attempts[1].count = 1;
  record.questions_unanswered = 1;
  record.dns.mode = model::DnsMode::Honest;
  const auto text = run_as_text(record, plain);
  for (const auto* each :
       {"412 IPv4 and 1 IPv6 prefix absent.",
        "1 attempt at an address that the catalogue gives to an absent party was LET THROUGH",
        "1 question for a name had no answer within a minute, or when the command ended."}) {
    EXPECT_NE(text.find(each), std::string::npos) << each << text;
  }
}

TEST(RunText, SaysThatAnEngineIsWeakerAndWhy)
{
  auto record = curl_without_microsoft();
  record.engine = "seccomp";
  record.weaker = {"No packet was counted.", "Calls <were>."};
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("\nWEAKER: the engine seccomp cut calls, not packets"), std::string::npos);
  EXPECT_NE(text.find("\nWeaker: No packet was counted.\n"), std::string::npos);
  EXPECT_EQ(text.find("gateway"), std::string::npos) << text;
  EXPECT_NE(run_as_html(record, plain).find("Weaker: Calls &lt;were&gt;."), std::string::npos);
  const auto document = nlohmann::json::parse(run_as_json(record, {}));
  EXPECT_EQ(document.at("weaker").size(), 2U);
  EXPECT_TRUE(
      nlohmann::json::parse(run_as_json(curl_without_microsoft(), {})).at("weaker").empty());
}

TEST(RunText, SaysFirstOfAllThatNothingWasProved)
{
  auto record = curl_without_microsoft();
  record.proof.checks[1].as_expected = false;
  record.proof.overridden = true;
  const auto sentences = verdict(record, plain);
  EXPECT_TRUE(sentences.front().starts_with("NOT PROVED")) << sentences.front();
  EXPECT_EQ(run_as_text(record, plain).find("Proved beforehand"), std::string::npos);
}

TEST(RunText, SaysWhichCheckFailed)
{
  auto record = curl_without_microsoft();
  record.proof.checks[1].as_expected = false;
  record.proof.checks[1].detail = "its counter did not move";
  EXPECT_EQ(
      grounds(record, plain).at(0),
      "Not as it must be: canary: must not be reached 20.190.128.1: its counter did not move");
  EXPECT_EQ(grounds(record, plain).at(1), "No canary was seen to die at the gateway.");
}

TEST(RunText, TellsEachPartyThatWasReachedForWithWhatAndHowOften)
{
  auto record = curl_without_microsoft();
  record.exit_code = 0;
  record.command = {"/usr/bin/make", "test"};
  auto more = record.attempts.front();
  more.name = "graph.microsoft.com";
  more.count = 3;
  model::Attempt question = more;
  question.party = "github";
  question.name = "github.com";
  question.address.reset();
  question.protocol = "dns";
  question.port = 0;
  question.count = 1;
  auto private_dns = more;
  private_dns.party.clear();
  private_dns.name.clear();
  private_dns.port = 853;
  private_dns.count = 1;
  record.attempts.insert(record.attempts.begin() + 1, {more, question, private_dns});

  const auto sentences = verdict(record, plain);
  ASSERT_EQ(sentences.size(), 5U);
  EXPECT_EQ(sentences[0], "Without microsoft: the command succeeded (make: exit 0).");
  EXPECT_EQ(sentences[1],
            "It reached for microsoft (4 packets): login.microsoftonline.com (20.190.128.1), "
            "graph.microsoft.com (20.190.128.1).");
  EXPECT_EQ(sentences[2], "1 attempt was stopped that is no absent party's own: 20.190.128.1.");
  EXPECT_EQ(sentences[3],
            "It asked for names of github (1 question), and tried no address of them: github.com.");
}

model::Attempt question_for(const std::string& name, const std::string& party)
{
  return {.party = party,
          .name = name,
          .protocol = "dns",
          .verdict = model::Verdict::Blocked,
          .count = 2,
          .first = at(30),
          .last = at(30)};
}

TEST(RunText, TellsNamesThatWereOnlyAskedForBesideWhatWasTried)
{
  auto record = curl_without_microsoft();
  record.attempts.push_back(question_for("login.microsoftonline.com", "microsoft"));
  record.attempts.push_back(question_for("graph.microsoft.com", "microsoft"));
  EXPECT_EQ(verdict(record, plain)[1],
            "It reached for microsoft (1 packet): login.microsoftonline.com (20.190.128.1); and "
            "only by name: graph.microsoft.com.");
}

// Where the absent still answer (lossy, slow), or have not fallen away yet, their names do too.
TEST(RunText, DoesNotSayThatNothingWasAskedOfTheAbsentWhenTheirNamesWere)
{
  auto record = curl_without_microsoft();
  record.signature = model::Signature::Lossy;
  auto question = question_for("login.microsoftonline.com", "microsoft");
  question.verdict = model::Verdict::Passed;
  record.attempts = {question};
  EXPECT_EQ(verdict(record, plain)[1],
            "It asked for names of microsoft (2 questions), and tried no address of them: "
            "login.microsoftonline.com.");
  // An address of theirs that was let through is told by another sentence.
  auto reached = curl_without_microsoft().attempts[1];
  reached.party = "microsoft";
  record.attempts = {question, reached};
  EXPECT_EQ(verdict(record, plain)[1],
            "It asked for names of microsoft (2 questions): login.microsoftonline.com.");
  record.attempts = {reached};
  for (const auto& sentence : verdict(record, plain)) {
    EXPECT_EQ(sentence.find("asked nothing"), std::string::npos) << sentence;
  }
}

TEST(RunText, NamesTheUnitOfEachCount)
{
  auto record = curl_without_microsoft();
  record.attempts.push_back(question_for("graph.microsoft.com", "microsoft"));
  record.attempts.push_back(record.attempts[0]);
  record.attempts.back().by_calls = true;
  record.attempts.push_back(record.attempts[0]);
  record.attempts.back().protocol = "proxy";
  record.attempts.back().count = 5;
  const auto text = run_as_text(record, plain);
  for (const char* part : {"  1 packet  ", " 2 questions  ", "  1 call  ", "  5 requests  "}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
  EXPECT_NE(text.find("microsoft (1 packet, 1 call, 5 requests)"), std::string::npos) << text;
  EXPECT_NE(run_as_html(record, plain).find("2 questions"), std::string::npos);
  const auto json = nlohmann::json::parse(run_as_json(record, {}));
  EXPECT_EQ(json["attempts"][0]["unit"], "packets");
  EXPECT_EQ(json["attempts"][2]["unit"], "questions");
  EXPECT_EQ(json["attempts"][3]["unit"], "calls");
  EXPECT_EQ(json["attempts"][4]["unit"], "requests");
  record.engine = "seccomp";
  EXPECT_EQ(nlohmann::json::parse(run_as_json(record, {}))["attempts"][0]["unit"], "calls");
}

TEST(RunJson, SaysAskedOfANameThatWasAnsweredAsTheTextDoes)
{
  auto record = curl_without_microsoft();
  record.attempts.push_back(question_for("graph.microsoft.com", "microsoft"));
  const auto verdict_of_it = [&record] {
    return nlohmann::json::parse(run_as_json(record, {}))["attempts"][2]["verdict"];
  };
  EXPECT_EQ(verdict_of_it(), "asked");
  EXPECT_NE(run_as_text(record, plain).find("name asked for"), std::string::npos);
  record.signature = model::Signature::Nxdomain;
  EXPECT_EQ(verdict_of_it(), "blocked");
}

TEST(RunReport, OfACommandThatDidNotStartSaysThatAndNoMore)
{
  model::RunRecord record;
  record.selector = "microsoft";
  record.parties = {"microsoft"};
  record.command = {"nosuch"};
  record.data_date = "2026-11-01";
  record.started = at(30);
  record.exit_code = 127;
  record.not_started = "the command nosuch was not found in PATH";
  report::Baseline baseline;
  baseline.contacts = {{.party = "microsoft", .target = "a.example", .protocol = "tcp"}};
  const auto judgement = judge(record, nullptr, &baseline);
  const auto text = run_as_text(record, plain, judgement);
  EXPECT_EQ(text, R"(
Without microsoft: the command did not start: the command nosuch was not found in PATH
So nothing was tried, and this says nothing about the absent.

Data of 2026-11-01: 22 days old.
)");
  const auto html = run_as_html(record, plain, judgement);
  EXPECT_NE(html.find("<p>Without microsoft: the command did not start: the command nosuch"),
            std::string::npos);
  EXPECT_NE(html.find("</html>"), std::string::npos);
  const auto xml = run_as_junit(record, judgement, plain);
  EXPECT_NE(xml.find("tests=\"1\" failures=\"0\" errors=\"1\""), std::string::npos) << xml;
  const auto json = nlohmann::json::parse(run_as_json(record, judgement));
  EXPECT_EQ(json["not_started"], record.not_started);
  EXPECT_TRUE(json["baseline"].is_null());
  EXPECT_NE(run_as_json_lines(record, judgement).find("\"not_started\":\"the command nosuch"),
            std::string::npos);
  for (const auto& form : {html, xml}) {
    for (const char* word : {"NOT PROVED", "uplink", "Nothing was asked", "Gone since"}) {
      EXPECT_EQ(form.find(word), std::string::npos) << word << form;
    }
  }
}

TEST(RunText, SaysHowACommandEndedThatDidNotJustExit)
{
  auto record = curl_without_microsoft();
  record.exit_code = 143;
  EXPECT_EQ(verdict(record, plain)[0],
            "Without microsoft: the command was ended by signal 15 (curl).");
  record.exit_code = 127;
  record.not_started = "curl: no such program";
  EXPECT_EQ(verdict(record, plain)[0],
            "Without microsoft: the command did not start: curl: no such program");
}

TEST(RunText, DoesNotHideWhatReachedAnAbsentPartyAllTheSame)
{
  auto record = curl_without_microsoft();
  record.attempts[1].party = "github";
  EXPECT_EQ(verdict(record, plain)[2],
            "2 attempts at addresses that the catalogue gives to an absent party were LET THROUGH: "
            "they were not in what was cut (excepted, or another part of it).");
  record.absent_from = at(31);
  EXPECT_EQ(verdict(record, plain)[2],
            "2 attempts reached the absent before they fell away, at 2026-11-23T09:31:00Z.");
}

TEST(RunText, SaysThatTimesAreMissing)
{
  auto record = curl_without_microsoft();
  record.lost_events = 12;
  EXPECT_NE(run_as_text(record, plain).find("12 messages of the gateway came too fast"),
            std::string::npos);
}

TEST(RunText, SaysThatTheUsersOwnResolverMayBeTheCause)
{
  auto record = curl_without_microsoft();
  record.questions_unanswered = 3;
  record.questions_unlisted = 7;
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("3 questions for names were answered by none of your resolvers"),
            std::string::npos);
  EXPECT_NE(text.find("7 more questions for names were asked than could be listed"),
            std::string::npos);
}

TEST(RunText, StaysUnder25LinesForAnOrdinaryRun)
{
  auto record = curl_without_microsoft();
  record.attempts.insert(record.attempts.end(), 300, record.attempts.back());
  const auto text = run_as_text(record, plain);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 25);
}

TEST(RunText, CountsAProofWithoutCanaryOrControlAsNone)
{
  auto record = curl_without_microsoft();
  record.proof.checks.clear();
  EXPECT_TRUE(verdict(record, plain).front().starts_with("NOT PROVED"));
}

TEST(RunText, SaysWhenTheUplinkDied)
{
  auto record = curl_without_microsoft();
  record.uplink_died = true;
  EXPECT_TRUE(verdict(record, plain).front().starts_with("THE UPLINK DIED"));
}

TEST(RunText, DoesNotBlameTheAbsentForAFailureThatDidNotTouchThem)
{
  auto record = curl_without_microsoft();
  record.attempts.erase(record.attempts.begin());
  EXPECT_EQ(verdict(record, plain)[1],
            "It asked nothing of the absent that was seen, so the cause was not seen here.");
}

TEST(RunText, ClaimsNoAbsenceWhenTheCommandEndedBeforeIt)
{
  auto record = curl_without_microsoft();
  record.later = true;
  const auto sentences = verdict(record, plain);
  EXPECT_TRUE(sentences.front().starts_with("NOTHING WAS TRIED without microsoft")) << sentences[0];
  record.absent_from = at(31);
  EXPECT_TRUE(verdict(record, plain).front().starts_with("Without microsoft: "));
}

TEST(RunText, SaysWhatNamesAloneDoNotStop)
{
  auto record = curl_without_microsoft();
  record.signature = model::Signature::Nxdomain;
  record.prefixes_v4 = 0;
  record.prefixes_v6 = 0;
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("Only names fail like that"), std::string::npos);
  EXPECT_NE(text.find("Only names were absent"), std::string::npos);
}

TEST(RunText, WarnsOfOldData)
{
  auto record = curl_without_microsoft();
  record.data_date = "2026-01-01";
  EXPECT_NE(run_as_text(record, plain).find("326 days old, so what has moved since is missed"),
            std::string::npos);
  record.data_date = "";
  EXPECT_NE(run_as_text(record, plain).find("their age is not known"), std::string::npos);
}

TEST(RunText, ShowsHowManyItLeavesOut)
{
  auto record = curl_without_microsoft();
  record.attempts.insert(record.attempts.end(), 30, record.attempts.back());
  EXPECT_NE(run_as_text(record, plain).find("... and 25 more"), std::string::npos);
}

TEST(RunText, MakesHostileNamesHarmless)
{
  auto record = curl_without_microsoft();
  record.attempts[0].name = "a\033[2Jb\n\xff\xe2\x80\xaeok\xc3\xa9";
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("a\\x1b[2Jb\\x0a\\xff\\xe2\\x80\\xaeok\xc3\xa9"), std::string::npos) << text;
  EXPECT_EQ(text.find('\033'), std::string::npos);
  const auto ascii = run_as_text(record, {.colour = false, .unicode = false, .now = at(40)});
  EXPECT_NE(ascii.find("ok\\xc3\\xa9"), std::string::npos);
}

TEST(RunJson, KeepsToItsPublishedSchema)
{
  auto record = curl_without_microsoft();
  record.attempts[0].address.reset();
  record.left_the_room.push_back({.what = "unix socket", .meaning = "session bus"});
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  EXPECT_EQ(test::against_schema(run_as_json(record, judge(record, nullptr, nullptr)), *schema),
            std::vector<std::string>{});
  EXPECT_NE(test::against_schema(R"({"schema": "zonder.run/2"})", *schema),
            std::vector<std::string>{});
}

TEST(RunJson, GivesUnknownAsNullAndSurvivesBytesThatAreNoText)
{
  auto record = curl_without_microsoft();
  record.command = {"echo", "\xff\xfe"};
  const auto json = nlohmann::json::parse(run_as_json(record, judge(record, nullptr, nullptr)));
  EXPECT_TRUE(json["attempts"][1]["party"].is_null());
  EXPECT_EQ(json["totals"]["attempts"], 3);
  EXPECT_EQ(json["command"][1], "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(RunHtml, EscapesWhateverComesFromOutside)
{
  auto record = curl_without_microsoft();
  record.selector = "<script>alert(1)</script>";
  record.command = {"sh", "-c", "echo '\"><img src=x>'"};
  record.attempts[0].name = "<b onclick=\"x\">'&";
  const auto html = run_as_html(record, plain);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("<b "), std::string::npos);
  EXPECT_NE(html.find("&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;"), std::string::npos);
}

TEST(RunHtml, CanBeReadByEveryone)
{
  auto record = curl_without_microsoft();
  const auto html = run_as_html(record, plain);
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (auto at = html.find(part); at != std::string::npos; at = html.find(part, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count("<table "), 2U);
  EXPECT_EQ(count("<caption>"), 2U);
  EXPECT_EQ(count("<h1>"), 1U);
  EXPECT_EQ(count("scope=\"row\""), record.attempts.size() + record.proof.checks.size());
  EXPECT_EQ(count("scope=\"col\""), 13U);
  EXPECT_EQ(count("role=\"cell\""), 7 * record.attempts.size() + 4 * record.proof.checks.size());
  EXPECT_EQ(count("<main>"), 1U);
  EXPECT_EQ(count("\033"), 0U);
}

TEST(RunHtml, AsksNothingOfAnyNetwork)
{
  const auto html = run_as_html(curl_without_microsoft(), plain);
  for (const char* word : {"src=", "href=", "url(", "@import", "<script", "<link"}) {
    EXPECT_EQ(html.find(word), std::string::npos) << word;
  }
  EXPECT_NE(html.find("<html lang=\"en\">"), std::string::npos);
}

model::RunRecord curl_with_microsoft_revoked()
{
  auto record = curl_without_microsoft();
  record.mode = model::FailureMode::Revoked;
  record.signature = model::Signature::Denied;
  record.attempts[0].verdict = model::Verdict::Denied;
  const auto at_microsoft = [&](model::Reception how, unsigned status) {
    return model::Received{.name = "login.microsoftonline.com",
                           .address = *net::Address::try_parse("20.190.128.1"),
                           .port = 443,
                           .how = how,
                           .status = status,
                           .count = 2,
                           .programs = record.attempts[0].programs};
  };
  record.received = {at_microsoft(model::Reception::Answered, 403),
                     at_microsoft(model::Reception::NotTestable, 0)};
  return record;
}

TEST(RunText, SaysWhatARefusalDoesAndDoesNotTell)
{
  const auto text = run_as_text(curl_with_microsoft_revoked(), plain);
  for (const char* part :
       {"  denied         microsoft   1 packet  tcp/443  curl  login",
        "Tried was revoked (--lab-ca)",
        "It does not show how the party itself would word it",
        "NOT TESTABLE: curl broke off the handshake with login.microsoftonline.com (times: 2)",
        "before zonder answered in their place",
        "Failure mode revoked, like denied"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("connections nothing was asked"), std::string::npos);
}

TEST(RunText, NamesNoMoreThatWereNotTestableThanCanBeRead)
{
  auto record = curl_with_microsoft_revoked();
  record.received.assign(12, record.received.back());
  record.received.front().name = "\033[2J";
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("... and 4 more that were not testable."), std::string::npos) << text;
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(RunJson, TellsWhatWasReceivedAsItsSchemaSays)
{
  const auto text = run_as_json(curl_with_microsoft_revoked(), {});
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  EXPECT_EQ(test::against_schema(text, *schema), std::vector<std::string>{});
  const auto document = nlohmann::json::parse(text);
  EXPECT_EQ(document["attempts"][0]["verdict"], "denied");
  EXPECT_EQ(document["received"][0]["status"], 403);
  EXPECT_EQ(document["received"][1]["how"], "not-testable");
  EXPECT_TRUE(document["received"][1]["status"].is_null());
}

// A failure of our making is not told as one whose cause nobody saw.
TEST(RunText, SaysThatTheRoomsLoopbackIsAnother)
{
  model::RunRecord record;
  record.proof.checks = {
      {.what = "canary", .target = "192.0.2.1", .party = "a", .as_expected = true},
      {.what = "control", .target = "resolver", .as_expected = true}};
  record.exit_code = 7;
  record.own_loopback = {5432, 8080};
  const auto told = verdict(record, plain);
  EXPECT_NE(
      std::find(told.begin(),
                told.end(),
                "It tried this machine's own loopback (TCP port 5432, 8080): the room has "
                "another one, on which only the command's own programs are; --allow-host 5432 "
                "lets that port through."),
      told.end());
  record.exit_code = 0;
  EXPECT_EQ(verdict(record, plain).size(), 2U);
}

TEST(ShellLine, QuotesWhatAShellWouldCutUp)
{
  EXPECT_EQ(shell_line({"sh", "-c", "echo it's", ""}, true), "sh -c 'echo it'\\''s' ''");
}

TEST(AgeInDays, IsNothingForWhatIsNoDay)
{
  EXPECT_EQ(age_in_days("2026-11-22", at(0)), 1);
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "yesterday!", "2026/11/22"}) {
    EXPECT_FALSE(age_in_days(text, at(0))) << text;
  }
}

}  // namespace
}  // namespace zonder::report
