// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"
#include "net/prefix_set.hh"

// Which range does an address lie in: hundreds of thousands of ranges, hundreds of millions of
// questions a second. The table is one block of bytes without pointers, so that it can lie in a
// mapped file, at any alignment. How it works and where it comes from: address_table.cc.
namespace zonder::catalog {

struct AddressEntry {
  net::Range range;
  std::uint32_t value;  // never 0: that means "no range"
};

struct V6 {
  std::uint64_t high;
  std::uint64_t low;
};

/// The table of these ranges: sorted, disjoint, each within one family, IPv4 first.
std::vector<std::byte> build_address_table(std::span<const AddressEntry> entries);

/// A table that lies in somebody else's bytes; they must outlive it.
class AddressTable {
public:
  /// Checks every offset in the block, so that whatever it says, find() stays inside it. A block
  /// that passes may still give values that nobody put in: check them before use as an index.
  static Result<AddressTable> over(std::span<const std::byte> bytes);

  /// The value of the range in which the address lies; 0 when it lies in none.
  [[nodiscard]] std::uint32_t find(net::Address address) const;
  [[nodiscard]] std::uint32_t find_v4(std::uint32_t address) const;
  [[nodiscard]] std::uint32_t find_v6(std::uint64_t high, std::uint64_t low) const;

  /// Many at once: `values[i]` becomes the answer for `addresses[i]`; both of one length. Look-ups
  /// are interleaved, so that they wait for memory together.
  void find_v4(std::span<const std::uint32_t> addresses, std::span<std::uint32_t> values) const;
  void find_v6(std::span<const V6> addresses, std::span<std::uint32_t> values) const;

private:
  /// Where one family's arrays lie; see address_table.cc.
  struct Trie {
    const std::byte* bits = nullptr;
    const std::byte* base = nullptr;
    const std::byte* leaves = nullptr;
    unsigned root_stride = 0;
    std::uint32_t words = 0;
    std::uint32_t leaf_count = 0;

    [[nodiscard]] std::uint32_t leaf_index(std::uint64_t word, std::uint64_t slot) const;
    [[nodiscard]] std::uint32_t leaf(std::uint32_t index) const;
  };
  struct Key;

  [[nodiscard]] std::uint32_t descend(const Trie& trie, std::uint32_t leaf, Key key) const;
  [[nodiscard]] bool is_sound(const Trie& trie) const;

  Trie v4_;
  Trie v6_;
  const std::byte* large_values_ = nullptr;
  std::uint32_t large_count_ = 0;
};

}  // namespace zonder::catalog
