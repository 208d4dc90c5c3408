// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <map>

#include <gtest/gtest.h>

#include "mail/spf.hh"

namespace zonder::mail {
namespace {

/// Names with their texts; a name that is not in it has nothing.
struct World {
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, SpfFound> has;  // others have something

  [[nodiscard]] SpfLookups lookups() const
  {
    return {.texts =
                [this](const std::string& name, std::vector<std::string>& found) {
                  const auto known = texts.find(name);
                  if (known == texts.end()) {
                    return SpfFound::Nothing;
                  }
                  found = known->second;
                  return SpfFound::Something;
                },
            .has =
                [this](const std::string& name, SpfMechanism) {
                  const auto known = has.find(name);
                  return known == has.end() ? SpfFound::Something : known->second;
                }};
  }
  [[nodiscard]] SpfReach walk(const std::string& text) const
  {
    return walk_spf("example.nl", text, lookups());
  }
};

std::string names(const SpfReach& reach)
{
  std::string all;
  for (const auto& name : reach.names) {
    all +=
        std::string(to_text(name.mechanism)) + ":" + name.name + (name.beyond_limit ? "! " : " ");
  }
  return all;
}

std::string troubles(const SpfReach& reach)
{
  std::string all;
  for (const auto trouble : reach.troubles) {
    all += std::string(to_text(trouble)) + " ";
  }
  return all;
}

TEST(Spf, IsARecordOnlyWithItsVersionAsAWord)
{
  EXPECT_TRUE(is_spf("v=spf1"));
  EXPECT_TRUE(is_spf("V=SPF1 -all"));
  EXPECT_FALSE(is_spf("v=spf10 -all"));
  EXPECT_FALSE(is_spf("v=spf2.0/pra -all"));
  EXPECT_FALSE(is_spf(""));
}

TEST(Spf, FollowsIncludesToWhatTheyInclude)
{
  const World world{
      .texts = {{"spf.town.nl", {"v=spf1 include:_spf.google.com ip4:192.0.2.0/24 ?all"}},
                {"_spf.google.com", {"other text", "v=spf1 ip6:2001:db8::/32 ~all"}}},
      .has = {}};
  const auto reach = world.walk("v=spf1 include:Spf.Town.NL. -all");
  EXPECT_EQ(names(reach), "include:spf.town.nl include:_spf.google.com ");
  EXPECT_EQ(reach.names[1].by, "spf.town.nl");
  EXPECT_EQ(reach.lookups, 2U);
  EXPECT_EQ(reach.policy, "-");
  ASSERT_EQ(reach.networks.size(), 2U);
  EXPECT_EQ(reach.networks[0].to_string(), "2001:db8::/32");
  EXPECT_EQ(reach.networks[1].to_string(), "192.0.2.0/24");
  EXPECT_EQ(troubles(reach), "");
}

TEST(Spf, TakesThePolicyOfTheRecordThatItIsRedirectedTo)
{
  const World world{.texts = {{"other.nl", {"v=spf1 a ~all"}}}, .has = {}};
  const auto reach = world.walk("v=spf1 redirect=other.nl mx");
  EXPECT_EQ(names(reach), "redirect:other.nl ");
  EXPECT_EQ(reach.policy, "~");
  EXPECT_EQ(reach.lookups, 3U);
}

TEST(Spf, DoesNotFollowARedirectBesideAll)
{
  const auto reach = World{}.walk("v=spf1 redirect=other.nl -all include:late.nl");
  EXPECT_EQ(names(reach), "");
  EXPECT_EQ(reach.lookups, 0U);
}

TEST(Spf, CountsTenLookUpsAndMarksWhatLiesBeyond)
{
  std::string text = "v=spf1";
  World world;
  for (int i = 1; i <= 12; ++i) {
    const auto name = "s" + std::to_string(i) + ".nl";
    text += " include:" + name;
    world.texts[name] = {"v=spf1 -all"};
  }
  const auto reach = world.walk(text + " ip4:192.0.2.1 -all");
  EXPECT_EQ(reach.lookups, 12U);
  EXPECT_EQ(troubles(reach), "too-many-lookups ");
  EXPECT_FALSE(reach.names[9].beyond_limit);
  EXPECT_TRUE(reach.names[10].beyond_limit);
}

TEST(Spf, EndsWhereARecordIncludesItself)
{
  const World world{.texts = {{"a.nl", {"v=spf1 include:b.nl -all"}},
                              {"b.nl", {"v=spf1 include:a.nl include:example.nl -all"}}},
                    .has = {}};
  const auto reach = world.walk("v=spf1 include:a.nl -all");
  EXPECT_EQ(names(reach), "include:a.nl include:b.nl include:example.nl ");
  EXPECT_EQ(troubles(reach), "loop ");
}

TEST(Spf, ReadsAtMostAHundredRecordsOfAWebOfThem)
{
  // Each includes the next two: without a limit 2^200 records.
  World world;
  for (int i = 0; i < 200; ++i) {
    world.texts["n" + std::to_string(i)] = {"v=spf1 include:n" + std::to_string(i + 1) +
                                            " include:n" + std::to_string(i + 2) + " -all"};
  }
  const auto reach = world.walk("v=spf1 include:n0 -all");
  EXPECT_LE(reach.lookups, 2 * spf_most_records + 2);
  EXPECT_EQ(troubles(reach), "too-many-lookups ");
}

TEST(Spf, CountsLookUpsThatFindNothing)
{
  const World world{.texts = {},
                    .has = {{"one.nl", SpfFound::Nothing},
                            {"two.nl", SpfFound::Nothing},
                            {"three.nl", SpfFound::NoAnswer}}};
  const auto reach = world.walk("v=spf1 a:one.nl mx:two.nl include:no.nl exists:three.nl -all");
  EXPECT_EQ(reach.voids, 3U);
  EXPECT_EQ(troubles(reach), "too-many-voids includes-nothing no-answer ");
}

TEST(Spf, SaysWhereANameHasTwoRecords)
{
  const World world{.texts = {{"a.nl", {"v=spf1 -all", "v=spf1 +all"}}}, .has = {}};
  EXPECT_EQ(troubles(world.walk("v=spf1 include:a.nl -all")), "several-records ");
}

TEST(Spf, DoesNotFollowNamesThatDependOnTheMessage)
{
  const auto reach = World{}.walk("v=spf1 exists:%{i}._spf.example.nl include:%{d}.host.nl -all");
  EXPECT_EQ(troubles(reach), "macro ");
  EXPECT_EQ(reach.lookups, 2U);
  EXPECT_EQ(reach.voids, 0U);
}

TEST(Spf, TellsTermsThatAreNone)
{
  const auto record = parse_spf("v=spf1 include: ip4:192.0.2.300 ip4:2001:db8::1 inclde:x.nl all:x "
                                " +a/24 mx:m.nl//64 exp=e.nl "
                                "unknown=1 redirect= ip4:192.0.2.7/24 - include:a..");
  const std::vector<std::string> wrong = {"include:",
                                          "ip4:192.0.2.300",
                                          "ip4:2001:db8::1",
                                          "inclde:x.nl",
                                          "all:x",
                                          "redirect=",
                                          "-",
                                          "include:a.."};
  EXPECT_EQ(record.mistakes, wrong);
  ASSERT_EQ(record.terms.size(), 3U);
  EXPECT_EQ(record.terms[0].mechanism, SpfMechanism::A);
  EXPECT_EQ(record.terms[1].name, "m.nl");
  EXPECT_EQ(record.terms[2].network->to_string(), "192.0.2.0/24");
}

TEST(Spf, PutsRecordsTogetherThatSomebodyElseGathered)
{
  const auto reach = spf_reach_of(
      "example.nl", {"v=spf1 include:a.nl -all", "v=spf1 include:b.nl include:a.nl ?all"});
  EXPECT_EQ(names(reach), "include:a.nl include:b.nl ");
  EXPECT_EQ(reach.policy, "-");
}

}  // namespace
}  // namespace zonder::mail
