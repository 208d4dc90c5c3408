// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "model/observation.hh"

namespace zonder::model {
namespace {

/// Each value of an enumeration that ends with `last` has a word of its own, which is read back.
template <typename Value, typename Parse>
void expect_words(Value last, Parse parse)
{
  std::set<std::string> words;
  for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) {
    const auto value = static_cast<Value>(i);
    EXPECT_EQ(parse(to_text(value)), value);
    EXPECT_TRUE(words.emplace(to_text(value)).second) << to_text(value);
  }
  EXPECT_EQ(parse("no such word"), std::nullopt);
}

TEST(Observation, WordsAreReadBack)
{
  expect_words(Kind::Jurisdiction, parse_kind);
  expect_words(Relation::HostedIn, parse_relation);
  expect_words(Via::Page, parse_via);
  expect_words(Tier::Drilled, parse_tier);
}

}  // namespace
}  // namespace zonder::model
