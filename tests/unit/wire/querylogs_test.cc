// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::querylogs {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

TEST(Unbound, TakesQuestionsWithoutTheirReplies)
{
  const auto text = read_text(
      "[1795000000] unbound[123:0] notice: init module 0: validator\n"
      "[1795000000] unbound[123:0] info: start of service (unbound 1.17.1).\n"
      "[1795000001] unbound[123:0] info: 10.0.0.5 www.Example.nl. A IN\n"
      "[1795000001] unbound[123:0] info: 10.0.0.5 www.Example.nl. A IN NOERROR 0.01 0 59\n"
      "[1795000002] unbound[123:0] info: 2001:db8::5 mail.example.nl. AAAA IN\n");
  EXPECT_EQ(text.format, "unbound");
  EXPECT_EQ(text.records, 5U);
  EXPECT_EQ(
      text.seen,
      (Lines{"10.0.0.5 asked www.example.nl dns 1", "2001:db8::5 asked mail.example.nl dns 1"}));
  EXPECT_EQ(text.first, "2026-11-18T11:06:41Z");
}

TEST(Unbound, WhereOnlyRepliesAreLoggedTheyCount)
{
  const auto text = read_text("Nov 23 09:30:05 ns1 unbound: [123:0] reply: 10.0.0.5 "
                              "www.example.nl. A IN NOERROR 0.0 1 59\n");
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 asked www.example.nl dns 1"}));
  EXPECT_EQ(text.first, "") << "the line gives no year";
}

TEST(Bind, TakesQuestionsOfOldAndNewVersions)
{
  const auto text = read_text(
      "23-Nov-2026 09:30:05.123 queries: info: client @0x7f1 10.0.0.5#53311 (www.example.nl): "
      "view internal: query: www.example.nl IN A +E(0)K (10.0.0.1)\n"
      "23-Nov-2026 09:30:06.000 client 10.0.0.6#53311: query: mail.example.nl IN MX + (10.0.0.1)\n"
      "Nov 23 09:30:07 ns1 named[9]: client @0x7f1 2001:db8::5#1 (x.example): query: x.example IN "
      "AAAA + (::1)\n"
      "23-Nov-2026 09:30:05.123 general: info: zone example.nl/IN: loaded serial 1\n");
  EXPECT_EQ(text.format, "bind");
  EXPECT_EQ(text.records, 4U);
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked www.example.nl dns 1",
                   "10.0.0.6 asked mail.example.nl dns 1",
                   "2001:db8::5 asked x.example dns 1"}));
  EXPECT_EQ(text.last, "2026-11-23T09:30:06Z");
}

TEST(Dnsmasq, TakesQuestionsAndWhereNamesLead)
{
  const auto text = read_text("Nov 23 09:30:05 dnsmasq[1]: query[A] www.example.nl from 10.0.0.5\n"
                              "Nov 23 09:30:05 dnsmasq[1]: forwarded www.example.nl to 10.0.0.1\n"
                              "Nov 23 09:30:05 dnsmasq[1]: reply www.example.nl is <CNAME>\n"
                              "Nov 23 09:30:05 dnsmasq[1]: reply cdn.example is 192.0.2.7\n"
                              "Nov 23 09:30:05 dnsmasq[1]: cached other.example is NODATA-IPv6\n"
                              "Nov 23 09:30:05 dnsmasq[1]: config x.example is <CNAME>\n"
                              "Nov 23 09:30:05 dnsmasq[1]: /etc/hosts y.example is 192.0.2.9\n");
  EXPECT_EQ(text.format, "dnsmasq");
  EXPECT_EQ(text.records, 7U);
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked www.example.nl dns 1",
                   "cdn.example leads-to 192.0.2.7 dns 1",
                   "www.example.nl alias cdn.example dns 1",
                   "x.example alias y.example dns 1",
                   "y.example leads-to 192.0.2.9 dns 1"}));
}

