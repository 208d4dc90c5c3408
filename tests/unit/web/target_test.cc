// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>

#include <gtest/gtest.h>

#include "web/target.hh"

namespace zonder::web {
namespace {

TEST(Target, IsAPathOrAWholeAddress)
{
  EXPECT_EQ(read_target("/mark?lang=nl", "Zonder.Internal.:80"),
            (Target{.path = "/mark", .query = "lang=nl", .host = "zonder.internal"}));
  EXPECT_EQ(read_target("HTTP://www.Europe.example:8080?a", "other.example"),
            (Target{.path = "/", .query = "a", .host = "www.europe.example"}));
  EXPECT_EQ(read_target("/", "[2001:DB8::1]:80"),
            (Target{.path = "/", .query = "", .host = "2001:db8::1"}));
  EXPECT_EQ(read_target("/", ""), (Target{.path = "/", .query = "", .host = ""}));
}

TEST(Target, LeavesAPathAsItWasSent)
{
  EXPECT_EQ(read_target("/a/../%2e%2e/b", "h.example")->path, "/a/../%2e%2e/b");
  EXPECT_EQ(read_target("//h.example/", "h.example")->path, "//h.example/");
}

TEST(Target, RefusesAllElse)
{
  for (const auto* bad : {"",
                          "*",
                          "h.example:443",
                          "ftp://h.example/",
                          "http://",
                          "http:///a",
                          "http://user@h.example/",
                          "/a#b",
                          "/a b",
                          "/\xc3\xa9",
                          "/a\x7f"}) {
    EXPECT_FALSE(read_target(bad, "h.example")) << bad;
  }
  for (const auto* bad : {"a b",
                          "a/b",
                          "user@h.example",
                          "h.example:80x",
                          "[::1",
                          "[::1]x",
                          "[]",
                          "<b>",
                          "a\"b",
                          "\xc3\xa9"}) {
    EXPECT_FALSE(read_target("/", bad)) << bad;
  }
  EXPECT_FALSE(read_target("/", std::string(256, 'a')));
}

}  // namespace
}  // namespace zonder::web
