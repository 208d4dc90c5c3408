// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

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

/// One parameter of a service binding.
Bytes parameter(unsigned key, const Bytes& value)
{
  Bytes bytes;
  put_u16(bytes, key);
  put_u16(bytes, static_cast<unsigned>(value.size()));
  append(bytes, value);
  return bytes;
}

Bytes joined(std::initializer_list<Bytes> parts)
{
  Bytes all;
  for (const auto& part : parts) {
    append(all, part);
  }
  return all;
}

const Bytes h2{2, 'h', '2'};
const Bytes secret{0, 3, 0xfe, 0x0d, 9};

Bytes https_answer(const Bytes& parameters, unsigned flags = 0x81a0)
{
  return write({.flags = flags,
                .name = "a.nl",
                .type = type::https,
                .answers = {{"a.nl", type::https, svcb_data(1, "svc.a.nl", parameters)},
                            {"svc.a.nl", type::a, address_data("192.0.2.1")}},
                .additional = {edns(1232)}});
}

/// The data of a service binding stands in a message as it is; names are not packed in it.
bool holds(const Bytes& message, const Bytes& data)
{
  return std::search(message.begin(), message.end(), data.begin(), data.end()) != message.end();
}

TEST(DnsAnswer, TakesEchOutOfServiceBindingsAndLeavesTheRest)
{
  const auto hint = svcb_hint({"192.0.2.1"});
  const auto response = https_answer(joined({parameter(1, h2), hint, parameter(5, secret)}));
  ASSERT_TRUE(holds(response, secret));
  const auto shorter = without_ech(response).value();
  EXPECT_EQ(shorter.removed, 1U);
  EXPECT_FALSE(holds(shorter.bytes, secret));
  EXPECT_TRUE(holds(shorter.bytes, svcb_data(1, "svc.a.nl", joined({parameter(1, h2), hint}))));
  const auto before = parse_response(response).value();
  const auto after = parse_response(shorter.bytes);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->id, before.id);
  EXPECT_EQ(after->question, before.question);
  ASSERT_EQ(after->records.size(), 2U);
  EXPECT_EQ(after->records[0].addresses, before.records[0].addresses);
  EXPECT_EQ(after->records[1].owner, "svc.a.nl");
  EXPECT_EQ(shorter.bytes.at(11), 1);        // EDNS is still there
  EXPECT_EQ(response.at(3) & 0x20, 0x20);    // it was said to be validated,
  EXPECT_EQ(shorter.bytes.at(3) & 0x20, 0);  // which what we made of it is not
}

TEST(DnsAnswer, DemandsNoEchThatItTookOut)
{
  // "mandatory" names what must be understood: alpn and ech, then ech alone.
  const auto both =
      https_answer(joined({parameter(0, {0, 1, 0, 5}), parameter(1, h2), parameter(5, secret)}));
  EXPECT_TRUE(holds(without_ech(both)->bytes,
                    svcb_data(1, "svc.a.nl", joined({parameter(0, {0, 1}), parameter(1, h2)}))));
  const auto alone = https_answer(joined({parameter(0, {0, 5}), parameter(5, secret)}));
  const auto bare = without_ech(alone).value();
  EXPECT_EQ(bare.removed, 1U);
  EXPECT_EQ(parse_response(bare.bytes)->records.at(0).target, "svc.a.nl");
  EXPECT_FALSE(holds(bare.bytes, Bytes{0, 0, 0, 2, 0, 5}));
}

TEST(DnsAnswer, ChangesNoByteWhereThereIsNoEch)
{
  const auto response = https_answer(parameter(1, h2));
  EXPECT_EQ(without_ech(response)->bytes, response);
  EXPECT_EQ(without_ech(response)->removed, 0U);
  EXPECT_FALSE(without_ech(query_for("a.nl", type::https)));
}

TEST(DnsAnswer, AsksACacheForWhatItHasAndNobodyElse)
{
  const auto query = build_cache_query(7, "www.example.nl", type::a).value();
  EXPECT_EQ(query.at(2) & 0x01, 0);     // no recursion
  EXPECT_EQ(query.at(3) & 0x10, 0x10);  // sound or not
  EXPECT_EQ(parse_query(query)->question.name, "www.example.nl");
}

TEST(DnsAnswer, SetsTheId)
{
  auto query = build_query(1, "a.nl", type::a).value();
  set_id(query, 0xabcd);
  EXPECT_EQ(id_of(query), 0xabcd);
}

}  // namespace
}  // namespace zonder::wire::dns
