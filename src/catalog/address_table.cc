// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// Bytes, all little-endian: magic (8), the length of the IPv6 half and of the IPv4 half (64-bit),
// zeros up to 64; then the halves, IPv6 first, since its nodes want to begin at a multiple of 64.
#include "catalog/address_table.hh"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/translate.hh"
#include "catalog/packed.hh"

namespace zonder::catalog {
namespace {

struct Header {
  std::array<char, 8> magic;
  std::uint64_t size_v6;
  std::uint64_t size_v4;
  std::array<std::uint64_t, 5> zeros;
  bool operator==(const Header&) const = default;
};
static_assert(sizeof(Header) == 64);

constexpr std::array<char, 8> magic{'Z', 'N', 'D', 'A', 'D', 'R', '0', '2'};

/// A table of ranges that are not as the header asks would be silently wrong.
void check_order(std::span<const AddressEntry> entries)
{
  const AddressEntry* before = nullptr;
  for (const AddressEntry& entry : entries) {
    const auto& [first, last] = entry.range;
    if (entry.value == 0 || first.family() != last.family() || last < first ||
        (before != nullptr && first <= before->range.last)) {
      throw std::invalid_argument("address table: not sorted, disjoint and with a value: " +
                                  first.to_string() + " - " + last.to_string());
    }
    before = &entry;
  }
}

U128 key_of(net::Address address)
{
  return address.is_v4() ? static_cast<U128>(address.low()) << 96U
                         : static_cast<U128>(address.high()) << 64U | address.low();
}

std::vector<Change> changes_of(std::span<const AddressEntry> entries, net::Family family)
{
  std::vector<Change> changes{{0, 0}};
  const auto change = [&](net::Address at, std::uint32_t value) {
    if (changes.back().key == key_of(at)) {
      changes.back().value = value;
    } else {
      changes.push_back({key_of(at), value});
    }
  };
  for (const AddressEntry& entry : entries) {
    if (entry.range.first.family() == family) {
      change(entry.range.first, entry.value);
      if (const auto behind = entry.range.last.next()) {
        change(*behind, 0);
      }
    }
  }
  // Where two neighbours have one value nothing changes.
  const auto same = [](const Change& a, const Change& b) {
    return a.value == b.value;
  };
  changes.erase(std::unique(changes.begin(), changes.end(), same), changes.end());
  return changes;
}

}  // namespace

std::vector<std::byte> build_address_table(std::span<const AddressEntry> entries)
{
  check_order(entries);
  const auto v6 = build_address_tree(changes_of(entries, net::Family::V6));
  const auto v4 = build_address_trie(changes_of(entries, net::Family::V4));
  const Header header{magic, v6.size(), v4.size(), {}};
  std::vector<std::byte> bytes;
  append(bytes, &header, 1);
  append(bytes, v6.data(), v6.size());
  append(bytes, v4.data(), v4.size());
  return bytes;
}

Result<AddressTable> AddressTable::over(std::span<const std::byte> bytes)
{
  const auto wrong = [] {
    return fail(Fault::Usage,
                say("the catalogue's address table is damaged or of another version: get the data "
                    "again with `zonder data update`, or install zonder-data again"));
  };
  if (bytes.size() < sizeof(Header)) {
    return wrong();
  }
  const auto header = load<Header>(bytes.data());
  const auto halves = bytes.subspan(sizeof(Header));
  if (header != Header{magic, header.size_v6, header.size_v4, {}} ||
      header.size_v6 > halves.size() || header.size_v4 != halves.size() - header.size_v6) {
    return wrong();
  }
  const auto v6 = AddressTree::over(halves.first(header.size_v6));
  const auto v4 = AddressTrie::over(halves.subspan(header.size_v6));
  if (!v6 || !v4) {
    return wrong();
  }
  return AddressTable(*v4, *v6);
}

}  // namespace zonder::catalog
