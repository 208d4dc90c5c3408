// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What providers publish themselves, in the shape in which they do.
#include <gtest/gtest.h>

#include "support/list_files.hh"

namespace zonder::wire {
namespace {

using test::Lines;
using test::names_of;
using test::prefixes_of;
using test::sound_list;

TEST(AwsIpRanges, TellsTheServiceOfEachPrefixAndWhatCustomersRent)
{
  const auto list = sound_list("ip-ranges.json", R"({
    "syncToken": "1786381392",
    "createDate": "2026-08-10-17-03-12",
    "prefixes": [
      {"ip_prefix": "3.4.12.4/32", "region": "eu-west-1", "service": "AMAZON",
       "network_border_group": "eu-west-1"},
      {"ip_prefix": "3.4.12.4/32", "region": "eu-west-1", "service": "EC2",
       "network_border_group": "eu-west-1"},
      {"ip_prefix": "52.219.170.0/23", "region": "eu-central-1", "service": "S3",
       "network_border_group": "eu-central-1"}
    ],
    "ipv6_prefixes": [
      {"ipv6_prefix": "2600:9000::/28", "region": "GLOBAL", "service": "CLOUDFRONT",
       "network_border_group": "GLOBAL"}
    ]})");
  EXPECT_EQ(list.format, "aws-ip-ranges");
  EXPECT_EQ(list.party, "amazon");
  EXPECT_EQ(list.published, "2026-08-10");
  EXPECT_EQ(list.records, 4U);
  EXPECT_EQ(prefixes_of(list),
            (Lines{"3.4.12.4/32 AMAZON unknown",
                   "3.4.12.4/32 EC2 customers",
                   "52.219.170.0/23 S3 services",
                   "2600:9000::/28 CLOUDFRONT services"}));
}

TEST(Microsoft365Endpoints, GivesAddressesPerServiceAndTheNamesThatItsUsersNeed)
{
  const auto list = sound_list("worldwide.json", R"([
    {"id": 1, "serviceArea": "Exchange", "serviceAreaDisplayName": "Exchange Online",
     "urls": ["outlook.cloud.microsoft", "*.outlook.com", "autodiscover.*.onmicrosoft.com"],
     "ips": ["13.107.6.152/31", "2603:1006::/40"],
     "tcpPorts": "80,443", "udpPorts": "443", "expressRoute": true,
     "category": "Optimize", "required": true},
    {"id": 125, "serviceArea": "Common", "serviceAreaDisplayName": "Microsoft 365 Common",
     "urls": ["*.entrust.net"], "tcpPorts": "80,443", "expressRoute": false,
     "category": "Default", "required": true}])");
  EXPECT_EQ(list.format, "microsoft-365-endpoints");
  EXPECT_EQ(list.party, "microsoft");
  EXPECT_EQ(prefixes_of(list),
            (Lines{"13.107.6.152/31 Exchange services", "2603:1006::/40 Exchange services"}));
  EXPECT_EQ(
      names_of(list),
      (Lines{"=outlook.cloud.microsoft Exchange", "outlook.com Exchange", "entrust.net Common"}));
  EXPECT_TRUE(list.names_are_needs);  // entrust.net is not Microsoft's
  EXPECT_EQ(list.records, 6U);
  EXPECT_EQ(list.skipped, 1U);  // a star within a name
}

TEST(AzureServiceTags, TellsServicesFromTheCloudAsAWhole)
{
  const auto list = sound_list("downloads/ServiceTags_Public_20260810.json", R"({
    "changeNumber": 357, "cloud": "Public", "values": [
      {"name": "AzureCloud.westeurope", "id": "AzureCloud.westeurope", "properties": {
        "changeNumber": 91, "region": "westeurope", "regionId": 18, "platform": "Azure",
        "systemService": "", "addressPrefixes": ["13.69.0.0/17"], "networkFeatures": ["API"]}},
      {"name": "Storage.WestEurope", "id": "Storage.WestEurope", "properties": {
        "changeNumber": 55, "region": "westeurope", "regionId": 18, "platform": "Azure",
        "systemService": "AzureStorage",
        "addressPrefixes": ["13.69.40.16/28", "2603:1020:206:4::/64"]}}]})");
  EXPECT_EQ(list.format, "azure-service-tags");
  EXPECT_EQ(list.party, "microsoft");
  EXPECT_EQ(list.called, "Public");
  EXPECT_EQ(list.published, "2026-08-10");
  EXPECT_EQ(prefixes_of(list),
            (Lines{"13.69.0.0/17 AzureCloud unknown",
                   "13.69.40.16/28 AzureStorage services",
                   "2603:1020:206:4::/64 AzureStorage services"}));
}

