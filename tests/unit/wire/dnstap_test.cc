// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/flow_bytes.hh"
#include "support/read_text.hh"
#include "wire/dns/brief.hh"

namespace zonder::wire::dnstap {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

const std::string query = dns_bytes(0x0100, 0, "");
// www.example.nl is an alias of a.www.example.nl, which has an address.
const std::string answer = dns_bytes(
    0x8180,
    2,
    big_endian({{0xC00C, 2}, {5, 2}, {1, 2}, {60, 4}, {4, 2}}) + std::string("\1a\xC0\x0C", 4) +
        big_endian({{0xC02C, 2}, {1, 2}, {1, 2}, {60, 4}, {4, 2}, {0xC0000207, 4}}));

TEST(Dnstap, TakesWhoAskedAndWhereItLeads)
{
  const auto text =
      read_text(dnstap_start() + dnstap_frame(5, query) + dnstap_frame(6, answer) + dnstap_stop());
  EXPECT_EQ(text.format, "dnstap");
  EXPECT_EQ(text.records, 2U);
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 asked www.example.nl dns 1",
                   "a.www.example.nl leads-to 192.0.2.7 dns 1",
                   "www.example.nl alias a.www.example.nl dns 1"}));
  EXPECT_EQ(text.first, "2026-11-18T11:06:40Z");
}

TEST(Dnstap, WhereOnlyAnswersAreTappedTheyTellTheQuestion)
{
  const auto text = read_text(dnstap_start() + dnstap_frame(6, answer) + dnstap_frame(6, answer));
  EXPECT_EQ(text.seen.front(), "10.0.0.5 asked www.example.nl dns 2");
}

TEST(Dnstap, AResolversOwnQuestionsAreNotItsClients)
{
  const auto text = read_text(dnstap_start() + dnstap_frame(5, query) + dnstap_frame(3, query) +
                              dnstap_frame(4, answer));
  EXPECT_EQ(text.seen.front(), "10.0.0.5 asked www.example.nl dns 1");
}

TEST(Dnstap, FilesPutOneBehindTheOtherAreRead)
{
  const auto one = dnstap_start() + dnstap_frame(5, query) + dnstap_stop();
  EXPECT_EQ(read_text(one + one).seen, (Lines{"10.0.0.5 asked www.example.nl dns 2"}));
}

TEST(Dnstap, ADamagedMessageIsCountedAndTheRestIsRead)
{
  auto cut = dnstap_frame(6, answer.substr(0, answer.size() - 3));
  const auto text =
      read_text(dnstap_start() + cut + framed("\xFF\xFF\xFF") + dnstap_frame(5, query));
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 asked www.example.nl dns 1"}));
  EXPECT_EQ(text.unreadable, 2U);
  EXPECT_EQ(text.problem, "frame 1: its DNS message is malformed");
}

bool reads(const std::string& message)
{
  dns::BriefReader reader;
  return reader.read({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()});
}

TEST(BriefDns, RefusesNamesThatDoNotEnd)
{
  const auto head = big_endian({{1, 2}, {0x8180, 2}, {1, 2}, {1, 2}, {0, 4}});
  EXPECT_TRUE(reads(answer));
  EXPECT_FALSE(reads(head + std::string("\xC0\x0C\0\1\0\1", 6))) << "to itself";
  EXPECT_FALSE(reads(head + std::string("\1a\xC0\x10\0\1\0\1", 8))) << "forward";
  EXPECT_FALSE(reads(head + std::string("\1a\xC0\x00\0\1\0\1", 8))) << "into the header";
  EXPECT_FALSE(reads(head + std::string("\x40"
                                        "a\0\0\1\0\1",
                                        7)))
      << "no such label";
  EXPECT_FALSE(reads(head + std::string("\x05"
                                        "ab",
                                        3)))
      << "past the end";
  std::string longest = head;
  for (int i = 0; i < 5; ++i) {
    longest += std::string(1, 63) + std::string(63, 'a');
  }
  EXPECT_FALSE(reads(longest + std::string("\0\0\1\0\1", 5))) << "longer than a name may be";
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_FALSE(reads(answer.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace zonder::wire::dnstap
