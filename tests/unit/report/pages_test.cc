// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/page_comparison.hh"
#include "report/page_text.hh"
#include "report/run_events.hh"
#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_junit.hh"
#include "report/run_text.hh"
#include "support/json_schema.hh"

namespace zonder::report {
namespace {

using model::PageOutcome;
using model::RequestOutcome;

const Style plain{.colour = false, .unicode = true, .now = {}};

/// A line for each request, "came 200 script http://a.example/x party".
model::PageVisit visit(PageOutcome outcome, const std::string& story)
{
  model::PageVisit visit;
  visit.url = "https://www.town.example/";
  visit.outcome = outcome;
  if (outcome == PageOutcome::Loaded) {
    visit.loaded_after = 0.84;
  }
  std::istringstream lines(story);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    model::PageRequest request;
    std::string how;
    if (!(words >> how >> request.status >> request.kind >> request.url)) {
      throw std::runtime_error("no request: " + line);
    }
    words >> request.party;
    const std::vector<std::string> all = {"came", "refused", "failed", "canceled", "waiting"};
    const auto place = std::find(all.begin(), all.end(), how);
    if (place == all.end()) {
      throw std::runtime_error("no outcome: " + how);
    }
    request.outcome = static_cast<RequestOutcome>(place - all.begin());
    request.error = request.outcome == RequestOutcome::Failed ? "net::ERR_FAILED" : "";
    visit.requests.push_back(request);
  }
  return visit;
}

model::PagesTried pages(model::PageVisit with, model::PageVisit without)
{
  model::PagesTried tried;
  tried.browser = "Chrome/140.0";
  tried.wait = std::chrono::seconds(30);
  tried.width = 4;
  tried.height = 3;
  tried.with = {std::move(with)};
  tried.without = {std::move(without)};
  return tried;
}

model::PagesTried a_town_that_leans_on_others()
{
  return pages(visit(PageOutcome::Loaded,
                     "came 200 document https://www.town.example/\n"
                     "came 200 script https://cdn.cloud.example/a.js microsoft\n"
                     "came 200 script https://cdn.cloud.example/b.js microsoft\n"
                     "came 200 image https://ads.example/x?n=17 google\n"
                     "came 200 image https://own.example/x?n=17\n"
                     "failed 0 image https://broken.example/"),
               visit(PageOutcome::Loaded,
                     "came 200 document https://www.town.example/\n"
                     "failed 0 script https://cdn.cloud.example/a.js microsoft\n"
                     "waiting 0 image https://ads.example/x?n=99 google\n"
                     "came 200 image https://own.example/x?n=18\n"
                     "failed 0 image https://broken.example/\n"
                     "failed 0 fetch https://fallback.example/"));
}

TEST(PageComparison, CountsWhatCameWithEverybodyAndNotWithout)
{
  const auto tried = a_town_that_leans_on_others();
  const auto page = compare(tried).at(0);
  EXPECT_EQ(page.verdict, PageVerdict::StillLoads);
  EXPECT_EQ(page.came, 5U);
  EXPECT_EQ(page.fell_away, 3U);
  EXPECT_EQ(page.not_asked, 1U);
  EXPECT_EQ(page.failed_anew, 1U);
  EXPECT_EQ(page.parties, (std::vector<PartyCount>{{"microsoft", 2}, {"google", 1}}));
}

TEST(PageComparison, TakesAnotherNumberBehindTheQuestionMarkForTheSameRequest)
{
  const auto tried = a_town_that_leans_on_others();
  const auto page = compare(tried).at(0);
  for (const auto& request : page.requests) {
    if (request.with != nullptr && request.with->url == "https://own.example/x?n=17") {
      ASSERT_NE(request.without, nullptr);
      EXPECT_EQ(request.without->url, "https://own.example/x?n=18");
      EXPECT_FALSE(request.fell_away());
      return;
    }
  }
  FAIL() << "the request is not there";
}

TEST(PageComparison, PairsARequestThatIsMadeTwiceTwice)
{
  const std::string twice = "came 200 fetch https://a.example/\ncame 200 fetch https://a.example/";
  const auto tried = pages(visit(PageOutcome::Loaded, twice),
                           visit(PageOutcome::Loaded, "came 200 fetch https://a.example/"));
  EXPECT_EQ(compare(tried).at(0).fell_away, 1U);
}

TEST(PageComparison, SaysNothingOfAPageThatDoesNotLoadWithEverybody)
{
  const auto tried = pages(visit(PageOutcome::Failed, "failed 0 document https://a.example/"),
                           visit(PageOutcome::Failed, "failed 0 document https://a.example/"));
  EXPECT_EQ(compare(tried).at(0).verdict, PageVerdict::TellsNothing);
  EXPECT_EQ(exit_code_of(tried), 3);
}

TEST(PageComparison, HoldsNothingAgainstAVisitThatWasNotMade)
{
  const auto tried = pages(visit(PageOutcome::Loaded, "came 200 document https://a.example/"),
                           visit(PageOutcome::NotVisited, ""));
  EXPECT_EQ(compare(tried).at(0).verdict, PageVerdict::TellsNothing);
  EXPECT_EQ(compare(tried).at(0).fell_away, 0U);
}

/// A page of this machine's own loopback, as it is told where the room has nothing of it.
model::PagesTried a_page_of_this_machine()
{
  auto tried = pages(visit(PageOutcome::Loaded,
                           "came 200 document http://localhost:8080/\n"
                           "came 200 script http://localhost:8080/a.js"),
                     visit(PageOutcome::Failed, "failed 0 document http://localhost:8080/"));
  for (auto* visit : {&tried.with[0], &tried.without[0]}) {
    visit->url = "http://localhost:8080/";
    for (auto& request : visit->requests) {
      request.of_this_machine = true;
    }
  }
  return tried;
}

TEST(PageComparison, BlamesNobodyForAPageOfThisMachine)
{
  auto tried = a_page_of_this_machine();
  const auto page = compare(tried).at(0);
  EXPECT_EQ(page.verdict, PageVerdict::TellsNothing);
  EXPECT_EQ(page.fell_away, 0U);
  EXPECT_EQ(page.not_in_the_room, 2U);
  EXPECT_EQ(exit_code_of(tried), 3);
  const auto sentences = page_sentences(page, plain);
  EXPECT_EQ(sentences.at(0),
            "TELLS NOTHING: with everybody, it loaded in 0.8 s; without, it did not come.");
  EXPECT_EQ(sentences.at(1),
            "The page is at this machine's own loopback, and the room has another one with nothing "
            "on it: --allow-host 8080 lets that port of 127.0.0.1 and ::1 through.");
  tried.without[0].outcome = PageOutcome::Loaded;
  EXPECT_EQ(compare(tried).at(0).verdict, PageVerdict::StillLoads);
}

TEST(PageComparison, CountsWhatAPageAsksOfThisMachineByItself)
{
  auto tried = a_town_that_leans_on_others();
  for (auto* visit : {&tried.with[0], &tried.without[0]}) {
    visit->requests.push_back({.url = "http://127.0.0.1:9/x", .kind = "fetch"});
    visit->requests.back().of_this_machine = true;
  }
  tried.with[0].requests.back().outcome = RequestOutcome::Came;
  tried.without[0].requests.back().outcome = RequestOutcome::Failed;
  const auto page = compare(tried).at(0);
  EXPECT_EQ(page.fell_away, 3U);
  EXPECT_EQ(page.not_in_the_room, 1U);
  EXPECT_EQ(page_sentences(page, plain).at(1),
            "1 request to this machine's own loopback did not come, since the room has nothing of "
            "it; it is not counted as fallen away (--allow-host PORT lets a port through).");
  // Where nothing else is missing, it may be for that alone that the page is not done.
  tried.without[0].outcome = PageOutcome::Unfinished;
  EXPECT_EQ(compare(tried).at(0).verdict, PageVerdict::NoLongerLoads);
  for (auto& request : tried.without[0].requests) {
    request.outcome = request.of_this_machine ? RequestOutcome::Failed : RequestOutcome::Came;
  }
  tried.without[0].requests.push_back(tried.with[0].requests[2]);
  EXPECT_EQ(compare(tried).at(0).verdict, PageVerdict::TellsNothing);
}

TEST(PageComparison, GivesAnExitCodeByTheWorstPage)
{
  auto tried = pages(visit(PageOutcome::Loaded, ""), visit(PageOutcome::Loaded, ""));
  EXPECT_EQ(exit_code_of(tried), 0);
  tried.with.push_back(visit(PageOutcome::Unfinished, ""));
  tried.without.push_back(visit(PageOutcome::Loaded, ""));
  EXPECT_EQ(exit_code_of(tried), 3);
  for (const auto outcome :
       {PageOutcome::Unfinished, PageOutcome::Refused, PageOutcome::Failed, PageOutcome::Waiting}) {
    auto stops = tried;
    stops.with.push_back(visit(PageOutcome::Loaded, ""));
    stops.without.push_back(visit(outcome, ""));
    EXPECT_EQ(exit_code_of(stops), 1);
  }
}

TEST(PageComparison, TellsErrorsOfTheConsoleThatCameOnlyWithout)
{
  auto tried = a_town_that_leans_on_others();
  tried.with[0].console = {{.error = true, .text = "always", .url = ""}};
  tried.without[0].console = {{.error = true, .text = "always", .url = ""},
                              {.error = true, .text = "new", .url = "u"},
                              {.error = true, .text = "new", .url = "u"},
                              {.error = false, .text = "a warning", .url = ""}};
  const auto page = compare(tried).at(0);
  ASSERT_EQ(page.new_errors.size(), 1U);
  EXPECT_EQ(page.new_errors[0]->text, "new");
}

model::RunRecord record_of(model::PagesTried tried)
{
  model::RunRecord record;
  record.selector = "microsoft";
  record.command = {"chromium", "https://www.town.example/"};
  record.proof.checks = {{.what = "canary", .target = "192.0.2.1", .as_expected = true},
                         {.what = "control", .target = "resolver", .as_expected = true}};
  record.pages = std::move(tried);
  return record;
}

constexpr const char* hostile = "https://a.example/\"><script>alert(1)</script>\x1b[2J\r\n";

model::RunRecord hostile_record()
{
  auto tried = a_town_that_leans_on_others();
  tried.browser = hostile;
  for (auto* visit : {&tried.with[0], &tried.without[0]}) {
    visit->url = hostile;
    visit->why = hostile;
    visit->title = hostile;
    visit->requests[1].url = hostile;
    visit->requests[1].kind = hostile;
    visit->requests[1].party = hostile;
    visit->requests[1].error = hostile;
    visit->screenshot = hostile;
  }
  tried.without[0].outcome = PageOutcome::Failed;
  tried.without[0].console = {{.error = true, .text = hostile, .url = hostile}};
  return record_of(tried);
}

TEST(PageText, SaysTheVerdictFirst)
{
  const auto text = run_as_text(record_of(a_town_that_leans_on_others()), plain);
  EXPECT_EQ(text.find("\nWithout microsoft: 1 of 1 page still loads; 3 of 5 requests fell away: 2 "
                      "microsoft, 1 google.\n"),
            0U)
      << text;
  for (const char* part :
       {"https://www.town.example/\n  Still loads: with everybody in 0.8 s, without in 0.8 s.\n",
        "  3 of 5 requests fell away: 2 microsoft, 1 google (1 of these was not even asked for).",
        "    https://cdn.cloud.example/a.js (microsoft): script, failed: net::ERR_FAILED\n",
        "    https://cdn.cloud.example/b.js (microsoft): script, not asked for\n",
        "    https://ads.example/x?n=17 (google): image, still waiting\n",
        "    https://fallback.example/ (not known): fetch, failed: net::ERR_FAILED\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
}

TEST(PageText, SaysThatNothingCanBeTold)
{
  auto tried = pages(visit(PageOutcome::Failed, ""), visit(PageOutcome::Failed, ""));
  tried.with[0].why = "net::ERR_NAME_NOT_RESOLVED";
  EXPECT_EQ(pages_sentence(tried, plain),
            "of 1 of 1 page it cannot be told whether it still loads.");
  EXPECT_EQ(page_sentences(compare(tried).at(0), plain).at(0),
            "TELLS NOTHING: with everybody, it did not come (net::ERR_NAME_NOT_RESOLVED); without, "
            "it did not come.");
}

TEST(PageText, DoesNotSoundAsIfPagesBrokeOfWhichNothingCanBeTold)
{
  auto tried = pages(visit(PageOutcome::Failed, ""), visit(PageOutcome::Failed, ""));
  tried.with.push_back(visit(PageOutcome::Failed, ""));
  tried.without.push_back(visit(PageOutcome::Failed, ""));
  EXPECT_EQ(pages_sentence(tried, plain),
            "of 2 of 2 pages it cannot be told whether they still load.");
}

TEST(PageText, CountsThePagesThatStillLoad)
{
  auto tried = a_town_that_leans_on_others();
  tried.with.push_back(visit(PageOutcome::Loaded, ""));
  tried.without.push_back(visit(PageOutcome::Failed, ""));
  EXPECT_EQ(pages_sentence(tried, plain).find("1 of 2 pages still loads; "), 0U);
  tried.without[1] = visit(PageOutcome::Loaded, "");
  EXPECT_EQ(pages_sentence(tried, plain).find("2 of 2 pages still load; "), 0U);
}

/// Its verdict in `record`.
std::string first_lines(const model::RunRecord& record)
{
  const auto text = run_as_text(record, plain);
  return text.substr(0, text.find("https://www.town.example/"));
}

// A cause is missed only where something fails for want of the absent.
TEST(PageText, MissesNoCauseOfAPageThatNeverLoaded)
{
  auto record = record_of(pages(visit(PageOutcome::Failed, ""), visit(PageOutcome::Failed, "")));
  record.exit_code = exit_code_of(*record.pages);
  EXPECT_NE(first_lines(record).find("Nothing was asked of the absent."), std::string::npos)
      << first_lines(record);
  EXPECT_EQ(first_lines(record).find("the cause was not seen"), std::string::npos);
  record.pages->with[0].outcome = PageOutcome::Loaded;
  record.exit_code = exit_code_of(*record.pages);
  EXPECT_NE(first_lines(record).find("the cause was not seen here"), std::string::npos)
      << first_lines(record);
}

TEST(PageText, SaysWhatToDoForAnAuthorityOfOnesOwn)
{
  const std::string told =
      "Chromium knows the certificate authorities that it comes with, in a trial none of yours or "
      "this machine's: a managed policy CACertificates (docs/pages.md) gives it one.";
  auto tried = pages(visit(PageOutcome::Failed, ""), visit(PageOutcome::Failed, ""));
  for (auto* each : {&tried.with[0], &tried.without[0]}) {
    each->why = "net::ERR_CERT_AUTHORITY_INVALID";
  }
  EXPECT_EQ(page_sentences(compare(tried).at(0), plain).at(1), told);
  tried.with[0].why = "net::ERR_CERT_DATE_INVALID";
  EXPECT_EQ(page_sentences(compare(tried).at(0), plain).size(), 1U);
}

TEST(PageText, SaysNothingOfACommand)
{
  auto record = record_of(a_town_that_leans_on_others());
  record.dns.mode = model::DnsMode::Honest;
  record.dns.resolver_died = true;
  record.uplink_died = true;
  record.ended_with_it = 2;
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("THE NAME SERVER (unbound) DIED"), std::string::npos) << text;
  EXPECT_EQ(text.find("ommand"), std::string::npos) << text;
}

TEST(PageText, SaysHowOftenAVisitWasMade)
{
  auto tried = a_town_that_leans_on_others();
  tried.with[0].rounds = 2;
  tried.without[0].rounds = 3;
  const auto text = run_as_text(record_of(tried), plain);
  EXPECT_NE(text.find("The visit with everybody was made 2 times, since the network changed"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("The visit without them was made 3 times, since the network changed "
                      "meanwhile; told of the page is the last, and the attempts below are of all "
                      "of them."),
            std::string::npos)
      << text;
}

TEST(PageText, CountsOneRequestAsOne)
{
  const auto one =
      pages(visit(PageOutcome::Loaded, "came 200 document https://a.example/ microsoft"),
            visit(PageOutcome::Failed, "failed 0 document https://a.example/"));
  EXPECT_EQ(pages_sentence(one, plain),
            "0 of 1 page still loads; 1 of 1 request fell away: 1 microsoft.");
}

TEST(PageText, SaysThatThereWasNoSandboxAndWhatWasLeftOut)
{
  auto record = record_of(a_town_that_leans_on_others());
  record.pages->sandboxed = false;
  record.pages->with[0].requests_left_out = 7;
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("NO SANDBOX"), std::string::npos);
  EXPECT_NE(text.find("LEFT OUT: 7 requests"), std::string::npos);
}

TEST(PageText, LetsNothingOfAPageSteerTheTerminal)
{
  for (const bool unicode : {false, true}) {
    const auto text = run_as_text(hostile_record(), {.colour = false, .unicode = unicode});
    EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\n';
    }));
  }
}

