// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What is wrong with a list is said with its place; the rest of the list counts.
#include <gtest/gtest.h>

#include "support/list_files.hh"

namespace zonder::wire {
namespace {

using test::Lines;
using test::sound_list;
using test::why_not_list;

constexpr const char* known_formats =
    "aws-ip-ranges, azure-service-tags, microsoft-365-endpoints, google-ip-ranges, "
    "fastly-ip-list, oracle-ip-ranges, github-meta, misp-warninglist, asn-info, "
    "m365-service-areas, cloudflare-ips, lord-alfred-ipranges, prefix-list, v2fly-domain-list";

TEST(ListMistakes, EachRowOfALineListIsNamedByItsLine)
{
  const auto list = sound_list("dir/list.txt",
                               "192.0.2.0/24\n"
                               "192.0.2.1/24\n"
                               "192.0.2.0/33\n"
                               "198.51.100.0-192.0.2.0\n"
                               "192.0.2.0-2001:db8::1\n"
                               "0.0.0.0/0\n"
                               "0.0.0.0-255.255.255.255\n"
                               "2000::/3\n"
                               "198.51.100.0/24 198.51.101.0/24\n"
                               "2001:db8::/32\n"
                               "203.0.113.0/24\n"
                               "203.0.113.1\n"
                               "203.0.113.2\n"
                               "203.0.113.3\n"
                               "203.0.113.4\n"
                               "\x1b[2J\xff\n");
  EXPECT_EQ(list.complaints,
            (Lines{"dir/list.txt:2: prefix has host bits set: 192.0.2.1/24 (did you mean "
                   "192.0.2.0/24?)",
                   "dir/list.txt:3: 192.0.2.0/33 is not a prefix (write it like 192.0.2.0/24 or "
                   "2001:db8::/32)",
                   "dir/list.txt:4: 198.51.100.0-192.0.2.0 is not a range (write it like "
                   "192.0.2.0-192.0.2.255)",
                   "dir/list.txt:5: 192.0.2.0-2001:db8::1 is not a range (write it like "
                   "192.0.2.0-192.0.2.255)",
                   "dir/list.txt:6: 0.0.0.0/0 is too wide to be one party's own",
                   "dir/list.txt:7: 0.0.0.0-255.255.255.255 is too wide to be one party's own",
                   "dir/list.txt:8: 2000::/3 is too wide to be one party's own",
                   "dir/list.txt:9: 198.51.100.0/24 198.51.101.0/24 is not a prefix (write it "
                   "like 192.0.2.0/24 or 2001:db8::/32)",
                   "dir/list.txt:16: ?[2J? is not a prefix (write it like 192.0.2.0/24 or "
                   "2001:db8::/32)"}));
  EXPECT_EQ(list.records, 16U);
  EXPECT_EQ(list.unreadable, 9U);
  EXPECT_EQ(list.prefixes.size(), 7U);
}

TEST(ListMistakes, EachRowOfJsonIsNamedByItsPath)
{
  struct Case {
    const char* path;
    const char* text;
    const char* complaint;
  };
  const Case cases[] = {
      {"aws.json",
       R"({"createDate": "x", "prefixes": [{"ip_prefix": "192.0.2.0/24"}, {"ip_prefix": 7}]})",
       "aws.json: prefixes[1].ip_prefix:  is not a prefix (write it like 192.0.2.0/24 or "
       "2001:db8::/32)"},
      {"m365.json",
       R"([{"serviceArea": "Teams", "ips": ["192.0.2.0/24", "192.0.2.9/24"]}])",
       "m365.json: [0].ips[1]: prefix has host bits set: 192.0.2.9/24 (did you mean "
       "192.0.2.0/24?)"},
      {"m365.json",
       R"([{"serviceArea": "Teams", "urls": ["a.example", "a b.example"]}])",
       "m365.json: [0].urls[1]: a b.example is not a domain name (write it like www.example.nl)"},
      {"tags.json",
       R"({"changeNumber": 1, "values": [{}, {"name": "Sql", "properties": {"addressPrefixes":
         ["192.0.2.0/24", "x"]}}]})",
       "tags.json: values[1].properties.addressPrefixes[1]: x is not a prefix (write it like "
       "192.0.2.0/24 or 2001:db8::/32)"},
      {"goog.json",
       R"({"syncToken": "1", "prefixes": [{"ipv4Prefix": "192.0.2.0/24"}, {"ipv6Prefix": "a::/1000"}]})",
       "goog.json: prefixes[1].ipv6Prefix: a::/1000 is not a prefix (write it like 192.0.2.0/24 "
       "or 2001:db8::/32)"},
      {"fastly.json",
       R"({"addresses": ["192.0.2.0/24"], "ipv6_addresses": ["2001:db8::1/32"]})",
       "fastly.json: ipv6_addresses[0]: prefix has host bits set: 2001:db8::1/32 (did you mean "
       "2001:db8::/32?)"},
      {"oracle.json",
       R"({"last_updated_timestamp": "", "regions": [{"cidrs": [{"cidr": "192.0.2.0/24"}, {}]}]})",
       "oracle.json: regions[0].cidrs[1]:  is not a prefix (write it like 192.0.2.0/24 or "
       "2001:db8::/32)"},
      {"meta.json",
       R"({"hooks": ["192.0.2.0/24"], "web": [], "git": ["www.example.nl"]})",
       "meta.json: git[0]: www.example.nl is not a prefix (write it like 192.0.2.0/24 or "
       "2001:db8::/32)"},
      {"meta.json",
       R"({"hooks": ["192.0.2.0/24"], "web": [], "git": [], "domains": {"website": ["192.0.2.1"]}})",
       "meta.json: domains.website[0]: 192.0.2.1 is an address, where a name was expected"},
      {"misp.json",
       R"({"name": "-", "type": "cidr", "list": ["192.0.2.0/24", "example.nl"]})",
       "misp.json: list[1]: example.nl is not a prefix (write it like 192.0.2.0/24 or "
       "2001:db8::/32)"},
  };
  for (const auto& c : cases) {
    const auto list = sound_list(c.path, c.text);
    EXPECT_EQ(list.complaints, (Lines{c.complaint})) << c.text;
    EXPECT_EQ(list.unreadable, 1U);
    EXPECT_EQ(list.prefixes.size() + list.names.size(), 1U);
  }
}

