// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "isolate/proxy_account.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t enough = 20000;

ProxiedTarget target(std::size_t number, std::optional<std::size_t> party)
{
  return {.party = party,
          .name = "n" + std::to_string(number) + ".example",
          .address = {},
          .port = 443,
          .verdict = party ? model::Verdict::Blocked : model::Verdict::Passed};
}

std::size_t rows_of(const ProxyAccount& account, const std::string& party)
{
  model::Absence absence;
  absence.parties.resize(2);
  absence.parties[0].id = "one";
  absence.parties[1].id = "two";
  const auto attempts = account.attempts(absence);
  return static_cast<std::size_t>(std::count_if(
      attempts.begin(), attempts.end(), [&](const auto& each) { return each.party == party; }));
}

// Who fills it with the living hides nobody.
TEST(ProxyAccount, WhatIsForTheAbsentHasRoomOfItsOwn)
{
  ProxyAccount account(1);
  for (std::size_t i = 0; i <= enough; ++i) {
    account.note(target(i, {}), {});
  }
  EXPECT_EQ(account.unlisted, 1U);
  account.note(target(0, 0), {});
  EXPECT_EQ(account.unlisted, 1U);
  EXPECT_EQ(rows_of(account, "one"), 1U);
}

// What is asked of one that is allowed hides no other.
TEST(ProxyAccount, NoneOfTheAbsentGoesMissing)
{
  ProxyAccount account(1);
  for (std::size_t i = 0; i < enough; ++i) {
    account.note(target(i, 0), {});
  }
  account.note(target(0, 1), {});
  EXPECT_EQ(account.unlisted, 0U);
  EXPECT_EQ(rows_of(account, "two"), 1U);
  account.note(target(1, 1), {});
  EXPECT_EQ(account.unlisted, 1U);
  EXPECT_EQ(rows_of(account, "two"), 1U);
}

}  // namespace
}  // namespace zonder::isolate
