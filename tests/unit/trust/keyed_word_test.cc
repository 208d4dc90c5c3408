// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>

#include "trust/keyed_word.hh"

namespace zonder::trust {
namespace {

/// The key of RFC 4231's first case is of twenty bytes 0x0b; one that ends in zeros is the same
/// key, as HMAC fills them up with those.
TEST(KeyedWord, IsTheBeginningOfTheHashThatTheStandardGives)
{
  KeyedWord::Secret secret{};
  std::fill_n(secret.begin(), 20, static_cast<unsigned char>(0x0b));
  EXPECT_EQ(KeyedWord(secret).of("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b");
}

TEST(KeyedWord, FitsItsOwnTextAndNoOther)
{
  const auto words = KeyedWord::make();
  ASSERT_TRUE(words);
  const auto word = words->of("02:00:00:00:00:01");
  EXPECT_TRUE(words->fits(word, "02:00:00:00:00:01"));
  EXPECT_FALSE(words->fits(word, "02:00:00:00:00:02"));
  EXPECT_FALSE(words->fits("", "02:00:00:00:00:01"));
  EXPECT_FALSE(words->fits(word.substr(0, 31), "02:00:00:00:00:01"));
  EXPECT_FALSE(words->fits(word + "0", "02:00:00:00:00:01"));
}

TEST(KeyedWord, IsAnotherInEachRun)
{
  const auto one = KeyedWord::make();
  const auto other = KeyedWord::make();
  ASSERT_TRUE(one);
  ASSERT_TRUE(other);
  EXPECT_NE(one->of("02:00:00:00:00:01"), other->of("02:00:00:00:00:01"));
}

}  // namespace
}  // namespace zonder::trust
