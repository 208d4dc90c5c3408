// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::zeek {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

const std::string head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
                         "#unset_field\t-\n";

TEST(ZeekTsv, TakesConnectionsWithTheirBytesAndTimes)
{
  const auto text = read_text(
      head +
      "#path\tconn\n"
      "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_bytes\t"
      "resp_bytes\tconn_state\torig_ip_bytes\tresp_ip_bytes\n"
      "1795000000.500000\t10.0.0.5\t40000\t192.0.2.7\t443\ttcp\t60.000000\t10\t20\tSF\t100\t200\n"
      "1795000010.000000\t10.0.0.5\t40001\t192.0.2.7\t443\ttcp\t-\t-\t-\tSF\t-\t-\n"
      "1795000020.000000\t2001:DB8::5\t40001\t2001:db8::7\t853\tudp\t1.0\t1\t2\tSF\t-\t-\n");
  EXPECT_EQ(text.format, "zeek");
  EXPECT_EQ(text.records, 3U);
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 2 300",
                   "2001:db8::5 reached [2001:db8::7]:853/udp flow 1 3"}));
  EXPECT_EQ(text.first, "2026-11-18T11:06:40Z");
  EXPECT_EQ(text.last, "2026-11-18T11:07:40Z");
}

TEST(ZeekTsv, KnowsColumnsByTheirNamesInAnyOrder)
{
  const auto text =
      read_text(head + "#path\tours\n#fields\tquery\tsomething\tid.resp_h\tid.orig_h\tts\n"
                       "www.Example.NL\tx\t10.0.0.1\t10.0.0.5\t1795000000.0\n"
                       "#fields\tts\tid.orig_h\tid.resp_h\tserver_name\n"
                       "1795000000.0\t10.0.0.5\t192.0.2.7\tmail.example.nl\n");
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked www.example.nl dns 1",
                   "10.0.0.5 named mail.example.nl tls 1",
                   "mail.example.nl leads-to 192.0.2.7 tls 1"}));
}

TEST(ZeekTsv, AnAliasLeadsToWhatComesBehindIt)
{
  const auto text =
      read_text(head + "#path\tdns\n"
                       "#fields\tts\tid.orig_h\tid.resp_h\tquery\tqtype_name\tanswers\n"
                       "1.0\t10.0.0.5\t10.0.0.1\tmail.example.nl\tA\t"
                       "outlook.example,192.0.2.7,192.0.2.8\n"
                       "1.0\t10.0.0.5\t10.0.0.1\texample.nl\tMX\tmx.example.nl\n"
                       "1.0\t10.0.0.5\t10.0.0.1\texample.nl\tTXT\tTXT 9 v=spf1 -all\n"
                       "1.0\t10.0.0.5\t10.0.0.1\tgone.example.nl\tA\t-\n");
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked example.nl dns 2",
                   "10.0.0.5 asked gone.example.nl dns 1",
                   "10.0.0.5 asked mail.example.nl dns 1",
                   "example.nl mail-server mx.example.nl dns 1",
                   "mail.example.nl alias outlook.example dns 1",
                   "outlook.example leads-to 192.0.2.7 dns 1",
                   "outlook.example leads-to 192.0.2.8 dns 1"}));
}

TEST(ZeekTsv, WhatNobodyAnsweredWasNotReached)
{
  std::string rows;
  for (const char* state : {"S0", "REJ", "SH", "RSTOS0", "SF", "S1", "OTH"}) {
    rows += std::string("1.0\t10.0.0.5\t192.0.2.7\t443\ttcp\t") + state + "\n";
  }
  rows += "1.0\t10.0.0.5\t192.0.2.9\t514\tudp\tS0\n";
  const auto text =
      read_text(head + "#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tproto\tconn_state\n" + rows);
  EXPECT_EQ(text.records, 8U);
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 3",
                   "10.0.0.5 reached 192.0.2.9:514/udp flow 1"}));
}

TEST(ZeekTsv, TakesHostsQuicNamesAndCertificates)
{
  const auto text =
      read_text(head + "#fields\tts\tid.orig_h\tid.resp_h\thost\n"
                       "1.0\t10.0.0.5\t192.0.2.7\twww.example.nl:8080\n"
                       "1.0\t10.0.0.5\t192.0.2.7\t192.0.2.7\n"
                       "#fields\tts\tid.orig_h\tid.resp_h\tserver_name\tclient_initial_dcid\n"
                       "1.0\t10.0.0.5\t10.9.9.9\tvideo.example\tab12\n"
                       "#fields\tts\tcertificate.issuer\tsan.dns\n"
                       "1.0\tCN=R3,O=Let's Example\\, Inc.,C=US\twww.example.nl,*.example.nl\n");
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 named video.example quic 1",
                   "10.0.0.5 named www.example.nl http 1",
                   "example.nl certified-by Let's Example\\, Inc. certificate 1",
                   "www.example.nl certified-by Let's Example\\, Inc. certificate 1"}));
}

TEST(ZeekTsv, ATimeThatNoLogCanHaveIsNone)
{
  const auto text = read_text(head + "#fields\tts\tid.orig_h\tid.resp_h\tquery\n"
                                     "31000000000.0\t10.0.0.5\t10.0.0.1\twww.example.nl\n"
                                     "4000-01-01T00:00:00Z\t10.0.0.5\t10.0.0.1\twww.example.nl\n"
                                     "1900-01-01T00:00:00Z\t10.0.0.5\t10.0.0.1\twww.example.nl\n");
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 asked www.example.nl dns 3"}));
  EXPECT_EQ(text.first, "");
}

TEST(ZeekTsv, KeepsNothingThatWasSaid)
{
  const auto text =
      read_text(head + "#fields\tts\tid.orig_h\tid.resp_h\thost\turi\tusername\tpassword\t"
                       "user_agent\n"
                       "1.0\t10.0.0.5\t192.0.2.7\twww.example.nl\t/canary\tcanary\tcanary\t"
                       "canary\n");
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 named www.example.nl http 1"}));
}

TEST(ZeekJson, IsReadLikeTheSameAsText)
{
  const auto text = read_text(
      R"({"ts":1795000000.5,"uid":"C1","id.orig_h":"10.0.0.5","id.orig_p":4,"id.resp_h":"192.0.2.7","id.resp_p":443,"proto":"tcp","duration":60.0,"orig_bytes":10,"resp_bytes":20,"conn_state":"SF"})"
      "\n"
      R"({"ts":"2026-11-23T09:30:05.000000Z","id.orig_h":"10.0.0.5","id.resp_h":"10.0.0.1","query":"mail.example.nl","qtype_name":"A","answers":["outlook.example","192.0.2.7"],"more":{"deep":[1,{"a":null}]}})"
      "\n"
      R"({"_path":"ssl","ts":1.0,"id.orig_h":"10.0.0.5","id.resp_h":"192.0.2.7","server_name":"caf\u0065.example"})"
      "\n");
  EXPECT_EQ(text.format, "zeek-json");
  EXPECT_EQ(text.records, 3U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked mail.example.nl dns 1",
                   "10.0.0.5 named cafe.example tls 1",
                   "10.0.0.5 reached 192.0.2.7:443/tcp flow 1 30",
                   "cafe.example leads-to 192.0.2.7 tls 1",
                   "mail.example.nl alias outlook.example dns 1",
                   "outlook.example leads-to 192.0.2.7 dns 1"}));
  EXPECT_EQ(text.last, "2026-11-23T09:30:05Z");
}

}  // namespace
}  // namespace zonder::wire::zeek
