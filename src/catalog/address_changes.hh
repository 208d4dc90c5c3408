// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

// What address_trie and address_tree are built from: inner parts of address_table.
namespace zonder::catalog {

__extension__ using U128 = unsigned __int128;

/// From `key` on (an address, its bits moved to the top) the answer is `value`. A family is a list
/// of changes, sorted, the first at 0, each to another value than the one before.
struct Change {
  U128 key;
  std::uint32_t value;
};

/// Each number once, with its place: for values that need the top bit, which in the tables means
/// that something else than a value stands there.
class Places {
public:
  std::uint32_t place_of(std::uint32_t value)
  {
    const auto known = places_.emplace(value, static_cast<std::uint32_t>(values_.size()));
    if (known.second) {
      values_.push_back(value);
    }
    return known.first->second;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& values() const { return values_; }

private:
  std::vector<std::uint32_t> values_;
  std::unordered_map<std::uint32_t, std::uint32_t> places_;
};

/// Slots from low to high and the leaf from each on; writing one slot twice keeps the later leaf.
class Runs {
public:
  struct Run {
    std::uint64_t slot;
    std::uint32_t leaf;
  };
  explicit Runs(std::uint32_t first) : runs_{{0, first}} {}
  void set(std::uint64_t slot, std::uint32_t leaf)
  {
    if (runs_.back().slot == slot) {
      runs_.back().leaf = leaf;
    } else {
      runs_.push_back({slot, leaf});
    }
  }
  [[nodiscard]] const std::vector<Run>& all() const { return runs_; }

private:
  std::vector<Run> runs_;
};

}  // namespace zonder::catalog
