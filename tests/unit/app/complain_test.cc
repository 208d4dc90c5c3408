// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "app/run.hh"
#include "app/who.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

// All that is told passes one place, which shows neither what a terminal would obey nor a password.
namespace zonder::app {
namespace {

using namespace test;

catalog::SnapshotContent a_catalogue()
{
  return small_content({SmallParty{.id = "cloud", .asns = {asn(100)}}},
                       {originated("192.0.2.0/24", 100)});
}

TEST(Complain, ShowsNoPasswordAndNothingThatATerminalObeys)
{
  DataWorld data(a_catalogue());
  complain(
      data.world.err, true, "cannot run http://u:two three@h.example\x1b[31m, nor v:w@i.example");
  EXPECT_EQ(data.err(),
            "zonder: cannot run http://u:***@h.example\\x1b[31m, nor v:***@i.example\n");
}

/// Whatever it is about, the sentence has no password.
std::string shown(const RunOptions& options)
{
  DataWorld data(a_catalogue());
  EXPECT_NE(run(data.world, options), 0);
  const auto said = data.err();
  EXPECT_EQ(said.find("geheim"), std::string::npos) << said;
  return said;
}

TEST(Complain, ShowsNoPasswordThatWasTyped)
{
  EXPECT_NE(shown({.selector = "clerk:geheim@h.example", .command = {"true"}})
                .find("does not know clerk:***@h.example"),
            std::string::npos);
  shown({.selector = "https://clerk:geheim@h.example/", .command = {"true"}});
  for (const char* control : {"clerk:geheim@h.example:99999",
                              "clerk:geheim@h.example",
                              "https://clerk:geheim@h.example"}) {
    shown({.selector = "cloud", .controls = {control}, .command = {"true"}});
  }
  for (const char* proxy : {"pac:http://clerk:geheim@h.example/", "x://clerk:geheim@h.example/"}) {
    shown({.selector = "cloud", .proxies = {proxy}, .command = {"true"}});
  }
  for (const char* page : {"ftp://clerk:gehe im geheim@h.example",
                           "https:clerk:geheim@h.example",
                           "clerk:geheim@h.example",
                           "https://clerk:geheim/geheim@h.example"}) {
    shown({.selector = "cloud", .pages = {page}});
  }
}

TEST(Complain, ShowsNoPasswordThatSomebodyAsksTheOwnerOf)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(who(data.world, {.inputs = {"clerk:geheim@h.example"}}), 2);
  EXPECT_EQ(data.err().find("geheim"), std::string::npos);
  std::string lines = "https:///clerk:geheim@h.example\n192.0.2.1\n";
  std::FILE* in = ::fmemopen(lines.data(), lines.size(), "r");
  data.world.form = Form::JsonLines;
  EXPECT_EQ(who(data.world, {.inputs = {}, .in = in}), 3);
  std::fclose(in);
  EXPECT_NE(data.err().find("clerk:***@h.example"), std::string::npos);
  const auto told = data.out();
  EXPECT_EQ(told.find("geheim"), std::string::npos) << told;
  EXPECT_NE(told.find("192.0.2.1"), std::string::npos) << told;
}

}  // namespace
}  // namespace zonder::app
