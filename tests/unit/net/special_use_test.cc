// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "net/special_use.hh"

namespace zonder::net {
namespace {

std::string use_of(const char* address)
{
  const auto use = special_use(*Address::parse(address));
  return use ? std::string(to_string(*use)) : "";
}

TEST(SpecialUse, EndsWhereTheRegistriesSay)
{
  EXPECT_EQ(use_of("172.15.255.255"), "");
  EXPECT_EQ(use_of("172.16.0.0"), "private");
  EXPECT_EQ(use_of("172.31.255.255"), "private");
  EXPECT_EQ(use_of("172.32.0.0"), "");
  EXPECT_EQ(use_of("100.63.255.255"), "");
  EXPECT_EQ(use_of("100.64.0.1"), "shared");
  EXPECT_EQ(use_of("100.128.0.0"), "");
  EXPECT_EQ(use_of("fbff::1"), "");
  EXPECT_EQ(use_of("fdff::1"), "private");
  EXPECT_EQ(use_of("febf::1"), "link-local");
  EXPECT_EQ(use_of("fec0::1"), "");
  EXPECT_EQ(use_of("::1"), "loopback");
  EXPECT_EQ(use_of("::2"), "");
  EXPECT_EQ(use_of("255.255.255.255"), "reserved");
}

TEST(SpecialUse, APrefixIsNobodysWhenSomeOfItIs)
{
  EXPECT_TRUE(is_in_nobodys_space(*Prefix::parse("8.0.0.0/6")));
  EXPECT_TRUE(is_in_nobodys_space(*Prefix::parse("10.1.2.0/24")));
  EXPECT_FALSE(is_in_nobodys_space(*Prefix::parse("11.0.0.0/8")));
  EXPECT_FALSE(is_in_nobodys_space(*Prefix::parse("192.0.2.0/24")));
  EXPECT_FALSE(is_in_nobodys_space(*Prefix::parse("2603:1000::/24")));
  EXPECT_EQ(special_use(*Prefix::parse("8.0.0.0/6")), std::nullopt);
}

}  // namespace
}  // namespace zonder::net
