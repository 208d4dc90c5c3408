// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// The idea. A name is looked up from the right: its last two labels first (example.com), then
// three, and so on. Nearly every name is decided by the first look, since a node knows whether
// anything lies deeper: each suffix puts its shorter forms, down to two labels, into the table too,
// without a value. Suffixes of one label (a top-level domain) are looked up last, and only in a
// table that has some.
//
// The table is a perfect hash: each suffix has a place of its own. Its hash names a bucket, the
// bucket's pilot turns the hash into the place, and the builder has chosen the pilots, the fullest
// bucket first, so that no two suffixes share one (Fox, Heath, Chen and Daoud, "Practical minimal
// perfect hash functions for large databases", CACM 1992; Pibiri and Trani, "PTHash", SIGIR 2021).
// So one look is one load from a small array, one from the nodes, and one comparison: nothing is
// probed, and whether the name is there or not takes the same way.
//
// A node holds the last 24 bytes of its suffix as three numbers, filled up with zeros in front, so
// that comparing the whole string is three comparisons of numbers (and one memcmp of the rest when
// the suffix is longer). The name's own last 24 bytes are read once; a shorter suffix is a mask
// away.
//
// Whether a name is in the table is a coin toss, and a processor that bets on it loses half the
// time. So nothing branches on it. Branches are left for what is rare: very short names, long
// suffixes, and (one by one) suffixes under which something lies deeper.
//
// Bytes, all little-endian: magic (8), then 32-bit numbers: seed, buckets and places (powers of
// two), bytes of text, 1 if there are suffixes of one label; zeros up to 64. Then the nodes, 32
// bytes a place, all zeros where nobody lives; for each place where the front part of its suffix
// begins, which is what is longer than 24 bytes (32-bit); the pilots, 16-bit; the front parts.
#include "catalog/name_table.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/translate.hh"
#include "catalog/packed.hh"

namespace zonder::catalog {
namespace {

__extension__ using U128 = unsigned __int128;

constexpr std::array<char, 8> magic{'Z', 'N', 'D', 'N', 'A', 'M', '0', '3'};
constexpr std::size_t tail_size = 24;
constexpr std::uint64_t suffixes_per_bucket = 4;

struct Header {
  std::array<char, 8> magic;
  std::uint32_t seed;
  std::uint32_t buckets;
  std::uint32_t places;
  std::uint32_t text_size;
  std::uint32_t has_single_labels;
  std::array<std::uint32_t, 9> zeros;
};
static_assert(sizeof(Header) == 64);

/// The last bytes of a suffix as numbers, back to front: the very last byte is the lowest of
/// `last`. That way round, what is searched for lies at the low end, where finding a bit is quick.
struct Tail {
  std::uint64_t first;
  std::uint64_t middle;
  std::uint64_t last;
  bool operator==(const Tail&) const = default;
};

struct Node {
  Tail tail;
  std::uint32_t value;   // 0: only the way to something deeper
  std::uint16_t length;  // of the whole suffix
  std::uint16_t has_deeper;
};
static_assert(sizeof(Node) == 32 && std::is_trivially_copyable_v<Node>);

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
constexpr std::array<Tail, tail_size + 1> make_masks()
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
constexpr auto masks = make_masks();

inline Tail shortened(const Tail& tail, std::size_t length)
{
  const Tail& mask = masks[std::min(length, tail_size)];
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
[[gnu::noinline]] std::uint64_t with_front(std::uint64_t hash, const char* end, std::size_t length)
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

std::size_t last_label(std::string_view name)
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

// ---- building

struct Plan {
  std::uint32_t value = 0;
  bool has_deeper = false;
};
using Plans = std::map<std::string, Plan, std::less<>>;

/// Every suffix and its shorter forms, down to two labels. Sorted, so the bytes come out the same.
Plans plan_nodes(std::span<const NameEntry> entries)
{
  Plans plans;
  for (const NameEntry& entry : entries) {
    assert(entry.value != 0 && !entry.suffix.empty() && entry.suffix.size() <= 0xffff);
    const std::string_view suffix = entry.suffix;
    plans[entry.suffix].value = entry.value;
    const auto dots = dots_of(tail_of(suffix), suffix.size());
    auto length = last_two_labels(suffix, dots);
    while (length < suffix.size()) {
      plans[std::string(suffix.substr(suffix.size() - length))].has_deeper = true;
      length = with_next_label(suffix, length, dots);
    }
  }
  return plans;
}

/// Leaves as many of 64 bits as count the places.
std::uint32_t shift_of(std::uint32_t places)
{
  return 64 - static_cast<std::uint32_t>(std::countr_zero(places));
}

/// A place for each hash, and the pilots that lead there.
struct Places {
  std::vector<std::uint16_t> pilots;
  std::vector<std::uint32_t> of_hash;
};

/// Chooses pilots, the fullest bucket first, while there is most room. Nothing when a bucket finds
/// none, or when two hashes are the same: then another seed must do.
std::optional<Places>
find_places(const std::vector<std::uint64_t>& hashes, std::uint32_t buckets, std::uint32_t places)
{
  const std::uint32_t place_shift = shift_of(places);
  std::vector<std::vector<std::uint32_t>> members(buckets);
  for (std::uint32_t i = 0; i < hashes.size(); ++i) {
    members[bucket_of(hashes[i], buckets - 1)].push_back(i);
  }
  std::vector<std::uint32_t> order(buckets);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return members[a].size() > members[b].size();
  });

