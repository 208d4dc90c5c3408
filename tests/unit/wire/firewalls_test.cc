// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::firewalls {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

const std::string forti =
    R"(date=2026-11-23 time=10:30:05 devid="FG" tz="+0100" logid="0000000013" type="traffic" )"
    R"(subtype="forward" vd="root" srcip=10.0.0.5 dstip=192.0.2.7 dstport=443 proto=6 )";

TEST(Fortigate, CountsASessionByItsEnd)
{
  const auto text = read_text(
      forti +
      R"(action="close" user="canary" duration=5 sentbyte=100 rcvdbyte=200)"
      "\n" +
      "<189>" + forti + "action=\"start\" sentbyte=0 rcvdbyte=0\n" + forti +
      "action=\"deny\" sentbyte=0 rcvdbyte=0\n" + forti +
      "action=\"timeout\" sentbyte=60 rcvdbyte=0\n" +
      R"(date=2026-11-23 time=10:30:05 devid="FG" eventtime=1795422605000000000 logid="0000000020" type="traffic" subtype="forward" srcip=10.0.0.5 dstip=192.0.2.7 dstport=443 proto=6 action="accept" sentbyte=9 rcvdbyte=9)"
      "\n"
      R"(date=2026-11-23 time=10:30:09 devid="FG" eventtime=1795426209 logid="0000000013" type="traffic" subtype="forward" srcip=10.0.0.6 dstip=2001:db8::7 dstport=53 proto=17 action="accept" sentbyte=1 rcvdbyte=2)"
      "\n"
      R"(date=2026-11-23 time=10:30:09 devid="FG" logid="0100032001" type="event" subtype="system" vd="root" user="canary" msg="canary")"
      "\n");
  EXPECT_EQ(text.format, "fortigate");
  EXPECT_EQ(text.records, 7U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 1 300",
                   "10.0.0.6 reached [2001:db8::7]:53/udp flow 1 3"}));
  EXPECT_EQ(text.first, "2026-11-23T09:30:00Z");
}

TEST(Fortigate, TakesNamesOfItsFilters)
{
  const std::string head =
      R"(date=2026-11-23 time=10:30:05 devid="FG" logid="1" type="utm" vd="root" )";
  const std::string web =
      head + R"(subtype="webfilter" srcip=10.0.0.5 dstip=192.0.2.7 dstport=443 proto=6 )";
  const auto text = read_text(
      web +
      R"(hostname="www.example.nl" url="/canary" msg="say \"canary\"" action="passthrough")"
      "\n" +
      web +
      R"(hostname="blocked.example" action="blocked")"
      "\n" +
      head +
      R"(subtype="dns" eventtype="dns-response" srcip=10.0.0.6 dstip=10.0.0.1 dstport=53 proto=17 qname="a.example" qtype="A" ipaddr="192.0.2.1, 192.0.2.2" action="pass")"
      "\n");
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 named www.example.nl tls 1",
                   "10.0.0.6 asked a.example dns 1",
                   "a.example leads-to 192.0.2.1 dns 1",
                   "a.example leads-to 192.0.2.2 dns 1",
                   "www.example.nl leads-to 192.0.2.7 tls 1"}));
}

TEST(Fortigate, TellsALineThatIsNone)
{
  const auto sound = forti + "action=\"close\" sentbyte=1 rcvdbyte=1\n";
  for (const auto& [line, says] :
       {std::pair(std::string("rotated\n"), "line 2: no line of FortiGate: it has no type"),
        std::pair(std::string(R"(type="traffic" srcip=10.0.0.5 dstip=192.0.2.7 dstport=443)"
                              "\n"),
                  "line 2: no connection: it lacks its protocol"),
        std::pair(std::string(R"(type="traffic" srcip=10.0.0.5 dstip=192.0.2.700 proto=6)"
                              "\n"),
                  "line 2: an address or a name in it is none"),
        std::pair(std::string(R"(type="dns" srcip=10.0.0.5 qname=")"
                              "\n"),
                  "line 2: a query without its name and who asked")}) {
    const auto text = read_text(sound + line);
    EXPECT_EQ(text.unreadable, 1U) << line;
    EXPECT_EQ(text.problem, says);
  }
}

std::string palo(const std::string& type,
                 const std::string& subtype,
                 const std::string& action,
                 const std::string& rest)
{
  return "1,2026/11/23 09:30:05,0123," + type + "," + subtype +
         ",1,2026/11/23 "
         "09:30:04,10.0.0.5,192.0.2.7,0.0.0.0,0.0.0.0,rule,town\\canary,,ssl,vsys1,in,"
         "out,e1,e2,log,2026/11/23 09:30:04,77,2,40000,443,0,0,0x0,tcp," +
         action + "," + rest + "\n";
}

TEST(Paloalto, CountsASessionByItsEnd)
{
  const auto text =
      read_text(palo("TRAFFIC", "end", "allow", "300,100,200,9,2026/11/23 09:29:59,5,any,0") +
                "Oct  4 18:54:26 fw " +
                palo("TRAFFIC", "start", "allow", "0,0,0,1,2026/11/23 09:29:59,0,any,0") +
                palo("TRAFFIC", "drop", "deny", "0,0,0,1,2026/11/23 09:29:59,0,any,0") +
                palo("TRAFFIC", "end", "allow", "60,60,0,1,2026/11/23 09:29:59,0,any,0") +
                palo("THREAT", "url", "alert", "\"www.example.nl/canary,1\",(9999),x") +
                palo("THREAT", "url", "block-url", "blocked.example/,(9999),x") +
                palo("SYSTEM", "x", "y", "z"));
  EXPECT_EQ(text.format, "paloalto");
  EXPECT_EQ(text.records, 7U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 named www.example.nl tls 2",
                   "10.0.0.5 reached 192.0.2.7:443/tcp flow 2 300",
                   "www.example.nl leads-to 192.0.2.7 tls 2"}));
  EXPECT_EQ(text.first, "2026-11-23T09:29:59Z");
}

TEST(Paloalto, TellsALineThatIsNone)
{
  const auto sound = palo("TRAFFIC", "end", "allow", "3,1,2,9,2026/11/23 09:29:59,5,any,0");
  for (const auto& [line, says] :
       {std::pair("rotated\n", "line 2: no line of Palo Alto's log"),
        std::pair("1,x,0123,TRAFFIC,end,1\n", "line 2: it has 6 of at least 37 fields"),
        std::pair("1,\"x,0123,TRAFFIC\n", "line 2: its quotes do not match its fields")}) {
    const auto text = read_text(sound + line);
    EXPECT_EQ(text.unreadable, 1U) << line;
    EXPECT_EQ(text.problem, says);
  }
}

}  // namespace
}  // namespace zonder::wire::firewalls
