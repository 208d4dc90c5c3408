// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"

namespace zonder::net {

/// A prefix such as 192.0.2.0/24 or 2001:db8::/32, always with its host bits zero.
class Prefix {
public:
  /// Reads ADDRESS/LENGTH, or an address alone (a prefix of its full width). Host bits that are set
  /// are an error, with the prefix that was probably meant.
  static Result<Prefix> parse(std::string_view text);

  /// The prefix of `length` bits that `address` lies in. `length` is at most the family's width.
  static Prefix containing(Address address, unsigned length);

  [[nodiscard]] Address first() const { return first_; }
  [[nodiscard]] Address last() const;
  [[nodiscard]] unsigned length() const { return length_; }
  [[nodiscard]] Family family() const { return first_.family(); }
  [[nodiscard]] bool contains(Address address) const;
  [[nodiscard]] bool contains(const Prefix& other) const;
  [[nodiscard]] std::string to_string() const;

  auto operator<=>(const Prefix&) const = default;

private:
  Prefix(Address first, std::uint8_t length) : first_(first), length_(length) {}
  Address first_;
  std::uint8_t length_;
};

/// The fewest prefixes that together are exactly first..last (both of one family, first <= last).
std::vector<Prefix> prefixes_of_range(Address first, Address last);

}  // namespace zonder::net
