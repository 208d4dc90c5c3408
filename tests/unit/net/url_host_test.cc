// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "net/url_host.hh"

namespace zonder::net {
namespace {

TEST(UrlHost, IsFoundHoweverTheUrlIsMade)
{
  EXPECT_EQ(url_host("https://www.example.nl"), "www.example.nl");
  EXPECT_EQ(url_host("https://www.example.nl:8080/a?b#c"), "www.example.nl");
  EXPECT_EQ(url_host("wss://www.example.nl?x=/@other.example"), "www.example.nl");
  EXPECT_EQ(url_host("http://user:secret@www.example.nl/"), "www.example.nl");
  EXPECT_EQ(url_host("http://one@two@www.example.nl/"), "www.example.nl");
  EXPECT_EQ(url_host("http://[2001:db8::1]:80/"), "2001:db8::1");
  EXPECT_EQ(url_host("http://192.0.2.1#x"), "192.0.2.1");
}

TEST(UrlHost, IsEmptyWhereThereIsNone)
{
  for (const char* url : {"", "www.example.nl", "http:///path", "http://[2001:db8::1", "data:,x"}) {
    EXPECT_EQ(url_host(url), "") << url;
  }
}

TEST(UrlHost, HasAPortByNameOrByScheme)
{
  EXPECT_EQ(url_port("http://a.example/"), 80);
  EXPECT_EQ(url_port("https://a.example"), 443);
  EXPECT_EQ(url_port("wss://user:80@[::1]:8443/"), 8443);
  EXPECT_EQ(url_port("http://a.example:/"), 80);
  for (const char* url : {"http://a.example:0/", "http://a.example:65536", "http://a.example:x"}) {
    EXPECT_EQ(url_port(url), 0) << url;
  }
  EXPECT_EQ(url_port_text("http://[2001:db8::1]:x/"), "x");
  EXPECT_EQ(url_port_text("http://u:p@a.example/"), "");
}

}  // namespace
}  // namespace zonder::net
