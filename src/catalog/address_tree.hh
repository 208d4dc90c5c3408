// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "catalog/address_changes.hh"

// The IPv6 half of address_table.
namespace zonder::catalog {

struct V6 {
  std::uint64_t high;
  std::uint64_t low;
};

std::vector<std::byte> build_address_tree(std::span<const Change> changes);

class AddressTree {
public:
  /// Nothing when any offset in the block leads out of it.
  static std::optional<AddressTree> over(std::span<const std::byte> bytes);

  [[nodiscard]] std::uint32_t find(V6 address) const;
  void find(std::span<const V6> addresses, std::span<std::uint32_t> values) const;

private:
  [[nodiscard]] bool is_sound(std::span<const std::uint32_t> level_starts) const;
  [[nodiscard]] bool is_sound(std::uint32_t code) const;
  [[nodiscard]] std::uint32_t start(V6 address) const;
  [[nodiscard]] std::uint32_t step(std::uint32_t node, std::uint32_t key) const;
  [[nodiscard]] std::uint32_t answer(std::uint32_t leaf, std::uint32_t key) const;
  [[nodiscard]] std::uint32_t key_of(V6 address) const;
  [[nodiscard]] std::uint32_t resolve(std::uint32_t code, V6 address) const;

  const std::byte* nodes_ = nullptr;
  const std::byte* root_ = nullptr;
  const std::byte* leaves_ = nullptr;
  const std::byte* groups_ = nullptr;
  const std::byte* inner_ = nullptr;
  const std::byte* large_ = nullptr;
  unsigned root_bits_ = 0;
  unsigned levels_ = 0;
  std::uint32_t node_count_ = 0;
  std::uint32_t leaf_count_ = 0;
  std::uint32_t group_count_ = 0;
  std::uint32_t inner_count_ = 0;
  std::uint32_t large_count_ = 0;
};

}  // namespace zonder::catalog
