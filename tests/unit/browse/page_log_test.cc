// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "browse/page_log.hh"

namespace zonder::browse {
namespace {

using model::PageOutcome;
using model::RequestOutcome;
using nlohmann::json;

class Page : public testing::Test {
protected:
  void event(const char* method, const json& params)
  {
    log_.take({{"method", method}, {"params", params}});
  }
  void asks(const char* id, const char* kind, const char* url, double at = 1.0)
  {
    event("Network.requestWillBeSent",
          {{"requestId", id},
           {"loaderId", "main"},
           {"frameId", "frame"},
           {"type", kind},
           {"timestamp", at},
           {"request", {{"url", url}}}});
  }
  void answers(const char* id, int status)
  {
    event("Network.responseReceived", {{"requestId", id}, {"response", {{"status", status}}}});
    event("Network.loadingFinished", {{"requestId", id}});
  }
  void breaks(const char* id, bool canceled = false)
  {
    event("Network.loadingFailed",
          {{"requestId", id}, {"errorText", "net::ERR_FAILED"}, {"canceled", canceled}});
  }
  void document(int status = 200)
  {
    asks("main", "Document", "http://a.example/");
    answers("main", status);
  }
  [[nodiscard]] model::PageVisit visit() const { return log_.visit("title", "http://a.example/"); }

  PageLog log_{"http://a.example/", "frame", {.requests = 5, .console = 2, .text = 20}};
};

TEST_F(Page, IsLoadedWhenItsDocumentCameAndItSaidThatItWasDone)
{
  document();
  EXPECT_EQ(visit().outcome, PageOutcome::Unfinished);
  event("Page.loadEventFired", {{"timestamp", 3.5}});
  EXPECT_EQ(visit().outcome, PageOutcome::Loaded);
  EXPECT_EQ(visit().loaded_after, 2.5);
}

// A browser that ends tells nothing of the page: it is not the page that no longer loads.
TEST_F(Page, WhoseBrowserEndedWasNotVisited)
{
  document();
  log_.ended("the browser ended during the visit");
  EXPECT_EQ(visit().outcome, PageOutcome::NotVisited);
  EXPECT_EQ(visit().why, "the browser ended du...");
}

// The browser shows a page of its own about what went wrong, and that is done at once.
TEST_F(Page, IsNotLoadedByAPageAboutTheFailure)
{
  asks("main", "Document", "http://a.example/");
  breaks("main");
  event("Page.loadEventFired", {{"timestamp", 1.5}});
  EXPECT_TRUE(log_.failed());
  EXPECT_EQ(visit().outcome, PageOutcome::Failed);
  EXPECT_EQ(visit().why, "net::ERR_FAILED");
  EXPECT_EQ(visit().final_url, "");
}

TEST_F(Page, IsRefusedByTheStatusOfItsDocument)
{
  document(403);
  event("Page.loadEventFired", {{"timestamp", 3.5}});
  EXPECT_EQ(visit().outcome, PageOutcome::Refused);
  EXPECT_EQ(visit().status, 403U);
}

TEST_F(Page, IsWaitedForWhileItsDocumentIs)
{
  asks("main", "Document", "http://a.example/");
  EXPECT_EQ(visit().outcome, PageOutcome::Waiting);
  EXPECT_EQ(log_.pending(), 1U);
}

TEST_F(Page, GoesOnToAnotherByItself)
{
  document();
  event("Page.loadEventFired", {{"timestamp", 2.0}});
  event("Network.requestWillBeSent",
        {{"requestId", "second"},
         {"loaderId", "second"},
         {"frameId", "frame"},
         {"type", "Document"},
         {"timestamp", 3.0},
         {"request", {{"url", "http://b.example/"}}}});
  EXPECT_FALSE(log_.said_done());
  EXPECT_EQ(visit().outcome, PageOutcome::Waiting);
}

TEST_F(Page, AFrameInItIsNotTheDocument)
{
  document();
  event("Network.requestWillBeSent",
        {{"requestId", "inner"},
         {"loaderId", "inner"},
         {"frameId", "another"},
         {"type", "Document"},
         {"timestamp", 1.5},
         {"request", {{"url", "http://frame.example/"}}}});
  breaks("inner");
  event("Page.loadEventFired", {{"timestamp", 2.0}});
  EXPECT_EQ(visit().outcome, PageOutcome::Loaded);
  EXPECT_EQ(visit().requests.at(1).outcome, RequestOutcome::Failed);
}

TEST_F(Page, TellsEachStepOfARedirect)
{
  asks("main", "Document", "http://a.example/");
  event("Network.requestWillBeSent",
        {{"requestId", "main"},
         {"loaderId", "main"},
         {"frameId", "frame"},
         {"type", "Document"},
         {"timestamp", 1.1},
         {"redirectResponse", {{"status", 302}}},
         {"request", {{"url", "http://b.example/"}}}});
  breaks("main");
  const auto requests = visit().requests;
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].outcome, RequestOutcome::Came);
  EXPECT_EQ(requests[0].status, 302U);
  EXPECT_EQ(requests[1].url, "http://b.example/");
  EXPECT_EQ(requests[1].outcome, RequestOutcome::Failed);
  EXPECT_EQ(visit().outcome, PageOutcome::Failed);
}

