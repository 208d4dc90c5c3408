// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::eve {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

std::string event(const std::string& type, const std::string& rest)
{
  return R"({"timestamp":"2026-11-23T09:30:05.123456+0100","flow_id":1,"event_type":")" + type +
         R"(","src_ip":"10.0.0.5","src_port":40000,"dest_ip":"192.0.2.7","dest_port":443,"proto":"TCP",)" +
         rest + "}\n";
}

TEST(Eve, TakesFlowsWithTheirBytesAndSpan)
{
  const auto text = read_text(
      event(
          "flow",
          R"("flow":{"pkts_toserver":3,"pkts_toclient":2,"bytes_toserver":100,"bytes_toclient":200,"start":"2026-11-23T09:30:00.000000+0100","end":"2026-11-23T09:31:00.000000+0100","state":"closed"})") +
      event("flow", R"("flow":{"pkts_toclient":0,"bytes_toserver":60,"bytes_toclient":0})"));
  EXPECT_EQ(text.format, "eve");
  EXPECT_EQ(text.records, 2U) << text.problem;
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 1 300"}));
  EXPECT_EQ(text.first, "2026-11-23T08:30:00Z");
  EXPECT_EQ(text.last, "2026-11-23T08:31:00Z");
}

TEST(Eve, TakesDnsOfVersionTwoAndCountsAQuestionOnce)
{
  const auto text = read_text(
      event("dns", R"("dns":{"type":"query","id":1,"rrname":"Mail.example.nl","rrtype":"A"})") +
      event(
          "dns",
          R"("dns":{"version":2,"type":"answer","id":1,"rrname":"mail.example.nl","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"mail.example.nl","rrtype":"CNAME","ttl":1,"rdata":"outlook.example"},{"rrname":"outlook.example","rrtype":"A","rdata":"192.0.2.9"}],"grouped":{"CNAME":["outlook.example"],"A":["192.0.2.9"]}})"));
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked mail.example.nl dns 1",
                   "mail.example.nl alias outlook.example dns 1",
                   "outlook.example leads-to 192.0.2.9 dns 1"}));
}

TEST(Eve, TakesDnsOfVersionThree)
{
  const auto text = read_text(
      event(
          "dns",
          R"("dns":{"version":3,"type":"request","tx_id":0,"id":1,"queries":[{"rrname":"mail.example.nl","rrtype":"AAAA"}]})") +
      event(
          "dns",
          R"("dns":{"version":3,"type":"response","id":1,"queries":[{"rrname":"mail.example.nl","rrtype":"AAAA"}],"answers":[{"rrname":"mail.example.nl","rrtype":"AAAA","rdata":"2001:0db8:0000:0000:0000:0000:0000:0009"}]})"));
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked mail.example.nl dns 1",
                   "mail.example.nl leads-to 2001:db8::9 dns 1"}));
}

TEST(Eve, WhereOnlyAnswersAreLoggedTheyTellTheQuestion)
{
  const auto text = read_text(
      R"({"timestamp":"2026-11-23T09:30:05.123456+0100","event_type":"dns","src_ip":"10.0.0.1","src_port":53,"dest_ip":"10.0.0.5","dest_port":40000,"proto":"UDP","dns":{"type":"answer","rrname":"www.example.nl","rrtype":"A","grouped":{"CNAME":["a.cdn.example","b.cdn.example"],"A":["192.0.2.9"]}}})"
      "\n");
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked www.example.nl dns 1",
                   "a.cdn.example alias b.cdn.example dns 1",
                   "b.cdn.example leads-to 192.0.2.9 dns 1",
                   "www.example.nl alias a.cdn.example dns 1"}));
}

TEST(Eve, TakesNamesFromTlsQuicAndHttp)
{
  const auto text = read_text(
      event(
          "tls",
          R"("tls":{"subject":"CN=x","issuerdn":"C=US, O=Issuer Inc, CN=R3","sni":"www.example.nl"})") +
      event("quic", R"("quic":{"version":"1","sni":"video.example"})") +
      event("http",
            R"("http":{"hostname":"plain.example","url":"/canary","http_user_agent":"canary"})") +
      event("tls", R"("tls":{"version":"TLS 1.3"})"));
  EXPECT_EQ(text.records, 4U);
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 named plain.example http 1",
                   "10.0.0.5 named video.example quic 1",
                   "10.0.0.5 named www.example.nl tls 1",
                   "video.example leads-to 192.0.2.7 quic 1",
                   "www.example.nl certified-by Issuer Inc certificate 1",
                   "www.example.nl leads-to 192.0.2.7 tls 1"}));
}

TEST(Eve, LeavesOutAlertsAndAllElse)
{
  const auto text =
      read_text(event("alert", R"("alert":{"signature":"canary"},"payload":"Y2FuYXJ5")") +
                event("stats", R"("stats":{"uptime":1})") + event("fileinfo", R"("x":1)"));
  EXPECT_EQ(text.records, 3U);
  EXPECT_EQ(text.unreadable, 0U);
  EXPECT_TRUE(text.seen.empty());
}

}  // namespace
}  // namespace zonder::wire::eve
