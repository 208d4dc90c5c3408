// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "net/mac_address.hh"

namespace zonder::net {
namespace {

TEST(MacAddress, IsReadAsPeopleWriteIt)
{
  for (const char* text : {"52:54:00:ab:cd:0f", "52-54-00-AB-CD-0F", "52:54:00:AB:cd:0F"}) {
    const auto address = MacAddress::try_parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), "52:54:00:ab:cd:0f");
  }
}

TEST(MacAddress, NothingElseIs)
{
  for (const char* text : {"",
                           "52:54:00:ab:cd",
                           "52:54:00:ab:cd:0",
                           "52:54:00:ab:cd:0f:",
                           "52:54-00:ab:cd:0f",
                           "525400abcd0f",
                           "52:54:00:ab:cd:0g",
                           "52:54:00:ab:cd:-f",
                           " 2:54:00:ab:cd:0f",
                           "52:54:00:ab:cd: f"}) {
    EXPECT_FALSE(MacAddress::try_parse(text)) << text;
  }
}

TEST(MacAddress, TellsGroupsAndThoseThatADeviceChose)
{
  EXPECT_TRUE(MacAddress::try_parse("01:00:5e:00:00:01")->is_group());
  EXPECT_FALSE(MacAddress::try_parse("00:1b:21:00:00:01")->is_group());
  EXPECT_TRUE(MacAddress::try_parse("da:a1:19:00:00:01")->is_chosen());
  EXPECT_FALSE(MacAddress::try_parse("00:1b:21:00:00:01")->is_chosen());
}

}  // namespace
}  // namespace zonder::net
