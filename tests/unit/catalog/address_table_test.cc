// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <stdexcept>

#include <gtest/gtest.h>

#include "catalog/address_table.hh"

namespace zonder::catalog {
namespace {

using net::Address;

AddressEntry entry(const char* first, const char* last, std::uint32_t value)
{
  return {{*Address::parse(first), *Address::parse(last)}, value};
}

/// The block and the table over it.
struct Table {
  explicit Table(const std::vector<AddressEntry>& entries) : bytes(build_address_table(entries)) {}
  [[nodiscard]] std::uint32_t find(const char* address) const
  {
    return AddressTable::over(bytes)->find(*Address::parse(address));
  }
  std::vector<std::byte> bytes;
};

TEST(AddressTable, FindsTheRangeThatAnAddressLiesIn)
{
  const Table table({entry("192.0.2.0", "192.0.2.255", 7),
                     entry("198.51.100.10", "198.51.100.10", 8),
                     entry("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 9)});
  EXPECT_EQ(table.find("192.0.2.0"), 7U);
  EXPECT_EQ(table.find("192.0.2.255"), 7U);
  EXPECT_EQ(table.find("192.0.3.0"), 0U);
  EXPECT_EQ(table.find("192.0.1.255"), 0U);
  EXPECT_EQ(table.find("198.51.100.10"), 8U);
  EXPECT_EQ(table.find("198.51.100.11"), 0U);
  EXPECT_EQ(table.find("2001:db8::1"), 9U);
  EXPECT_EQ(table.find("2001:db9::"), 0U);
}

TEST(AddressTable, KeepsTheFamiliesApart)
{
  const Table only_v4({entry("0.0.0.0", "255.255.255.255", 4)});
  EXPECT_EQ(only_v4.find("255.255.255.255"), 4U);
  EXPECT_EQ(only_v4.find("::"), 0U);
  EXPECT_EQ(only_v4.find("ffff::"), 0U);
  const Table only_v6({entry("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6)});
  EXPECT_EQ(only_v6.find("0.0.0.0"), 0U);
  EXPECT_EQ(only_v6.find("::"), 6U);
  EXPECT_EQ(only_v6.find("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 6U);
}

TEST(AddressTable, TellsNeighboursApartDownToTheSingleAddress)
{
  const Table table({entry("10.0.0.1", "10.0.0.1", 1),
                     entry("10.0.0.2", "10.0.0.2", 2),
                     entry("10.0.0.3", "10.0.0.6", 3),
                     entry("2001:db8::1", "2001:db8::1", 4),
                     entry("2001:db8::2", "2001:db8::2", 5)});
  EXPECT_EQ(table.find("10.0.0.0"), 0U);
  EXPECT_EQ(table.find("10.0.0.1"), 1U);
  EXPECT_EQ(table.find("10.0.0.2"), 2U);
  EXPECT_EQ(table.find("10.0.0.6"), 3U);
  EXPECT_EQ(table.find("10.0.0.7"), 0U);
  EXPECT_EQ(table.find("2001:db8::"), 0U);
  EXPECT_EQ(table.find("2001:db8::1"), 4U);
  EXPECT_EQ(table.find("2001:db8::2"), 5U);
  EXPECT_EQ(table.find("2001:db8::3"), 0U);
}

TEST(AddressTable, HoldsValuesOfAll32Bits)
{
  const Table table({entry("10.0.0.0", "10.0.0.255", 0xffffffff),
                     entry("10.0.1.0", "10.0.1.255", 0x80000000),
                     entry("10.0.2.0", "10.0.2.255", 0x7fffffff),
                     entry("2001:db8::", "2001:db8::", 0xfffffffe)});
  EXPECT_EQ(table.find("10.0.0.9"), 0xffffffffU);
  EXPECT_EQ(table.find("10.0.1.9"), 0x80000000U);
  EXPECT_EQ(table.find("10.0.2.9"), 0x7fffffffU);
  EXPECT_EQ(table.find("2001:db8::"), 0xfffffffeU);
}

TEST(AddressTable, AnswersNothingWhenItIsEmpty)
{
  const Table table({});
  EXPECT_EQ(table.find("192.0.2.1"), 0U);
  EXPECT_EQ(table.find("2001:db8::1"), 0U);
}

TEST(AddressTable, CanLieAnywhereInAFile)
{
  const Table table({entry("192.0.2.0", "192.0.2.7", 7), entry("2001:db8::", "2001:db8::7", 8)});
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::vector<std::byte> file(shift);
    file.insert(file.end(), table.bytes.begin(), table.bytes.end());
    const auto moved = AddressTable::over(std::span(file).subspan(shift));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->find(*Address::parse("192.0.2.7")), 7U);
    EXPECT_EQ(moved->find(*Address::parse("2001:db8::7")), 8U);
  }
}

TEST(AddressTable, IsTheSameBytesForTheSameRanges)
{
  const std::vector<AddressEntry> entries{entry("192.0.2.0", "192.0.2.7", 0x90000001),
                                          entry("198.51.100.0", "198.51.100.3", 0x90000002)};
  EXPECT_EQ(build_address_table(entries), build_address_table(entries));
}

TEST(AddressTable, SaysWhatToDoWhenTheBlockIsNotOne)
{
  const std::vector<std::byte> zeros(100);
  const auto table = AddressTable::over(zeros);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().message,
            "the catalogue's address table is damaged or of another version: get the data again "
            "with `zonder data update`, or install zonder-data again");
  EXPECT_FALSE(AddressTable::over({}));
}

TEST(AddressTable, IsNotBuiltOfRangesThatOverlapOrAreOutOfOrder)
{
  const auto one = entry("10.0.0.0", "10.0.0.9", 1);
  const auto two = entry("10.0.0.9", "10.0.0.20", 2);
  const auto v6 = entry("2001:db8::", "2001:db8::9", 3);
  for (const auto& entries : std::vector<std::vector<AddressEntry>>{
           {one, two},
           {one, one},
           {v6, one},
           {entry("10.0.0.9", "10.0.0.0", 1)},
           {entry("10.0.0.9", "2001:db8::", 1)},
           {entry("10.0.0.0", "10.0.0.9", 0)},
       }) {
    EXPECT_THROW(build_address_table(entries), std::invalid_argument);
  }
  EXPECT_NO_THROW(build_address_table(std::vector<AddressEntry>{one, v6}));
}

TEST(AddressTable, StaysSmall)
{
  // 10,000 ranges of 64 addresses: a few words and leaves each, not a direct array of megabytes.
  std::vector<AddressEntry> entries;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    entries.push_back({{Address::v4(i * 400000), Address::v4(i * 400000 + 63)}, i + 1});
  }
  EXPECT_LT(build_address_table(entries).size(), 1000000U);
}

}  // namespace
}  // namespace zonder::catalog
