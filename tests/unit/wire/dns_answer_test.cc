// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/dns_bytes.hh"
#include "wire/dns/answer.hh"

namespace zonder::wire::dns {
namespace {

using namespace zonder::test;

Bytes query_for(const std::string& name, unsigned type, std::vector<TestRecord> additional = {})
{
  return write({.flags = 0x0110, .name = name, .type = type, .additional = std::move(additional)});
}

TEST(DnsAnswer, SaysThatANameDoesNotExist)
{
  const auto answer = answer_empty(query_for("a.nl", type::a), Rcode::NxDomain);
  const auto read = parse_response(answer.value());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, 0x1234);
  EXPECT_EQ(read->rcode, 3);
  EXPECT_EQ(read->question, (Question{"a.nl", type::a, class_in}));
  EXPECT_TRUE(read->records.empty());
  // Recursion was wanted and is there; checking stays disabled as it was asked.
  EXPECT_EQ(answer->at(2) & 0x01U, 0x01U);
  EXPECT_EQ(answer->at(3) & 0x80U, 0x80U);
}

TEST(DnsAnswer, KeepsTheCaseOfTheQuestion)
{
  const auto answer = answer_empty(query_for("wWw.A.nl", type::a), Rcode::ServFail).value();
  EXPECT_EQ(std::string(answer.begin() + 13, answer.begin() + 16), "wWw");
}

TEST(DnsAnswer, GivesOneAddressOfEitherFamily)
{
  for (const auto* text : {"198.18.0.1", "fd00:7a6f:6e64:6572::1"}) {
    const auto address = *net::Address::parse(text);
    const unsigned type = address.is_v4() ? type::a : type::aaaa;
    const auto answer = answer_address(query_for("a.nl", type), address, 5);
    const auto read = parse_response(answer.value());
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->records.size(), 1U);
    EXPECT_EQ(read->records[0].owner, "a.nl");
    EXPECT_EQ(read->records[0].ttl, 5U);
    EXPECT_EQ(read->records[0].addresses.at(0), address);
  }
}

TEST(DnsAnswer, AnswersEdnsWithEdns)
{
  const auto answer = answer_truncated(query_for("a.nl", type::a, {edns(4096, true)})).value();
  EXPECT_TRUE(parse_response(answer)->truncated);
  // One additional record: root, OPT, 1232 bytes, version 0 with DNSSEC wanted, no options.
  const Bytes tail(answer.end() - 11, answer.end());
  EXPECT_EQ(tail, (Bytes{0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0}));
}

TEST(DnsAnswer, AsksForTheRootAndForNames)
{
  EXPECT_EQ(parse_query(build_query(7, ".", type::ns).value())->question,
            (Question{".", type::ns, class_in}));
  const auto query = parse_query(build_query(7, "www.example.nl", type::a).value());
  EXPECT_EQ(query->id, 7);
  EXPECT_EQ(query->question.name, "www.example.nl");
  EXPECT_EQ(build_query(7, "a..b", type::a).error().message,
            "a..b is not a domain name (write it like www.example.nl)");
}

TEST(DnsAnswer, CanLeaveTheAdditionalRecordsOut)
{
  const auto response =
      write({.name = "a.nl",
             .type = type::mx,
             .answers = {{"a.nl",
                          type::mx,
                          [] {
                            Bytes data{0, 10};
                            put_name(data, "mx.b.nl");
                            return data;
                          }()}},
             .additional = {{"mx.b.nl", type::a, address_data("192.0.2.1")},
                            edns(1232),
                            {"mx.b.nl", type::aaaa, address_data("2001:db8::")}}});
  ASSERT_EQ(parse_response(response)->records.size(), 3U);

  const auto shorter = without_additional(response).value();
  const auto read = parse_response(shorter);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->records.size(), 1U);
  EXPECT_EQ(read->records[0].target, "mx.b.nl");
  EXPECT_EQ(shorter.at(11), 1);  // EDNS is still there
}

TEST(DnsAnswer, SetsTheId)
{
  auto query = build_query(1, "a.nl", type::a).value();
  set_id(query, 0xabcd);
  EXPECT_EQ(id_of(query), 0xabcd);
}

}  // namespace
}  // namespace zonder::wire::dns