TEST(GoogleIpRanges, CloudIsCustomersAndTheWholeDoesNotTell)
{
  const auto cloud = sound_list("cloud.json", R"({
    "syncToken": "1786438985123", "creationTime": "2026-08-11T09:03:05.123456", "prefixes": [
      {"ipv4Prefix": "34.1.208.0/20", "service": "Google Cloud", "scope": "africa-south1"},
      {"ipv6Prefix": "2600:1900:8000::/44", "service": "Google Cloud", "scope": "us-west1"}]})");
  EXPECT_EQ(cloud.format, "google-ip-ranges");
  EXPECT_EQ(cloud.party, "google");
  EXPECT_EQ(cloud.published, "2026-08-11");
  EXPECT_EQ(prefixes_of(cloud),
            (Lines{"34.1.208.0/20 Google Cloud customers",
                   "2600:1900:8000::/44 Google Cloud customers"}));

  const auto all = sound_list("goog.json", R"({
    "syncToken": "1786438985123", "creationTime": "2026-08-11T09:03:05.123456",
    "prefixes": [{"ipv4Prefix": "8.8.4.0/24"}, {"ipv6Prefix": "2001:4860::/32"}]})");
  EXPECT_EQ(all.party, "google");
  EXPECT_EQ(prefixes_of(all), (Lines{"8.8.4.0/24 unknown", "2001:4860::/32 unknown"}));
}

TEST(GoogleIpRanges, CrawlersOfOthersInItsShapeAreNotGoogles)
{
  const auto* text = R"({"creationTime": "2026-08-11T15:00:00.000000",
                         "prefixes": [{"ipv4Prefix": "157.55.39.0/24"}]})";
  EXPECT_EQ(sound_list("bingbot.json", text).party, "microsoft");
  EXPECT_EQ(prefixes_of(sound_list("bingbot.json", text)),
            (Lines{"157.55.39.0/24 bingbot services"}));
  EXPECT_EQ(sound_list("googlebot.json", text).party, "google");
  EXPECT_EQ(sound_list("some-crawler.json", text).party, "");
  EXPECT_EQ(sound_list("some-crawler.json", text, {.party = "openai"}).party, "openai");
}

TEST(FastlyIpList, IsItsOwn)
{
  const auto list =
      sound_list("public-ip-list.json",
                 R"({"addresses":["23.235.32.0/20"],"ipv6_addresses":["2a04:4e40::/32"]})");
  EXPECT_EQ(list.format, "fastly-ip-list");
  EXPECT_EQ(list.party, "fastly");
  EXPECT_EQ(prefixes_of(list), (Lines{"23.235.32.0/20 services", "2a04:4e40::/32 services"}));
}

TEST(OracleIpRanges, TellsCustomersNetworksFromItsOwnServices)
{
  const auto list = sound_list("public_ip_ranges.json", R"({
    "last_updated_timestamp": "2026-08-08T19:55:47.204985",
    "regions": [{"region": "eu-amsterdam-1", "cidrs": [
      {"cidr": "132.145.0.0/20", "tags": ["OCI"]},
      {"cidr": "134.70.8.0/21", "tags": ["OSN", "OBJECT_STORAGE"]},
      {"cidr": "140.91.10.0/23", "tags": ["OSN"]},
      {"cidr": "140.91.12.0/23"}]}]})");
  EXPECT_EQ(list.format, "oracle-ip-ranges");
  EXPECT_EQ(list.party, "oracle");
  EXPECT_EQ(list.published, "2026-08-08");
  EXPECT_EQ(prefixes_of(list),
            (Lines{"132.145.0.0/20 OCI customers",
                   "134.70.8.0/21 OBJECT_STORAGE services",
                   "140.91.10.0/23 OSN services",
                   "140.91.12.0/23 unknown"}));
}

