// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/name_ledger.hh"

namespace zonder::isolate {
namespace {

using model::Verdict;

net::Address address(const char* text)
{
  return *net::Address::parse(text);
}

model::Moment at(int second)
{
  return model::Moment(std::chrono::seconds(second));
}

TEST(NameLedger, CountsAQuestionAndKeepsItsFirstAndLastTime)
{
  NameLedger ledger;
  ledger.note({"a.nl", 1, Verdict::Passed, {}, {address("192.0.2.2")}}, at(10));
  ledger.note({"a.nl", 1, Verdict::Passed, {}, {address("192.0.2.1")}}, at(20));

  const auto questions = ledger.questions();
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_EQ(questions[0].type_name, "A");
  EXPECT_EQ(questions[0].count, 2U);
  EXPECT_EQ(questions[0].first, at(10));
  EXPECT_EQ(questions[0].last, at(20));
  EXPECT_EQ(questions[0].answers, (std::vector{address("192.0.2.1"), address("192.0.2.2")}));
}

TEST(NameLedger, KeepsWhatPassedApartFromWhatWasBlockedLater)
{
  NameLedger ledger;
  ledger.note({"a.nl", 1, Verdict::Passed, {}, {}}, at(1));
  ledger.note({"a.nl", 1, Verdict::Blocked, 0, {}}, at(2));
  EXPECT_EQ(ledger.questions().size(), 2U);
}

TEST(NameLedger, KnowsTheLastNameThatAnAddressWasGivenFor)
{
  NameLedger ledger;
  ledger.note({"a.nl", 1, Verdict::Passed, {}, {address("192.0.2.1")}}, at(1));
  ledger.note({"b.nl", 1, Verdict::Passed, {}, {address("192.0.2.1")}}, at(2));
  EXPECT_EQ(ledger.name_of(address("192.0.2.1")), "b.nl");
  EXPECT_FALSE(ledger.name_of(address("192.0.2.2")));
}

TEST(NameLedger, GivesEachAbsentNameAnAddressOfItsOwnAndKeepsToIt)
{
  NameLedger ledger;
  const auto first = ledger.synthetic("a.nl", net::Family::V4, 3);
  const auto second = ledger.synthetic("b.nl", net::Family::V4, 4);
  const auto sixth = ledger.synthetic("a.nl", net::Family::V6, 3);

  EXPECT_EQ(first->to_string(), "198.18.0.1");
  EXPECT_EQ(second->to_string(), "198.18.0.2");
  EXPECT_EQ(sixth->to_string(), "fd00:7a6f:6e64:6572::1");
  EXPECT_EQ(ledger.synthetic("a.nl", net::Family::V4, 3), first);
  EXPECT_EQ(ledger.name_of(*second), "b.nl");
  EXPECT_EQ(ledger.name_of(*sixth), "a.nl");
  EXPECT_EQ(ledger.party_of(*second), 4U);
  EXPECT_FALSE(ledger.party_of(address("198.18.0.3")));
  EXPECT_FALSE(ledger.party_of(address("198.18.0.0")));
  EXPECT_FALSE(ledger.party_of(address("192.0.2.1")));
  EXPECT_FALSE(ledger.party_of(address("fd00:7a6f:6e64:6572::")));
}

TEST(NameLedger, StaysInsideItsRangeAndThenSaysSo)
{
  NameLedger ledger;
  std::optional<net::Address> last;
  for (int i = 0; i < (1 << 17) - 2; ++i) {
    last = ledger.synthetic("n" + std::to_string(i), net::Family::V4, 0);
    ASSERT_TRUE(last);
  }
  EXPECT_EQ(last->to_string(), "198.19.255.254");
  EXPECT_TRUE(synthetic_v4().contains(*last));
  EXPECT_FALSE(ledger.synthetic("one more", net::Family::V4, 0));
  EXPECT_TRUE(ledger.synthetic("n5", net::Family::V6, 0));
}

TEST(NameLedger, CountsWhatItCannotKeep)
{
  NameLedger ledger(2);
  for (const char* name : {"a.nl", "b.nl", "c.nl", "d.nl", "a.nl"}) {
    ledger.note({name, 1, Verdict::Passed, {}, {}}, at(1));
  }
  EXPECT_EQ(ledger.questions().size(), 2U);
  EXPECT_EQ(ledger.questions()[0].count, 2U);
  EXPECT_EQ(ledger.not_kept(), 2U);
}

}  // namespace
}  // namespace zonder::isolate
