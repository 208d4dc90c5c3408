// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>
#include <cstdlib>

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

TEST(CommandLine, TakesPagesInThePlaceOfACommand)
{
  EXPECT_TRUE(read_command_line({"microsoft", "--page", "https://www.example.nl/"}));
  EXPECT_TRUE(read_command_line({"microsoft", "--page=https://www.example.nl/?q="}));
  EXPECT_TRUE(read_command_line(
      {"run", "@us", "--page", "https://a.example/", "--page", "https://b.example/", "--json"}));
  EXPECT_EQ(refused({"run", "@us", "--page-wait", "3s"}),
            "what shall run? Write it behind two dashes: zonder run SELECTOR -- COMMAND");
  EXPECT_EQ(refused({"run", "@us", "--page"}),
            "--page needs a value behind it (zonder help run shows which)");
}

TEST(Help, OfRunTellsEveryExitCode)
{
  const auto run = help("run").value_or("");
  const auto of_pages = run.substr(run.find("--page URL"));
  for (const char* part : {"128+n", "125 ", "126 ", "127 ", "NOT KNOWN"}) {
    EXPECT_NE(run.find(part), std::string::npos) << part;
  }
  for (const char* part : {"0 all", "1 one", "2 what was typed", "3 it cannot", "125 zonder"}) {
    EXPECT_NE(of_pages.find(part), std::string::npos) << part;
  }
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
            "there is no option --alow (did you mean --allow?)");
  EXPECT_EQ(refused({"run", "microsoft", "--allow", "--", "true"}),
            "--allow needs a value behind it (zonder help run shows which)");
  EXPECT_EQ(refused({"run", "microsoft", "--baseline=", "--", "true"}),
            "a word on the command line is empty: is it a variable that is not set?");
  EXPECT_EQ(refused({"microsoft", "--control", "", "--", "true"}),
            "a word on the command line is empty: is it a variable that is not set?");
  EXPECT_EQ(refused({"microsoft", "--after=", "--", "true"}),
            "a word on the command line is empty: is it a variable that is not set?");
  EXPECT_EQ(refused({"microsoft", "--", ""}),
            "the command behind the dashes is an empty word: is it a variable that is not set?");
  EXPECT_TRUE(read_command_line({"microsoft", "--", "printf", ""}));
  EXPECT_EQ(refused({"--", "true"}),
            "without what? Name it before the dashes: zonder SELECTOR -- COMMAND");
  EXPECT_EQ(refused({"--bla"}),
            "I do not know what to do with: --bla (zonder help shows what there is)");
  EXPECT_EQ(refused({"run", "microsoft", "one", "http://u:two three@h.example", "--", "true"}),
            "I do not know what to do with: one http://u:two three@h.example (zonder help run "
            "shows what there is)");
  EXPECT_EQ(refused({"who", "--", "true"}),
            "only run and lab shell take a command behind two dashes");
}

TEST(CommandLine, FindsTheSelectorBehindOptionsOfRun)
{
  EXPECT_TRUE(read_command_line({"--like", "refuse", "microsoft", "--", "true"}));
  EXPECT_TRUE(read_command_line({"--fail-on-contact", "microsoft", "--", "true"}));
  EXPECT_TRUE(read_command_line({"--dns", "honest", "microsoft", "--", "true"}));
  EXPECT_TRUE(read_command_line({"--like=refuse", "microsoft", "--dns", "honest", "--", "true"}));
  EXPECT_TRUE(read_command_line({"--allow-host", "8080", "microsoft", "--", "true"}));
  EXPECT_TRUE(read_command_line({"--like", "refuse", "run", "microsoft", "--", "true"}));
  EXPECT_TRUE(read_command_line({"--app", "firefox", "microsoft"}));
  EXPECT_EQ(refused({"runn", "microsoft", "--", "true"}),
            "zonder has no command runn (did you mean run?)");
  EXPECT_EQ(refused({"--like", "refuse", "runn", "microsoft", "--", "true"}),
            "zonder has no command runn (did you mean run?)");
}

TEST(CommandLine, TakesAnOptionWithOneValueOnce)
{
  EXPECT_TRUE(read_command_line({"microsoft",
                                 "--except",
                                 "github",
                                 "--except=linkedin",
                                 "--report",
                                 "a.txt",
                                 "--report",
                                 "b.txt",
                                 "--",
                                 "true"}));
  EXPECT_EQ(refused({"microsoft", "--like", "refuse", "--like", "slow", "--", "true"}),
            "--like is given twice: keep one");
  EXPECT_EQ(refused({"who", "--as-of", "2026-01-01", "x.example", "--as-of=2026-01-01"}),
            "--as-of is given twice: keep one");
  EXPECT_TRUE(read_command_line({"who", "--json", "--json", "x.example"}));
}

TEST(CommandLine, SuggestsTheOptionOrTheWordThatWasMeant)
{
  EXPECT_EQ(refused({"microsoft", "--fail-on-contcat", "--", "true"}),
            "there is no option --fail-on-contcat (did you mean --fail-on-contact?)");
  EXPECT_EQ(refused({"doctor", "--jsno"}), "there is no option --jsno (did you mean --json?)");
  EXPECT_EQ(refused({"who", "--jsn"}), "there is no option --jsn (did you mean --json?)");
  EXPECT_EQ(refused({"data", "updat"}), "zonder data has no updat (did you mean update?)");
  EXPECT_EQ(refused({"lab", "--quiet", "dwon"}), "zonder lab has no dwon (did you mean down?)");
  EXPECT_EQ(refused({"lab", "fly"}), "zonder lab has no fly; it has: up down status shell");
}