TEST(GithubMeta, MarksWhatItRentsInAzureAsShared)
{
  const auto list = sound_list("meta", R"({
    "verifiable_password_authentication": false,
    "ssh_key_fingerprints": {"SHA256_RSA": "uNiVztksCsDhcc0u9e8BrrJXgb"},
    "ssh_keys": ["ssh-ed25519 AAAAC3Nz"],
    "hooks": ["192.30.252.0/22"], "web": ["192.30.252.0/22", "2a0a:a440::/29"],
    "git": ["140.82.112.0/20"], "actions": ["4.148.0.0/16"],
    "domains": {"website": ["*.github.com"], "packages": ["pkg.blob.core.windows.net"],
                "actions_inbound": {"full_domains": ["github.com"],
                                    "wildcard_domains": ["*.actions.githubusercontent.com"]}}})");
  EXPECT_EQ(list.format, "github-meta");
  EXPECT_EQ(list.party, "github");
  EXPECT_EQ(prefixes_of(list),
            (Lines{"192.30.252.0/22 hooks services",
                   "192.30.252.0/22 web services",
                   "2a0a:a440::/29 web services",
                   "140.82.112.0/20 git services",
                   "4.148.0.0/16 actions shared"}));
  EXPECT_EQ(names_of(list),
            (Lines{"github.com website",
                   "=pkg.blob.core.windows.net packages",
                   "=github.com actions_inbound",
                   "actions.githubusercontent.com actions_inbound"}));
  EXPECT_TRUE(list.names_are_needs);
  EXPECT_EQ(list.unreadable, 0U);
}

TEST(CloudflareIps, IsKnownByTheNameOfItsFile)
{
  const auto list = sound_list("cloudflare/ips-v4", "173.245.48.0/20\n103.21.244.0/22");
  EXPECT_EQ(list.format, "cloudflare-ips");
  EXPECT_EQ(list.party, "cloudflare");
  EXPECT_EQ(prefixes_of(list), (Lines{"173.245.48.0/20 services", "103.21.244.0/22 services"}));
}

TEST(M365ServiceAreas, GivesEveryPrefixItsArea)
{
  const auto list = sound_list("areas.tsv",
                               "service_area\tendpoint_id\trequired\ttcp\tudp\tprefixes_v4\r\n"
                               "Exchange\t10\tyes\t25\t\t40.92.0.0/15 104.47.0.0/17\r\n"
                               "Common (Entra ID sign-in)\t56\tyes\t80,443\t\t20.190.128.0/18\r\n");
  EXPECT_EQ(list.format, "m365-service-areas");
  EXPECT_EQ(list.party, "microsoft");
  EXPECT_EQ(prefixes_of(list),
            (Lines{"40.92.0.0/15 Exchange services",
                   "104.47.0.0/17 Exchange services",
                   "20.190.128.0/18 Common (Entra ID sign-in) services"}));
}

TEST(AsnInfo, NamesNumbersAlsoWithCommasAndQuotes)
{
  const auto list = sound_list("as.csv",
                               "asn,handle,description\n"
                               "1,LVLT-1,\"Level 3 Parent, LLC\"\n"
                               "64496,EXAMPLE,\"The \"\"Example\"\" Company\"\n"
                               "8075,MICROSOFT-CORP-MSN-AS-BLOCK,Microsoft Corporation\n");
  EXPECT_EQ(list.format, "asn-info");
  EXPECT_EQ(list.party, "");
  ASSERT_EQ(list.asns.size(), 3U);
  EXPECT_EQ(list.asns[0].description, "Level 3 Parent, LLC");
  EXPECT_EQ(list.asns[1].description, "The \"Example\" Company");
  EXPECT_EQ(list.asns[2].asn.number, 8075U);
  EXPECT_EQ(list.asns[2].handle, "MICROSOFT-CORP-MSN-AS-BLOCK");
}

TEST(AsnInfo, ItsSuccessorHasAColumnMore)
{
  const auto list = sound_list("as.csv",
                               "asn,handle,description,country-code\n"
                               "1,LVLT-1,\"Level 3 Parent, LLC\",US\n"
                               "8075,MICROSOFT,Microsoft Corporation,US\n");
  ASSERT_EQ(list.asns.size(), 2U);
  EXPECT_EQ(list.asns[0].description, "Level 3 Parent, LLC");
  EXPECT_EQ(list.asns[1].description, "Microsoft Corporation");
}

}  // namespace
}  // namespace zonder::wire
