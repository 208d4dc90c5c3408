// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>

#include "net/address.hh"

namespace zonder::wire::logs {

/// Puts an address of 4 or 16 bytes in network order into `text`, as Address::to_string() has it:
/// for records by the million, of which most are IPv4. Any other number of bytes is no address.
inline void put_address(const std::uint8_t* bytes, std::size_t size, std::string& text)
{
  text.clear();
  if (size == 16) {
    text = net::Address::from_bytes(net::Family::V6, bytes).to_string();
  }
  for (std::size_t i = 0; size == 4 && i < size; ++i) {
    const unsigned value = bytes[i];
    if (value >= 100) {
      text += static_cast<char>('0' + value / 100);
    }
    if (value >= 10) {
      text += static_cast<char>('0' + value / 10 % 10);
    }
    text += static_cast<char>('0' + value % 10);
    if (i < 3) {
      text += '.';
    }
  }
}

}  // namespace zonder::wire::logs
