// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <map>
#include <string>

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
  EXPECT_EQ(without_passwords("https:/u:s@h.example"), "https:***@h.example");
  EXPECT_EQ(without_passwords("http:\\\\u:s@h.example\\x"), "http:\\\\u:***@h.example\\x");
  EXPECT_EQ(without_passwords("http:\\u:s@h.example"), "http:***@h.example");
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

// Whatever stands between the colon and the last "@", and whatever the host looks like.
TEST(UrlPasswords, AreNotShownInAnyShapeOfAddress)
{
  for (const auto& [typed, shown] : std::map<std::string, std::string>{
           {"ci-npm:SECRET@login.example/", "ci-npm:***@login.example/"},
           {"sip:alice:SECRET@pbx.example", "sip:***@pbx.example"},
           {"mailto:x@y:SECRET@h.example", "mailto:***@h.example"},
           {"--proxy=npm:SECRET@h.example", "--proxy=npm:***@h.example"},
           {"user:SECRET@host|cat", "user:***@host|cat"},
           {"user:SECRET@tcp/x", "user:***@tcp/x"},
           {"user:SECRET@tcp(h:3306)/db", "user:***@tcp(h:3306)/db"},
           {"user:SECRET@/db", "user:***@/db"},
           {"user:SECRET@host;x", "user:***@host;x"},
           {"user:SECRET@h&&x", "user:***@h&&x"},
           {"user:SECRET@db1,db2", "user:***@db1,db2"},
           {"user:/SECRET@host", "user:***@host"},
           {"user:a@SECRET/x@host", "user:***@host"},
           {"somebody@corp.example:SECRET@proxy.example",
            "somebody@corp.example:***@proxy.example"},
           {R"({"proxy":"user:SECRET@h","x":1})", R"({"proxy":***@h","x":1})"},
           {"http://user:SEC//RET@host/", "http://user:***@host/"},
           {"http://user:SEC//RET and more@host/", "http://user:***@host/"},
           {"http://ci:12#SECRET@h.example", "http://ci:***@h.example"},
           {"http://ci:12/SECRET@h.example", "http://ci:***@h.example"},
           {"https:/u:my SECRET@h.example", "https:***@h.example"},
           {"(http://u:SECRET@h)", "(http://u:***@h)"}}) {
    EXPECT_EQ(without_passwords(typed), shown);
  }
}

// A word is what that costs: the host stays, behind the last "@".
TEST(UrlPasswords, AreTakenForThereWhereItIsNotSure)
{
  EXPECT_EQ(without_passwords("nginx:1.25@sha256:0123abcd"), "nginx:***@sha256:0123abcd");
  EXPECT_EQ(without_passwords("http://www.example.nl:8080/a@b:c"), "http://www.example.nl:***@b:c");
  EXPECT_EQ(without_passwords("host.example:folder/of@somebody"), "host.example:***@somebody");
  EXPECT_EQ(without_passwords("root@h.example:22,other@i.example:22"),
            "root@h.example:***@i.example:22");
  EXPECT_EQ(without_passwords("C:/folder/a@b"), "C:***@b");
}

TEST(UrlPasswords, AreNotShownWhereTheRestIsCutOff)
{
  EXPECT_EQ(without_passwords_cut_off("http://user:SECR"), "http://user:***");
  EXPECT_EQ(without_passwords_cut_off("http://user:SECRET@"), "http://user:***");
  EXPECT_EQ(without_passwords_cut_off("http://user:my SECR"), "http://user:***");
  EXPECT_EQ(without_passwords_cut_off("curl u:x@h; curl v:y"), "curl u:***@h; curl v:***");
  EXPECT_EQ(without_passwords_cut_off("http://user:"), "http://user:");
  EXPECT_EQ(without_passwords_cut_off("http://www.example.nl/a"), "http://www.example.nl/a");
  EXPECT_EQ(without_passwords_cut_off(""), "");
}

TEST(UrlPasswords, LeaveAloneWhatIsNone)
{
  for (const char* text : {"",
                           "//",
                           "http://user@www.example.nl/",
                           "http://user:@www.example.nl/",
                           "https://www.example.nl?x=//a:b",
                           "http://www.example.nl:8080 and mail somebody@example.nl",
                           "http://www.example.nl:8080, somebody@example.nl",
                           "cannot load http://www.example.nl: somebody@example.nl",
                           "http://a.example:x http://b.example/",
                           "http://a.example:x\nsomebody@example.nl",
                           "somebody@example.nl",
                           "mailto:somebody@example.nl",
                           "git@host.example:folder/file",
                           "NPM:left-pad@1.3.0",
                           "https://cdn.example/npm/left-pad@1.3.0",
                           "http://www.example.nl:80/x:y and somebody@example.nl",
                           "fe80::1%eth0",
                           "12:30",
                           "@:"}) {
    EXPECT_EQ(without_passwords(text), text);
  }
}

}  // namespace
}  // namespace zonder::net
