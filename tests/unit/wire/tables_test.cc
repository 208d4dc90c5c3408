// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "wire/tables/ip_location.hh"
#include "wire/tables/third_party_web.hh"

namespace zonder::wire::tables {
namespace {

TEST(IpLocation, ReadsRangesWithNamesThatHaveCommasAndQuotes)
{
  const auto rows = read_as_table("192.0.2.0,192.0.2.255,64500,\"Example, \"\"Best\"\" Inc.\"\r\n"
                                  "2001:db8::,2001:db8::ffff,64501,Other\n",
                                  "as.csv");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].name, "Example, \"Best\" Inc.");
  EXPECT_EQ((*rows)[1].asn.number, 64501U);
  EXPECT_EQ((*rows)[1].range.last.to_string(), "2001:db8::ffff");
}

TEST(IpLocation, RefusesTheFirstLineThatIsNone)
{
  for (const char* bad : {"192.0.2.0,192.0.2.255,64500\n",
                          "192.0.2.255,192.0.2.0,64500,Backwards\n",
                          "192.0.2.0,2001:db8::1,64500,Mixed\n",
                          "192.0.2.0,192.0.2.255,many,Name\n",
                          "192.0.2.0,192.0.2.255,64500,\"open\n",
                          "192.0.2.0,192.0.2.255,64500,\"x\"y\n",
                          "here,there,64500,Name\n"}) {
    const auto rows = read_as_table("192.0.2.0,192.0.2.0,1,One\n" + std::string(bad), "as.csv");
    ASSERT_FALSE(rows) << bad;
    EXPECT_EQ(rows.error().message,
              "as.csv:2: not a line of this table (first address, last address, AS, name): fetch "
              "the table again");
  }
}

TEST(IpLocation, ReadsNorwayAsAText)
{
  const auto rows = read_country_table("192.0.2.0,192.0.2.255,NO\n", "country.csv");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0].country, "NO");
  EXPECT_FALSE(read_country_table("192.0.2.0,192.0.2.255,false\n", "country.csv"));
}

TEST(ThirdPartyWeb, ReadsCompaniesAndTheirNames)
{
  const auto entities = read_web_entities(
      R"([{"name": "Ads", "company": "Example", "domains": ["*.ads.example", "b.example"]}])",
      "entities.json");
  ASSERT_TRUE(entities);
  EXPECT_EQ((*entities)[0].company, "Example");
  EXPECT_EQ((*entities)[0].domains[0], "ads.example");
}

TEST(ThirdPartyWeb, RefusesWhatIsNotThatList)
{
  for (const char* bad : {"",
                          "{",
                          "{}",
                          "[1]",
                          R"([{"name": 1, "domains": []}])",
                          R"([{"name": "x", "domains": [1]}])"}) {
    const auto entities = read_web_entities(bad, "entities.json");
    ASSERT_FALSE(entities) << bad;
    EXPECT_EQ(entities.error().message,
              "entities.json: not the list of entities of third-party-web: fetch it again");
  }
}

}  // namespace
}  // namespace zonder::wire::tables