TEST(PageHtml, LetsNothingOfAPageBecomeMarkup)
{
  const auto html = run_as_html(hostile_record(), plain);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos) << "a picture that is none";
}

TEST(PageHtml, ShowsBothPicturesSideBySideAndAsksNothingOfAnyNetwork)
{
  auto tried = a_town_that_leans_on_others();
  tried.with[0].screenshot = "AAAA";
  tried.without[0].screenshot = "BBBB";
  const auto html = run_as_html(record_of(tried), plain);
  for (const char* part :
       {"<img src=\"data:image/png;base64,AAAA\" alt=\"How https://www.town.example/ looks with "
        "everybody\" width=\"4\" height=\"3\">",
        "base64,BBBB\" alt=\"How https://www.town.example/ looks without the absent\"",
        "data-label=\"whose\">microsoft</td>",
        "data-label=\"fell away\">YES</td>"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_NE(html.find("default-src 'none'; style-src 'unsafe-inline'; img-src data:;"),
            std::string::npos);
  EXPECT_EQ(html.find("src=\"http"), std::string::npos);
  EXPECT_EQ(html.find("href"), std::string::npos);
}

TEST(PageJson, HoldsToItsSchema)
{
  const auto schema = *read_file(std::string(ZONDER_SOURCE_DIR) + "/docs/schema/zonder.run-1.json");
  for (const auto& record : {record_of(a_town_that_leans_on_others()), hostile_record()}) {
    const auto text = run_as_json(record, {});
    EXPECT_EQ(test::against_schema(text, schema), std::vector<std::string>{});
    const auto page = nlohmann::json::parse(text)["pages"]["visited"][0];
    EXPECT_EQ(page["came"], 5);
    EXPECT_EQ(page["requests"].size(), 7U);
  }
  model::RunRecord without_pages;
  EXPECT_TRUE(nlohmann::json::parse(run_as_json(without_pages, {}))["pages"].is_null());
}

TEST(PageJunit, MakesATestOfEachPage)
{
  auto record = record_of(a_town_that_leans_on_others());
  record.exit_code = 1;
  record.pages->with.push_back(visit(PageOutcome::Loaded, ""));
  record.pages->without.push_back(visit(PageOutcome::Waiting, ""));
  record.pages->with.push_back(visit(PageOutcome::Failed, ""));
  record.pages->without.push_back(visit(PageOutcome::Failed, ""));
  const auto xml = run_as_junit(record, {}, plain);
  EXPECT_NE(xml.find("tests=\"5\" failures=\"1\" errors=\"1\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("<failure message=\"NO LONGER LOADS: "), std::string::npos) << xml;
  EXPECT_NE(xml.find("<error message=\"TELLS NOTHING: "), std::string::npos) << xml;
}

/// One attempt of the browser's, and what the browser is called by the kernel.
model::RunRecord record_with_a_browser(const std::vector<std::string>& argv)
{
  auto record = record_of(a_town_that_leans_on_others());
  model::Program program;
  program.pid = 33;
  program.path = "/usr/lib/chromium/chromium";
  program.argv = argv;
  record.programs.push_back(program);
  model::Attempt attempt;
  attempt.party = "microsoft";
  attempt.address = net::Address::parse("192.0.2.1").value();
  attempt.port = 443;
  attempt.protocol = "tcp";
  attempt.verdict = model::Verdict::Blocked;
  attempt.count = 1;
  attempt.programs = {{.program = 0, .tries = 1, .first = {}, .last = {}}};
  record.attempts.push_back(attempt);
  return record;
}

TEST(PagePrograms, AreTheBrowserAndItsPageAndNotItsLongCommandLine)
{
  for (const auto& argv :
       {std::vector<std::string>{"/usr/lib/chromium/chromium", "--type=utility", "--mojo=1"},
        std::vector<std::string>{"chromium", "--user-data-dir=/tmp/x/without/profile-0-2"},
        std::vector<std::string>{"/usr/lib/chromium/chromium --type=utility --user-data-dir=/tmp/p "
                                 "--x=profile-9 --y"}}) {
    const auto record = record_with_a_browser(argv);
    for (const auto& report : {run_as_text(record, plain),
                               run_as_html(record, plain),
                               run_as_junit(record, {}, plain)}) {
      EXPECT_NE(report.find("chromium https://www.town.example/ (process 33): "), std::string::npos)
          << report;
      EXPECT_EQ(report.find(argv.back()), std::string::npos) << report;
    }
    EXPECT_NE(run_as_json(record, {}).find(argv.back()), std::string::npos);
  }
}

TEST(PageReports, SpeakOfPagesWhereNoCommandIsMeant)
{
  auto record = record_with_a_browser({"chromium"});
  record.uplink_died = true;
  record.ended_with_it = 2;
  const auto html = run_as_html(record, plain);
  const auto xml = run_as_junit(record, {}, plain);
  for (const auto& report : {run_as_text(record, plain), html, xml}) {
    EXPECT_EQ(report.find("ommand"), std::string::npos)
        << report.substr(report.find("ommand") - 60);
  }
  record.not_started = "there is no network";
  EXPECT_NE(run_as_text(record, plain).find("Without microsoft: the pages were not visited: there"),
            std::string::npos);
  EXPECT_NE(run_as_junit(record, {}, plain)
                .find("<error message=\"the pages were not visited: there is no network\""),
            std::string::npos);
}

TEST(PageEvents, TellHowEachPageFared)
{
  const auto lines = run_as_json_lines(record_of(a_town_that_leans_on_others()), {});
  EXPECT_NE(lines.find(R"("event":"page","time":null,"url":"https://www.town.example/",)"
                       R"("page":"still-loads","came":5,"fell_away":3})"),
            std::string::npos)
      << lines;
}

}  // namespace
}  // namespace zonder::report
