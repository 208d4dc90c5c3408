// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/dns_bytes.hh"
#include "wire/dns/message.hh"

namespace zonder::wire::dns {
namespace {

using namespace zonder::test;

constexpr unsigned query_flags = 0x0100;

TEST(DnsMessage, ReadsAQueryWithItsEdns)
{
  const auto query = parse_query(write({.flags = query_flags,
                                        .name = "WWW.Gemeente.NL",
                                        .type = type::aaaa,
                                        .additional = {edns(1232, true)}}));

  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->id, 0x1234);
  EXPECT_EQ(query->question.name, "www.gemeente.nl");
  EXPECT_EQ(query->question.type, type::aaaa);
  EXPECT_TRUE(query->has_edns);
  EXPECT_TRUE(query->wants_dnssec);
  EXPECT_EQ(query->udp_size, 1232);
}

TEST(DnsMessage, TakesAnAskerWithoutEdnsForOneOf512Bytes)
{
  const auto query = parse_query(write({.flags = query_flags, .name = "."}));
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->question.name, ".");
  EXPECT_FALSE(query->has_edns);
  EXPECT_EQ(query->udp_size, 512);
}

TEST(DnsMessage, ReadsAliasesAddressesAndHints)
{
  const auto response = parse_response(
      write({.name = "www.gemeente.nl",
             .type = type::https,
             .answers = {{"www.gemeente.nl", type::cname, name_data("Edge.Example.NET")},
                         {"edge.example.net", type::a, address_data("192.0.2.1")},
                         {"edge.example.net", type::aaaa, address_data("2001:db8::1")},
                         {"edge.example.net",
                          type::https,
                          svcb_data(1,
                                    ".",
                                    [] {
                                      auto both = svcb_hint({"192.0.2.2", "192.0.2.3"});
                                      append(both, svcb_hint({"2001:db8::2"}));
                                      return both;
                                    }())}},
             .authority = {{"example.net", type::ns, name_data("ns.example.net")},
                           {"example.net", type::soa, [] {
                              auto data = name_data("ns.example.net");
                              append(data, name_data("root.example.net"));
                              append(data, Bytes(20, 1));
                              return data;
                            }()}}}));

  ASSERT_TRUE(response) << response.error().message;
  ASSERT_EQ(response->records.size(), 6U);
  const auto& rows = response->records;
  EXPECT_EQ(rows[0].target, "edge.example.net");
  EXPECT_EQ(rows[1].addresses.at(0).to_string(), "192.0.2.1");
  EXPECT_EQ(rows[2].addresses.at(0).to_string(), "2001:db8::1");
  ASSERT_EQ(rows[3].addresses.size(), 3U);
  EXPECT_EQ(rows[3].addresses[2].to_string(), "2001:db8::2");
  EXPECT_EQ(rows[3].target, ".");
  EXPECT_EQ(rows[4].section, Section::Authority);
  EXPECT_EQ(rows[4].target, "ns.example.net");
  EXPECT_EQ(rows[5].target, "ns.example.net");
}

TEST(DnsMessage, WritesOddBytesOfANameSoThatTheyCanBeShown)
{
  const auto query =
      parse_query(write({.flags = query_flags, .name = std::string("a b\x1b\\c.Example.nl")}));
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->question.name, "a\\032b\\027\\092c.example.nl");
}

TEST(DnsMessage, KnowsADotInsideALabelFromOneBetweenLabels)
{
  auto bytes = write({.flags = query_flags, .name = "aXsharepoint.com"});
  bytes.at(14) = '.';  // one label "a.sharepoint", then "com"
  const auto query = parse_query(bytes);
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->question.name, "a\\046sharepoint.com");
  EXPECT_EQ(as_domain_name(query->question.name)->text(), "com");
}

TEST(DnsMessage, AsksRulesAboutTheSoundPartOfAName)
{
  EXPECT_EQ(as_domain_name("www.example.nl")->text(), "www.example.nl");
  EXPECT_EQ(as_domain_name("a\\032b.example.nl")->text(), "example.nl");
  EXPECT_EQ(as_domain_name("\\042.x\\032.example.nl")->text(), "example.nl");
  EXPECT_FALSE(as_domain_name("."));
  EXPECT_FALSE(as_domain_name("a\\032b"));
}

TEST(DnsMessage, NamesTypesAndCodes)
{
  EXPECT_EQ(type_name(type::https), "HTTPS");
  EXPECT_EQ(type_name(65280), "TYPE65280");
  EXPECT_EQ(rcode_name(2), "SERVFAIL");
  EXPECT_EQ(rcode_name(4000), "RCODE4000");
}

TEST(DnsMessage, RefusesANameThatIsAnotherOneWhenTheHeaderChanges)
{
  // A count in the header, 0 and 1, reads as a name too: the root.
  const TestMessage message{.name = "a.nl",
                            .answers = {{"b.nl", type::a, address_data("192.0.2.1")}}};
  auto bytes = write(message);
  ASSERT_TRUE(parse_response(bytes));

  // An owner that points there...
  const std::size_t question_end = smallest_message + 10;
  bytes.resize(question_end);
  append(bytes, {0xc0, 0x06, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1});
  EXPECT_FALSE(parse_response(bytes));
  // ... and an alias that ends there. One that ends in the question is fine.
  bytes.resize(question_end);
  append(bytes, {0xc0, 0x0c, 0, 5, 0, 1, 0, 0, 0, 0, 0, 4, 1, 'b', 0xc0, 0x06});
  EXPECT_FALSE(parse_response(bytes));
  bytes.resize(bytes.size() - 1);
  bytes.push_back(0x0c);
  const auto good = parse_response(bytes);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->records[0].target, "b.a.nl");
}

