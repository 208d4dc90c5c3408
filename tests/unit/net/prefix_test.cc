// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "net/prefix.hh"

namespace zonder::net {
namespace {

TEST(Prefix, PrintsWhatItReads)
{
  for (const char* text : {"0.0.0.0/0",
                           "192.0.2.0/24",
                           "192.0.2.1/32",
                           "::/0",
                           "2001:db8::/32",
                           "2001:db8::1/128",
                           "255.255.255.255/32"}) {
    const auto prefix = Prefix::parse(text);
    ASSERT_TRUE(prefix) << text;
    EXPECT_EQ(prefix->to_string(), text);
  }
}

TEST(Prefix, ReadsAnAddressAloneAsItsFullWidth)
{
  EXPECT_EQ(Prefix::parse("192.0.2.1")->to_string(), "192.0.2.1/32");
  EXPECT_EQ(Prefix::parse("2001:db8::1")->to_string(), "2001:db8::1/128");
}

TEST(Prefix, SaysWhichPrefixWasMeantWhenHostBitsAreSet)
{
  const auto prefix = Prefix::parse("192.0.2.1/24");
  ASSERT_FALSE(prefix);
  EXPECT_EQ(prefix.error().message,
            "prefix has host bits set: 192.0.2.1/24 (did you mean 192.0.2.0/24?)");
}

TEST(Prefix, RefusesBytesAfterAnEndThatOnlyCSees)
{
  using namespace std::string_view_literals;
  EXPECT_FALSE(Prefix::parse("192.0.2.0\0x/24"sv));
  EXPECT_FALSE(Address::parse("192.0.2.1\0"sv));
}

TEST(Prefix, RefusesWhatIsNoPrefix)
{
  for (const char* text : {"",
                           "/",
                           "/24",
                           "192.0.2.0/33",
                           "192.0.2.0/-1",
                           "192.0.2.0/ 8",
                           "192.0.2.0/8x",
                           "192.0.2/24",
                           "2001:db8::/129",
                           "example.nl"}) {
    EXPECT_FALSE(Prefix::parse(text)) << text;
  }
}

TEST(Prefix, EndsWhereItsLastAddressIs)
{
  EXPECT_EQ(Prefix::parse("192.0.2.0/24")->last().to_string(), "192.0.2.255");
  EXPECT_EQ(Prefix::parse("0.0.0.0/0")->last().to_string(), "255.255.255.255");
  EXPECT_EQ(Prefix::parse("2001:db8::/33")->last().to_string(),
            "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(Prefix::parse("::/0")->last().to_string(), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

TEST(Prefix, CoversARangeWithTheFewestPrefixes)
{
  const auto texts = [](const char* first, const char* last) {
    std::vector<std::string> all;
    for (const auto& prefix : prefixes_of_range(*Address::parse(first), *Address::parse(last))) {
      all.push_back(prefix.to_string());
    }
    return all;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts("0.0.0.0", "255.255.255.255"), Texts{"0.0.0.0/0"});
  EXPECT_EQ(texts("10.0.0.1", "10.0.0.4"), (Texts{"10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/32"}));
  EXPECT_EQ(texts("2001:db8::", "2001:db8:0:2::"), (Texts{"2001:db8::/63", "2001:db8:0:2::/128"}));
}

TEST(Address, BehindNat64IsTheIPv4AddressAtItsEnd)
{
  EXPECT_EQ(meant_behind_nat64(Address::parse("64:ff9b::c000:201").value()),
            Address::parse("192.0.2.1").value());
  for (const char* other : {"192.0.2.1", "64:ff9b::1:c000:201", "64:ff9b:1::c000:201", "::1"}) {
    EXPECT_FALSE(meant_behind_nat64(Address::parse(other).value())) << other;
  }
}

}  // namespace
}  // namespace zonder::net
