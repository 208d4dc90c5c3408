// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <vector>

#include "net/prefix.hh"

namespace zonder::net {

/// Addresses first..last, both of one family, both included.
struct Range {
  Address first;
  Address last;
  auto operator<=>(const Range&) const = default;
};

/// A set of addresses, kept as sorted ranges that neither overlap nor touch. Overlapping, adjacent
/// and duplicate input is fine: it is merged.
class PrefixSet {
public:
  PrefixSet() = default;
  static PrefixSet of(std::vector<Range> ranges);
  static PrefixSet of(const std::vector<Prefix>& prefixes);

  [[nodiscard]] bool contains(Address address) const;
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
  /// The fewest prefixes that make this set, sorted, IPv4 first.
  [[nodiscard]] std::vector<Prefix> prefixes() const;
  [[nodiscard]] PrefixSet united_with(const PrefixSet& other) const;
  [[nodiscard]] PrefixSet without(const PrefixSet& other) const;

  bool operator==(const PrefixSet&) const = default;

private:
  std::vector<Range> ranges_;
};

}  // namespace zonder::net
