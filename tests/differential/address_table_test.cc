// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The address table against a scan over all ranges, on thousands of small tables that like edges.
#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "catalog/address_table.hh"

namespace zonder::catalog {
namespace {

using net::Address;
using net::Family;

std::uint32_t scan(const std::vector<AddressEntry>& entries, Address address)
{
  for (const AddressEntry& entry : entries) {
    if (entry.range.first.family() == address.family() && entry.range.first <= address &&
        address <= entry.range.last) {
      return entry.value;
    }
  }
  return 0;
}

class World {
public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// Often near another address of this table or near a round number, sometimes anywhere.
  Address address(Family family)
  {
    std::uint64_t high = random_();
    std::uint64_t low = random_();
    const auto kept = static_cast<unsigned>(below(65));
    switch (below(6)) {
    case 0:  // a prefix's first address, of any length
      (below(2) == 0 ? high : low) &= kept == 0 ? 0 : ~std::uint64_t{0} << (64 - kept);
      low = below(2) == 0 ? 0 : low;
      break;
    case 1:  // a prefix's last
      (below(2) == 0 ? high : low) |= kept == 64 ? 0 : ~std::uint64_t{0} >> kept;
      low = below(2) == 0 ? ~std::uint64_t{0} : low;
      break;
    case 2:
      high = low = 0;
      break;
    case 3:
      high = low = ~std::uint64_t{0};
      break;
    case 4:
      if (!seen_.empty()) {
        const Address near = seen_[below(seen_.size())];
        high = near.high();
        low = near.low() + below(5) - 2;
      }
      break;
    default:
      break;
    }
    const Address address = family == Family::V4
                                ? Address::v4(static_cast<std::uint32_t>(low >> below(2) * 32))
                                : Address::v6(high, low);
    seen_.push_back(address);
    return address;
  }

  std::vector<AddressEntry> table()
  {
    seen_.clear();
    std::vector<AddressEntry> entries;
    for (const Family family : {Family::V4, Family::V6}) {
      std::vector<Address> edges;
      for (auto count = below(2) * below(40); count > 0; --count) {
        edges.push_back(address(family));
      }
      std::sort(edges.begin(), edges.end());
      edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
      for (std::size_t i = 0; i < edges.size(); ++i) {
        fill_from(edges, i, entries);
      }
    }
    return entries;
  }

  std::vector<Address> questions(const std::vector<AddressEntry>& entries)
  {
    std::vector<Address> all;
    for (const AddressEntry& entry : entries) {
      for (const Address edge : {entry.range.first, entry.range.last}) {
        all.push_back(edge);
        all.push_back(edge.next().value_or(edge));
        all.push_back(edge.previous().value_or(edge));
      }
    }
    for (int i = 0; i < 40; ++i) {
      all.push_back(address(i % 2 == 0 ? Family::V4 : Family::V6));
    }
    return all;
  }

private:
  /// From edge i: nothing, one address, or all up to the next edge; neighbours may touch.
  void
  fill_from(const std::vector<Address>& edges, std::size_t i, std::vector<AddressEntry>& entries)
  {
    const std::array<std::uint32_t, 6> values{
        1, 2, 0x7fffffff, 0x80000000, 0xffffffff, static_cast<std::uint32_t>(random_()) | 1U};
    const std::uint32_t value = values.at(below(values.size()));
    const auto choice = below(4);
    if (choice == 1) {
      entries.push_back({{edges[i], edges[i]}, value});
    } else if (choice > 1) {
      const bool is_last = i + 1 == edges.size();
      const Address end = edges[i].is_v4() ? Address::v4(0xffffffff) : Address::v6(~0ULL, ~0ULL);
      entries.push_back({{edges[i], is_last ? end : *edges[i + 1].previous()}, value});
    }
  }

