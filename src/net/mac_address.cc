// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/mac_address.hh"

#include <charconv>

#include <fmt/format.h>

namespace zonder::net {

std::optional<MacAddress> MacAddress::try_parse(std::string_view text)
{
  constexpr std::size_t length = 17;  // six pairs and what stands between
  MacAddress address;
  if (text.size() != length || (text[2] != ':' && text[2] != '-')) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const auto pair = text.substr(3 * i, 2);
    const auto [end, error] =
        std::from_chars(pair.data(), pair.data() + pair.size(), address.bytes.at(i), 16);
    const bool parted = 3 * i + 2 >= length || text[3 * i + 2] == text[2];
    if (error != std::errc{} || end != pair.data() + pair.size() || !parted) {
      return std::nullopt;
    }
  }
  return address;
}

std::string MacAddress::to_string() const
{
  return fmt::format("{:02x}", fmt::join(bytes, ":"));
}

}  // namespace zonder::net
