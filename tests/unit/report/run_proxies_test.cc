// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/contacts.hh"
#include "report/judgement.hh"
#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_junit.hh"
#include "report/run_proxies.hh"
#include "report/run_text.hh"
#include "report/run_verdict.hh"
#include "support/json_schema.hh"
#include "support/run_story.hh"

namespace zonder::report {
namespace {

const Style plain{.colour = false, .unicode = true, .now = {}};

model::RunRecord with_proxy(model::ProxyUse use)
{
  auto record = test::run_story("git  blocked  github  github.com  -  proxy/443\n"
                                "git  passed   -       ok.example  -  proxy/443\n");
  record.proxies.uses.push_back(std::move(use));
  return record;
}

TEST(RunProxies, AreToldOnceEachWithWhatWasAskedOfThem)
{
  const auto record = with_proxy(
      {.proxy = "proxy.example:3128", .requests = 12, .for_absent = 3, .by_name_only = 2});
  const auto told = proxy_grounds(record, plain);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], "12 requests through proxy.example:3128; for the absent: 3.");
  EXPECT_NE(told[1].find("name alone"), std::string::npos);
  const auto refused = with_proxy(
      {.proxy = "p:1", .requests = 1, .not_judged = 1, .not_reached = 0, .on_this_machine = true});
  EXPECT_NE(proxy_grounds(refused, plain)[1].find("--allow-host"), std::string::npos);
  EXPECT_EQ(proxy_limits(record, plain).size(), 1U);
  EXPECT_TRUE(proxy_limits(with_proxy({.proxy = "proxy.example:3128"}), plain).empty());
}

// Unknown is never good: neither in the first lines, nor for a build server.
TEST(RunProxies, WhatPassedByItsNameAloneIsAskedOfNobodyKnowsWhom)
{
  for (const auto& use :
       {model::ProxyUse{.proxy = "p:1", .requests = 3, .by_name_only = 2},
        model::ProxyUse{.proxy = "p:1", .requests = 3, .by_name_only = 0, .not_judged = 2}}) {
    auto record = test::run_story("git  passed  -  ok.example  -  proxy/443\n");
    record.proxies.uses.push_back(use);
    const auto judgement = judge(record, nullptr, nullptr);
    EXPECT_TRUE(judgement.finds());
    const auto sentence =
        use.by_name_only > 0 ? "NOT KNOWN: 2 requests passed a proxy by their name alone; they may "
                               "have reached the absent."
                             : "2 requests to a proxy were refused or given up, before anybody "
                               "here could tell where their names lead: for whom they were is not "
                               "known.";
    const auto told = verdict(record, plain);
    EXPECT_NE(std::find(told.begin(), told.end(), sentence), told.end());
    EXPECT_EQ(run_as_text(record, plain, judgement).find("asked nothing"), std::string::npos);
    EXPECT_NE(run_as_html(record, plain, judgement).find(sentence), std::string::npos);
    EXPECT_NE(run_as_junit(record, judgement, plain).find(sentence), std::string::npos);
    const auto text = run_as_json(record, judgement);
    EXPECT_EQ(nlohmann::json::parse(text)["totals"]["proxied_not_judged"], 2);
    const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
    EXPECT_EQ(test::against_schema(text, schema.value()), std::vector<std::string>{});
  }
  EXPECT_FALSE(
      judge(with_proxy({.proxy = "p:1", .requests = 2}), nullptr, nullptr).proxied_not_judged);
}

// --proxy none: nobody saw what was asked.
TEST(RunProxies, WhatWentToOneThatWasLeftUnseenIsAskedOfNobodyKnowsWhom)
{
  const auto unseen = [](std::uint64_t connections) {
    auto record = test::run_story(
        connections == 0 ? "" : "git  passed  -  proxy.example  192.0.2.9  tcp/3128\n");
    model::ProxyUse use;
    use.proxy = "proxy.example:3128";
    use.kind = model::ProxyUse::Kind::Unseen;
    use.unseen = connections;
    record.proxies.uses.push_back(std::move(use));
    return record;
  };
  const auto record = unseen(2);
  const auto judgement = judge(record, nullptr, nullptr);
  EXPECT_TRUE(judgement.finds());
  const std::string sentence = "NOT KNOWN: 2 connections went, or may have gone, to a proxy that "
                               "was left unseen (proxy.example:3128); they may have reached the "
                               "absent.";
  const auto first = verdict(record, plain);
  EXPECT_NE(std::find(first.begin(), first.end(), sentence), first.end());
  EXPECT_NE(std::find(first.begin(), first.end(), "It asked nothing of the absent that was seen."),
            first.end());
  EXPECT_EQ(proxy_grounds(record, plain).at(0),
            "The proxy proxy.example:3128 was left unseen: what was asked of it is not known (2 "
            "connections went to it, or may have).");
  for (const auto& report : {run_as_text(record, plain, judgement),
                             run_as_html(record, plain, judgement),
                             run_as_junit(record, judgement, plain)}) {
    EXPECT_NE(report.find("was left unseen (proxy.example:3128)"), std::string::npos) << report;
    EXPECT_EQ(report.find("asked nothing of the absent."), std::string::npos) << report;
  }
  const auto text = run_as_json(record, judgement);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["totals"]["proxied_not_judged"], 2);
  EXPECT_EQ(json["proxies"][0]["kind"], "unseen");
  EXPECT_EQ(json["proxies"][0]["unseen"], 2);
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  EXPECT_EQ(test::against_schema(text, schema.value()), std::vector<std::string>{});

  const auto never = unseen(0);
  EXPECT_FALSE(judge(never, nullptr, nullptr).finds());
  const auto plainly = verdict(never, plain);
  EXPECT_NE(std::find(plainly.begin(), plainly.end(), "It asked nothing of the absent."),
            plainly.end());
  EXPECT_EQ(proxy_grounds(never, plain).at(0),
            "The proxy proxy.example:3128 was left unseen, and no connection went to it.");
}

