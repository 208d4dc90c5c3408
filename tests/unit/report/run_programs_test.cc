// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>

#include <gtest/gtest.h>

#include "report/run_programs.hh"

namespace zonder::report {
namespace {

using namespace std::chrono;

model::Moment at(int second)
{
  return sys_days(year(2026) / 11 / 23) + seconds(second);
}

const Style plain{.colour = false, .unicode = true, .now = at(600)};

model::Attempt
attempt(const char* party, const char* name, model::Verdict verdict, std::vector<model::Share> who)
{
  model::Attempt made;
  made.party = party;
  made.name = name;
  made.address = net::Address::try_parse("192.0.2.1");
  made.port = 443;
  made.protocol = "tcp";
  made.verdict = verdict;
  made.programs = std::move(who);
  return made;
}

model::Share share(std::size_t program, std::uint64_t tries, int second)
{
  return {.program = program, .tries = tries, .first = at(second), .last = at(second)};
}

TEST(RunPrograms, AProgramThatWroteOverItsArgumentsIsNamedAfterItsFile)
{
  model::Program chromium;
  chromium.path = "/usr/lib/chromium/chromium";
  chromium.argv = {
      "/usr/lib/chromium/chromium --type=utility --user-data-dir=/tmp/x/profile-0 --a"};
  EXPECT_EQ(program_name(chromium, plain), "chromium");
  chromium.argv = {"chromium", "--type=utility --b"};
  EXPECT_EQ(program_name(chromium, plain), "chromium");
  chromium.path = "/usr/bin/node";
  chromium.argv = {"npm install"};
  EXPECT_EQ(program_name(chromium, plain), "npm install");
}

TEST(RunPrograms, TellsWhatEachTriedInOrderAndWhereItWentAfterwards)
{
  model::RunRecord record;
  record.programs = {{.pid = 10, .path = "/usr/bin/git", .argv = {"git", "fetch"}, .parents = {}},
                     {.pid = 11, .path = "/usr/bin/npm", .argv = {"npm", "ci"}, .parents = {}}};
  record.attempts = {
      attempt("cloudflare", "packages.example.com", model::Verdict::Blocked, {share(1, 3, 9)}),
      attempt("github", "github.com", model::Verdict::Blocked, {share(0, 2, 5)}),
      attempt("", "early.example", model::Verdict::Passed, {share(0, 1, 1)}),
      attempt("", "git.example.nl", model::Verdict::Passed, {share(0, 1, 7)})};

  const auto programs = programs_of(record);
  ASSERT_EQ(programs.size(), 2U);
  EXPECT_EQ(programs[0].programs, std::vector<std::size_t>{0});
  ASSERT_EQ(programs[0].steps.size(), 3U);
  EXPECT_EQ(programs[0].steps[0].attempt->name, "early.example");
  EXPECT_EQ(programs[0].steps[1].attempt->name, "github.com");
  ASSERT_NE(programs[0].went_on_to, nullptr);
  EXPECT_EQ(programs[0].went_on_to->name, "git.example.nl");
  EXPECT_EQ(programs[1].went_on_to, nullptr);
  EXPECT_TRUE(programs[1].was_blocked());
}

TEST(RunPrograms, ProcessesThatDidTheSameAreOneLine)
{
  model::RunRecord record;
  std::vector<model::Share> who;
  for (std::size_t i = 0; i < 1000; ++i) {
    record.programs.push_back({.pid = static_cast<int>(100 + i),
                               .path = "/usr/bin/wget",
                               .argv = {"wget", "-q", "https://aka.ms/x"},
                               .parents = {{.pid = 99, .name = "sh"}}});
    who.push_back(share(i, 1, static_cast<int>(i)));
  }
  record.attempts = {attempt("microsoft", "aka.ms", model::Verdict::Blocked, std::move(who))};

  EXPECT_EQ(program_sentences(record, plain, 5),
            std::vector<std::string>{"wget -q https://aka.ms/x (1000 processes, the first 100; "
                                     "started by sh): microsoft 1 call (aka.ms (192.0.2.1))."});
  EXPECT_EQ(names_of(record.attempts[0].programs, record, plain), "wget x 1000");
}

TEST(RunPrograms, SaysHowManyMoreThereAreAndNothingOfThoseThatWereLetThrough)
{
  model::RunRecord record;
  for (int i = 0; i < 4; ++i) {
    record.programs.push_back(
        {.pid = i, .path = "", .argv = {"p" + std::to_string(i)}, .parents = {}});
  }
  record.attempts = {
      attempt("microsoft", "", model::Verdict::Blocked, {share(0, 1, 1), share(1, 1, 2)}),
      attempt("microsoft", "a", model::Verdict::Blocked, {share(2, 1, 3)}),
      attempt("", "b", model::Verdict::Passed, {share(3, 1, 4)})};
  const auto sentences = program_sentences(record, plain, 1);
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_EQ(sentences[1], "2 more programs were blocked somewhere.");
  EXPECT_EQ(names_of({}, record, plain), "not known");
}

TEST(RunPrograms, ControlCharactersOfArgumentsDoNotReachTheTerminal)
{
  model::RunRecord record;
  record.programs = {{.pid = 1, .path = "", .argv = {"/bin/e\033[31mvil"}, .parents = {}}};
  record.attempts = {attempt("microsoft", "", model::Verdict::Blocked, {share(0, 1, 1)})};
  EXPECT_EQ(names_of(record.attempts[0].programs, record, plain), "e\\x1b[31mvil");
}

}  // namespace
}  // namespace zonder::report
