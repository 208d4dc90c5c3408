// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "catalog/packed.hh"

// What building the table of names and looking names up in it have in common: how its bytes lie,
// and how a name is cut into suffixes and hashed. name_table.cc says why.
//
// Bytes, all little-endian: magic (8), then 32-bit numbers: seed, buckets and places (powers of
// two), bytes of text, 1 if there are suffixes of one label; zeros up to 64. Then the nodes, 32
// bytes a place, all zeros where nobody lives; for each place where the front part of its suffix
// begins, which is what is longer than 24 bytes (32-bit); the pilots, 16-bit; the front parts.
namespace zonder::catalog {

__extension__ using U128 = unsigned __int128;

inline constexpr std::array<char, 8> name_table_magic{'Z', 'N', 'D', 'N', 'A', 'M', '0', '3'};
inline constexpr std::size_t tail_size = 24;

struct NameTableHeader {
  std::array<char, 8> magic;
  std::uint32_t seed;
  std::uint32_t buckets;
  std::uint32_t places;
  std::uint32_t text_size;
  std::uint32_t has_single_labels;
  std::array<std::uint32_t, 9> zeros;
};
static_assert(sizeof(NameTableHeader) == 64);

/// The last bytes of a suffix as numbers, back to front: the very last byte is the lowest of
/// `last`. That way round, what is searched for lies at the low end, where finding a bit is quick.
struct Tail {
  std::uint64_t first;
  std::uint64_t middle;
  std::uint64_t last;
  bool operator==(const Tail&) const = default;
};

struct NameNode {
  Tail tail;
  std::uint32_t value;   // 0: only the way to something deeper
  std::uint16_t length;  // of the whole suffix
  std::uint16_t has_deeper;
};
static_assert(sizeof(NameNode) == 32 && std::is_trivially_copyable_v<NameNode>);

/// The `size` bytes before `end`, at most 8, back to front; zeros above.
inline std::uint64_t load_few(const char* end, std::size_t size)
{
  std::uint64_t bytes = 0;
  for (const char* at = end - size; at < end; ++at) {
    bytes = bytes << 8U | static_cast<std::uint8_t>(*at);
  }
  return bytes;
}

/// Eight bytes, back to front.
inline std::uint64_t load_back(const char* from)
{
  return __builtin_bswap64(load<std::uint64_t>(from));
}

/// What `size` lacks to be `full`, or 0. Counted, since a compiler makes a branch of std::min.
inline std::size_t lacking(std::size_t size, std::size_t full)
{
  const std::size_t difference = full - size;
  return difference & ((difference >> 63U) - 1);
}

/// The 24 bytes before `end`, of which only `size` are there. In front of those may stand bytes of
/// the name again, not zeros: shortened() takes them away, and dots_of() looks past them.
inline Tail load_tail(const char* end, std::size_t size)
{
  if (size < 8) [[unlikely]] {
    return {0, 0, load_few(end, size)};
  }
  // From 8 bytes on without a branch: a number starts at its place or at the first byte of the
  // name, and then moves. (Where it would move by 64 or more, it may be anything.)
  const std::size_t to_24 = lacking(size, 24);
  const std::size_t to_16 = lacking(size, 16);
  return {load_back(end - 24 + to_24) >> (8 * to_24 & 63U),
          load_back(end - 16 + to_16) >> (8 * to_16 & 63U),
          load_back(end - 8)};
}

/// Masks for the last 0 to 24 bytes of a tail.
constexpr std::array<Tail, tail_size + 1> make_tail_masks()
{
  constexpr auto low_bytes = [](std::size_t count) {
    return count == 0 ? 0 : ~std::uint64_t{0} >> (8 * (8 - std::min<std::size_t>(count, 8)));
  };
  std::array<Tail, tail_size + 1> masks{};
  for (std::size_t length = 1; length <= tail_size; ++length) {
    // The array has one more than tail_size; cppcheck 2.10 does not count the "+ 1".
    // cppcheck-suppress containerOutOfBounds
    masks.at(length) = {low_bytes(length > 16 ? length - 16 : 0),
                        low_bytes(length > 8 ? length - 8 : 0),
                        low_bytes(length)};
  }
  return masks;
}
inline constexpr auto tail_masks = make_tail_masks();

inline Tail shortened(const Tail& tail, std::size_t length)
{
  const Tail& mask = tail_masks[std::min(length, tail_size)];
  return {tail.first & mask.first, tail.middle & mask.middle, tail.last & mask.last};
}

/// With zeros in front.
inline Tail tail_of(std::string_view suffix)
{
  return shortened(load_tail(suffix.data() + suffix.size(), suffix.size()), suffix.size());
}

/// All bits if any is set. Counted, since a compiler makes a branch of `x != 0 ? ~0U : 0U`.
inline std::uint32_t all_if_any(std::uint64_t bits)
{
  return 0U - static_cast<std::uint32_t>((bits | (0U - bits)) >> 63U);
}

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b)
{
  const U128 product = static_cast<U128>(a) * b;
  return static_cast<std::uint64_t>(product >> 64U) ^ static_cast<std::uint64_t>(product);
}