/// A run of which that is all that is known.
void expect_doubt(const model::Proxies& proxies, const std::string& sentence)
{
  auto record = test::run_story("");
  record.proxies = proxies;
  const auto judgement = judge(record, nullptr, nullptr);
  EXPECT_EQ(judgement.doubts_by_name(), std::vector<std::string>{"proxied-not-judged"});
  EXPECT_TRUE(judgement.finds());
  for (const auto& report : {run_as_text(record, plain, judgement),
                             run_as_html(record, plain, judgement),
                             run_as_junit(record, judgement, plain)}) {
    EXPECT_NE(report.find(sentence), std::string::npos) << report;
    EXPECT_EQ(report.find("asked nothing of the absent."), std::string::npos) << report;
  }
}

// What nobody read may have been for anybody.
TEST(RunProxies, WhatWasNotReadIsAskedOfNobodyKnowsWhom)
{
  model::Proxies proxies;
  proxies.turned_away = 2;
  expect_doubt(proxies,
               "2 connections to a proxy were ended unread, since zonder takes no more at once: "
               "for whom they were is not known.");
  model::ProxyUse use;
  use.proxy = "p:1";
  use.not_understood = 2;
  expect_doubt({.uses = {use}},
               "2 times a proxy was sent what is not plainly one request, or more than one: that "
               "was not passed on, and for whom it was is not known.");
  use.not_understood = 0;
  use.unseen = 1;
  for (const auto kind : {model::ProxyUse::Kind::Closed, model::ProxyUse::Kind::SeenThrough}) {
    use.kind = kind;
    expect_doubt({.uses = {use}},
                 "1 connection to a proxy that cannot be seen through was stopped (p:1): for whom "
                 "it was is not known.");
    EXPECT_EQ(proxy_grounds(with_proxy(use), plain).back(),
              "Stopped on its way to p:1, unread: 1 connection.");
  }
}

TEST(RunProxies, RequestsThatCouldNotBeListedCount)
{
  auto record = test::run_story("");
  record.proxies.unlisted = 3;
  const auto judgement = judge(record, nullptr, nullptr);
  EXPECT_EQ(judgement.doubts_by_name(), std::vector<std::string>{"not-listed"});
  EXPECT_EQ(judgement.unjudged, 3U);
}

TEST(RunProxies, OneIsNotMany)
{
  for (const auto& use :
       {model::ProxyUse{.proxy = "p:1", .requests = 1, .by_name_only = 1},
        model::ProxyUse{.proxy = "p:1", .requests = 1, .by_name_only = 0, .not_judged = 1},
        model::ProxyUse{.proxy = "p:1", .requests = 1, .by_name_only = 0, .fronted = 1},
        model::ProxyUse{.proxy = "p:1", .requests = 1, .by_name_only = 0, .off_limits = 1}}) {
    const auto told = proxy_grounds(with_proxy(use), plain);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0], "1 request through p:1; for the absent: 0.");
    EXPECT_EQ(told[1].find("1 requests"), std::string::npos) << told[1];
    EXPECT_EQ(told[1].find("1 tunnels"), std::string::npos) << told[1];
  }
  auto record = with_proxy({.proxy = "p:1", .requests = 1});
  record.proxies.not_remembered = 1;
  EXPECT_EQ(proxy_grounds(record, plain).at(1),
            "Proxies were asked for more names than zonder remembers: 1 name was taken for one "
            "that only the proxy knows.");
}

TEST(RunProxies, ConnectionsThatWereEndedAreNoRequests)
{
  auto record = with_proxy({.proxy = "p:1", .requests = 1});
  record.proxies.turned_away = 7;
  record.proxies.waited = 3;
  const auto told = proxy_grounds(record, plain);
  ASSERT_EQ(told.size(), 3U);
  EXPECT_TRUE(told[1].starts_with("7 connections to proxies were ended by zonder")) << told[1];
  EXPECT_TRUE(told[2].starts_with("3 times connections to proxies had to wait")) << told[2];
}

