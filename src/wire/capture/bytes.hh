// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

// Numbers as they stand in frames and files. Who calls these has looked that the bytes are there.
namespace zonder::wire::capture {

using Bytes = std::span<const std::uint8_t>;

static_assert(std::endian::native == std::endian::little, "the readers below swap for others");

inline std::uint16_t number16(const std::uint8_t* at)
{
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}

inline std::uint32_t number24(const std::uint8_t* at)
{
  return std::uint32_t{at[0]} << 16U | std::uint32_t{at[1]} << 8U | at[2];
}

inline std::uint32_t number32(const std::uint8_t* at)
{
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}

inline std::uint64_t number64(const std::uint8_t* at)
{
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap64(value);
}

/// In the order of bytes that a file was written with.
inline std::uint32_t number32(const std::uint8_t* at, bool big_endian)
{
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return big_endian ? __builtin_bswap32(value) : value;
}

inline std::uint16_t number16(const std::uint8_t* at, bool big_endian)
{
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return big_endian ? __builtin_bswap16(value) : value;
}

inline Bytes after(Bytes bytes, std::size_t count)
{
  return count <= bytes.size() ? bytes.subspan(count) : Bytes{};
}

}  // namespace zonder::wire::capture
