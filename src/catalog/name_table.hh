// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"

// Under which of many suffixes does a domain name lie: the longest that matches, label by label, so
// that notexample.com does not lie under example.com. One block of bytes without pointers, as
// address_table.hh, which says the same of alignment. How it works: name_table.cc.
namespace zonder::catalog {

struct NameEntry {
  std::string suffix;   // "example.com": lower case, no dot before or behind
  std::uint32_t value;  // never 0: that means "no suffix"
};

struct NameMatch {
  std::uint32_t value = 0;   // 0: the name lies under none
  std::uint32_t length = 0;  // of the suffix, in bytes
  bool operator==(const NameMatch&) const = default;
};

/// The table of these suffixes, in any order. Of two equal ones the later counts.
std::vector<std::byte> build_name_table(std::span<const NameEntry> entries);

/// A table that lies in somebody else's bytes; they must outlive it.
class NameTable {
public:
  /// Checks every offset in the block, as AddressTable::over().
  static Result<NameTable> over(std::span<const std::byte> bytes);

  /// `name` in lower case, without final dot.
  [[nodiscard]] NameMatch find(std::string_view name) const;

  /// Many at once: `matches[i]` becomes the answer for `names[i]`; both of one length.
  void find(std::span<const std::string_view> names, std::span<NameMatch> matches) const;

private:
  struct Probe;
  struct Found;

  [[nodiscard]] bool is_sound(std::uint32_t places, std::uint32_t text_size) const;
  [[nodiscard]] Found look(const Probe& probe, std::string_view name) const;
  [[nodiscard]] std::uint32_t
  has_same_front(const Probe& probe, std::string_view name, std::uint32_t fits) const;
  [[nodiscard]] static NameMatch match_of(const Probe& probe, Found found);
  [[nodiscard]] NameMatch or_last_label(NameMatch match, std::string_view name) const;
  [[nodiscard]] NameMatch
  find_deeper(std::string_view name, std::size_t length, NameMatch match) const;
  [[nodiscard]] std::uint64_t find_deeper(std::uint64_t marked,
                                          Probe* probes,
                                          const std::string_view* names,
                                          NameMatch* matches) const;

  const std::byte* nodes_ = nullptr;
  const std::byte* fronts_ = nullptr;
  const std::byte* pilots_ = nullptr;
  const std::byte* texts_ = nullptr;
  std::uint64_t salt_ = 0;
  std::uint32_t bucket_mask_ = 0;
  std::uint32_t place_shift_ = 0;
  bool has_single_labels_ = false;
};

}  // namespace zonder::catalog