  std::mt19937_64 random_;
  std::vector<Address> seen_;
};

/// Every way to ask must give what the scan gives.
void expect_agreement(const std::vector<AddressEntry>& entries,
                      const std::vector<Address>& questions)
{
  const auto bytes = build_address_table(entries);
  const auto table = AddressTable::over(bytes);
  ASSERT_TRUE(table) << table.error().message;
  std::vector<std::uint32_t> v4;
  std::vector<V6> v6;
  std::vector<std::uint32_t> expected_v4;
  std::vector<std::uint32_t> expected_v6;
  for (const Address address : questions) {
    const std::uint32_t expected = scan(entries, address);
    ASSERT_EQ(table->find(address), expected) << address.to_string();
    if (address.is_v4()) {
      v4.push_back(static_cast<std::uint32_t>(address.low()));
      expected_v4.push_back(expected);
    } else {
      v6.push_back({address.high(), address.low()});
      expected_v6.push_back(expected);
    }
  }
  std::vector<std::uint32_t> found_v4(v4.size(), 7);
  std::vector<std::uint32_t> found_v6(v6.size(), 7);
  table->find_v4(v4, found_v4);
  table->find_v6(v6, found_v6);
  EXPECT_EQ(found_v4, expected_v4);
  EXPECT_EQ(found_v6, expected_v6);
}

TEST(AddressTableAgainstScan, AgreesOnThousandsOfSmallTables)
{
  World world(20261123);
  for (int round = 0; round < 6000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto entries = world.table();
    expect_agreement(entries, world.questions(entries));
  }
}

TEST(AddressTableAgainstScan, AgreesOnDenseTablesOfSomeThousandRanges)
{
  World world(7);
  for (int round = 0; round < 5 && !testing::Test::HasFailure(); ++round) {
    // A /14 and a /44 in steps of one to nine addresses, so that blocks of every stride occur.
    std::vector<AddressEntry> entries;
    std::uint32_t at4 = 0x0a000000;
    for (std::uint32_t i = 1; i < 3000; ++i) {
      const auto length = static_cast<std::uint32_t>(1 + world.below(9));
      entries.push_back({{Address::v4(at4), Address::v4(at4 + length - 1)}, i});
      at4 += length + static_cast<std::uint32_t>(world.below(2) * world.below(200));
    }
    std::uint64_t at6 = 0;
    for (std::uint32_t i = 1; i < 3000; ++i) {
      const std::uint64_t length = 1 + world.below(1ULL << world.below(50));
      entries.push_back({{Address::v6(0x20010db800000000ULL, at6),
                          Address::v6(0x20010db800000000ULL, at6 + length - 1)},
                         i});
      at6 += length + world.below(3);
    }
    auto questions = world.questions(entries);
    questions.erase(questions.begin() + 3000, questions.end());
    expect_agreement(entries, questions);
  }
}

/// Ask a block that may be anything; only that nothing is read outside it counts (asan, valgrind).
void ask_around(const std::vector<std::byte>& bytes, World& world)
{
  // A copy of exactly this size, so that one byte past it is outside.
  const std::vector<std::byte> exact(bytes);
  const auto table = AddressTable::over(exact);
  if (!table) {
    EXPECT_FALSE(table.error().message.empty());
    return;
  }
  std::vector<std::uint32_t> v4;
  std::vector<V6> v6;
  for (int i = 0; i < 20; ++i) {
    const Address address = world.address(i % 2 == 0 ? Family::V4 : Family::V6);
    static_cast<void>(table->find(address));
    v4.push_back(static_cast<std::uint32_t>(address.low()));
    v6.push_back({address.high(), address.low()});
  }
  std::vector<std::uint32_t> values(20);
  table->find_v4(v4, values);
  table->find_v6(v6, values);
}

TEST(AddressTableAgainstScan, StaysInsideABlockOfWhichAnyByteIsWrong)
{
  World world(3);
  for (int round = 0; round < 10; ++round) {
    const auto bytes = build_address_table(world.table());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const unsigned change : {0x01U, 0x80U, 0xffU, 0x08U}) {
        auto damaged = bytes;
        damaged[at] ^= std::byte(change);
        ask_around(damaged, world);
      }
    }
  }
}

TEST(AddressTableAgainstScan, RefusesABlockThatIsCutShortOrTooLong)
{
  World world(4);
  auto bytes = build_address_table(world.table());
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(AddressTable::over(bytes));
  bytes.pop_back();
  while (!bytes.empty()) {
    bytes.pop_back();
    const auto exact = bytes;
    ASSERT_FALSE(AddressTable::over(exact));
  }
}

}  // namespace
}  // namespace zonder::catalog
