// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/proxy_policy.hh"
#include "support/mini_internet.hh"

namespace zonder::isolate {
namespace {

net::Address address(const char* text)
{
  return net::Address::parse(text).value();
}

class ProxyPolicyOf : public testing::Test {
protected:
  model::Absence absence = test::microsoft_absence();
  ProxyPolicy policy{absence, {address("192.168.50.2")}};
};

TEST_F(ProxyPolicyOf, AnAddressIsAsAPacketToIt)
{
  EXPECT_EQ(policy.at_once("", address(test::microsoft_v4))->party, 0U);
  EXPECT_EQ(policy.at_once("", address("64:ff9b::20.190.128.1"))->party, 0U);
  EXPECT_EQ(policy.at_once("", address(test::europe_v6)), ProxyJudgement());
  for (const char* text : {"127.0.0.1",
                           "0.0.0.0",
                           "169.254.169.254",
                           "::1",
                           "::",
                           "fe80::1",
                           "2002:14be:8001::1",
                           "192.168.50.2",
                           "64:ff9b::127.0.0.1",
                           "198.18.0.1"}) {
    EXPECT_TRUE(policy.at_once("", address(text))->off_limits) << text;
  }
}

TEST_F(ProxyPolicyOf, WhatIsClosedIsNotPassedOnTo)
{
  const ProxyPolicy closed(absence, {}, {net::Prefix::parse("10.213.80.0/23").value()});
  EXPECT_TRUE(closed.at_once("", address("10.213.81.7"))->off_limits);
  EXPECT_TRUE(closed.after({}, {address(test::europe_v4), address("10.213.80.1")}).off_limits);
  EXPECT_FALSE(closed.at_once("", address("10.213.82.1"))->off_limits);
}

TEST_F(ProxyPolicyOf, ANameIsAsAQuestionForIt)
{
  EXPECT_EQ(policy.at_once("login.microsoft.example", {})->party, 0U);
  EXPECT_EQ(policy.at_once("www.europe.example", {}), std::nullopt);
  EXPECT_TRUE(policy.at_once("a.localhost", {})->off_limits);
}

TEST_F(ProxyPolicyOf, ALivingNameIsAbsentWhereAllItsAddressesAre)
{
  const auto dead_v4 = address(test::microsoft_v4);
  const auto dead_v6 = address(test::microsoft_v6);
  const auto alive = address(test::europe_v4);
  EXPECT_EQ(policy.after({}, {dead_v4, dead_v6}).party, 0U);
  EXPECT_EQ(policy.after({}, {alive}), (ProxyJudgement{.party = {}, .living = alive}));
  // Which of them a proxy takes, nobody knows.
  EXPECT_EQ(policy.after({}, {dead_v4, alive}).footing, ProxyFooting::Mixed);
  EXPECT_EQ(policy.after({}, {dead_v4, address(test::europe_v6), alive}).living, alive);
  const auto alive_v6 = address(test::europe_v6);
  EXPECT_EQ(policy.after({}, {dead_v4, alive_v6, alive, alive_v6}).others,
            (std::vector{alive_v6, alive_v6}));
  EXPECT_EQ(policy.after(0, {alive}).party, 0U);
  EXPECT_EQ(policy.after({}, {}).footing, ProxyFooting::NameOnly);
  EXPECT_TRUE(policy.after({}, {address("127.0.0.1")}).off_limits);
}

}  // namespace
}  // namespace zonder::isolate
