// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "catalog/address_changes.hh"
#include "catalog/packed.hh"

// The IPv4 half of address_table.
namespace zonder::catalog {

std::vector<std::byte> build_address_trie(std::span<const Change> changes);

class AddressTrie {
public:
  /// Nothing when any offset in the block leads out of it.
  static std::optional<AddressTrie> over(std::span<const std::byte> bytes);

  [[nodiscard]] std::uint32_t find(std::uint32_t address) const
  {
    const std::uint64_t word = std::uint64_t{address} >> (32 - root_stride_);
    const std::uint64_t slot = address >> (26 - root_stride_) & 63U;
    const std::uint32_t found = leaf(leaf_index(word, slot));
    if ((found & further) == 0) [[likely]] {
      return found;
    }
    return descend(found, std::uint64_t{address} << (38 + root_stride_));
  }
  void find(std::span<const std::uint32_t> addresses, std::span<std::uint32_t> values) const;

private:
  static constexpr std::uint32_t further = 0x80000000U;  // set in a leaf that is not a value

  [[nodiscard]] bool is_sound() const;
  [[nodiscard]] std::uint32_t leaf_index(std::uint64_t word, std::uint64_t slot) const
  {
    const std::uint64_t up_to_slot = (std::uint64_t{2} << slot) - 1;
    const std::uint64_t set = load_at<std::uint64_t>(bits_, word) & up_to_slot;
    return load_at<std::uint32_t>(base_, word) + static_cast<std::uint32_t>(std::popcount(set));
  }
  [[nodiscard]] std::uint32_t leaf(std::uint32_t index) const
  {
    return load_at<std::uint32_t>(leaves_, index);
  }
  [[nodiscard]] std::uint32_t descend(std::uint32_t leaf, std::uint64_t key) const;

  const std::byte* bits_ = nullptr;
  const std::byte* base_ = nullptr;
  const std::byte* leaves_ = nullptr;
  const std::byte* large_ = nullptr;
  unsigned root_stride_ = 0;
  std::uint32_t words_ = 0;
  std::uint32_t leaf_count_ = 0;
  std::uint32_t large_count_ = 0;
};

}  // namespace zonder::catalog
