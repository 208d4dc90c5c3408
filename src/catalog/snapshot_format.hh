// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>

#include "catalog/attribution.hh"

// The layout of a snapshot file. A header, a table of sections, then the sections, each at a
// multiple of 64 bytes. Tables are arrays of the structs below, sorted, so that they are searched
// where they lie; the rest is written by BinaryWriter and read once at start. Numbers are
// little-endian.
namespace zonder::catalog::format {

inline constexpr std::array<char, 8> magic = {'Z', 'O', 'N', 'D', 'E', 'R', 'C', '\n'};
inline constexpr std::uint32_t version = 1;
inline constexpr std::uint32_t byte_order = 0x01020304;
inline constexpr std::size_t alignment = 64;

struct Header {
  std::array<char, 8> magic;
  std::uint32_t byte_order;
  std::uint32_t version;
  std::uint64_t file_size;
  std::array<std::uint8_t, 32> checksum;  // SHA-256 of everything behind this header
  std::uint32_t sections;
  std::uint32_t reserved;
};

enum class Section : std::uint32_t {
  About,      // date, base checksum, credits, what lists there are
  Facts,      // write_facts
  Kinds,      // Attribution
  RangesV4,   // RangeV4
  RangesV6,   // RangeV6
  Names,      // NameRow, sorted by text
  NameTexts,  // what NameRow points into
  OriginsV4,  // RangeV4, value: AS number
  OriginsV6,  // RangeV6, value: AS number
  AsNames,    // AsNameRow, sorted by number
  AsTexts,    // what AsNameRow points into
  CountryV4,  // RangeV4, value: two letters
  CountryV6,  // RangeV6, value: two letters
  Lists,      // write_list
  Addresses,  // build_address_table: 1 + the place in RangesV4, then RangesV6
  Suffixes    // build_name_table: 1 + the place in Names
};
inline constexpr std::uint32_t section_count = 16;

struct SectionRow {
  std::uint32_t section;
  std::uint32_t reserved;
  std::uint64_t offset;
  std::uint64_t size;
};

/// Addresses first..last. In Ranges, `value` is the number of the attribution times 256, plus the
/// length of the prefix that decided.
struct RangeV4 {
  std::uint32_t first;
  std::uint32_t last;
  std::uint32_t value;
};

struct RangeV6 {
  std::uint64_t first_high;
  std::uint64_t first_low;
  std::uint64_t last_high;
  std::uint64_t last_low;
  std::uint32_t value;
  std::uint32_t reserved;
};

struct NameRow {
  std::uint32_t offset;
  std::uint32_t length;
  std::uint32_t attribution;
};

struct AsNameRow {
  std::uint32_t asn;
  std::uint32_t offset;
  std::uint32_t length;
};

static_assert(sizeof(Header) == 64 && sizeof(SectionRow) == 24 && sizeof(RangeV4) == 12 &&
              sizeof(RangeV6) == 40 && sizeof(NameRow) == 12 && sizeof(AsNameRow) == 12 &&
              sizeof(Attribution) == 20);

}  // namespace zonder::catalog::format
