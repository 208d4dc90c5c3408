// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "net/prefix_set.hh"

namespace zonder::net {
namespace {

PrefixSet set_of(const std::vector<const char*>& texts)
{
  std::vector<Prefix> prefixes;
  for (const char* text : texts) {
    prefixes.push_back(*Prefix::parse(text));
  }
  return PrefixSet::of(prefixes);
}

std::vector<std::string> texts_of(const PrefixSet& set)
{
  std::vector<std::string> texts;
  for (const auto& prefix : set.prefixes()) {
    texts.push_back(prefix.to_string());
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(PrefixSet, MergesWhatOverlapsTouchesOrRepeats)
{
  EXPECT_EQ(texts_of(set_of({"10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "10.0.1.0/24"})),
            Texts{"10.0.0.0/23"});
}

TEST(PrefixSet, KeepsTheFamiliesApart)
{
  EXPECT_EQ(texts_of(set_of({"::/1", "255.255.255.255/32"})),
            (Texts{"255.255.255.255/32", "::/1"}));
  EXPECT_FALSE(set_of({"0.0.0.0/0"}).contains(*Address::parse("::1")));
}

TEST(PrefixSet, CutsOutAHoleForWhatIsExcepted)
{
  EXPECT_EQ(texts_of(set_of({"10.0.0.0/22"}).without(set_of({"10.0.1.0/24"}))),
            (Texts{"10.0.0.0/24", "10.0.2.0/23"}));
  EXPECT_EQ(texts_of(set_of({"0.0.0.0/0"}).without(set_of({"0.0.0.0/1"}))), Texts{"128.0.0.0/1"});
  EXPECT_TRUE(set_of({"10.0.0.0/24"}).without(set_of({"10.0.0.0/8"})).empty());
}

TEST(PrefixSet, AgreesWithASetOfSingleAddressesOnRandomInput)
{
  std::mt19937 random(20261123);
  for (int round = 0; round < 300; ++round) {
    std::set<std::uint32_t> one;
    std::set<std::uint32_t> two;
    const auto some = [&](std::set<std::uint32_t>& naive) {
      std::vector<Prefix> prefixes;
      for (int i = 0; i < 6; ++i) {
        const auto prefix =
            Prefix::containing(Address::v4(0x0a000000 | static_cast<std::uint32_t>(random() % 256)),
                               static_cast<unsigned>(26 + random() % 7));
        prefixes.push_back(prefix);
        for (auto at = prefix.first().low(); at <= prefix.last().low(); ++at) {
          naive.insert(static_cast<std::uint32_t>(at));
        }
      }
      return PrefixSet::of(prefixes);
    };
    const auto a = some(one);
    const auto b = some(two);
    const auto difference = a.without(b);
    const auto both = a.united_with(b);
    for (std::uint32_t at = 0x0a000000 - 2; at < 0x0a000000 + 260; ++at) {
      const auto address = Address::v4(at);
      ASSERT_EQ(a.contains(address), one.contains(at));
      ASSERT_EQ(difference.contains(address), one.contains(at) && !two.contains(at));
      ASSERT_EQ(both.contains(address), one.contains(at) || two.contains(at));
    }
  }
}

}  // namespace
}  // namespace zonder::net
