// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/passwords.hh"
#include "app/this_machine.hh"

namespace zonder::app {
namespace {

struct Asked {
  std::string url;
  std::string address = {};
};

/// Whether each of these is taken for the machine's own, where port 8080 is let through.
std::vector<bool> own(const std::vector<Asked>& asked, bool by_proxy = false)
{
  const ThisMachine machine({8080}, by_proxy, "127.0.1.1 thishost # this\n::1 six\n");
  model::PageVisit with;
  model::PageVisit without;
  for (const auto& [url, address] : asked) {
    with.requests.push_back({.url = url, .kind = "document"});
    with.requests.back().address = address;
    without.requests.push_back({.url = url, .kind = "document"});
  }
  machine.mark(with, without);
  std::vector<bool> marked;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(with.requests[i].of_this_machine, without.requests[i].of_this_machine);
    marked.push_back(with.requests[i].of_this_machine);
  }
  return marked;
}

TEST(ThisMachine, IsKnownHoweverItIsCalled)
{
  EXPECT_EQ(own({{"http://127.0.0.1:9/"},
                 {"http://127.1.2.3/"},
                 {"http://[::1]:9/"},
                 {"http://0.0.0.0/"},
                 {"http://[::ffff:127.0.0.1]/"},
                 {"http://localhost/"},
                 {"http://a.LocalHost.:9/"},
                 {"http://mine.example/", "127.0.0.1"},
                 {"http://six.example/", "[::1]"},
                 {"http://u:p@there.example/", "127.0.1.1"}}),
            std::vector<bool>(10, true));
}

TEST(ThisMachine, IsNotWhatIsElsewhere)
{
  EXPECT_EQ(own({{"http://192.0.2.1/"},
                 {"http://127.0.0.1.example/", "192.0.2.1"},
                 {"http://localhost.example/"},
                 {"http://a.example/127.0.0.1", "[2001:db8::1]"},
                 {"http://a.example/", "no address"}}),
            std::vector<bool>(5, false));
}

TEST(ThisMachine, IsInTheRoomWhereItsPortIsLetThrough)
{
  EXPECT_EQ(own({{"http://127.0.0.1:8080/"},
                 {"http://[::1]:8080/"},
                 {"http://localhost:8080/"},
                 {"http://mine.example:8080/", "127.0.0.1"},
                 {"http://there.example:8080/", "127.0.1.1"}}),  // nothing relays that one
            (std::vector<bool>{false, false, false, false, true}));
}

TEST(ThisMachine, IsNotTheProxysAddress)
{
  EXPECT_EQ(own({{"http://a.example/", "127.0.0.1"},
                 {"http://thishost/", "127.0.0.1"},
                 {"http://localhost/"}},
                true),
            (std::vector<bool>{false, true, true}));
}

TEST(Passwords, AreInNothingThatIsToldOfAPage)
{
  const std::string url = "http://u:geheim@a.example/";
  model::PageVisit visit{.url = url, .final_url = url, .title = url};
  visit.why = "cannot go to " + url;
  visit.requests.push_back({.url = url, .kind = "document"});
  visit.console.push_back({.error = true, .text = "see " + url, .url = url});
  hide_passwords(visit);
  for (const auto& text : {visit.url,
                           visit.final_url,
                           visit.title,
                           visit.why,
                           visit.requests[0].url,
                           visit.console[0].text,
                           visit.console[0].url}) {
    EXPECT_EQ(text.find("geheim"), std::string::npos) << text;
    EXPECT_NE(text.find("http://u:***@a.example/"), std::string::npos) << text;
  }
}

TEST(Passwords, AreInNothingThatIsToldOfACommand)
{
  model::RunRecord record;
  record.command = {"curl", "http://u:geheim@a.example/"};
  record.programs.resize(1);
  record.programs[0].argv = record.command;
  hide_passwords(record);
  EXPECT_EQ(record.command[1], "http://u:***@a.example/");
  EXPECT_EQ(record.programs[0].argv[1], "http://u:***@a.example/");
  std::string typed = "--page=http://u:geheim@a.example/";
  char* arguments[] = {typed.data()};
  hide_passwords(std::span<char* const>(arguments));
  EXPECT_EQ(typed, "--page=http://u:******@a.example/");
}

}  // namespace
}  // namespace zonder::app