  Places found{.pilots = std::vector<std::uint16_t>(buckets),
               .of_hash = std::vector<std::uint32_t>(hashes.size())};
  std::vector<bool> taken(places);
  // Gives the bucket's members their places, or gives back those that it had given.
  const auto fits = [&](const std::vector<std::uint32_t>& bucket, std::uint16_t pilot) {
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      const auto place = place_of(hashes[bucket[i]], pilot, place_shift);
      if (taken[place]) {
        while (i > 0) {
          taken[found.of_hash[bucket[--i]]] = false;
        }
        return false;
      }
      taken[place] = true;
      found.of_hash[bucket[i]] = place;
    }
    return true;
  };
  for (const std::uint32_t bucket : order) {
    std::uint32_t pilot = 0;
    while (pilot <= 0xffff && !fits(members[bucket], static_cast<std::uint16_t>(pilot))) {
      ++pilot;
    }
    if (pilot > 0xffff) {
      return std::nullopt;
    }
    found.pilots[bucket] = static_cast<std::uint16_t>(pilot);
  }
  return found;
}

/// At least two, so that a shift stays below 64.
std::uint32_t power_of_two(std::size_t at_least)
{
  return static_cast<std::uint32_t>(std::bit_ceil(std::max<std::size_t>(at_least, 2)));
}

std::vector<std::uint64_t> hashes_of(const Plans& plans, std::uint64_t salt)
{
  std::vector<std::uint64_t> hashes;
  hashes.reserve(plans.size());
  for (const auto& [suffix, plan] : plans) {
    const char* end = suffix.data() + suffix.size();
    hashes.push_back(hash_of(tail_of(suffix), end, suffix.size(), salt));
  }
  return hashes;
}

}  // namespace

std::vector<std::byte> build_name_table(std::span<const NameEntry> entries)
{
  const auto plans = plan_nodes(entries);
  Header header{.magic = magic,
                .seed = 0,
                .buckets = power_of_two(plans.size() / suffixes_per_bucket),
                // At least a tenth stays empty, so that the last buckets find their places soon.
                .places = power_of_two(plans.size() + plans.size() / 9),
                .text_size = 0,
                .has_single_labels = 0,
                .zeros = {}};
  std::optional<Places> places;
  while (!places) {
    // Each seed works with a chance near one; a hundred failures are a mistake in this file.
    if (header.seed == 100) {
      throw std::logic_error("no perfect hash for these suffixes");
    }
    places = find_places(hashes_of(plans, salt_of(++header.seed)), header.buckets, header.places);
  }
  std::vector<Node> nodes(header.places, Node{});
  std::vector<std::uint32_t> fronts(header.places);
  std::string texts;
  auto place = places->of_hash.begin();
  for (const auto& [suffix, plan] : plans) {
    nodes[*place] = {.tail = tail_of(suffix),
                     .value = plan.value,
                     .length = static_cast<std::uint16_t>(suffix.size()),
                     .has_deeper = plan.has_deeper ? std::uint16_t{1} : std::uint16_t{0}};
    fronts[*place++] = static_cast<std::uint32_t>(texts.size());
    texts += suffix.substr(0, suffix.size() - std::min(suffix.size(), tail_size));
    header.has_single_labels |= suffix.find('.') == std::string::npos ? 1U : 0U;
  }
  header.text_size = static_cast<std::uint32_t>(texts.size());
  std::vector<std::byte> bytes;
  append(bytes, &header, 1);
  append(bytes, nodes.data(), nodes.size());
  append(bytes, fronts.data(), fronts.size());
  append(bytes, places->pilots.data(), places->pilots.size());
  append(bytes, texts.data(), texts.size());
  return bytes;
}

