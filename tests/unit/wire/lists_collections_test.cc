// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What others collect of providers: MISP, lord-alfred, v2fly; and lists of the user's own.
#include <gtest/gtest.h>

#include "support/list_files.hh"

namespace zonder::wire {
namespace {

using test::Lines;
using test::names_of;
using test::prefixes_of;
using test::sound_list;

TEST(MispWarninglist, KnowsThePartyByFileByFolderAndByName)
{
  const std::string text = R"({"description": "-", "list": ["104.156.80.0/20", "2a04:4e40::1"],
    "matching_attributes": ["ip-src"], "name": "NAME", "type": "cidr", "version": 20260819})";
  const auto list = sound_list("misp/fastly.json", text);
  EXPECT_EQ(list.format, "misp-warninglist");
  EXPECT_EQ(list.party, "fastly");
  EXPECT_EQ(list.published, "2026-08-19");
  EXPECT_EQ(prefixes_of(list), (Lines{"104.156.80.0/20 services", "2a04:4e40::1/128 services"}));

  EXPECT_EQ(sound_list("lists/fastly/list.json", text).party, "fastly");
  auto renamed = text;
  renamed.replace(renamed.find("NAME"), 4, "List of known Zscaler IP address ranges");
  EXPECT_EQ(sound_list("downloaded.json", renamed).party, "zscaler");
}

TEST(MispWarninglist, SaysNoPartyWhereTheListIsNoOnes)
{
  const auto list = sound_list("crl-ip.json", R"({"name": "CRL and OCSP IP addresses",
    "type": "cidr", "version": 20260811, "list": ["104.18.20.226"]})");
  EXPECT_EQ(list.party, "");
  EXPECT_EQ(list.called, "CRL and OCSP IP addresses");
  // What Windows 10 connects to is not all Microsoft's: akamai.net is in it.
  EXPECT_EQ(sound_list("microsoft-win10-connection-endpoints.json",
                       R"({"name": "List of known Windows 10 connection endpoints",
                           "type": "string", "version": 3, "list": [".akamai.net"]})")
                .party,
            "");
}

TEST(MispWarninglist, ADotAheadMeansAllUnderIt)
{
  const auto list = sound_list("microsoft.json", R"({"name": "List of known microsoft domains",
    "type": "string", "version": 5, "list": [".aadrm.com", "za.microsoftstore.com"]})");
  EXPECT_EQ(list.party, "microsoft");
  EXPECT_EQ(list.published, "");  // 5 is no day
  EXPECT_EQ(names_of(list), (Lines{"aadrm.com", "=za.microsoftstore.com"}));
}

TEST(MispWarninglist, SharedSpaceIsMarked)
{
  const std::string rest = R"(", "type": "cidr", "version": 20260811, "list": ["192.0.2.0/24"]})";
  EXPECT_EQ(prefixes_of(sound_list("icloud-private-relay.json", R"({"name": ")" + rest)),
            (Lines{"192.0.2.0/24 private-relay shared"}));
  EXPECT_EQ(prefixes_of(sound_list("github.json", R"({"name": ")" + rest)),
            (Lines{"192.0.2.0/24 shared"}));
  EXPECT_EQ(prefixes_of(sound_list("google-gcp.json", R"({"name": ")" + rest)),
            (Lines{"192.0.2.0/24 cloud customers"}));
}

TEST(LordAlfredIpranges, TheFolderSaysWhose)
{
  const auto* text = "31.13.24.0/21\n45.64.40.0/22\n";
  const auto list = sound_list("ipranges/facebook/ipv4_merged.txt", text);
  EXPECT_EQ(list.format, "lord-alfred-ipranges");
  EXPECT_EQ(list.party, "meta");
  EXPECT_EQ(list.called, "facebook");
  EXPECT_EQ(sound_list("twitter/ipv6.txt", "2400:6680:f000::/36").party, "x-twitter");
  EXPECT_EQ(sound_list("perplexity/ipv4.txt", text).party, "");
  EXPECT_EQ(sound_list("perplexity/ipv4.txt", text).called, "perplexity");
  EXPECT_EQ(prefixes_of(sound_list("apple-proxy/ipv4_merged.txt", "104.28.28.0/26")),
            (Lines{"104.28.28.0/26 private-relay shared"}));
}

TEST(PrefixList, TakesPrefixesAddressesRangesAndComments)
{
  const auto list = sound_list("ours.txt",
                               "# what our supplier told us\n"
                               "\n"
                               "192.0.2.0/24\r\n"
                               "  198.51.100.7   # the mail server\n"
                               "203.0.113.0-203.0.113.127\n"
                               "2001:db8::-2001:db8::2\n",
                               {.party = "solvinity"});
  EXPECT_EQ(list.format, "prefix-list");
  EXPECT_EQ(list.party, "solvinity");
  EXPECT_EQ(list.records, 4U);
  EXPECT_EQ(prefixes_of(list),
            (Lines{"192.0.2.0/24 unknown",
                   "198.51.100.7/32 unknown",
                   "203.0.113.0/25 unknown",
                   "2001:db8::/127 unknown",
                   "2001:db8::2/128 unknown"}));
}

TEST(V2flyDomainList, ReadsNamesAndCountsWhatSaysMore)
{
  const auto list = sound_list("data/azure",
                               "# All .azure domains\n"
                               "azure\n"
                               "include:other @-!cn\n"
                               "azure.cn @cn # in China\n"
                               "domain:azure.net &other\n"
                               "full:azure.microsoft.com\n"
                               "keyword:azure\n"
                               "regexp:.+\\.azchcdn[a-s]\\.com$ @cn\n");
  EXPECT_EQ(list.format, "v2fly-domain-list");
  EXPECT_EQ(list.party, "microsoft");
  EXPECT_EQ(
      names_of(list),
      (Lines{"azure azure", "azure.cn azure", "azure.net azure", "=azure.microsoft.com azure"}));
  EXPECT_EQ(list.records, 7U);
  EXPECT_EQ(list.skipped, 3U);
}

TEST(V2flyDomainList, TheFileSaysWhoseWhenTheCatalogueKnowsIt)
{
  const ListHints hints{.known_parties = {"adobe", "zoom"}};
  EXPECT_EQ(sound_list("data/zoom", "zoom.us\n", hints).party, "zoom");
  EXPECT_EQ(sound_list("data/zoom", "zoom.us\n").party, "");
  EXPECT_EQ(sound_list("data/bbc", "bbc.co.uk\n", hints).party, "");
  EXPECT_EQ(sound_list("data/bbc", "bbc.co.uk\n", hints).called, "bbc");
}

TEST(V2flyDomainList, TakesInternationalNames)
{
  const auto list = sound_list("data/x-names", "пример.example\ncafé.example\n");
  EXPECT_EQ(names_of(list), (Lines{"xn--e1afmkfd.example", "xn--caf-dma.example"}));
}

TEST(ListNames, LongNamesStayWhole)
{
  const std::string label(60, 'a');
  const auto name = label + "." + label + "." + label + ".example.nl";
  EXPECT_EQ(names_of(sound_list("data/long", name + "\n")), (Lines{name}));
}

}  // namespace
}  // namespace zonder::wire
