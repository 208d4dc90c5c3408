// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hh"
#include "catalog/address_tree.hh"
#include "catalog/address_trie.hh"
#include "net/address.hh"
#include "net/prefix_set.hh"

// Which range does an address lie in: hundreds of thousands of ranges, hundreds of millions of
// questions a second. The table is one block of bytes without pointers, so that it can lie in a
// file as it is; any alignment is right, a multiple of 64 is fastest. How it works and where that
// comes from: address_trie.cc for IPv4, address_tree.cc for IPv6.
namespace zonder::catalog {

struct AddressEntry {
  net::Range range;
  std::uint32_t value;  // never 0: that means "no range"
};

/// The table of these ranges: sorted, disjoint, each within one family, IPv4 first. Throws
/// std::invalid_argument when they are not; real tables do overlap here and there, and which row
/// counts is for their reader to say.
std::vector<std::byte> build_address_table(std::span<const AddressEntry> entries);

/// A table that lies in somebody else's bytes; they must outlive it.
class AddressTable {
public:
  /// Checks every offset in the block, so that whatever it says, find() stays inside it. A block
  /// that passes may still give values that nobody put in: check them before use as an index.
  static Result<AddressTable> over(std::span<const std::byte> bytes);

  /// The value of the range in which the address lies; 0 when it lies in none.
  [[nodiscard]] std::uint32_t find(net::Address address) const
  {
    return address.is_v4() ? find_v4(static_cast<std::uint32_t>(address.low()))
                           : find_v6(address.high(), address.low());
  }
  [[nodiscard]] std::uint32_t find_v4(std::uint32_t address) const { return v4_.find(address); }
  [[nodiscard]] std::uint32_t find_v6(std::uint64_t high, std::uint64_t low) const
  {
    return v6_.find({high, low});
  }

  /// Many at once: `values[i]` becomes the answer for `addresses[i]`; both of one length. Look-ups
  /// are interleaved, so that they wait for memory together.
  void find_v4(std::span<const std::uint32_t> addresses, std::span<std::uint32_t> values) const
  {
    v4_.find(addresses, values);
  }
  void find_v6(std::span<const V6> addresses, std::span<std::uint32_t> values) const
  {
    v6_.find(addresses, values);
  }

private:
  AddressTable(const AddressTrie& v4, const AddressTree& v6) : v4_(v4), v6_(v6) {}

  AddressTrie v4_;
  AddressTree v6_;
};

}  // namespace zonder::catalog
