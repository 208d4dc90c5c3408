// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "cli/command_line.hh"
#include "cli/help.hh"

namespace zonder::cli {
namespace {

using Words = std::vector<std::string>;

std::string refused(const Words& words)
{
  const auto line = read_command_line(words);
  if (line) {
    return "accepted";
  }
  EXPECT_EQ(line.error().fault, Fault::Usage);
  return line.error().message;
}

TEST(CommandLine, TakesASelectorWithACommandForRun)
{
  EXPECT_TRUE(read_command_line({"microsoft", "--", "curl", "--json", "x"}));
  EXPECT_TRUE(read_command_line({"--lang", "nl", "@us", "--except", "github", "--", "true"}));
  EXPECT_TRUE(read_command_line({"@us",
                                 "--allow",
                                 "github",
                                 "--allow=*.example.com",
                                 "--baseline",
                                 "a.json",
                                 "--write-baseline",
                                 "b.json",
                                 "--",
                                 "make"}));
  EXPECT_TRUE(read_command_line(
      {"@us", "--proxy", "http://proxy.example:3128", "--proxy=pac:a.pac", "--", "make"}));
  EXPECT_TRUE(
      read_command_line({"run", "@us", "--like", "refuse", "--fail-on-contact", "--", "make"}));
}

TEST(CommandLine, LeavesTheCommandAlone)
{
  const auto line = read_command_line({"microsoft", "--", "curl", "--json", "--lang", "nl"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->form, app::Form::Text);
  EXPECT_EQ(language_typed({"microsoft", "--", "curl", "--lang", "nl"}), "");
  EXPECT_EQ(language_typed({"--lang=nl", "microsoft", "--", "true"}), "nl");
}

TEST(CommandLine, SaysInOneSentenceWhatIsWrong)
{
  EXPECT_EQ(refused({"micro"}),
            "what shall run without micro? Write it behind two dashes: zonder micro -- COMMAND");
  EXPECT_EQ(refused({"hlep"}), "zonder has no command hlep (did you mean help?)");
  EXPECT_EQ(refused({"run", "microsoft", "--"}),
            "what shall run? Write it behind two dashes: zonder run SELECTOR -- COMMAND");
  EXPECT_EQ(refused({"run", "--", "true"}),
            "SELECTOR is missing (zonder help run shows what is needed)");
  EXPECT_EQ(refused({"lab", "up"}), "FILE is missing (zonder help lab shows what is needed)");
  EXPECT_EQ(refused({"data", "import"}), "FILE is missing (zonder help data shows what is needed)");
  EXPECT_EQ(refused({"lab"}),
            "lab needs one of these words behind it: up down status shell (zonder help lab tells "
            "what they do)");
  EXPECT_EQ(refused({"run", "microsoft", "--bla", "--", "true"}),
            "I do not know what to do with: --bla (zonder help run shows what there is)");
  EXPECT_EQ(refused({"--lang", "xx", "version"}), "--lang cannot be xx; it is one of: nl en");
  EXPECT_EQ(refused({"run", "microsoft", "--except", "--", "true"}),
            "--except needs a value behind it (zonder help run shows which)");
  EXPECT_EQ(refused({"run", "microsoft", "--alow", "github", "--", "true"}),
            "I do not know what to do with: --alow github (zonder help run shows what there is)");
  EXPECT_EQ(refused({"run", "microsoft", "--allow", "--", "true"}),
            "--allow needs a value behind it (zonder help run shows which)");
  EXPECT_EQ(refused({"run", "microsoft", "--baseline=", "--", "true"}),
            "a word on the command line is empty: is it a variable that is not set?");
  EXPECT_EQ(refused({"microsoft", "--control", "", "--", "true"}),
            "a word on the command line is empty: is it a variable that is not set?");
  EXPECT_EQ(refused({"microsoft", "--after=", "--", "true"}),
            "a word on the command line is empty: is it a variable that is not set?");
  EXPECT_TRUE(read_command_line({"microsoft", "--", "printf", ""}));
  EXPECT_EQ(refused({"--", "true"}),
            "without what? Name it before the dashes: zonder SELECTOR -- COMMAND");
  EXPECT_EQ(refused({"--bla"}),
            "I do not know what to do with: --bla (zonder help shows what there is)");
  EXPECT_EQ(refused({"who", "--", "true"}),
            "only run and lab shell take a command behind two dashes");
}

TEST(CommandLine, ShowsHelpWhereverItIsAskedFor)
{
  EXPECT_TRUE(read_command_line({"run", "-h"}));
  EXPECT_TRUE(read_command_line({"--help"}));
  EXPECT_TRUE(read_command_line({}));
  EXPECT_TRUE(read_command_line({"--lang", "nl"}));
  EXPECT_TRUE(read_command_line({"help", "lab", "down"}));  // and never does anything else
}

TEST(Help, HasAPageForEveryVerbAndNoneForOthers)
{
  for (const auto& verb : verbs()) {
    EXPECT_TRUE(help(verb)) << verb;
  }
  EXPECT_FALSE(help("fly"));
}

TEST(Help, GreetsInSixLinesOfUse)
{
  const auto text = greeting();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
}

}  // namespace
}  // namespace zonder::cli
