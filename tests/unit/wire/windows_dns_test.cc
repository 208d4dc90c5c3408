// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"
#include "wire/logs/local_date.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::querylogs {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

std::string packet(const std::string& when,
                   const std::string& way,
                   const std::string& who,
                   const std::string& kind,
                   const std::string& name)
{
  return when + " 0E70 PACKET  00000000033397A0 UDP " + way + " " + who + "    5b47 " + kind +
         " [0001   D   NOERROR] A      " + name + "\r\n";
}

TEST(WindowsDns, TakesQuestionsOfClientsAlone)
{
  const auto text = read_text(
      "DNS Server log file creation at 23-11-2026 9:30:00\r\n\r\n"
      "Message logging key (for packets - other items use a subset of these fields):\r\n"
      "\tField #  Information         Values\r\n" +
      packet("23-11-2026 9:30:05", "Rcv", "10.0.0.5", "  Q", "(3)www(7)Example(2)nl(0)") +
      packet("23-11-2026 9:30:05", "Snd", "192.0.2.53", "  Q", "(3)www(7)example(2)nl(0)") +
      packet("23-11-2026 9:30:05", "Rcv", "192.0.2.53", "R Q", "(3)www(7)example(2)nl(0)") +
      packet("23-11-2026 9:30:05", "Snd", "10.0.0.5", "R Q", "(3)www(7)example(2)nl(0)") +
      "UDP response info at 00000000033397A0\r\n  Socket = 332\r\n"
      "    QUESTION SECTION:\r\n    Name      \"(6)canary(7)example(0)\"\r\n" +
      packet("23-11-2026 9:30:09", "Rcv", "2001:db8::5", "  Q", "(4)mail(7)example(2)nl(0)") +
      packet("23-11-2026 9:30:09", "Rcv", "10.0.0.6", "  U", "(7)example(2)nl(0)") +
      packet("23-11-2026 9:30:09", "Rcv", "10.0.0.6", "  Q", "(0)"));
  EXPECT_EQ(text.format, "windows-dns");
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(
      text.seen,
      (Lines{"10.0.0.5 asked www.example.nl dns 1", "2001:db8::5 asked mail.example.nl dns 1"}));
  EXPECT_EQ(text.first, "2026-11-23T09:30:05Z");
  EXPECT_EQ(text.last, "2026-11-23T09:30:09Z");
}

TEST(WindowsDns, WhereOnlyAnswersAreLoggedTheyCount)
{
  const auto text =
      read_text(packet("20261123 09:30:05", "Snd", "10.0.0.5", "R Q", ".www.example.nl."));
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 asked www.example.nl dns 1"}));
}

TEST(WindowsDns, TellsAPacketThatIsNone)
{
  const auto sound = packet("23.11.2026 09:30:05", "Rcv", "10.0.0.5", "  Q", "(1)a(7)example(0)");
  for (const auto& [line, says] :
       {std::pair(packet("23.11.2026 09:30:05", "Rcv", "10.0.0.5", "  Q", "(3)www(x"),
                  "line 2: a query without its name and who asked"),
        std::pair(packet("23.11.2026 09:30:05", "Rcv", "10.0.0.500", "  Q", "(1)a(7)example(0)"),
                  "line 2: an address or a name in it is none"),
        std::pair(std::string("23.11.2026 09:30:05 0E70 PACKET  0000 UDP Rcv\r\n"),
                  "line 2: no packet as the DNS server of Windows writes it")}) {
    const auto text = read_text(sound + line);
    EXPECT_EQ(text.unreadable, 1U) << line;
    EXPECT_EQ(text.problem, says);
    EXPECT_EQ(text.seen, (Lines{"10.0.0.5 asked a.example dns 1"}));
  }
}

TEST(WindowsDns, TakesEventsOutOfCsv)
{
  const auto text = read_text(
      "Level,Date and Time,Source,Event ID,Task Category\n"
      "Information,23-11-2026 9:30:05,DNS,256,x,\"QUERY_RECEIVED: TCP=0; InterfaceIP=10.0.0.1; "
      "Source=10.0.0.5; RD=1; QNAME=www.example.nl.; QTYPE=1; XID=1\"\n"
      "Information,23-11-2026 9:30:05,DNS,257,x,\"RESPONSE_SUCCESS: TCP=0; Destination=10.0.0.5; "
      "QNAME=canary.example.; QTYPE=1\"\n"
      "Information,23-11-2026 9:30:05,DNS,256,x,\"QUERY_RECEIVED: TCP=0; Source=10.0.0.6; "
      "RD=1\"\n");
  EXPECT_EQ(text.format, "windows-dns-events");
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 asked www.example.nl dns 1"}));
  EXPECT_EQ(text.problem, "line 4: a query without its name and who asked");
  EXPECT_EQ(text.first, "2026-11-23T09:30:05Z");
}

TEST(LocalDate, ReadsTheOrdersOfWindows)
{
  const auto wanted = logs::iso_time("2026-11-23T15:04:05");
  for (const auto* text : {"23-11-2026 15:04:05",
                           "23.11.2026 15:04:05",
                           "23/11/2026 15:04:05",
                           "11/23/2026 3:04:05 PM",
                           "2026-11-23 15:04:05",
                           "2026/11/23 15:04:05.9",
                           "20261123 15:04:05",
                           "23-11-26 15:04:05"}) {
    std::string_view left = text;
    logs::Micros moment = logs::no_time;
    EXPECT_TRUE(logs::LocalDate().take(left, moment)) << text;
    EXPECT_EQ(moment, wanted) << text;
    EXPECT_EQ(left, "") << text;
  }
  for (const auto* text : {"",
                           "23-11-2026",
                           "23-13-2026 15:04:05",
                           "31/02/2026 1:00:00",
                           "1/2/2026 13:00:00 PM",
                           "a-b-c 15:04:05",
                           "1-2-3-4 1:00:00"}) {
    std::string_view left = text;
    logs::Micros moment = logs::no_time;
    EXPECT_FALSE(logs::LocalDate().take(left, moment)) << text;
  }
}

TEST(LocalDate, DoesNotGuessWhichIsTheMonth)
{
  logs::LocalDate date;
  logs::Micros moment = 0;
  std::string_view unknown = "3/4/2026 9:00:00 AM";
  EXPECT_TRUE(date.take(unknown, moment));
  EXPECT_EQ(moment, logs::no_time);
  EXPECT_TRUE(date.left_some_out());
  std::string_view telling = "4/13/2026 9:00:00 AM";
  EXPECT_TRUE(date.take(telling, moment));
  std::string_view known = "4/3/2026 12:00:00 AM";
  EXPECT_TRUE(date.take(known, moment));
  EXPECT_EQ(moment, logs::iso_time("2026-04-03T00:00:00"));
}

}  // namespace
}  // namespace zonder::wire::querylogs
