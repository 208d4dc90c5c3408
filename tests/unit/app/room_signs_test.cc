// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/room_signs.hh"

namespace zonder::app {
namespace {

const model::Moment start{std::chrono::hours(24 * 365 * 56)};

class RoomSigns : public testing::Test {
protected:
  RoomSigns()
  {
    record_.devices = {{.name = "one", .joined = start},
                       {.name = "printer", .by_leader = true, .joined = start}};
  }
  void contact(const std::string& protocol,
               std::uint16_t port,
               const std::string& name,
               bool blocked = false)
  {
    record_.contacts.push_back({.device = 0,
                                .name = name,
                                .address = net::Address::v4(0xc0000207),
                                .port = port,
                                .protocol = protocol,
                                .blocked = blocked,
                                .count = 1,
                                .first = start,
                                .last = start + std::chrono::minutes(1)});
  }
  [[nodiscard]] std::vector<SeenSign>
  signs(std::chrono::minutes after = std::chrono::minutes(2)) const
  {
    const catalog::PrivateResolvers known({{.called = "Example DNS",
                                            .names = {*net::DomainName::parse("dns.example")},
                                            .addresses = {},
                                            .source = {},
                                            .opened = {}}});
    return signs_in(record_, known, start + after);
  }
  model::RoomRecord record_;
};

TEST_F(RoomSigns, TunnelsAreKnownByTheirPorts)
{
  contact("udp", 51820, "");
  contact("tcp", 443, "www.example");
  const auto found = signs();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].how, model::Outside::Vpn);
  EXPECT_EQ(found[0].what, "WireGuard: udp 51820 192.0.2.7");
  EXPECT_EQ(found[0].time, start);
}

TEST_F(RoomSigns, WhatWasCutIsNoWayAround)
{
  contact("udp", 4500, "vpn.example", true);
  contact("tcp", 443, "dns.example", true);
  EXPECT_TRUE(signs().empty());
}

TEST_F(RoomSigns, NamesInsideHttpsAreKnownByWhoAnswersThem)
{
  contact("tcp", 443, "dns.example");
  const auto found = signs();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].how, model::Outside::PrivateDns);
  EXPECT_EQ(found[0].what, "Example DNS: dns.example");
}

TEST_F(RoomSigns, NamesInsideTlsAreKnownByTheirPortWhoeverAnswers)
{
  contact("tcp", 853, "dns.example");
  contact("udp", 853, "");
  contact("tcp", 853, "absent.example", true);
  const auto found = signs();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].how, model::Outside::PrivateDns);
  EXPECT_EQ(found[0].what, "Example DNS: dns.example");
  EXPECT_EQ(found[1].how, model::Outside::PrivateDns);
  EXPECT_EQ(found[1].what, "udp 853 192.0.2.7");
}

TEST_F(RoomSigns, APersonsDeviceThatFellSilentMayBeElsewhere)
{
  contact("tcp", 443, "www.example");
  EXPECT_TRUE(signs(std::chrono::minutes(10)).empty());
  const auto found = signs(std::chrono::minutes(11));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].how, model::Outside::Silent);
  EXPECT_EQ(found[0].time, start + std::chrono::minutes(1));
  record_.devices[0].left = start + std::chrono::minutes(5);
  EXPECT_TRUE(signs(std::chrono::minutes(11)).empty());
}

}  // namespace
}  // namespace zonder::app