TEST(ListMistakes, RowsOfTheOtherTablesToo)
{
  EXPECT_EQ(sound_list("as.csv",
                       "asn,handle,description\n1,A,B\nASx,A,B\n2,A,\"open\n3,A,\"a\"b\n"
                       "4294967296,A,B\n")
                .complaints,
            (Lines{"as.csv:3: ASx is not an AS number (write it like AS64496)",
                   "as.csv:4: a double quote is not closed",
                   "as.csv:5: a double quote is not closed",
                   "as.csv:6: 4294967296 is not an AS number (write it like AS64496)"}));
  EXPECT_EQ(sound_list("areas.tsv",
                       "service_area\tendpoint_id\trequired\ttcp\tudp\tprefixes_v4\n"
                       "Teams\t11\tyes\n"
                       "Teams\t11\tyes\t\t3478\t52.112.0.0/14 52.112.0.1/14\n")
                .complaints,
            (Lines{"areas.tsv:2: a row of this table has six columns, by tabs",
                   "areas.tsv:3: prefix has host bits set: 52.112.0.1/14 (did you mean "
                   "52.112.0.0/14?)"}));
  EXPECT_EQ(sound_list("data/a",
                       "example.nl\nexample.org\nexample.com\nexample.net\nexample.eu\n"
                       "exa mple.nl\nnew:example.nl\nfull:\n192.0.2.1\n-..nl\nexample.info\n")
                .complaints,
            (Lines{"data/a:6: this is not a rule (write it like example.nl, full:www.example.nl or "
                   "include:other)",
                   "data/a:7: this is not a rule (write it like example.nl, full:www.example.nl or "
                   "include:other)",
                   "data/a:8: this is not a rule (write it like example.nl, full:www.example.nl or "
                   "include:other)",
                   "data/a:9: 192.0.2.1 is an address, where a name was expected",
                   "data/a:10: -..nl is not a domain name (write it like www.example.nl)"}));
}

TEST(ListMistakes, TheFirstTwentyAreTold)
{
  std::string text = "192.0.2.0/24\n";
  for (int i = 0; i < 30; ++i) {
    text += "192.0.2.1/24\n";
  }
  const auto list = sound_list("a.txt", text);
  EXPECT_EQ(list.unreadable, 30U);
  EXPECT_EQ(list.complaints.size(), 20U);
}

TEST(ListMistakes, AListOfWhichNothingCanBeReadIsRefused)
{
  const auto not_known = [](const std::string& path) {
    return path + ": not a list that zonder knows (it knows " + known_formats + ")";
  };
  EXPECT_EQ(why_not_list("a.txt", ""), "a.txt: there is nothing in it");
  EXPECT_EQ(why_not_list("a.txt", "# nothing\n\n"), not_known("a.txt"));
  EXPECT_EQ(why_not_list("LICENSE", "MIT License\n\nPermission is hereby granted to any person\n"),
            not_known("LICENSE"));
  EXPECT_EQ(why_not_list("numbers", "8075\n13335\n"), not_known("numbers"));
  EXPECT_EQ(why_not_list("a.json", R"({"a": 1})"), not_known("a.json"));
  EXPECT_EQ(why_not_list("a.bin", std::string("192.0.2.0/24\n\0\n", 15)), not_known("a.bin"));
  EXPECT_EQ(why_not_list("a.json", R"({"name": "-", "type": "cidr", "list": []})"),
            "a.json: there is nothing in it");
  EXPECT_EQ(why_not_list("a.txt", "192.0.2.1/24\n"),
            "a.txt: none of it can be read as prefix-list; the first mistake: a.txt:1: prefix has "
            "host bits set: 192.0.2.1/24 (did you mean 192.0.2.0/24?)");
}