TEST_F(Page, TellsWhatIsStillWaitedForAsThat)
{
  document();
  asks("1", "Image", "http://c.example/1");
  asks("2", "Script", "http://c.example/2");
  breaks("2", true);
  asks("3", "Script", "http://c.example/3");
  answers("3", 404);
  const auto requests = visit().requests;
  EXPECT_EQ(requests.at(1).outcome, RequestOutcome::Waiting);
  EXPECT_EQ(requests.at(2).outcome, RequestOutcome::Canceled);
  EXPECT_EQ(requests.at(3).outcome, RequestOutcome::Refused);
  EXPECT_EQ(log_.pending(), 1U);
}

TEST_F(Page, DoesNotWaitForWhatHasNoEnd)
{
  document();
  event("Network.webSocketCreated", {{"requestId", "w"}, {"url", "ws://c.example/"}});
  EXPECT_EQ(log_.pending(), 0U);
  EXPECT_EQ(visit().requests.at(1).outcome, RequestOutcome::Waiting);
  event("Network.webSocketHandshakeResponseReceived",
        {{"requestId", "w"}, {"response", {{"status", 101}}}});
  EXPECT_EQ(visit().requests.at(1).outcome, RequestOutcome::Came);
}

TEST_F(Page, TellsThatASocketFailed)
{
  document();
  event("Network.webSocketCreated", {{"requestId", "w"}, {"url", "ws://c.example/"}});
  event("Network.webSocketFrameError", {{"requestId", "w"}, {"errorMessage", "refused"}});
  event("Network.webSocketClosed", {{"requestId", "w"}});
  EXPECT_EQ(visit().requests.at(1).outcome, RequestOutcome::Failed);
  EXPECT_EQ(visit().requests.at(1).error, "refused");
}

TEST_F(Page, LeavesOutWhatAsksNothingOfANetwork)
{
  document();
  asks("d", "Image", "data:image/png;base64,AAAA");
  asks("b", "Script", "blob:http://a.example/1");
  EXPECT_EQ(visit().requests.size(), 1U);
  EXPECT_EQ(visit().requests_left_out, 0U);
}

TEST_F(Page, KeepsNoMoreThanItsBoundsAndCountsTheRest)
{
  document();
  for (int i = 0; i < 10; ++i) {
    asks(std::to_string(i).c_str(), "Image", "http://c.example/with/a/long/path");
    event("Runtime.consoleAPICalled",
          {{"type", "error"},
           {"args", json::array({{{"type", "string"}, {"value", std::string(100, 'x')}}})}});
  }
  EXPECT_EQ(visit().requests.size(), 5U);
  EXPECT_EQ(visit().requests_left_out, 6U);
  EXPECT_EQ(visit().requests.at(1).url, "http://c.example/wit...");
  EXPECT_EQ(visit().console.size(), 2U);
  EXPECT_EQ(visit().console_left_out, 8U);
  EXPECT_EQ(visit().console.at(0).text.size(), 23U);
}

TEST_F(Page, TellsErrorsAndWarningsOfTheConsole)
{
  event("Runtime.consoleAPICalled",
        {{"type", "warning"},
         {"args",
          json::array(
              {{{"type", "string"}, {"value", "n ="}}, {{"type", "number"}, {"value", 3}}})}});
  event("Runtime.consoleAPICalled",
        {{"type", "log"}, {"args", json::array({{{"type", "string"}, {"value", "chat"}}})}});
  event("Runtime.exceptionThrown",
        {{"exceptionDetails",
          {{"text", "Uncaught"}, {"url", "http://b/"}, {"exception", {{"description", "oops"}}}}}});
  const auto console = visit().console;
  ASSERT_EQ(console.size(), 2U);
  EXPECT_FALSE(console[0].error);
  EXPECT_EQ(console[0].text, "n = 3");
  EXPECT_TRUE(console[1].error);
  EXPECT_EQ(console[1].text, "Uncaught oops");
  EXPECT_EQ(console[1].url, "http://b/");
}

}  // namespace
}  // namespace zonder::browse
