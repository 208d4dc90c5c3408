// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/flow_bytes.hh"
#include "support/read_text.hh"

namespace zonder::wire::flows {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

// Source and destination address and port, protocol, bytes.
const std::string columns = big_endian({{8, 2},
                                        {4, 2},
                                        {12, 2},
                                        {4, 2},
                                        {7, 2},
                                        {2, 2},
                                        {11, 2},
                                        {2, 2},
                                        {4, 2},
                                        {1, 2},
                                        {1, 2},
                                        {4, 2}});
const std::string record =
    big_endian({{0x0A000005, 4}, {0xC0000207, 4}, {40'000, 2}, {443, 2}, {6, 1}, {1500, 4}});
const Lines expected = {"10.0.0.5 reached 192.0.2.7:443/tcp flow 1 1500"};

TEST(NetflowFive, TakesRecordsWithTheirTimes)
{
  const auto text = read_text(framed(netflow5()));
  EXPECT_EQ(text.format, "netflow");
  EXPECT_EQ(text.seen, expected);
  EXPECT_EQ(text.first, "2026-11-18T11:06:10Z");
  EXPECT_EQ(text.last, "2026-11-18T11:06:20Z");
}

TEST(NetflowFive, AConnectionThatWasOnlyAskedForReachedNobody)
{
  const auto text = read_text(framed(netflow5(1, 2)));
  EXPECT_EQ(text.records, 1U);
  EXPECT_TRUE(text.seen.empty());
}

TEST(NetflowNine, ReadsRecordsByTheirTemplate)
{
  const auto form = flow_set(0, big_endian({{256, 2}, {6, 2}}) + columns);
  const auto text =
      read_text(framed(netflow9(form)) + framed(netflow9(flow_set(256, record + record))));
  EXPECT_EQ(text.records, 2U) << text.problem;
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 2 3000"}));
}

TEST(NetflowNine, TheWayBackIsTheSameConnection)
{
  const auto form = flow_set(0, big_endian({{256, 2}, {6, 2}}) + columns);
  const auto back =
      big_endian({{0xC0000207, 4}, {0x0A000005, 4}, {443, 2}, {40'000, 2}, {6, 1}, {500, 4}});
  const auto text = read_text(framed(netflow9(form + flow_set(256, record + back))));
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 2 2000"}));
}

TEST(NetflowNine, RecordsWithoutATemplateAreCountedAsUnreadable)
{
  const auto text = read_text(framed(netflow9(flow_set(300, record))) + framed(netflow5()));
  EXPECT_EQ(text.seen, expected);
  EXPECT_EQ(text.unreadable, 1U);
  EXPECT_NE(text.problem.find("template"), std::string::npos);
}

TEST(Ipfix, ReadsEnterpriseAndVariableFieldsAroundOurs)
{
  const auto form = flow_set(
      2,
      big_endian({{256, 2}, {8, 2}, {0x8001, 2}, {4, 2}, {12345, 4}, {82, 2}, {65535, 2}}) +
          columns);
  const auto data = big_endian({{99, 4}, {3, 1}}) + "eth" + record;
  const auto far = big_endian({{99, 4}, {255, 1}, {300, 2}}) + std::string(300, 'x') + record;
  const auto text = read_text(ipfix(form) + ipfix(flow_set(256, data + far)));
  EXPECT_EQ(text.format, "ipfix");
  EXPECT_EQ(text.records, 2U) << text.problem;
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 reached 192.0.2.7:443/tcp flow 2 3000"}));
}

TEST(Ipfix, TemplatesOfTwoExportersAreTheirOwn)
{
  // The same number, in another domain: not known there.
  const auto form = flow_set(2, big_endian({{256, 2}, {6, 2}}) + columns);
  auto other = ipfix(flow_set(256, record));
  other[15] = 9;
  const auto text = read_text(framed(ipfix(form)) + framed(other));
  EXPECT_TRUE(text.seen.empty());
  EXPECT_EQ(text.unreadable, 1U);
}

TEST(Ipfix, AFieldOfNoBytesAndAnUnknownOneAreReadPast)
{
  const auto form =
      flow_set(2, big_endian({{256, 2}, {8, 2}, {500, 2}, {0, 2}, {8, 2}, {0, 2}}) + columns);
  const auto text = read_text(framed(ipfix(form + flow_set(256, record))));
  EXPECT_EQ(text.seen, expected);
}

TEST(Ipfix, ATemplateThatLiesIsDroppedWithItsDatagram)
{
  const std::pair<const char*, std::string> lies[] = {
      {"more columns than there are", big_endian({{256, 2}, {60'000, 2}}) + columns},
      {"more columns than anybody needs",
       big_endian({{256, 2}, {257, 2}}) + std::string(257 * 4, 1)},
      {"records of nothing", big_endian({{256, 2}, {1, 2}, {8, 2}, {0, 2}})},
      {"a number that is a set's", big_endian({{3, 2}, {6, 2}}) + columns},
      {"an address of three bytes, which is read past",
       big_endian({{256, 2}, {1, 2}, {8, 2}, {65535, 2}})}};
  for (const auto& [what, set] : lies) {
    const auto text =
        read_text(framed(ipfix(flow_set(2, set) + flow_set(256, record))) + framed(netflow5()));
    EXPECT_EQ(text.seen, expected) << what;
    EXPECT_LE(text.records, 20U) << what;
  }
}

}  // namespace
}  // namespace zonder::wire::flows