// ---- opening

Result<NameTable> NameTable::over(std::span<const std::byte> bytes)
{
  const auto wrong = [] {
    return fail(Fault::Usage,
                say("the catalogue's name table is damaged or of another version: get the data "
                    "again with `zonder data update`, or install zonder-data again"));
  };
  if (bytes.size() < sizeof(Header)) {
    return wrong();
  }
  const auto header = load<Header>(bytes.data());
  // Sums of 32-bit numbers in 64 bits: nothing can overflow.
  const std::uint64_t size =
      sizeof(Header) + (sizeof(Node) + sizeof(std::uint32_t)) * std::uint64_t{header.places} +
      sizeof(std::uint16_t) * std::uint64_t{header.buckets} + header.text_size;
  if (header.magic != magic || size != bytes.size() || !std::has_single_bit(header.buckets) ||
      !std::has_single_bit(header.places) || header.places < 2 || header.has_single_labels > 1) {
    return wrong();
  }
  NameTable table;
  table.nodes_ = bytes.data() + sizeof(Header);
  table.fronts_ = table.nodes_ + header.places * sizeof(Node);
  table.pilots_ = table.fronts_ + header.places * sizeof(std::uint32_t);
  table.texts_ = table.pilots_ + header.buckets * sizeof(std::uint16_t);
  table.salt_ = salt_of(header.seed);
  table.bucket_mask_ = header.buckets - 1;
  table.place_shift_ = shift_of(header.places);
  table.has_single_labels_ = header.has_single_labels == 1;
  return table.is_sound(header.places, header.text_size) ? Result<NameTable>(table) : wrong();
}

bool NameTable::is_sound(std::uint32_t places, std::uint32_t text_size) const
{
  for (std::size_t i = 0; i < places; ++i) {
    const auto node = load_at<Node>(nodes_, i);
    const auto front = load_at<std::uint32_t>(fronts_, i);
    const std::size_t size = node.length - std::min<std::size_t>(node.length, tail_size);
    if (front > text_size || size > text_size - front || (node.length == 0 && node.value != 0)) {
      return false;
    }
  }
  return true;
}

// ---- looking up

/// One suffix of a name, ready to be looked up.
struct NameTable::Probe {
  Tail tail;
  std::size_t length;
  std::uint32_t place;  // where the suffix is, if it is in the table
  std::uint32_t dots;   // of the name

  // In line, also where the compiler thinks it too long: then all of it stays in registers.
  [[gnu::always_inline]] static Probe first(const NameTable& table, std::string_view name)
  {
    const Tail whole = load_tail(name.data() + name.size(), name.size());
    Probe probe;
    probe.dots = dots_of(whole, name.size());
    probe.aim(table, name, whole, last_two_labels(name, probe.dots));
    return probe;
  }

  [[gnu::always_inline]] void
  aim(const NameTable& table, std::string_view name, const Tail& whole, std::size_t to)
  {
    length = to;
    tail = shortened(whole, to);
    const std::uint64_t hash = hash_of(tail, name.data() + name.size(), to, table.salt_);
    const auto pilot = load_at<std::uint16_t>(table.pilots_, bucket_of(hash, table.bucket_mask_));
    place = place_of(hash, pilot, table.place_shift_);
  }

  void aim(const NameTable& table, std::string_view name, std::size_t to)
  {
    aim(table, name, load_tail(name.data() + name.size(), name.size()), to);
  }

  void go_deeper(const NameTable& table, std::string_view name)
  {
    aim(table, name, with_next_label(name, length, dots));
  }
};

struct NameTable::Found {
  std::uint32_t value;
  std::uint32_t has_deeper;  // 0 or 1
};

/// Compares the whole suffix with the only node that can be it.
inline NameTable::Found NameTable::look(const Probe& probe, std::string_view name) const
{
  const std::byte* const at = nodes_ + std::size_t{probe.place} * sizeof(Node);
  // All bitwise: each && would be a branch, and a bet.
  const std::uint64_t differs = (load_at<std::uint64_t>(at, 0) ^ probe.tail.first) |
                                (load_at<std::uint64_t>(at, 1) ^ probe.tail.middle) |
                                (load_at<std::uint64_t>(at, 2) ^ probe.tail.last) |
                                (load<std::uint16_t>(at + offsetof(Node, length)) ^ probe.length);
  std::uint32_t fits = ~all_if_any(differs);
  if (probe.length > tail_size) [[unlikely]] {
    fits = has_same_front(probe, name, fits);
  }
  return {load<std::uint32_t>(at + offsetof(Node, value)) & fits,
          load<std::uint16_t>(at + offsetof(Node, has_deeper)) & fits & 1U};
}

