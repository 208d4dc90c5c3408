// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>

#include <gtest/gtest.h>

#include "isolate/proxies.hh"
#include "isolate/unseen_proxies.hh"
#include "isolate/ways_out.hh"
#include "support/run_story.hh"

namespace zonder::isolate {
namespace {

/// "proxy.example:3128 2, ..." of these variables.
std::string told(const std::vector<std::string>& environment,
                 const model::RunRecord& record,
                 const std::string& hosts = "")
{
  const auto proxies = read_proxies({"none"}, environment).value();
  std::string text;
  for (const auto& use :
       unseen_proxies(proxies.left_unseen, proxies.not_read, record, HostsFile(hosts))) {
    EXPECT_EQ(use.kind, model::ProxyUse::Kind::Unseen);
    text += (text.empty() ? "" : ", ") + use.proxy + " " + std::to_string(use.unseen);
  }
  return text;
}

const std::vector<std::string> by_name = {"http_proxy=http://me:word@proxy.example:3128/",
                                          "HTTPS_PROXY=proxy.example:3128"};

TEST(UnseenProxies, AreThoseThatTheCommandWentTo)
{
  EXPECT_EQ(told(by_name,
                 test::run_story("git  passed  -  proxy.example  192.0.2.9  tcp/3128\n"
                                 "git  passed  -  proxy.example  192.0.2.9  tcp/443\n"
                                 "git  passed  -  other.example  192.0.2.7  tcp/3128\n")),
            "proxy.example:3128 1");
  EXPECT_EQ(told({"all_proxy=socks5://192.0.2.9:1080"},
                 test::run_story("git  passed  -  www.example  192.0.2.9  tcp/1080\n"
                                 "git  passed  -  www.example  64:ff9b::c000:209  tcp/1080\n"
                                 "git  passed  -  www.example  192.0.2.9  udp/1080\n"
                                 "git  passed  -  www.example  192.0.2.8  tcp/1080\n")),
            "192.0.2.9:1080 2");
}

TEST(UnseenProxies, ThatTheCommandNeverWentToAreNoDoubt)
{
  EXPECT_EQ(told(by_name, test::run_story("git  passed  -  www.example  192.0.2.9  tcp/443\n")),
            "proxy.example:3128 0");
  EXPECT_EQ(told(by_name, test::run_story("git  blocked  a  proxy.example  192.0.2.9  tcp/3128\n")),
            "proxy.example:3128 0");
  EXPECT_EQ(told({}, test::run_story("git  passed  -  www.example  192.0.2.9  tcp/3128\n")), "");
}

// Unknown is never good.
TEST(UnseenProxies, WhatMayHaveGoneToThemCounts)
{
  const auto nameless = test::run_story("git  passed  -  -  192.0.2.9  tcp/3128\n");
  EXPECT_EQ(told(by_name, nameless), "proxy.example:3128 1");
  EXPECT_EQ(told(by_name, nameless, "192.0.2.9 proxy.example"), "proxy.example:3128 1");
  EXPECT_EQ(told(by_name, nameless, "192.0.2.8 proxy.example"), "proxy.example:3128 0");
  const auto searched = test::run_story("git  passed  -  www.example|proxy.corp.example  192.0.2.9"
                                        "  tcp/3128\n");
  EXPECT_EQ(told({"http_proxy=proxy:3128"}, searched), "proxy:3128 1");
  EXPECT_EQ(told({"http_proxy=magic://proxy"}, searched), "http_proxy 1");
  auto more = test::run_story("");
  more.unlisted = 3;
  EXPECT_EQ(told(by_name, more), "proxy.example:3128 3");
}

TEST(UnseenProxies, WereAskedNothingWhereTheAbsentNeverFellAway)
{
  auto record = test::run_story("git  passed  -  proxy.example  192.0.2.9  tcp/3128\n");
  record.later = true;
  EXPECT_EQ(told(by_name, record), "");
  record.absent_from = record.started;
  EXPECT_EQ(told(by_name, record), "proxy.example:3128 1");
}

TEST(UnseenProxies, OnThisMachineAreReachedWhereThatWasAllowed)
{
  auto record = test::run_story("");
  const std::vector<std::string> here = {"http_proxy=http://localhost:3128"};
  EXPECT_EQ(told(here, record), "localhost:3128 0");
  record.left_the_room.push_back(
      {.what = port_of_this_machine(3128),
       .meaning = "",
       .programs = {{.program = 0, .tries = 4, .first = {}, .last = {}}}});
  EXPECT_EQ(told(here, record), "localhost:3128 4");
  record.left_the_room.back().programs.clear();
  EXPECT_EQ(told(here, record), "localhost:3128 0");
  record.attribution = model::Attribution::Outer;  // nobody here saw who connected
  EXPECT_EQ(told(here, record), "localhost:3128 1");
}

}  // namespace
}  // namespace zonder::isolate
