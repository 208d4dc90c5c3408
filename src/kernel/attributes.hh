// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace zonder::kernel {

/// Netlink attributes (type, length, value, padded to 4 bytes) in a buffer that grows. libmnl
/// writes into a buffer of fixed size and leaves the counting to the caller; a rule set has no
/// fixed size.
class Attributes {
public:
  void put(std::uint16_t type, std::span<const std::uint8_t> value)
  {
    header(type, value.size());
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    pad();
  }
  void put_u8(std::uint16_t type, std::uint8_t value) { put(type, {&value, 1}); }
  /// Network order, as nf_tables wants nearly all its numbers.
  void put_u16(std::uint16_t type, std::uint16_t value) { put_number<2>(type, value); }
  void put_u32(std::uint16_t type, std::uint32_t value) { put_number<4>(type, value); }
  void put_u64(std::uint16_t type, std::uint64_t value) { put_number<8>(type, value); }
  /// With its final zero byte.
  void put_text(std::uint16_t type, std::string_view text)
  {
    header(type, text.size() + 1);
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    bytes_.push_back(0);
    pad();
  }

  /// Starts an attribute that holds attributes; close() wants what this returns.
  [[nodiscard]] std::size_t open(std::uint16_t type)
  {
    const auto place = bytes_.size();
    header(static_cast<std::uint16_t>(type | nested), 0);
    return place;
  }
  void close(std::size_t place)
  {
    const auto length = static_cast<std::uint16_t>(bytes_.size() - place);
    std::memcpy(&bytes_[place], &length, sizeof length);
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  void append(const Attributes& others)
  {
    bytes_.insert(bytes_.end(), others.bytes_.begin(), others.bytes_.end());
  }

private:
  static constexpr std::uint16_t nested = 1U << 15U;  // NLA_F_NESTED

  template <std::size_t Size>
  void put_number(std::uint16_t type, std::uint64_t value)
  {
    std::uint8_t network[Size];
    for (std::size_t i = 0; i < Size; ++i) {
      network[i] = static_cast<std::uint8_t>(value >> (8 * (Size - 1 - i)));
    }
    put(type, {network, Size});
  }
  void header(std::uint16_t type, std::size_t length)
  {
    const std::uint16_t fields[2] = {static_cast<std::uint16_t>(length + 4), type};
    const auto place = bytes_.size();
    bytes_.resize(place + sizeof fields);
    std::memcpy(&bytes_[place], fields, sizeof fields);
  }
  void pad() { bytes_.resize((bytes_.size() + 3) & ~std::size_t{3}); }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace zonder::kernel
