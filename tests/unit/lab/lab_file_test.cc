// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "lab/lab_file.hh"
#include "lab/zone_file.hh"

namespace zonder::lab {
namespace {

constexpr const char* small = R"(lab: small
networks:
  one: [192.0.2.0/24, "2001:db8:1::/64"]
  two: 198.51.100.0/24
resolver: asker
hosts:
  top: {network: one, addresses: [192.0.2.1, "2001:db8:1::1"], names: [ns.root.example]}
  asker: {network: one, addresses: 192.0.2.2}
  web:
    network: two
    addresses: 198.51.100.10
    names: [www.town.example]
    servers:
      web: {pages: {/: "hello"}, redirects: {/login: "https://elsewhere.example/"}}
      echo: {tcp: 7, udp: 7}
zones:
  town.example: {servers: top, records: ["@ MX 10 www.town.example."]}
  .: {servers: top, signed: true}
)";

TEST(LabFile, ReadsHostsNetworksServersAndZones)
{
  const auto lab = parse_lab(small, "small.yaml");
  ASSERT_TRUE(lab) << lab.error().message;
  EXPECT_EQ(lab->name, "small");
  ASSERT_EQ(lab->hosts.size(), 3U);
  EXPECT_EQ(lab->host("web")->web->pages.at("/"), "hello");
  EXPECT_EQ(lab->host("web")->small.echo_udp, 7);
  EXPECT_EQ(lab->network("two")->prefixes.front().to_string(), "198.51.100.0/24");
  EXPECT_EQ(gateway_of(lab->network("two")->prefixes.front()).to_string(), "198.51.100.254");
  EXPECT_EQ(lab->checksum.size(), 64U);
}

TEST(LabFile, RootZoneComesFirstHoweverItWasWritten)
{
  const auto lab = parse_lab(small, "small.yaml");
  ASSERT_TRUE(lab);
  EXPECT_EQ(lab->zones.front().name, ".");
  EXPECT_EQ(lab->zone_of("www.town.example")->name, "town.example");
  EXPECT_EQ(lab->zone_of("town.example")->name, "town.example");
  EXPECT_EQ(lab->zone_of("othertown.example")->name, ".");
}

TEST(LabFile, ExampleOfTheManualIsRight)
{
  const auto lab = read_lab(std::string(ZONDER_SOURCE_DIR) + "/examples/lab/voorbeeldstad.yaml");
  EXPECT_TRUE(lab) << lab.error().message;
}

TEST(ZoneText, HasOwnRecordsAddressesDelegationsGlueAndDs)
{
  const auto lab = parse_lab(small, "small.yaml");
  ASSERT_TRUE(lab);
  const auto root = zone_text(*lab, lab->zones[0], {{"town.example", {"1 13 2 ab"}}});
  EXPECT_NE(root.find("\ntown.example. 300 NS ns.root.example.\n"), std::string::npos) << root;
  EXPECT_NE(root.find("\ntown.example. 300 DS 1 13 2 ab\n"), std::string::npos) << root;
  EXPECT_NE(root.find("\nns.root.example. 300 AAAA 2001:db8:1::1\n"), std::string::npos) << root;
  EXPECT_EQ(root.find("www.town.example"), std::string::npos) << root;
  const auto town = zone_text(*lab, lab->zones[1], {});
  EXPECT_NE(town.find("\n@ 300 MX 10 www.town.example.\n"), std::string::npos) << town;
  EXPECT_NE(town.find("\nwww.town.example. 300 A 198.51.100.10\n"), std::string::npos) << town;
  EXPECT_EQ(root_hints(*lab),
            ". 300 NS ns.root.example.\nns.root.example. 300 A 192.0.2.1\n"
            "ns.root.example. 300 AAAA 2001:db8:1::1\n");
}

/// What is wrong, and what is said of it.
struct BadCase {
  std::string text;
  std::string message;
};

/// What a failing test is called by; without it, by the bytes of its strings.
void PrintTo(const BadCase& bad, std::ostream* out)
{
  *out << bad.message;
}

/// A lab of one host, with something of it replaced.
std::string with(const std::string& from, const std::string& to)
{
  std::string text = "lab: x\nnetworks:\n  n: 192.0.2.0/24\nhosts:\n  h:\n    network: n\n"
                     "    addresses: 192.0.2.1\n";
  const auto at = text.find(from);
  return at == std::string::npos ? "no such part: " + from : text.replace(at, from.size(), to);
}

class BadLabFiles : public testing::TestWithParam<BadCase> {};

TEST_P(BadLabFiles, AreRefusedWithPlaceReasonAndRemedy)
{
  const auto lab = parse_lab(GetParam().text, "f.yaml");
  ASSERT_FALSE(lab) << "accepted:\n" << GetParam().text;
  EXPECT_EQ(lab.error().message, GetParam().message);
  EXPECT_EQ(lab.error().fault, Fault::Usage);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    BadLabFiles,
    testing::Values(
        BadCase{"", "f.yaml:1:1: the file is empty; examples/lab/voorbeeldstad.yaml is a lab"},
        BadCase{"lab: [x", "f.yaml:1:1: this is not YAML: end of sequence flow not found"},
        BadCase{"just words", "f.yaml:1:1: a lab must be a mapping (key: value)"},
        BadCase{"lab: &a x\nnetworks: *a\n",
                "f.yaml:1:6: anchors and aliases (& and *) are not used here; write it out"},
        BadCase{std::string(13, '['), "f.yaml:1:7: nested more than 12 deep: this is not a lab"},
        BadCase{with("lab: x\n", "lab: x\nlab: y\n"), "f.yaml:2:1: lab stands here twice"},
        BadCase{with("lab: x\n", ""), "f.yaml:1:1: a lab needs the key lab"},
        BadCase{with("lab: x", "lab: Ex am"),
                "f.yaml:1:6: the lab Ex am must be a small letter and then small letters, digits "
                "and \"-\", at most 31"},
        BadCase{with("networks", "network"),
                "f.yaml:2:1: a lab has no key network; there are: lab, networks, hosts, zones, "
                "resolver"},
        BadCase{with("192.0.2.0/24", "192.0.2.1/24"),
                "f.yaml:3:6: prefix has host bits set: 192.0.2.1/24 (did you mean 192.0.2.0/24?)"},
        BadCase{with("192.0.2.0/24", "192.0.2.0/31"),
                "f.yaml:3:6: 192.0.2.0/31: the length must be from 8 to 30"},
        BadCase{with("192.0.2.0/24", "[192.0.2.0/24, 192.0.3.0/24]"),
                "f.yaml:3:21: n has two prefixes of one family"},
        BadCase{with("hosts:", "  m: 192.0.2.128/25\nhosts:"),
                "f.yaml:4:6: 192.0.2.128/25 of m overlaps 192.0.2.0/24 of n"},
        BadCase{with("network: n", "network: m"),
                "f.yaml:6:14: there is no network m in this file"},
        BadCase{with("192.0.2.1", "192.0.3.1"), "f.yaml:7:16: 192.0.3.1 is not in the network n"},
        BadCase{with("192.0.2.1", "192.0.2.254"),
                "f.yaml:7:16: 192.0.2.254 is the first, the last or the router's address of n"},
        BadCase{with("192.0.2.1", "one"), "f.yaml:7:16: one is not an IP address"},
        BadCase{with("192.0.2.1", "[192.0.2.1, 192.0.2.2]"),
                "f.yaml:7:28: h has two addresses of one family"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\n  k: {network: n, addresses: 192.0.2.1}\n"),
                "f.yaml:8:30: 192.0.2.1 stands here twice"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\n    names: a.example\n"),
                "f.yaml:5:3: h has names, and there are no zones for them to stand in"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\n    servers: {webb: {}}\n"),
                "f.yaml:8:15: servers has no key webb; there are: web, mail, identity, echo, peer, "
                "slow, reply"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\n    servers: {web: {}}\n"),
                "f.yaml:6:5: h has a web server and no names to get a certificate for"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\n    servers: {echo: {tcp: 70000}}\n"),
                "f.yaml:8:27: tcp must be a number from 1 to 65535, not 70000"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\n    servers: {echo: {tcp: 9}, peer: 9}\n"),
                "f.yaml:5:3: h has two servers on tcp port 9"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\nzones: {example: {servers: h}}\n"),
                "f.yaml:8:28: h serves a zone and needs a name (key names)"},
        BadCase{with("192.0.2.1\n",
                     "192.0.2.1\n    names: a.example\nzones: {example: {servers: h}}\n"),
                "f.yaml:9:8: the root zone \".\" is missing"},
        BadCase{
            with("192.0.2.1\n",
                 "192.0.2.1\n    names: a.example\n"
                 "zones: {.: {servers: h, records: [\"$INCLUDE /etc/passwd x\"]}}\n"),
            "f.yaml:9:35: $INCLUDE /etc/passwd x is not a record; it is written as \"OWNER TYPE "
            "DATA\", such as \"@ MX 10 mail.example.\""},
        BadCase{with("192.0.2.1\n",
                     "192.0.2.1\n    names: a.example\nresolver: h\nzones: {.: {servers: h}}\n"),
                "f.yaml:9:11: h serves a zone already; the resolver needs a host of its own"},
        BadCase{with("192.0.2.1\n", "192.0.2.1\nresolver: h\n"),
                "f.yaml:8:11: a resolver needs zones, the root \".\" first of all"}));

}  // namespace
}  // namespace zonder::lab