TEST(RunProxies, ThatAreNotSeenThroughSaySo)
{
  using Kind = model::ProxyUse::Kind;
  EXPECT_NE(proxy_grounds(with_proxy({.proxy = "p:1", .kind = Kind::Closed}), plain)[0].find("TLS"),
            std::string::npos);
  EXPECT_NE(
      proxy_grounds(with_proxy({.proxy = "p:1", .kind = Kind::Absent, .party = "github"}), plain)[0]
          .find("of github"),
      std::string::npos);
}

TEST(RunProxies, ThatNobodyToldOfAreGuessedAtByTheirPort)
{
  const auto record = test::run_story("git  passed  -  squid.example  192.0.2.9  tcp/3128\n"
                                      "git  passed  -  www.example    192.0.2.8  tcp/443\n");
  const auto told = proxy_limits(record, plain);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].starts_with("squid.example (192.0.2.9) was reached at port 3128")) << told[0];
}

// What was asked of it nobody saw: that is a doubt, unless the user says that it may be gone to.
TEST(RunProxies, ThatNobodyToldOfLeaveInDoubtWhatWasAskedOfThem)
{
  const auto record = test::run_story("curl  passed  -  -            192.0.2.9  tcp/3128\n"
                                      "curl  passed  -  www.example  192.0.2.8  tcp/443\n");
  const std::string sentence =
      "NOT KNOWN: 1 connection went to a port where proxies often are (192.0.2.9 tcp/3128)";
  const auto judgement = judge(record, nullptr, nullptr);
  EXPECT_TRUE(judgement.finds());
  EXPECT_EQ(judgement.doubts_by_name(), std::vector<std::string>{"perhaps-proxied"});
  for (const auto& report : {run_as_text(record, plain, judgement),
                             run_as_html(record, plain, judgement),
                             run_as_junit(record, judgement, plain)}) {
    EXPECT_NE(report.find(sentence), std::string::npos) << report;
    EXPECT_EQ(report.find("asked nothing of the absent."), std::string::npos) << report;
  }
  EXPECT_NE(run_as_junit(record, judgement, plain).find("failures=\"1\""), std::string::npos);
  const auto text = run_as_json(record, judgement);
  EXPECT_EQ(nlohmann::json::parse(text)["doubts"][0], "perhaps-proxied");
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  EXPECT_EQ(test::against_schema(text, schema.value()), std::vector<std::string>{});

  const auto other = test::allowed_party("198.51.100.0/24", "198.51.100.0/24", "other.example");
  EXPECT_TRUE(judge(record, &other, nullptr).finds());
  const auto its = test::allowed_party("192.0.2.9", "192.0.2.9/32", "other.example");
  const auto spared = judge(record, &its, nullptr);
  EXPECT_FALSE(spared.finds());
  EXPECT_EQ(judgement_sentences(spared, plain, 5),
            std::vector<std::string>{"Allowed, at a port where proxies often are, so that what was "
                                     "asked of it does not count: 192.0.2.9 tcp/3128."});
  const auto told = run_as_text(record, plain, spared);
  EXPECT_EQ(told.find("NOT KNOWN"), std::string::npos) << told;
  EXPECT_NE(told.find("asked nothing of the absent."), std::string::npos) << told;

  const auto by_name = test::run_story("curl  passed  -  ci.example  192.0.2.9  tcp/8080\n");
  const auto named = test::allowed_party("*.ci.example", "198.51.100.0/24", "ci.example");
  EXPECT_TRUE(judge(by_name, nullptr, nullptr).finds());
  EXPECT_FALSE(judge(by_name, &named, nullptr).finds());
}

TEST(RunProxies, TheirRequestsAreAttemptsLikeOthers)
{
  const auto record = with_proxy({.proxy = "proxy.example:3128", .requests = 2, .for_absent = 1});
  const auto contacts = contacts_of(record);
  ASSERT_EQ(contacts.size(), 1U);
  EXPECT_EQ(contacts[0].key.protocol, "proxy");
  EXPECT_EQ(contacts[0].key.target, "github.com");
  EXPECT_EQ(contacts[0].key.port, 443);
  EXPECT_EQ(reached(record, plain).front().targets, std::vector<std::string>{"github.com"});

  const auto text = run_as_json(record, judge(record, nullptr, nullptr));
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  EXPECT_EQ(test::against_schema(text, schema.value()), std::vector<std::string>{});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["proxies"][0]["proxy"], "proxy.example:3128");
  EXPECT_EQ(json["proxies"][0]["kind"], "seen-through");
  EXPECT_EQ(json["proxies"][0]["for_absent"], 1);
}

}  // namespace
}  // namespace zonder::report
