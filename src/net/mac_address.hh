// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zonder::net {

/// The address of a network card (IEEE 802, 48 bits).
struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  /// Reads "52:54:00:12:34:56", with "-" too, in capitals too.
  static std::optional<MacAddress> try_parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;  // with colons, in small letters

  /// Many at once: no device has such an address of its own.
  [[nodiscard]] bool is_group() const { return (bytes[0] & 1U) != 0; }
  /// Chosen by the device itself, as phones do for each network: another one next time.
  [[nodiscard]] bool is_chosen() const { return (bytes[0] & 2U) != 0; }
  auto operator<=>(const MacAddress&) const = default;
};

}  // namespace zonder::net