TEST(ListMistakes, JsonThatBreaksOffOrIsNoneIsRefusedWithItsPlace)
{
  EXPECT_EQ(why_not_list("a.json", "{\"createDate\": \"x\",\n \"prefixes\": [\n  {\"ip_pre"),
            "a.json:3:11: this JSON breaks off here; get the file again");
  EXPECT_EQ(why_not_list("a.json", "{\n\"list\": [1,\n"),
            "a.json:3:1: this JSON breaks off here; get the file again");
  EXPECT_EQ(why_not_list("a.json", "{\"list\": [1,,2]}"),
            "a.json:1:13: this is not JSON from here on");
  EXPECT_EQ(why_not_list("a.json", "{}\n{}"), "a.json:2:1: this is not JSON from here on");
  EXPECT_EQ(why_not_list("a.json", "[\"\xff\"]"), "a.json:1:3: this is not JSON from here on");
  EXPECT_EQ(why_not_list("a.json", std::string(3000, '[') + std::string(3000, ']')),
            "a.json: cannot be read as JSON: The JSON document was too deep (too many nested "
            "objects and arrays)");
}

TEST(ListMistakes, WhatTheUserSaysMustFitTheList)
{
  const auto* fastly = R"({"addresses": ["192.0.2.0/24"], "ipv6_addresses": []})";
  EXPECT_EQ(why_not_list("f.json", fastly, {.party = "akamai"}),
            "f.json: this list says itself that it is of fastly, not of akamai (leave out --as "
            "akamai)");
  EXPECT_EQ(why_not_list("f.json", fastly, {.party = "fastly"}), "");
  EXPECT_EQ(why_not_list("f.json", fastly, {.format = "fastly-ip-lists"}),
            "fastly-ip-lists is not a format of lists (did you mean fastly-ip-list?)");
  EXPECT_EQ(why_not_list("f.json", fastly, {.format = "x"}),
            std::string("x is not a format of lists (there are ") + known_formats + ")");
  EXPECT_EQ(why_not_list("f.json", fastly, {.format = "github-meta"}),
            "f.json: this is not a list in the format github-meta");
  EXPECT_EQ(why_not_list("f.txt", "192.0.2.0/24\n", {.format = "github-meta"}),
            "f.txt: this is not a list in the format github-meta");
  EXPECT_EQ(why_not_list("f.txt", "192.0.2.0/24\n", {.format = "prefix-list"}), "");
}

TEST(ListMistakes, SizesAreBounded)
{
  EXPECT_EQ(why_not_list("big.txt", std::string(largest_list + 1, '\n')),
            "big.txt is larger than the 67108864 bytes that are allowed");
  std::string rows;
  for (std::size_t i = 0; i <= most_list_rows; ++i) {
    rows += "192.0.2.1\n";
  }
  EXPECT_EQ(why_not_list("long.txt", rows),
            "long.txt: more than 1000000 rows; zonder reads no list that is longer");
  // A range of IPv6 addresses may be hundreds of prefixes.
  std::string ranges;
  for (int i = 0; i < 10'000; ++i) {
    ranges += "2001:db8::1-2001:db8:ffff:ffff:ffff:ffff:ffff:fffe\n";
  }
  EXPECT_EQ(why_not_list("wide.txt", ranges),
            "wide.txt: more than 1000000 rows; zonder reads no list that is longer");
}

TEST(ListMistakes, ForeignTextIsFitToBeShown)
{
  const auto list = sound_list("areas.tsv",
                               "service_area\tendpoint_id\trequired\ttcp\tudp\tprefixes_v4\n"
                               "Te\x1b]0;x\x07ms\t11\tyes\t\t3478\t52.112.0.0/14\n");
  EXPECT_EQ(list.prefixes.at(0).service, "Te?]0;x?ms");
  // Marks that turn text around, C1 controls, bytes that are no UTF-8; what is sound stays.
  EXPECT_EQ(sound_list("as.csv",
                       "asn,handle,description\n1,A,Telef\xC3\xB3nica \xE2\x80\xAE"
                       "x \xC2\x9Bx \xC3( \xF0\x9F\x8D\xB0\n")
                .asns.at(0)
                .description,
            "Telef\xC3\xB3nica ???x ??x ?( \xF0\x9F\x8D\xB0");
}

}  // namespace
}  // namespace zonder::wire
