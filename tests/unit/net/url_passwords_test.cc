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

TEST(UrlPasswords, AreNotShownInShapesThatBrowsersForgive)
{
  EXPECT_EQ(without_passwords("https:///u:s@h.example"), "https:///u:***@h.example");
  EXPECT_EQ(without_passwords("https:/u:s@h.example"), "https:/u:***@h.example");
  EXPECT_EQ(without_passwords("http:\\\\u:s@h.example\\x"), "http:\\\\u:***@h.example\\x");
  EXPECT_EQ(without_passwords("http:\\u:s@h.example"), "http:\\u:***@h.example");
  EXPECT_EQ(without_passwords("https:u:s@h.example"), "https:***@h.example");
}

TEST(UrlPasswords, AreNotShownWithCharactersThatNoAddressMayHold)
{
  EXPECT_EQ(without_passwords("http://u:my secret word@h.example/a b@c"),
            "http://u:***@h.example/a b@c");
  EXPECT_EQ(without_passwords("cannot load http://u:my secret@h.example: it is gone"),
            "cannot load http://u:***@h.example: it is gone");
  EXPECT_EQ(without_passwords("http://u:a/b?c#d@h.example"), "http://u:***@h.example");
  EXPECT_EQ(without_passwords("http://u:a\tb@h.example"), "http://u:***@h.example");
  EXPECT_EQ(without_passwords("http://u:12,34@h.example"), "http://u:***@h.example");
}

TEST(UrlPasswords, AreNotShownWithoutAScheme)
{
  EXPECT_EQ(without_passwords("user:secret@www.example.nl"), "user:***@www.example.nl");
  EXPECT_EQ(without_passwords("u:a@b@[2001:db8::1]:8080"), "u:***@[2001:db8::1]:8080");
  EXPECT_EQ(without_passwords("--proxy=u:s@h.example:80/x"), "--proxy=u:***@h.example:80/x");
  EXPECT_EQ(without_passwords("does not know u:s@h.example: see"),
            "does not know u:***@h.example: see");
  EXPECT_EQ(without_passwords("curl -x 'u:s@h', or -xu:s@h."), "curl -x 'u:***@h', or -xu:***@h.");
}

TEST(UrlPasswords, LeaveAloneWhatIsNone)
{
  for (const char* text : {"",
                           "//",
                           "http://www.example.nl:8080/a@b:c",
                           "http://user@www.example.nl/",
                           "http://user:@www.example.nl/",
                           "https://www.example.nl?x=//a:b",
                           "http://www.example.nl:8080 and mail somebody@example.nl",
                           "http://www.example.nl:8080, somebody@example.nl",
                           "http://www.example.nl:80/@somebody",
                           "cannot load http://www.example.nl: somebody@example.nl",
                           "http://a.example:x http://b.example/",
                           "http://a.example:x\nsomebody@example.nl",
                           "somebody@example.nl",
                           "mailto:somebody@example.nl",
                           "--to=mailto:somebody@example.nl",
                           "git@host.example:folder/file",
                           "root@h.example:22,other@i.example:22",
                           "host.example:folder/of@somebody",
                           "nginx:1.25@sha256:0123abcd",
                           "fe80::1%eth0",
                           "12:30",
                           "C:/folder/a@b",
                           "@:"}) {
    EXPECT_EQ(without_passwords(text), text);
  }
}

}  // namespace
}  // namespace zonder::net