struct BadCase {
  const char* what;
  Bytes bytes;
  const char* message;
};

Bytes changed(Bytes bytes, std::size_t at, std::uint8_t value)
{
  bytes.at(at) = value;
  return bytes;
}

Bytes answer_with(unsigned type, const Bytes& data)
{
  return write({.name = "a.nl", .answers = {{"a.nl", type, data}}});
}

Bytes joined(Bytes bytes, const Bytes& more)
{
  append(bytes, more);
  return bytes;
}

TEST(DnsMessage, RefusesAResponseAtTheFirstSurprise)
{
  const auto good = write({.name = "a.nl", .answers = {{"a.nl", type::a, Bytes{192, 0, 2, 1}}}});
  ASSERT_TRUE(parse_response(good));
  const std::vector<BadCase> cases = {
      {"nothing", {}, "DNS message: 0 bytes, which is not between 12 and 65535"},
      {"half a header", Bytes(11), "DNS message: 11 bytes, which is not between 12 and 65535"},
      {"too long",
       changed(Bytes(65536), 2, 0x80),
       "DNS message: 65536 bytes, which is not between 12 and 65535"},
      {"a query", changed(good, 2, 1), "DNS message: a query where a response belongs"},
      {"no question", changed(good, 5, 0), "DNS message: 0 questions where one belongs"},
      {"two questions", changed(good, 5, 2), "DNS message: 2 questions where one belongs"},
      {"fewer records than it says", changed(good, 7, 2), "DNS message: malformed"},
      {"more records than it says", changed(good, 7, 0), "DNS message: malformed"},
      {"bytes after the end", joined(good, {0}), "DNS message: malformed"},
      {"cut off", Bytes(good.begin(), good.end() - 1), "DNS message: malformed"},
      {"a name that points at itself",
       changed(changed(good, 12, 0xc0), 13, 12),
       "DNS message: malformed"},
      {"a label past the end", changed(good, 12, 63), "DNS message: malformed"},
      {"a label type that does not exist", changed(good, 12, 0x80), "DNS message: malformed"},
      {"an IPv4 address of 3 bytes", answer_with(type::a, {192, 0, 2}), "DNS message: malformed"},
      {"an IPv6 address of 4 bytes",
       answer_with(type::aaaa, {192, 0, 2, 1}),
       "DNS message: malformed"},
      {"an alias with something behind it",
       answer_with(type::cname, {1, 'b', 0, 0}),
       "DNS message: malformed"},
      {"an alias without end", answer_with(type::cname, {1, 'b'}), "DNS message: malformed"},
      {"a service binding of one byte",
       answer_with(type::https, {0}),
       "DNS message: the data of a.nl HTTPS is malformed"},
      {"hints of 3 bytes",
       answer_with(type::https, svcb_data(1, ".", {0, 4, 0, 3, 1, 2, 3})),
       "DNS message: the data of a.nl HTTPS is malformed"},
      {"no hints",
       answer_with(type::https, svcb_data(1, ".", {0, 4, 0, 0})),
       "DNS message: the data of a.nl HTTPS is malformed"},
      {"a parameter past the end",
       answer_with(type::svcb, svcb_data(1, ".", {0, 4, 0, 8, 1, 2, 3, 4})),
       "DNS message: the data of a.nl SVCB is malformed"},
      {"the same parameter twice",
       answer_with(type::svcb, svcb_data(1, ".", {0, 3, 0, 0, 0, 3, 0, 0})),
       "DNS message: the data of a.nl SVCB is malformed"},
      {"half a parameter",
       answer_with(type::svcb, svcb_data(1, ".", {0, 3, 0})),
       "DNS message: the data of a.nl SVCB is malformed"},
      {"a service without target",
       answer_with(type::svcb, {0, 1, 5, 'a'}),
       "DNS message: the data of a.nl SVCB is malformed"},
      {"an address without data", answer_with(type::a, {}), "DNS message: malformed"}};
  for (const auto& each : cases) {
    const auto response = parse_response(each.bytes);
    ASSERT_FALSE(response) << each.what;
    EXPECT_EQ(response.error().message, each.message) << each.what;
  }
}

TEST(DnsMessage, RefusesAQueryAtTheFirstSurprise)
{
  const auto good = write({.flags = query_flags, .name = "a.nl"});
  ASSERT_TRUE(parse_query(good));
  const std::vector<BadCase> cases = {
      {"a response", changed(good, 2, 0x81), "DNS message: a response where a query belongs"},
      {"no question", changed(good, 5, 0), "DNS message: 0 questions where one belongs"},
      {"bytes after the end", joined(good, {0}), "DNS message: malformed"},
      {"two EDNS records",
       write({.flags = query_flags, .name = "a.nl", .additional = {edns(512), edns(512)}}),
       "DNS message: malformed"}};
  for (const auto& each : cases) {
    const auto query = parse_query(each.bytes);
    ASSERT_FALSE(query) << each.what;
    EXPECT_EQ(query.error().message, each.message) << each.what;
  }
}

}  // namespace
}  // namespace zonder::wire::dns
