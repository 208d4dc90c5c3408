// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <vector>

#include <gtest/gtest.h>

#include "app/question.hh"

namespace zonder::app {
namespace {

/// Somebody who gives these answers, and then no more; and what he was told.
struct Somebody {
  std::vector<std::string> answers;
  std::vector<std::string> told;
  std::size_t asked = 0;

  Result<void> answer()
  {
    return ask_until_good(
        [this]() -> std::optional<std::string> {
          return asked < answers.size() ? std::optional(answers[asked++]) : std::nullopt;
        },
        [](const std::string& typed) -> Result<void> {
          return typed == "right" ? Result<void>() : fail(Fault::Usage, "it is not " + typed);
        },
        [this](const std::string& why) { told.push_back(why); },
        "nobody answered");
  }
};

TEST(Question, IsAskedAgainAfterAWrongAnswer)
{
  Somebody who{.answers = {"left", "up", "right"}};
  EXPECT_TRUE(who.answer());
  EXPECT_EQ(who.told, (std::vector<std::string>{"it is not left", "it is not up"}));
}

TEST(Question, EndsAfterThreeWrongAnswersWithTheLastOne)
{
  Somebody who{.answers = {"left", "up", "down", "right"}};
  const auto answered = who.answer();
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().message, "it is not down");
  EXPECT_EQ(answered.error().fault, Fault::Usage);
  EXPECT_EQ(who.asked, 3U);
}

TEST(Question, EndsWhereNobodyAnswers)
{
  Somebody who{.answers = {"left"}};
  EXPECT_EQ(who.answer().error().message, "nobody answered");
}

}  // namespace
}  // namespace zonder::app
