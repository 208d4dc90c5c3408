// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hh"

namespace zonder::net {

enum class Family : std::uint8_t { V4, V6 };

/// 32 or 128: how many bits an address of this family has.
constexpr unsigned width(Family family)
{
  return family == Family::V4 ? 32U : 128U;
}

/// An IPv4 or IPv6 address. IPv4 sorts before IPv6; within a family, by number. An IPv4-mapped IPv6
/// address (::ffff:192.0.2.1) is read as the IPv4 address that it means.
class Address {
public:
  static Result<Address> parse(std::string_view text);
  static std::optional<Address> try_parse(std::string_view text);
  static constexpr Address v4(std::uint32_t number) { return {Family::V4, 0, number}; }
  static constexpr Address v6(std::uint64_t high, std::uint64_t low)
  {
    return {Family::V6, high, low};
  }
  static Address from_bytes(Family family, const std::uint8_t* network_order);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::V4; }
  /// The upper 64 bits; 0 for IPv4.
  [[nodiscard]] constexpr std::uint64_t high() const { return high_; }
  /// The lower 64 bits; for IPv4 its 32.
  [[nodiscard]] constexpr std::uint64_t low() const { return low_; }
  /// Network order: 4 or 16 bytes count, see width().
  [[nodiscard]] std::array<std::uint8_t, 16> bytes() const;
  [[nodiscard]] std::string to_string() const;

  /// The address after this one, in its family; nothing after the last.
  [[nodiscard]] std::optional<Address> next() const;
  [[nodiscard]] std::optional<Address> previous() const;

  auto operator<=>(const Address&) const = default;

private:
  constexpr Address(Family family, std::uint64_t high, std::uint64_t low)
      : family_(family), high_(high), low_(low)
  {
  }
  Family family_ = Family::V4;
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

/// The IPv4 address that an IPv6 address means to a NAT64 with the well-known prefix (RFC 6052):
/// 64:ff9b::192.0.2.1 is 192.0.2.1.
std::optional<Address> meant_behind_nat64(Address address);

}  // namespace zonder::net