/// For a suffix longer than a tail: `fits` when the bytes before the tail are the same too, else 0.
std::uint32_t
NameTable::has_same_front(const Probe& probe, std::string_view name, std::uint32_t fits) const
{
  // Only a node whose length is the same has a front as long.
  return fits != 0 && std::memcmp(texts_ + load_at<std::uint32_t>(fronts_, probe.place),
                                  name.data() + name.size() - probe.length,
                                  probe.length - tail_size) == 0
             ? fits
             : 0;
}

inline NameMatch NameTable::match_of(const Probe& probe, Found found)
{
  return {found.value, static_cast<std::uint32_t>(probe.length) & all_if_any(found.value)};
}

/// The top-level domain, in a table that has some, for a name that lies under nothing longer.
NameMatch NameTable::or_last_label(NameMatch match, std::string_view name) const
{
  if (match.value != 0) {
    return match;
  }
  Probe probe{};
  probe.aim(*this, name, last_label(name));
  return match_of(probe, look(probe, name));
}

/// What lies deeper than a suffix of `length` bytes that has something deeper, as far as the name
/// goes.
NameMatch NameTable::find_deeper(std::string_view name, std::size_t length, NameMatch match) const
{
  Probe probe{};
  probe.length = length;
  probe.dots = dots_of(load_tail(name.data() + name.size(), name.size()), name.size());
  for (Found found{0, 1}; found.has_deeper != 0 && probe.length < name.size();) {
    probe.go_deeper(*this, name);
    found = look(probe, name);
    match = found.value != 0 ? match_of(probe, found) : match;
  }
  return match;
}

NameMatch NameTable::find(std::string_view name) const
{
  const Probe probe = Probe::first(*this, name);
  const Found found = look(probe, name);
  NameMatch match = match_of(probe, found);
  if (found.has_deeper != 0) [[unlikely]] {
    match = find_deeper(name, probe.length, match);
  }
  return has_single_labels_ ? or_last_label(match, name) : match;
}

/// A block of names at a time, in rounds, each of which sends for what the next needs. Names that
/// may lie deeper go on together, in rounds of their own: they are marked, not bet on.
void NameTable::find(std::span<const std::string_view> names, std::span<NameMatch> matches) const
{
  assert(names.size() == matches.size());
  constexpr std::size_t block = 64;  // one bit each
  std::array<Probe, block> room;
  Probe* const probes = room.data();
  for (std::size_t begin = 0; begin < names.size(); begin += block) {
    const std::string_view* const from = names.data() + begin;
    NameMatch* const to = matches.data() + begin;
    const std::size_t left = names.size() - begin;
    const std::size_t count = std::min(block, left);
    for (std::size_t i = 0; i < count; ++i) {
      probes[i] = Probe::first(*this, from[i]);
      __builtin_prefetch(nodes_ + std::size_t{probes[i].place} * sizeof(Node));
    }
    for (std::size_t i = block; i < std::min(2 * block, left); ++i) {
      __builtin_prefetch(from[i].data() + from[i].size());
    }
    std::uint64_t deeper = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Found found = look(probes[i], from[i]);
      to[i] = match_of(probes[i], found);
      deeper |= std::uint64_t{found.has_deeper} << i;
    }
    while (deeper != 0) {
      deeper = find_deeper(deeper, probes, from, to);
    }
    for (std::size_t i = 0; has_single_labels_ && i < count; ++i) {
      to[i] = or_last_label(to[i], from[i]);
    }
  }
}

/// One label deeper for the names of a block that are marked; those that may lie deeper still.
std::uint64_t NameTable::find_deeper(std::uint64_t marked,
                                     Probe* probes,
                                     const std::string_view* names,
                                     NameMatch* matches) const
{
  for (std::uint64_t rest = marked; rest != 0; rest &= rest - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(rest));
    if (probes[i].length < names[i].size()) {
      probes[i].go_deeper(*this, names[i]);
      __builtin_prefetch(nodes_ + std::size_t{probes[i].place} * sizeof(Node));
    } else {
      marked &= ~(std::uint64_t{1} << i);
    }
  }
  std::uint64_t deeper = 0;
  for (std::uint64_t rest = marked; rest != 0; rest &= rest - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(rest));
    const Found found = look(probes[i], names[i]);
    matches[i] = found.value != 0 ? match_of(probes[i], found) : matches[i];
    deeper |= std::uint64_t{found.has_deeper} << i;
  }
  return deeper;
}

}  // namespace zonder::catalog