/// What a seed does to a hash. Another seed parts any two suffixes that had one hash.
inline std::uint64_t salt_of(std::uint32_t seed)
{
  return mix(seed ^ 0x9fb21c651e98df25U, 0xd1b54a32d192ed03U) | 1U;
}

/// Takes into a hash what stands before the tail: the `length` bytes before `end`.
[[gnu::noinline]] inline std::uint64_t
with_front(std::uint64_t hash, const char* end, std::size_t length)
{
  for (std::size_t part = 0; length != 0; length -= part) {
    part = std::min(length, tail_size);
    const Tail front = shortened(load_tail(end, length), length);
    hash = mix(hash ^ front.last, front.middle ^ 0x8cb92ba72f3d8dd7U) ^
           mix(hash ^ front.first, 0xa24baed4963ee407U);
    end -= part;
  }
  return hash;
}

/// The hash of the suffix of `length` bytes before `end`, whose tail is `tail`. It is part of the
/// format: another hash, another magic.
inline std::uint64_t
hash_of(const Tail& tail, const char* end, std::size_t length, std::uint64_t salt)
{
  const std::uint64_t hash =
      mix(tail.first * salt + (tail.middle ^ 0x9e3779b97f4a7c15U), (tail.last + length) ^ salt);
  if (length > tail_size) [[unlikely]] {
    return with_front(hash, end - tail_size, length - tail_size);
  }
  return hash;
}

inline std::uint32_t bucket_of(std::uint64_t hash, std::uint32_t bucket_mask)
{
  return static_cast<std::uint32_t>(hash) & bucket_mask;
}

/// The highest bits of a product, which all bits of the hash and of the pilot have a part in.
inline std::uint32_t place_of(std::uint64_t hash, std::uint16_t pilot, std::uint32_t place_shift)
{
  return static_cast<std::uint32_t>((hash ^ pilot) * 0xd6e8feb86659fd93U >> place_shift);
}

/// A bit for each byte of the tail that is a dot; bit 0 is the last byte.
inline std::uint32_t bits_of_dots(const Tail& tail)
{
#ifdef __SSE2__
  const auto dots_in = [](std::uint64_t high, std::uint64_t low) {
    const __m128i bytes =
        _mm_set_epi64x(static_cast<std::int64_t>(high), static_cast<std::int64_t>(low));
    const __m128i dots = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(dots));
  };
  return dots_in(tail.middle, tail.last) | dots_in(0, tail.first) << 16U;
#else
  std::uint32_t dots = 0;
  for (unsigned i = 0; i < 8; ++i) {
    dots |= (tail.last >> (8 * i) & 0xffU) == '.' ? 1U << i : 0U;
    dots |= (tail.middle >> (8 * i) & 0xffU) == '.' ? 1U << (8 + i) : 0U;
    dots |= (tail.first >> (8 * i) & 0xffU) == '.' ? 1U << (16 + i) : 0U;
  }
  return dots;
#endif
}

/// The dots among the last 24 bytes of a name of `size` bytes: the number of a bit is how many
/// bytes stand behind its dot. Before the name, or before those bytes, stands a dot too, as it
/// were.
inline std::uint32_t dots_of(const Tail& tail, std::size_t size)
{
  const std::uint32_t start = 1U << (tail_size - lacking(size, tail_size));
  return (bits_of_dots(tail) & (start - 1)) | start;
}

/// The length of the suffix that has one label more than the one of `length` bytes.
inline std::size_t with_next_label(std::string_view name, std::size_t length, std::uint32_t dots)
{
  const std::uint32_t left = length < tail_size ? dots >> (length + 1) << (length + 1) : 0;
  // No dot ever has the highest bit: that one says that there was none.
  const auto next = static_cast<std::size_t>(std::countr_zero(left | 0x80000000U));
  if (next < tail_size) {
    return next;
  }
  const std::size_t dot = name.size() - length - 1;
  const auto before = dot == 0 ? std::string_view::npos : name.rfind('.', dot - 1);
  return before == std::string_view::npos ? name.size() : name.size() - before - 1;
}

inline std::size_t last_label(std::string_view name)
{
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name.size() : name.size() - dot - 1;
}

/// The length of the last two labels, or of the whole name when it has fewer.
inline std::size_t last_two_labels(std::string_view name, std::uint32_t dots)
{
  const std::uint32_t without_last = dots & (dots - 1);
  const auto length = static_cast<std::size_t>(std::countr_zero(without_last | 0x80000000U));
  if (length < tail_size) [[likely]] {
    return length;
  }
  const std::size_t one = last_label(name);
  return one == name.size() ? one : with_next_label(name, one, dots);
}

/// Leaves as many of 64 bits as count the places.
inline std::uint32_t shift_of(std::uint32_t places)
{
  return 64 - static_cast<std::uint32_t>(std::countr_zero(places));
}

}  // namespace zonder::catalog
