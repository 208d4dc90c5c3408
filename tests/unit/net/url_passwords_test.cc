// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "net/url_passwords.hh"

namespace zonder::net {
namespace {

TEST(UrlPasswords, AreNotShownWhereverTheyStand)
{
  EXPECT_EQ(without_passwords("http://user:secret@www.example.nl/"),
            "http://user:***@www.example.nl/");
  EXPECT_EQ(without_passwords("HTTPS://:p@[2001:db8::1]:8080"), "HTTPS://:***@[2001:db8::1]:8080");
  EXPECT_EQ(without_passwords("http://u:a@b:c@www.example.nl"), "http://u:***@www.example.nl");
  EXPECT_EQ(without_passwords("cannot load 'ws://u:p'q\"@h.example/x', nor //v:w@i.example?"),
            "cannot load 'ws://u:***@h.example/x', nor //v:***@i.example?");
  EXPECT_EQ(without_passwords("--proxy=http://u:p@h.example:80"),
            "--proxy=http://u:***@h.example:80");
}

TEST(UrlPasswords, LeaveAloneWhatIsNone)
{
  for (const char* text : {"",
                           "//",
                           "http://www.example.nl:8080/a@b:c",
                           "http://user@www.example.nl/",
                           "http://user:@www.example.nl/",
                           "https://www.example.nl?x=//a:b",
                           "user:secret@www.example.nl",
                           "mail a:b@c.example"}) {
    EXPECT_EQ(without_passwords(text), text);
  }
}

}  // namespace
}  // namespace zonder::net