TEST(CommandLine, SaysItselfWhichValueIsNoNumber)
{
  EXPECT_EQ(refused({"microsoft", "--keep-fd", "x", "--", "true"}),
            "--keep-fd wants a number, not x");
  EXPECT_EQ(refused({"microsoft", "--allow-host=abc", "--", "true"}),
            "--allow-host wants a number, not abc");
  EXPECT_EQ(refused({"microsoft", "--keep-fd", "3", "--keep-fd", "99999999999", "--", "true"}),
            "--keep-fd wants a number, not 99999999999");
}

TEST(CommandLine, AFlagHasNoValue)
{
  EXPECT_EQ(refused({"who", "--json=maybe", "x.example"}), "--json takes no value, so not maybe");
}

TEST(CommandLine, WantsTheCommandOfRunBehindDashes)
{
  const auto* wanted = "what shall run? Write it behind two dashes: zonder run SELECTOR -- COMMAND";
  EXPECT_EQ(refused({"microsoft", "--"}), wanted);
  EXPECT_EQ(refused({"run", "microsoft", "true"}), wanted);
  EXPECT_EQ(refused({"who", "--", "--json"}),
            "only run and lab shell take a command behind two dashes");
}

TEST(CommandLine, RefusesWhatCannotGoTogether)
{
  EXPECT_EQ(refused({"who", "--json", "--jsonl", "x.example"}),
            "--json and --jsonl are two forms of one result: keep one");
  EXPECT_EQ(refused({"run", "microsoft", "--offline", "--", "true"}),
            "--offline is not for run, whose command has a network without the absent parties; it "
            "is for who, list and data, which then fetch nothing");
  EXPECT_TRUE(read_command_line({"data", "update", "--offline"}));
}

TEST(CommandLine, RefusesALanguageThatItDoesNotSpeakWhereverItStands)
{
  for (const Words& words : {Words{"--lang", "fr"},
                             {"--lang=fr", "help"},
                             {"run", "-h", "--lang", "fr"},
                             {"microsoft", "--lang", "fr", "--", "true"}}) {
    EXPECT_EQ(refused(words), "--lang cannot be fr; it is one of: nl en");
  }
}

TEST(CommandLine, TellsWhatComesInLaterVersions)
{
  EXPECT_EQ(refused({"watch", "example.nl"}),
            "zonder watch is not in this version (zonder help lists what is)");
  EXPECT_EQ(refused({"herstel"}),
            "zonder herstel is not in this version (zonder help lists what is)");
  EXPECT_EQ(refused({"drill", "microsoft", "--", "true"}),
            "zonder drill is not in this version (zonder help lists what is)");
}

TEST(CommandLine, ARoomHasNoCommandAndADutchNameToo)
{
  EXPECT_EQ(refused({"room", "microsoft", "--", "true"}),
            "only run and lab shell take a command behind two dashes");
  EXPECT_TRUE(read_command_line({"room", "microsoft", "--on", "eth1", "--on", "eth2"}));
  EXPECT_TRUE(read_command_line({"kamer", "microsoft", "--wifi", "zonder-microsoft"}));
  EXPECT_TRUE(read_command_line({"help", "kamer"}));
  EXPECT_TRUE(read_command_line({"room", "--recover", "room.html"}));  // of nobody in particular
  EXPECT_EQ(refused({"room"}), "SELECTOR is missing (zonder help room shows what is needed)");
  EXPECT_EQ(refused({"room", "microsoft", "--for", "1h", "--for", "2h"}),
            "--for is given twice: keep one");
}

TEST(CommandLine, ShowsHelpWhereverItIsAskedFor)
{
  EXPECT_TRUE(read_command_line({"run", "-h"}));
  EXPECT_TRUE(read_command_line({"--help"}));
  EXPECT_TRUE(read_command_line({}));
  EXPECT_TRUE(read_command_line({"--lang", "nl"}));
  EXPECT_TRUE(read_command_line({"help", "lab", "down"}));  // and never does anything else
}

/// What is printed of these words.
std::string shown(const Words& words)
{
  const auto line = read_command_line(words);
  if (!line) {
    return line.error().message;
  }
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = ::open_memstream(&text, &size);
  app::World world;
  world.out = world.err = file;
  line->action(world);
  std::fclose(file);
  const std::string printed(text, size);
  std::free(text);
  return printed;
}

TEST(CommandLine, ShowsTheHelpOfRunWhereRunWasLeftOut)
{
  const auto of_run = help("run").value();
  EXPECT_EQ(shown({"run", "-h"}), of_run);
  EXPECT_EQ(shown({"microsoft", "-h"}), of_run);
  EXPECT_EQ(shown({"-h", "microsoft"}), of_run);
  EXPECT_EQ(shown({"microsoft", "--like", "refuse", "--help"}), of_run);
  EXPECT_EQ(shown({"microsoft", "-h", "--", "true"}), of_run);
  EXPECT_EQ(shown({"who", "-h"}), help("who").value());
  EXPECT_EQ(shown({"-h"}), help("").value());
  EXPECT_NE(shown({"hlep", "-h"}).find("did you mean help?"), std::string::npos);
}

TEST(Help, HasAPageForEveryVerbAndNoneForOthers)
{
  for (const auto& verb : verbs()) {
    EXPECT_TRUE(help(verb)) << verb;
  }
  EXPECT_FALSE(help("fly"));
}

TEST(Help, HasPagesByTheirOwnNameToo)
{
  const auto text = help("page");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("zonder SELECTOR --page URL"), 0U);
  EXPECT_EQ(text->find("--engine"), std::string::npos);
  EXPECT_NE(help("run")->find("--page URL"), std::string::npos);
}

TEST(Help, GreetsInSixLinesOfUse)
{
  const auto text = greeting();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
}

}  // namespace
}  // namespace zonder::cli