TEST(Dnsmasq, KeepsQuestionsApartByTheirNumber)
{
  const auto text = read_text(
      "Nov 23 09:30:05 dnsmasq[1]: 7 10.0.0.5/4321 query[A] www.example.nl from 10.0.0.5\n"
      "Nov 23 09:30:05 dnsmasq[1]: 7 10.0.0.5/4321 reply www.example.nl is <CNAME>\n"
      "Nov 23 09:30:05 dnsmasq[1]: 8 10.0.0.6/4321 reply mail.example is 192.0.2.8\n");
  EXPECT_EQ(
      text.seen,
      (Lines{"10.0.0.5 asked www.example.nl dns 1", "mail.example leads-to 192.0.2.8 dns 1"}));
}

TEST(Powerdns, TakesQuestionsOfTheRecursorAndTheServer)
{
  const auto text = read_text(
      "Nov 23 09:30:05 3 [1/1] question for 'www.example.nl|A' from 10.0.0.5:4321\n"
      "Nov 23 09:30:05 3 [1/1] answer to question 'www.example.nl|A': 1 answers\n"
      "Nov 23 09:30:05 Remote 10.0.0.6 wants 'mail.example.nl|MX', do = 0, bufsize = 512: MISS\n"
      "Nov 23 09:30:05 Remote 10.0.0.7<-192.0.2.0/24 wants 'x.example|A', do = 0\n"
      "msg=\"Question\" subsystem=\"syncres\" ts=\"1795000000.5\" qname=\"s.example\" qtype=\"A\" "
      "remote=\"[2001:db8::5]:4321\"\n");
  EXPECT_EQ(text.format, "powerdns");
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked www.example.nl dns 1",
                   "10.0.0.6 asked mail.example.nl dns 1",
                   "10.0.0.7 asked x.example dns 1",
                   "2001:db8::5 asked s.example dns 1"}));
}

TEST(Conntrack, TakesTheWayThere)
{
  const auto text = read_text(
      "tcp      6 431999 ESTABLISHED src=10.0.0.5 dst=192.0.2.7 sport=40000 dport=443 packets=3 "
      "bytes=100 src=192.0.2.7 dst=198.51.100.1 sport=443 dport=40000 packets=2 bytes=200 "
      "[ASSURED] "
      "mark=0 use=1\n"
      "ipv6     10 udp      17 29 src=2001:db8::5 dst=2001:db8::7 sport=40000 dport=53 "
      "src=2001:db8::7 "
      "dst=2001:db8::5 sport=53 dport=40000 mark=0 use=1\n"
      "tcp      6 100 SYN_SENT src=10.0.0.5 dst=192.0.2.8 sport=40000 dport=443 [UNREPLIED] "
      "src=192.0.2.8 dst=10.0.0.5 sport=443 dport=40000 mark=0 use=1\n"
      "icmp     1 29 src=10.0.0.5 dst=192.0.2.9 type=8 code=0 id=1 src=192.0.2.9 dst=10.0.0.5 "
      "type=0 code=0 id=1 mark=0 use=1\n");
  EXPECT_EQ(text.format, "conntrack");
  EXPECT_EQ(text.records, 4U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 1 300",
                   "10.0.0.5 reached 192.0.2.9 flow 1",
                   "2001:db8::5 reached [2001:db8::7]:53/udp flow 1"}));
}

TEST(Conntrack, CountsAConnectionOfEventsOnce)
{
  const std::string ends = "src=10.0.0.5 dst=192.0.2.7 sport=40000 dport=443 ";
  const std::string back = "src=192.0.2.7 dst=10.0.0.5 sport=443 dport=40000 ";
  const auto text =
      read_text("[1795000000.5]\t    [NEW] tcp      6 120 SYN_SENT " + ends + "[UNREPLIED] " +
                back + "\n[1795000001.5]\t [UPDATE] tcp      6 60 SYN_RECV " + ends + back +
                "\n[1795000009.5]\t[DESTROY] tcp      6 " + ends + "packets=2 bytes=100 " + back +
                "packets=2 bytes=200 [ASSURED]\n");
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 1 300"}));
  EXPECT_EQ(text.first, "2026-11-18T11:06:40Z");
  EXPECT_EQ(text.last, "2026-11-18T11:06:49Z");
}

}  // namespace
}  // namespace zonder::wire::querylogs
