// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <csignal>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "browse/visit.hh"

// The visitor against a browser that is a small program of ours (fake_browser.py).
namespace zonder::browse {
namespace {

constexpr const char* url = "http://www.europe.example/";

class Visit : public testing::Test {
protected:
  void SetUp() override
  {
    if (!find_program("python3")) {
      GTEST_SKIP() << "python3 is not installed";
    }
  }

  VisitResult visit(const std::string& how, std::chrono::seconds wait = std::chrono::seconds(20))
  {
    const VisitOrder order{
        .urls = {url}, .program = browser(how), .wait = wait, .width = 4, .height = 3};
    return visit_page(order, url, folder_.path() + "/profile");
  }

  std::string browser(const std::string& how)
  {
    const auto program = folder_.path() + "/browser";
    const auto script = std::string("#!/bin/sh\nenv > ") + folder_.path() +
                        "/environment\nexec python3 " + ZONDER_SOURCE_DIR +
                        "/tests/unit/browse/fake_browser.py " + how + " \"$@\"\n";
    EXPECT_TRUE(write_file(program, script, 0755));
    return program;
  }

  /// As the visitor leaves it, of the first page of two.
  VisitResult visit_by_order(const std::string& how)
  {
    const VisitOrder order{.urls = {url, url}, .program = browser(how), .width = 4, .height = 3};
    EXPECT_TRUE(write_file(folder_.path() + "/" + order_name, order_as_json(order)));
    EXPECT_TRUE(visit_all(folder_.path()));
    const auto text = read_untrusted(folder_.path() + "/" + result_name(0), largest_visit);
    const auto result = text ? result_from_json(*text, 4, 3) : fail(text.error());
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(VisitResult{});
  }

