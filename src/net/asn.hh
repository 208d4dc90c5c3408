// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zonder::net {

/// The number of an autonomous system (RFC 6793: 32 bits).
struct Asn {
  std::uint32_t number = 0;

  /// Reads "AS8075", "as8075" or "8075".
  static std::optional<Asn> try_parse(std::string_view text)
  {
    if (text.size() > 2 && (text[0] == 'a' || text[0] == 'A') &&
        (text[1] == 's' || text[1] == 'S')) {
      text.remove_prefix(2);
    }
    Asn asn;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), asn.number);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty()
               ? std::optional(asn)
               : std::nullopt;
  }
  [[nodiscard]] std::string to_string() const { return "AS" + std::to_string(number); }
  auto operator<=>(const Asn&) const = default;
};

}  // namespace zonder::net
