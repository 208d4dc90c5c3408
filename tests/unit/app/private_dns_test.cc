// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/private_dns.hh"
#include "base/file.hh"
#include "support/run_story.hh"

namespace zonder::app {
namespace {

catalog::PrivateResolvers shipped()
{
  const std::string path = ZONDER_SOURCE_DIR "/data/private-resolvers.yaml";
  return catalog::load_private_resolvers(path, read_file(path).value()).value();
}

std::vector<std::string> told(const std::string& story)
{
  auto record = test::run_story(story);
  tell_private_dns(record, shipped());
  std::vector<std::string> all;
  for (const auto& way : record.left_the_room) {
    all.push_back(way.what + " by " + std::to_string(way.programs.size()));
  }
  return all;
}

TEST(PrivateDns, IsToldWhereItWasLetThrough)
{
  const std::vector<std::string> expected = {"names over HTTPS at Quad9 (dns.quad9.net) by 1",
                                             "names over HTTPS at dns0.eu (open.dns0.eu) by 1"};
  EXPECT_EQ(told("firefox  passed  -  dns.quad9.net  9.9.9.9      tcp/443\n"
                 "curl     passed  -  open.dns0.eu   193.110.81.0 tcp/443\n"),
            expected);
}

TEST(PrivateDns, IsKnownByItsAddressToo)
{
  EXPECT_EQ(told("app  passed  -  -  9.9.9.9  tcp/443\n"),
            std::vector<std::string>{"names over HTTPS at Quad9 (9.9.9.9) by 1"});
}

TEST(PrivateDns, IsNoWayAroundWhereItWasStoppedOrIsSomethingElse)
{
  EXPECT_TRUE(told("app  blocked  google  dns.google           8.8.8.8    tcp/443\n"
                   "app  passed   -       dns.quad9.net        9.9.9.9    tcp/80\n"
                   "app  passed   -       dns.quad9.net        -          dns\n"
                   "app  passed   -       notdns.quad9.net     192.0.2.1  tcp/443\n"
                   "app  passed   -       quad9.net            192.0.2.1  tcp/443\n")
                  .empty());
}

TEST(PrivateResolvers, EachHasItsSource)
{
  const auto known = shipped();
  EXPECT_GE(known.all().size(), 30U);
  for (const auto& each : known.all()) {
    EXPECT_FALSE(each.called.empty());
    EXPECT_FALSE(each.names.empty()) << each.called;
    EXPECT_FALSE(each.source.empty()) << each.called;
  }
}

TEST(PrivateResolvers, MistakesHaveTheirPlace)
{
  const auto mistakes_in = [](const std::string& text) {
    const auto loaded = catalog::load_private_resolvers("x.yaml", text);
    return loaded ? std::string() : loaded.error().message;
  };
  EXPECT_EQ(mistakes_in("schema: zonder.private-resolvers/1\nresolvers: []\n"), "");
  EXPECT_EQ(mistakes_in("schema: zonder.private-resolvers/1\n"
                        "resolvers:\n"
                        "  - {called: A, names: [a b], addresses: [300.1.1.1], source: s, "
                        "opened: 2026-11-26}\n"),
            "x.yaml:3:25: a b is no host name\nx.yaml:3:43: 300.1.1.1 is no address");
  EXPECT_NE(mistakes_in("schema: zonder.feeds/1\nresolvers: []\n"), "");
  EXPECT_NE(mistakes_in("schema: zonder.private-resolvers/1\nresolvers: [{called: A}]\n"), "");
  EXPECT_NE(mistakes_in("- 1\n"), "");
  EXPECT_NE(mistakes_in(""), "");
}

}  // namespace
}  // namespace zonder::app
