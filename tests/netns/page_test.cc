// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/child_process.hh"
#include "base/file.hh"
#include "browse/browser.hh"
#include "browse/visit_file.hh"
#include "catalog/snapshot_content.hh"
#include "support/catalog_world.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

// `zonder run --page` with the Chromium that is installed, in the small internet, as root and as an
// ordinary user. The town's page is European; its colour and its picture are Microsoft's.
namespace zonder::isolate {
namespace {

using nlohmann::json;
using test::Arrivals;
using test::differs;
using test::in_mini_internet;

constexpr const char* town = "http://www.europe.example/";

class Page : public testing::TestWithParam<uid_t> {
protected:
  void SetUp() override
  {
    if (!browse::find_browser()) {
      GTEST_SKIP() << "Chromium is not installed: no page can be visited";
    }
  }
  static test::MiniInternetOptions world()
  {
    test::MiniInternetOptions options{.uid = GetParam(), .reaches_microsoft = true};
    options.pages = {
        {"/",
         "<!doctype html><html lang=en><title>Town \u001b[31m</title><body><h1>The town</h1>"
         "<script src='http://login.microsoft.example/paint.js'></script>"
         "<img alt='' width=400 height=300 src='http://login.microsoft.example/logo.svg?n=1'>"
         "<script>if (!window.painted) console.error('nobody painted <b>\u0007</b>');</script>"
         "<script src='/own.js'></script>"},
        {"/paint.js",
         "window.painted = true; document.body.style.background = 'teal';"
         "var s = document.createElement('script'); s.src = '/second.js'; "
         "s.src = 'http://login.microsoft.example/second.js'; document.head.append(s);"},
        {"/second.js", "window.second = true;"},
        {"/own.js", "window.own = true;"},
        {"/logo.svg",
         "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'>"
         "<rect width='400' height='300' fill='orange'/></svg>"}};
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(As,
                         Page,
                         testing::Values(uid_t{0}, test::ordinary_user),
                         [](const auto& who) { return who.param == 0 ? "Root" : "OrdinaryUser"; });

std::string catalogue()
{
  test::SmallParty microsoft{.id = "microsoft"};
  microsoft.prefixes = {test::prefix("20.190.128.0/18"), test::prefix("2603:1026::/32")};
  microsoft.domains = {test::domain("microsoft.example")};
  const std::string path = "/mnt/scratch/catalog.snapshot";
  const auto written = write_file(path, compile_snapshot(test::small_content({microsoft})));
  return written ? path : "";
}

constexpr const char* temporary = "/mnt/scratch/temporary";

/// `zonder microsoft [options]`, with a temporary folder of its own.
std::vector<std::string> zonder_microsoft(const std::vector<std::string>& options)
{
  std::filesystem::create_directory(temporary);
  std::vector<std::string> command = {"env",
                                      "ZONDER_CATALOG=" + catalogue(),
                                      std::string("TMPDIR=") + temporary,
                                      test::zonder_program,
                                      "microsoft"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

/// Neither processes nor files.
std::string anything_left(std::size_t processes_before)
{
  auto wrong = test::left_behind(processes_before);
  for (const auto& entry : std::filesystem::directory_iterator(temporary)) {
    wrong += "left behind: " + entry.path().string() + "; ";
  }
  return wrong;
}

/// Runs it to its end.
Captured run_zonder(const std::vector<std::string>& options, std::string& wrong)
{
  const auto command = zonder_microsoft(options);
  const auto before = test::processes().size();
  auto done = run_captured(command, std::chrono::seconds(150));
  if (!done) {
    wrong += done.error().message;
    return {};
  }
  wrong += anything_left(before);
  return std::move(*done);
}

/// Ends it when its browser has begun in that part of its folder.
std::string ended_in(const std::string& part)
{
  const auto command = zonder_microsoft({"--like", "refuse", "--page", town});
  const auto before = test::processes().size();
  auto zonder = ChildProcess::start({.argv = command});
  if (!zonder) {
    return zonder.error().message;
  }
  const auto has_begun = [&part] {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(temporary, ignored)) {
      if (std::filesystem::exists(entry.path() / part / "profile-0" / "Default", ignored)) {
        return true;
      }
    }
    return false;
  };
  for (int round = 0; round < 1000 && !has_begun(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  zonder->send(SIGTERM);
  const auto status = zonder->wait_for(std::chrono::seconds(20));
  return status ? differs("exit code", status->as_shell(), 128 + SIGTERM) + anything_left(before)
                : "it does not end; ";
}

/// The request for a URL that begins so; null when there is none.
json request_for(const json& page, const std::string& url)
{
  for (const auto& request : page["requests"]) {
    if (request["url"].get<std::string>().starts_with(url)) {
      return request;
    }
  }
  return nullptr;
}

std::size_t count_of(const std::string& text, const std::string& part)
{
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// Both pictures of the first page are real, of the right size, and not the same.
std::string check_pictures(const std::string& html)
{
  const std::string before = "src=\"data:image/png;base64,";
  std::vector<std::string> pictures;
  for (auto at = html.find(before); at != std::string::npos; at = html.find(before, at + 1)) {
    const auto from = at + before.size();
    pictures.push_back(html.substr(from, html.find('"', from) - from));
  }
  std::string wrong = differs("pictures", pictures.size(), std::size_t{2});
  for (const auto& picture : pictures) {
    const bool fits =
        browse::png_size(picture) == browse::PictureSize{.width = 1280, .height = 800};
    wrong += differs("a picture's size fits", fits, true);
  }
  return wrong.empty() ? differs("the pictures differ", pictures[0] != pictures[1], true) : wrong;
}

std::string check_town(const json& page)
{
  std::string wrong =
      differs<std::string>("verdict", page["verdict"], "still-loads") +
      differs<int>("fell away", page["fell_away"], 3) +
      differs<int>("not asked", page["not_asked"], 1) + differs<int>("came", page["came"], 5) +
      differs<std::string>(
          "parties", page["parties"].dump(), R"([{"count":3,"party":"microsoft"}])");
  const auto paint = request_for(page, "http://login.microsoft.example/paint.js");
  const auto second = request_for(page, "http://login.microsoft.example/second.js");
  const auto own = request_for(page, "http://www.europe.example/own.js");
  if (paint.is_null() || second.is_null() || own.is_null()) {
    return wrong + "a request is not there: " + page.dump(1);
  }
  wrong +=
      differs<std::string>("paint's party", paint["party"], "microsoft") +
      differs<std::string>("paint with", paint["with"]["outcome"], "came") +
      differs<std::string>("paint without", paint["without"]["outcome"], "failed") +
      differs<std::string>("its error", paint["without"]["error"], "net::ERR_CONNECTION_REFUSED") +
      differs<bool>("paint fell away", paint["fell_away"], true) +
      differs<bool>("second is null", second["without"].is_null(), true) +
      differs<bool>("second fell away", second["fell_away"], true) +
      differs<bool>("own fell away", own["fell_away"], false) +
      differs<std::string>("own without", own["without"]["outcome"], "came");
  const auto errors = page["console_errors_only_without"].dump();
  if (errors.find("nobody painted") == std::string::npos ||
      errors.find("ERR_CONNECTION_REFUSED") == std::string::npos) {
    wrong += "the console's errors are " + errors;
  }
  return wrong;
}

TEST_P(Page, TellsWhichRequestsFellAwayAndWhose)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto done = run_zonder({"--like",
                                  "refuse",
                                  "--page",
                                  town,
                                  "--json",
                                  "--report",
                                  "/mnt/scratch/page.html",
                                  "--report",
                                  "/mnt/scratch/page.txt"},
                                 wrong);
    wrong += differs("exit code", done.status.as_shell(), 0);
    const auto record = json::parse(done.out, nullptr, false);
    if (!record.is_object() || !record["pages"].is_object()) {
      return wrong + done.err + done.out;
    }
    const auto schema =
        read_file(std::string(ZONDER_SOURCE_DIR) + "/docs/schema/zonder.run-1.json");
    for (const auto& problem : test::against_schema(done.out, schema.value_or("{}"))) {
      wrong += problem + "; ";
    }
    wrong += check_town(record["pages"]["visited"][0]);
    wrong += differs<bool>("sandboxed", record["pages"]["sandboxed"], ::geteuid() != 0);
    // It was Chromium that asked, and nothing else asked anything of the absent.
    bool by_chromium = false;
    for (const auto& attempt : record["attempts"]) {
      if (attempt["party"] == "microsoft" && attempt["protocol"] == "tcp") {
        const auto programs = attempt["programs"].dump();
        by_chromium = programs.find("/chrom") != std::string::npos;
        wrong += by_chromium ? "" : "asked by " + programs;
      }
    }
    wrong += differs("asked by chromium", by_chromium, true);
    // The browser has nothing to ask for on its own account.
    for (const auto& attempt : record["attempts"]) {
      const auto name = attempt["name"].is_string() ? attempt["name"].get<std::string>() : "";
      wrong += name.empty() || name.ends_with(".example") ? "" : "asked for " + name + "; ";
    }

    const auto html = read_file("/mnt/scratch/page.html").value_or("");
    wrong += check_pictures(html) + differs("scripts", count_of(html, "<script"), std::size_t{0}) +
             differs("in the page", count_of(html, "nobody painted <b>"), std::size_t{0}) +
             differs("escaped", count_of(html, "nobody painted &lt;b&gt;") > 0, true);
    const auto text = read_file("/mnt/scratch/page.txt").value_or("");
    wrong += differs("named so", text.find("  chromium  ") != std::string::npos, true) +
             differs("first line",
                     text.find("Without microsoft: 1 of 1 page still loads; 3 of 5 "
                               "requests fell away: 3 microsoft.") != std::string::npos,
                     true);
    return wrong.empty() ? "" : wrong + done.err;
  });
}

TEST_P(Page, TellsAPageThatNoLongerLoadsFromOneThatNeverDid)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto done = run_zonder({"--like",
                                  "refuse",
                                  "--page",
                                  "http://login.microsoft.example/",
                                  "--page",
                                  "http://www.europe.example:81/",
                                  "--json"},
                                 wrong);
    wrong += differs("exit code", done.status.as_shell(), 1);
    const auto record = json::parse(done.out, nullptr, false);
    if (!record.is_object() || !record["pages"].is_object()) {
      return wrong + done.err;
    }
    const auto& pages = record["pages"]["visited"];
    wrong += differs<std::string>("first", pages[0]["verdict"], "no-longer-loads") +
             differs<std::string>("second", pages[1]["verdict"], "tells-nothing") +
             differs<std::string>("first without", pages[0]["without"]["outcome"], "failed");
    return wrong.empty() ? "" : wrong + done.err;
  });
}

// In a black hole nothing fails, for minutes: that is neither good nor broken.
TEST_P(Page, TellsWhatIsStillWaitedForAsThat)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto done = run_zonder({"--page", town, "--page-wait", "4s", "--json"}, wrong);
    const auto record = json::parse(done.out, nullptr, false);
    if (!record.is_object() || !record["pages"].is_object()) {
      return wrong + done.err;
    }
    const auto& page = record["pages"]["visited"][0];
    const auto paint = request_for(page, "http://login.microsoft.example/paint.js");
    wrong += differs("exit code", done.status.as_shell(), 1) +
             differs<std::string>("verdict", page["verdict"], "no-longer-loads") +
             differs<std::string>("without", page["without"]["outcome"], "unfinished") +
             differs<std::string>("paint", paint["without"]["outcome"], "waiting");
    wrong += wrong.empty() ? "" : paint.dump() + "; ";
    return wrong.empty() ? "" : wrong + done.err;
  });
}

TEST_P(Page, LeavesNothingBehindWhenItIsEndedHalfway)
{
  in_mini_internet(world(),
                   [](Arrivals&) -> std::string { return ended_in("with") + ended_in("without"); });
}

}  // namespace
}  // namespace zonder::isolate
