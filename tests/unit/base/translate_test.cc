// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "base/translate.hh"

namespace zonder {
namespace {

const std::string build_locale = program_folder() + "/../share/locale";

class Translate : public testing::Test {
protected:
  void TearDown() override { choose_language("en", build_locale); }
};

TEST_F(Translate, SpeaksDutchWithoutADutchLocaleOnTheMachine)
{
  choose_language("nl", build_locale);
  EXPECT_EQ(say("cannot make a pipe: {}", "x"), "kan geen pipe maken: x");
}

TEST_F(Translate, TakesAccentsOffWhereTheTerminalHasNone)
{
  choose_language("nl", build_locale, false);
  EXPECT_EQ(say("--json and --jsonl are two forms of one result: keep one"),
            "--json en --jsonl zijn twee vormen van een uitkomst: houd er een over");
}

TEST_F(Translate, FollowsTheEnvironmentWhenNothingIsChosen)
{
  ::setenv("LC_ALL", "nl_NL.UTF-8", 1);
  EXPECT_EQ(choose_language("", build_locale), Language::Dutch);
  ::setenv("LC_ALL", "C", 1);
  EXPECT_EQ(choose_language("", build_locale), Language::English);
  ::unsetenv("LC_ALL");
}

// Then it is told which there are, in the language that would have been spoken.
TEST_F(Translate, FollowsTheEnvironmentForALanguageThatItDoesNotSpeak)
{
  ::setenv("LC_ALL", "nl_NL.UTF-8", 1);
  EXPECT_EQ(choose_language("fr", build_locale), Language::Dutch);
  EXPECT_EQ(choose_language("en", build_locale), Language::English);
  ::unsetenv("LC_ALL");
}

TEST_F(Translate, LeavesTheEnvironmentOfTheUserToHisCommands)
{
  choose_language("nl", build_locale);
  const auto& variables = user_environment();
  EXPECT_EQ(std::count(variables.begin(), variables.end(), "LANGUAGE=nl"), 0);
}

TEST_F(Translate, LetsAThreadSpeakAnotherLanguageForAWhile)
{
  choose_language("en", build_locale);
  {
    const Speaking dutch(Language::Dutch);
    EXPECT_EQ(current_language(), Language::Dutch);
    EXPECT_EQ(say("cannot make a pipe: {}", "x"), "kan geen pipe maken: x");
    std::string elsewhere;
    std::thread([&] { elsewhere = say("cannot make a pipe: {}", "x"); }).join();
    EXPECT_EQ(elsewhere, "cannot make a pipe: x");
  }
  EXPECT_EQ(say("cannot make a pipe: {}", "x"), "cannot make a pipe: x");
  choose_language("nl", build_locale);
  {
    const Speaking english(Language::English);
    EXPECT_EQ(say("cannot make a pipe: {}", "x"), "cannot make a pipe: x");
  }
  EXPECT_EQ(say("cannot make a pipe: {}", "x"), "kan geen pipe maken: x");
}

}  // namespace
}  // namespace zonder
