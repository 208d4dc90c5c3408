// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/suggestion.hh"

namespace zonder {
namespace {

TEST(Suggestion, CountsSlips)
{
  EXPECT_EQ(slips_between("", ""), 0U);
  EXPECT_EQ(slips_between("", "abc"), 3U);
  EXPECT_EQ(slips_between("microsfot", "microsoft"), 1U);
  EXPECT_EQ(slips_between("gogle", "google"), 1U);
  EXPECT_EQ(slips_between("amazonn", "amazon"), 1U);
  EXPECT_EQ(slips_between("ca", "abc"), 3U);  // restricted: no letter is touched twice
}

TEST(Suggestion, IsTheNearestWordAndNothingWhenNoneIsNear)
{
  const std::vector<std::string> known{"amazon", "google", "ibm", "microsoft"};
  EXPECT_EQ(suggestion_for("mircosoft", known), "microsoft");
  EXPECT_EQ(suggestion_for("gogle", known), "google");
  EXPECT_EQ(suggestion_for("imb", known), "ibm");
  EXPECT_EQ(suggestion_for("solvinity", known), std::nullopt);
  EXPECT_EQ(suggestion_for("xy", known), std::nullopt);
  EXPECT_EQ(suggestion_for(std::string(100'000, 'a'), known), std::nullopt);
}

}  // namespace
}  // namespace zonder
