// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "report/contacts.hh"
#include "support/run_story.hh"

namespace zonder::report {
namespace {

using test::run_story;

const Style plain{.colour = false, .unicode = true, .now = {}};

std::vector<std::string> words_of_all(const model::RunRecord& record)
{
  std::vector<std::string> all;
  for (const auto& contact : contacts_of(record)) {
    all.push_back(contact.key.party + ": " + words_of(contact.key, plain));
  }
  return all;
}

using Lines = std::vector<std::string>;

TEST(Contacts, AreWhatWasBlockedOfTheAbsentByWhom)
{
  EXPECT_EQ(words_of_all(run_story(R"(
    git   blocked  github     github.com      192.0.2.1     tcp/443
    curl  passed   -          www.example.nl  193.0.6.139   tcp/443
    curl  blocked  -          -               193.0.6.139   tcp/853
    -     blocked  microsoft  -               20.190.128.1  udp/3478
    ping  blocked  microsoft  -               20.190.128.1  icmp
  )")),
            (Lines{"github: github.com by git (tcp/443)",
                   "microsoft: 20.190.128.1 by ping (icmp)",
                   "microsoft: 20.190.128.1 (udp/3478)"}));
}

TEST(Contacts, OfANameAreOneWhateverItsAddresses)
{
  const auto contacts = contacts_of(run_story(R"(
    git  blocked  github  github.com  192.0.2.1     tcp/443
    git  blocked  github  github.com  192.0.2.7     tcp/443
    git  blocked  github  github.com  2001:db8::1   tcp/443
  )"));
  ASSERT_EQ(contacts.size(), 1U);
  EXPECT_EQ(contacts[0].attempts, (std::vector<std::size_t>{0, 1, 2}));
}

// Which of two names on one address was asked for last is chance in a build with several processes.
TEST(Contacts, OnASharedAddressAreThoseThatTheProgramAskedFor)
{
  const char* questions = R"(
    npm  blocked  github  a.cdn.example  -  dns
    git  blocked  github  b.cdn.example  -  dns
    git  blocked  github  c.cdn.example  -  dns
  )";
  const Lines expected{"github: a.cdn.example by nc (tcp/443)",
                       "github: a.cdn.example by npm (tcp/443)",
                       "github: b.cdn.example by git (tcp/443)",
                       "github: c.cdn.example by git (tcp/443)"};
  for (const char* last :
       {"a.cdn.example|b.cdn.example|c.cdn.example", "c.cdn.example|a.cdn.example|b.cdn.example"}) {
    EXPECT_EQ(words_of_all(run_story(std::string(questions) + "npm,git,nc blocked github " + last +
                                     " 192.0.2.1 tcp/443")),
              expected);
  }
}

TEST(Contacts, AskingForANameIsOneOnlyWhereNothingFollowed)
{
  const auto contacts = contacts_of(run_story(R"(
    git   blocked  github  github.com      -          dns
    git   blocked  github  github.com      192.0.2.1  tcp/443
    host  blocked  github  github.com      -          dns
    git   blocked  github  api.github.com  -          dns
  )"));
  ASSERT_EQ(contacts.size(), 3U);
  EXPECT_EQ(words_of(contacts[0].key, plain), "api.github.com by git (only by name)");
  EXPECT_EQ(words_of(contacts[1].key, plain), "github.com by host (only by name)");
  EXPECT_EQ(words_of(contacts[2].key, plain), "github.com by git (tcp/443)");
  EXPECT_EQ(contacts[2].questions, std::vector<std::size_t>{0});
}

TEST(Contacts, AThousandProcessesOfOneProgramAreOne)
{
  auto record = run_story("git blocked github github.com 192.0.2.1 tcp/443");
  for (int i = 0; i < 1000; ++i) {
    record.programs.push_back({.pid = i, .path = "", .argv = {"git"}, .parents = {}});
    record.attempts[0].programs.push_back(
        {.program = record.programs.size() - 1, .tries = 1, .first = {}, .last = {}});
  }
  EXPECT_EQ(words_of_all(record), Lines{"github: github.com by git (tcp/443)"});
}

TEST(Contacts, WhoHidesItsArgumentsIsKnownByItsFile)
{
  auto record = run_story("x blocked github github.com 192.0.2.1 tcp/443");
  record.programs[0].argv = {""};
  record.programs[0].path = "/opt/tool/sneaky";
  EXPECT_EQ(words_of_all(record), Lines{"github: github.com by sneaky (tcp/443)"});
}

ContactKey key(const std::string& program, const std::string& protocol, std::uint16_t port)
{
  return {.party = "github",
          .target = "github.com",
          .protocol = protocol,
          .port = port,
          .program = program};
}

TEST(Contacts, FitWhatIsKnownOfThemAndNoMore)
{
  const auto known = key("git", "tcp", 443);
  EXPECT_TRUE(fits(key("git", "tcp", 443), known));
  EXPECT_FALSE(fits(key("curl", "tcp", 443), known));
  EXPECT_FALSE(fits(key("git", "tcp", 22), known));
  EXPECT_FALSE(fits(key("git", "udp", 443), known));
  // Asking for a name is needing it.
  EXPECT_TRUE(fits(key("git", "dns", 0), known));
  EXPECT_TRUE(fits(known, key("git", "dns", 0)));
  // Nobody known: then it is the target that decides.
  EXPECT_TRUE(fits(key("", "tcp", 443), known));
  EXPECT_TRUE(fits(known, key("", "tcp", 443)));
}

}  // namespace
}  // namespace zonder::report