  TemporaryFolder folder_ = *TemporaryFolder::make();
};

void expect_the_page(const VisitResult& result)
{
  EXPECT_EQ(result.browser, "Fake/1.0");
  EXPECT_EQ(result.visit.outcome, model::PageOutcome::Loaded) << result.visit.why;
  EXPECT_EQ(result.visit.title, "A page");
  EXPECT_EQ(result.visit.final_url, url);
  EXPECT_EQ(result.visit.status, 200U);
  ASSERT_TRUE(result.visit.loaded_after.has_value());
  EXPECT_NEAR(*result.visit.loaded_after, 0.5, 1e-6);
  ASSERT_EQ(result.visit.requests.size(), 2U);
  EXPECT_EQ(result.visit.requests[0].kind, "document");
  EXPECT_EQ(result.visit.requests[0].address, "193.0.6.139");
  EXPECT_EQ(result.visit.requests[0].outcome, model::RequestOutcome::Came);
  EXPECT_EQ(result.visit.requests[1].outcome, model::RequestOutcome::Failed);
  EXPECT_EQ(result.visit.requests[1].error, "net::ERR_CONNECTION_REFUSED");
  EXPECT_NEAR(result.visit.requests[1].at, 0.2, 1e-6);
  ASSERT_EQ(result.visit.console.size(), 1U);
  EXPECT_EQ(png_size(result.visit.screenshot), (PictureSize{.width = 4, .height = 3}));
}

TEST_F(Visit, TellsWhatThePageAskedForAndWhatBecameOfIt)
{
  const auto result = visit("well");
  expect_the_page(result);
  EXPECT_EQ(result.visit.messages_left_out, 0U);
}

TEST_F(Visit, IsNotConfusedByWhatItDoesNotUnderstand)
{
  const auto result = visit("nonsense");
  expect_the_page(result);
  EXPECT_GE(result.visit.messages_left_out, 1U);
}

TEST_F(Visit, LeavesOutAMessageThatIsTooLargeAndSaysSo)
{
  const auto result = visit("huge");
  expect_the_page(result);
  EXPECT_EQ(result.visit.messages_left_out, 1U);
}

TEST_F(Visit, TellsThatThePageWasNotDoneWhenTheTimeIsUp)
{
  const auto result = visit("never-done", std::chrono::seconds(1));
  EXPECT_EQ(result.visit.outcome, model::PageOutcome::Unfinished);
  EXPECT_FALSE(result.visit.loaded_after.has_value());
  EXPECT_FALSE(result.visit.screenshot.empty());
}

TEST_F(Visit, TellsThatThePageCouldNotBeReached)
{
  const auto result = visit("cannot-go");
  EXPECT_EQ(result.visit.outcome, model::PageOutcome::Failed);
  EXPECT_EQ(result.visit.why, "net::ERR_NAME_NOT_RESOLVED");
}

TEST_F(Visit, TellsThatTheBrowserEndedMidway)
{
  const auto result = visit("dies");
  EXPECT_EQ(result.visit.outcome, model::PageOutcome::NotVisited);
  EXPECT_EQ(result.visit.why, "the browser ended during the visit");
}

TEST_F(Visit, TellsThatThePageCrashed)
{
  const auto result = visit("crashes");
  EXPECT_EQ(result.visit.outcome, model::PageOutcome::NotVisited);
  EXPECT_EQ(result.visit.why, "the page made the browser's process for it end");
}

TEST_F(Visit, TellsTheLastWordsOfABrowserThatDoesNotStart)
{
  const auto result = visit("ends-at-once");
  EXPECT_EQ(result.browser, "");
  EXPECT_EQ(result.visit.outcome, model::PageOutcome::NotVisited);
  EXPECT_EQ(result.visit.why, "the browser did not answer; it said: No usable sandbox!");
}

TEST_F(Visit, TakesNoPictureOfAnotherSize)
{
  EXPECT_TRUE(visit("other-size").visit.screenshot.empty());
}

TEST_F(Visit, EndsWhatTheBrowserLeavesBehind)
{
  expect_the_page(visit("leaves-a-child"));
  const auto child = read_file(folder_.path() + "/profile.child");
  ASSERT_TRUE(child);
  EXPECT_EQ(::kill(std::stoi(*child), 0), -1) << "the browser's child still runs";
}

TEST_F(Visit, EndsABrowserThatDoesNotWantTo)
{
  const auto begin = std::chrono::steady_clock::now();
  expect_the_page(visit("stays"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

TEST_F(Visit, LeavesAFileOfEachPage)
{
  const auto program = folder_.path() + "/browser";
  EXPECT_TRUE(write_file(program,
                         std::string("#!/bin/sh\nexec python3 ") + ZONDER_SOURCE_DIR +
                             "/tests/unit/browse/fake_browser.py well \"$@\"\n",
                         0755));
  const VisitOrder order{.urls = {url, url}, .program = program, .width = 4, .height = 3};
  ASSERT_TRUE(write_file(folder_.path() + "/" + order_name, order_as_json(order)));
  ASSERT_TRUE(visit_all(folder_.path()));
  for (const std::size_t page : {0U, 1U}) {
    const auto text = read_untrusted(folder_.path() + "/" + result_name(page), largest_visit);
    ASSERT_TRUE(text) << text.error().message;
    const auto result = result_from_json(*text, 4, 3);
    ASSERT_TRUE(result) << result.error().message;
    expect_the_page(*result);
  }
}

TEST_F(Visit, IsMadeAgainWhereTheNetworkChangedAndTellsHowOften)
{
  const auto once = visit_by_order("well");
  EXPECT_EQ(once.visit.rounds, 1U);
  const auto twice = visit_by_order("disturbed");
  expect_the_page(twice);
  EXPECT_EQ(twice.visit.rounds, 2U);
  EXPECT_EQ(visit_by_order("always-disturbed").visit.rounds, 3U);
}

TEST_F(Visit, GivesTheBrowserPlacesOfItsOwnToWriteIn)
{
  expect_the_page(visit("well"));
  const auto text = read_file(folder_.path() + "/environment").value_or("");
  std::istringstream lines(text);
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    const auto name = line.substr(0, line.find('='));
    if (name == "HOME" || name == "TMPDIR" || (name.starts_with("XDG_") && name != "XDG_SEAT")) {
      EXPECT_TRUE(line.substr(name.size() + 1).starts_with(folder_.path() + "/")) << line;
      seen.insert(name);
    }
  }
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
    EXPECT_EQ(seen.count(name), 1U) << name;
  }
  EXPECT_NE(text.find("GSETTINGS_BACKEND=memory\n"), std::string::npos);
}

}  // namespace
}  // namespace zonder::browse
