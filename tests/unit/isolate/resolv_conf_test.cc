// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/resolv_conf.hh"

namespace zonder::isolate {
namespace {

TEST(ResolvConf, GivesTheFirstThreeResolversAndTheClientsOwnLines)
{
  const auto conf = parse_resolv_conf("# made by a VPN\n"
                                      "domain gemeente.example\n"
                                      "nameserver\t192.0.2.1  # the first\n"
                                      "search a.example b.example \r\n"
                                      "nameserver 2001:db8::53\n"
                                      "options edns0 trust-ad\n"
                                      "nameserver 127.0.0.53\n"
                                      "nameserver 192.0.2.4",
                                      "resolv.conf");
  ASSERT_TRUE(conf) << conf.error().message;
  ASSERT_EQ(conf->upstream.size(), 3U);
  EXPECT_EQ(conf->upstream[0].address.to_string(), "192.0.2.1");
  EXPECT_EQ(conf->upstream[1].address.to_string(), "2001:db8::53");
  EXPECT_EQ(conf->upstream[2].address.to_string(), "127.0.0.53");
  EXPECT_EQ(conf->upstream[2].port, 53);
  EXPECT_EQ(conf->client_lines,
            (std::vector<std::string>{"domain gemeente.example",
                                      "search a.example b.example",
                                      "options edns0 trust-ad"}));
}

TEST(ResolvConf, KeepsTheLinkOfALinkLocalResolver)
{
  const auto conf = parse_resolv_conf("nameserver fe80::1%lo\n", "resolv.conf");
  ASSERT_TRUE(conf) << conf.error().message;
  EXPECT_EQ(conf->upstream[0].address.to_string(), "fe80::1");
  EXPECT_EQ(conf->upstream[0].link, 1U);
}

TEST(ResolvConf, SaysThatThereIsNoResolverInIt)
{
  for (const std::string& text : {std::string(),
                                  std::string("search example.nl\n"),
                                  std::string("nameserver\n"),
                                  std::string("nameserver example.nl\n"),
                                  std::string("nameserver 192.0.2.1.1\n"),
                                  std::string("#nameserver 192.0.2.1\n"),
                                  std::string("nameserver fe80::1%no-such-link\n"),
                                  std::string("nameserver 192.0.2.1\0\n", 22)}) {
    const auto conf = parse_resolv_conf(text, "/etc/resolv.conf");
    ASSERT_FALSE(conf) << text;
    EXPECT_EQ(conf.error().message,
              "/etc/resolv.conf: no resolver in it (a line such as: nameserver 192.0.2.53); "
              "without one no name can be looked up in the room");
  }
}

TEST(ResolvConf, SaysThatItCannotBeRead)
{
  const auto conf = read_resolv_conf("/no/such/resolv.conf");
  ASSERT_FALSE(conf);
  EXPECT_NE(conf.error().message.find("/no/such/resolv.conf"), std::string::npos);
}

}  // namespace
}  // namespace zonder::isolate
