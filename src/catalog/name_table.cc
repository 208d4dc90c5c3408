// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// The idea. A name is looked up from the right: its last two labels first (example.com), then
// three, and so on, each in one hash table. Nearly every name is decided by the first look, since a
// node knows whether anything lies deeper: each suffix puts its shorter forms, down to two labels,
// into the table too, without a value. Suffixes of one label (a top-level domain) are looked up
// last, and only in a table that has some.
//
// A node holds the last 16 bytes of its suffix as two numbers, filled up with zeros in front, so
// that comparing the whole string is two comparisons of numbers (and one memcmp of the rest when
// the suffix is longer). The name's own last 16 bytes are read once; a shorter suffix is a mask
// away.
//
// Whether a name is in the table is a coin toss, and a processor that bets on it loses half the
// time. So nothing branches on it: the hash names a line of eight cells, whose prints are compared
// at once, and where none fits the look goes on to node 0, which is like no name. Branches are only
// left for what is rare: full lines, two equal prints, long suffixes.
//
// Bytes, all little-endian: magic (8), then 32-bit numbers: lines (a power of two), nodes, bytes of
// text, 1 if there are suffixes of one label; zeros up to 64. Then the lines, 64 bytes each; the
// nodes, 32 bytes each, of which the first is all zeros; the front parts of the suffixes longer
// than 16 bytes. A line that is full goes on in the next.
#include "catalog/name_table.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <map>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/translate.hh"
#include "catalog/packed.hh"

namespace zonder::catalog {
namespace {

__extension__ using U128 = unsigned __int128;

constexpr std::array<char, 8> magic{'Z', 'N', 'D', 'N', 'A', 'M', '0', '2'};
constexpr std::size_t tail_size = 16;
constexpr std::size_t cells_per_line = 8;

struct Header {
  std::array<char, 8> magic;
  std::uint32_t lines;
  std::uint32_t nodes;
  std::uint32_t text_size;
  std::uint32_t has_single_labels;
  std::array<std::uint64_t, 5> zeros;
};
static_assert(sizeof(Header) == 64);

/// Filled from the front; node 0 means that the cell and those behind it are empty.
struct Line {
  std::array<std::uint32_t, cells_per_line> prints;  // of the hash; 0 when empty, else odd
  std::array<std::uint32_t, cells_per_line> nodes;
};
static_assert(sizeof(Line) == 64);

/// The last bytes of a suffix as numbers; the very last byte is the top byte of `high`.
struct Tail {
  std::uint64_t low;
  std::uint64_t high;
  bool operator==(const Tail&) const = default;
};

struct Node {
  Tail tail;
  std::uint32_t value;   // 0: only the way to something deeper
  std::uint32_t text;    // where the bytes before the tail lie
  std::uint16_t length;  // of the whole suffix
  std::uint16_t has_deeper;
  std::uint32_t unused;
};
static_assert(sizeof(Node) == 32 && std::is_trivially_copyable_v<Node>);
/// The `size` bytes before `end`, fewer than 8, at the top of a number; zeros below.
inline std::uint64_t load_before(const char* end, std::size_t size)
{
  if (size >= 4) {
    const std::uint64_t front = load<std::uint32_t>(end - size);
    return std::uint64_t{load<std::uint32_t>(end - 4)} << 32U | front << (64 - 8 * size);
  }
  std::uint64_t bytes = 0;
  for (const char* at = end - size; at < end; ++at) {
    bytes = bytes >> 8U | std::uint64_t{static_cast<std::uint8_t>(*at)} << 56U;
  }
  return bytes;
}

/// The 16 bytes before `end`, of which only `size` are there.
inline Tail load_tail(const char* end, std::size_t size)
{
  if (size < 8) [[unlikely]] {
    return {0, load_before(end, size)};
  }
  // From 8 bytes on without a branch: the lower number starts at the 16th byte or at the first.
  const std::size_t here = std::min(size, tail_size);
  const auto shift = static_cast<unsigned>(8 * (tail_size - here));  // 0 to 64
  return {load<std::uint64_t>(end - here) << (shift / 2) << (shift - shift / 2),
          load<std::uint64_t>(end - 8)};
}

/// Masks for the last 0 to 16 bytes of a tail.
constexpr std::array<Tail, tail_size + 1> make_masks()
{
  std::array<Tail, tail_size + 1> masks{};
  for (std::size_t length = 1; length <= tail_size; ++length) {
    // The array has one more than tail_size; cppcheck 2.10 does not count the "+ 1".
    // cppcheck-suppress containerOutOfBounds
    masks.at(length).high = ~std::uint64_t{0} << (length >= 8 ? 0 : 8 * (8 - length));
    // cppcheck-suppress containerOutOfBounds
    masks.at(length).low = length <= 8 ? 0 : ~std::uint64_t{0} << (8 * (tail_size - length));
  }
  return masks;
}
constexpr auto masks = make_masks();

inline Tail shortened(Tail tail, std::size_t length)
{
  const Tail& mask = masks[std::min(length, tail_size)];
  return {tail.low & mask.low, tail.high & mask.high};
}

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b)
{
  const U128 product = static_cast<U128>(a) * b;
  return static_cast<std::uint64_t>(product >> 64U) ^ static_cast<std::uint64_t>(product);
}

/// The hash of the suffix of `length` bytes before `end`, whose tail is `tail`. It is part of the
/// format: another hash, another magic.
inline std::uint64_t hash_of(Tail tail, const char* end, std::size_t length)
{
  std::uint64_t hash =
      mix(tail.low ^ 0x9e3779b97f4a7c15U ^ length, tail.high ^ 0xd1b54a32d192ed03U);
  while (length > tail_size) {
    end -= tail_size;
    length -= tail_size;
    const Tail front = load_tail(end, length);
    hash = mix(hash ^ front.high, front.low ^ 0x8cb92ba72f3d8dd7U);
  }
  return hash;
}

/// The dots among the last 16 bytes: bit 31 is the last byte, so the zeros in front of a bit are
/// the bytes behind its dot.
inline std::uint32_t dots_of(Tail tail)
{
#ifdef __SSE2__
  const __m128i bytes =
      _mm_set_epi64x(static_cast<std::int64_t>(tail.high), static_cast<std::int64_t>(tail.low));
  const __m128i dots = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(dots)) << 16U;
#else
  std::uint32_t dots = 0;
  for (unsigned i = 0; i < 8; ++i) {
    dots |= (tail.high >> (8 * i) & 0xffU) == '.' ? 1U << (24 + i) : 0U;
    dots |= (tail.low >> (8 * i) & 0xffU) == '.' ? 1U << (16 + i) : 0U;
  }
  return dots;
#endif
}

/// The length of the suffix that has one label more than the one of `length` bytes.
inline std::size_t with_next_label(std::string_view name, std::size_t length, std::uint32_t dots)
{
  const std::uint32_t left = length < tail_size - 1 ? dots << (length + 1) : 0;
  if (left != 0) {
    return length + 1 + static_cast<std::size_t>(std::countl_zero(left));
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
  // Before a short name stands a dot too, as it were: no branch on whether it has two labels or
  // more.
  const std::uint32_t start =
      name.size() <= tail_size ? 0x80000000U >> (name.size() % 32) : std::uint32_t{0};
  const std::uint32_t all = dots | start;
  const std::uint32_t without_last = all & ~(0x80000000U >> (std::countl_zero(all) & 31));
  if (without_last != 0) [[likely]] {
    return static_cast<std::size_t>(std::countl_zero(without_last));
  }
  const std::size_t one = last_label(name);
  return one == name.size() ? one : with_next_label(name, one, dots);
}

inline std::uint32_t print_of(std::uint64_t hash)
{
  return static_cast<std::uint32_t>(hash >> 32U) | 1U;
}

/// One bit for each cell of the line that has this print.
inline std::uint32_t cells_with(const std::byte* line, std::uint32_t print)
{
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi32(static_cast<int>(print));
  const auto* prints = reinterpret_cast<const __m128i*>(line);
  const __m128i a = _mm_cmpeq_epi32(wanted, _mm_loadu_si128(prints));
  const __m128i b = _mm_cmpeq_epi32(wanted, _mm_loadu_si128(prints + 1));
  const __m128i all = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_setzero_si128());
  return static_cast<std::uint32_t>(_mm_movemask_epi8(all));
#else
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < cells_per_line; ++i) {
    found |= load_at<std::uint32_t>(line, i) == print ? 1U << i : 0U;
  }
  return found;
#endif
}

inline std::uint32_t node_in(const std::byte* line, std::size_t cell)
{
  return load_at<std::uint32_t>(line, cells_per_line + cell);
}

// ---- building

struct Plan {
  std::uint32_t value = 0;
  bool has_deeper = false;
};

/// Every suffix and its shorter forms, down to two labels. Sorted, so the bytes come out the same.
std::map<std::string, Plan, std::less<>> plan_nodes(std::span<const NameEntry> entries)
{
  std::map<std::string, Plan, std::less<>> plans;
  for (const NameEntry& entry : entries) {
    assert(entry.value != 0 && !entry.suffix.empty() && entry.suffix.size() <= 0xffff);
    const std::string_view suffix = entry.suffix;
    plans[entry.suffix].value = entry.value;
    const auto dots = dots_of(load_tail(suffix.data() + suffix.size(), suffix.size()));
    auto length = last_two_labels(suffix, dots);
    while (length < suffix.size()) {
      plans[std::string(suffix.substr(suffix.size() - length))].has_deeper = true;
      length = with_next_label(suffix, length, dots);
    }
  }
  return plans;
}

/// Into the first free cell from the hash's line on.
void put(std::vector<Line>& lines, std::uint64_t hash, std::uint32_t node)
{
  for (std::uint64_t at = hash;; ++at) {
    Line& line = lines[at & (lines.size() - 1)];
    const auto free = std::find(line.nodes.begin(), line.nodes.end(), 0U);
    if (free != line.nodes.end()) {
      *free = node;
      line.prints.at(static_cast<std::size_t>(free - line.nodes.begin())) = print_of(hash);
      return;
    }
  }
}

}  // namespace

std::vector<std::byte> build_name_table(std::span<const NameEntry> entries)
{
  const auto plans = plan_nodes(entries);
  // Three of eight cells at most, on average, so that few lines are full.
  std::vector<Line> lines(std::bit_ceil(plans.size() / 3 + 2), Line{});
  std::vector<Node> nodes{Node{}};
  std::string texts;
  std::uint32_t has_single_labels = 0;
  for (const auto& [suffix, plan] : plans) {
    const char* end = suffix.data() + suffix.size();
    const Tail tail = load_tail(end, suffix.size());
    const std::uint64_t hash = hash_of(tail, end, suffix.size());
    put(lines, hash, static_cast<std::uint32_t>(nodes.size()));
    nodes.push_back({.tail = tail,
                     .value = plan.value,
                     .text = static_cast<std::uint32_t>(texts.size()),
                     .length = static_cast<std::uint16_t>(suffix.size()),
                     .has_deeper = plan.has_deeper ? std::uint16_t{1} : std::uint16_t{0},
                     .unused = 0});
    texts += suffix.substr(0, suffix.size() - std::min(suffix.size(), tail_size));
    has_single_labels |= suffix.find('.') == std::string::npos ? 1U : 0U;
  }
  const Header header{magic,
                      static_cast<std::uint32_t>(lines.size()),
                      static_cast<std::uint32_t>(nodes.size()),
                      static_cast<std::uint32_t>(texts.size()),
                      has_single_labels,
                      {}};
  std::vector<std::byte> bytes;
  append(bytes, &header, 1);
  append(bytes, lines.data(), lines.size());
  append(bytes, nodes.data(), nodes.size());
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
  const std::uint64_t size = sizeof(Header) + sizeof(Line) * std::uint64_t{header.lines} +
                             sizeof(Node) * std::uint64_t{header.nodes} + header.text_size;
  if (header.magic != magic || size != bytes.size() || !std::has_single_bit(header.lines) ||
      header.nodes == 0 || header.has_single_labels > 1) {
    return wrong();
  }
  NameTable table;
  table.lines_ = bytes.data() + sizeof(Header);
  table.nodes_ = table.lines_ + header.lines * sizeof(Line);
  table.texts_ = table.nodes_ + header.nodes * sizeof(Node);
  table.line_mask_ = header.lines - 1;
  table.has_single_labels_ = header.has_single_labels == 1;
  return table.is_sound(header.nodes, header.text_size) ? Result<NameTable>(table) : wrong();
}

bool NameTable::is_sound(std::uint32_t nodes, std::uint32_t text_size) const
{
  bool has_end = false;  // a line that is not full, where every look ends
  for (std::size_t i = 0; i <= line_mask_; ++i) {
    for (const std::uint32_t node : load_at<Line>(lines_, i).nodes) {
      has_end |= node == 0;
      if (node >= nodes) {
        return false;
      }
    }
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto node = load_at<Node>(nodes_, i);
    const std::size_t front = node.length - std::min<std::size_t>(node.length, tail_size);
    if ((node.length == 0) != (i == 0) || node.text > text_size || front > text_size - node.text) {
      return false;
    }
  }
  const auto nothing = load_at<Node>(nodes_, 0);
  return has_end && nothing.value == 0 && nothing.has_deeper == 0;
}

// ---- looking up

/// One suffix of a name, ready to be looked up.
struct NameTable::Probe {
  Tail whole;  // of the name
  Tail tail;   // of the suffix
  std::uint64_t hash;
  std::size_t length;
  std::uint32_t dots;  // in `whole`
  std::uint32_t node;  // the likely one, see find() of many

  void shorten(std::string_view name, std::size_t to)
  {
    length = to;
    tail = shortened(whole, to);
    hash = hash_of(tail, name.data() + name.size(), to);
  }

  static Probe first(std::string_view name)
  {
    Probe probe;
    probe.whole = load_tail(name.data() + name.size(), name.size());
    probe.dots = dots_of(probe.whole);
    probe.shorten(name, last_two_labels(name, probe.dots));
    return probe;
  }
};

struct NameTable::Found {
  std::uint32_t value = 0;
  bool has_deeper = false;
};

inline const std::byte* NameTable::line_of(std::uint64_t hash) const
{
  return lines_ + (hash & line_mask_) * sizeof(Line);
}

/// The node of the first cell with the print of this probe, or 0.
inline std::uint32_t NameTable::likely_node(const Probe& probe) const
{
  const std::byte* line = line_of(probe.hash);
  const std::uint32_t fitting = cells_with(line, print_of(probe.hash));
  // Without a fitting cell, the sentinel bit makes it the first, and the mask makes it node 0.
  const auto cell = static_cast<std::size_t>(std::countr_zero(fitting | 0x100U)) % cells_per_line;
  return node_in(line, cell) & (fitting != 0 ? ~0U : 0U);
}

inline NameTable::Found
NameTable::look(const Probe& probe, std::uint32_t likely, std::string_view name) const
{
  const std::byte* const at = nodes_ + likely * sizeof(Node);
  // All bitwise: each && would be a branch, and a bet.
  const std::uint64_t differs = (load_at<std::uint64_t>(at, 0) ^ probe.tail.low) |
                                (load_at<std::uint64_t>(at, 1) ^ probe.tail.high) |
                                (load<std::uint16_t>(at + offsetof(Node, length)) ^ probe.length);
  const std::uint32_t fits = differs == 0 ? ~0U : 0U;
  const std::uint32_t last_of_line = node_in(line_of(probe.hash), cells_per_line - 1);
  if (((likely & ~fits) | last_of_line) != 0 || probe.length > tail_size) [[unlikely]] {
    return look_everywhere(probe, name);
  }
  return {load<std::uint32_t>(at + offsetof(Node, value)) & fits,
          (load<std::uint16_t>(at + offsetof(Node, has_deeper)) & fits) != 0};
}

/// Line by line and cell by cell, up to a line that is not full.
NameTable::Found NameTable::look_everywhere(const Probe& probe, std::string_view name) const
{
  for (std::uint64_t at = probe.hash;; ++at) {
    const auto line = load<Line>(line_of(at));
    for (std::size_t cell = 0; cell < cells_per_line; ++cell) {
      if (line.nodes.at(cell) == 0 || line.prints.at(cell) != print_of(probe.hash)) {
        continue;
      }
      const auto node = load_at<Node>(nodes_, line.nodes.at(cell));
      if (node.tail == probe.tail && node.length == probe.length &&
          (probe.length <= tail_size || std::memcmp(texts_ + node.text,
                                                    name.data() + name.size() - probe.length,
                                                    probe.length - tail_size) == 0)) {
        return {node.value, node.has_deeper != 0};
      }
    }
    if (line.nodes.back() == 0) {
      return {};
    }
  }
}

/// The longest match, given the probe for the last two labels and its likely node.
inline NameMatch
NameTable::finish(std::string_view name, const Probe& first, std::uint32_t likely) const
{
  const Found found = look(first, likely, name);
  const std::uint32_t any = found.value != 0 ? ~0U : 0U;
  const NameMatch match{found.value, static_cast<std::uint32_t>(first.length) & any};
  if (found.has_deeper || has_single_labels_) [[unlikely]] {
    return go_deeper(name, first, found, match);
  }
  return match;
}

NameMatch
NameTable::go_deeper(std::string_view name, Probe probe, Found found, NameMatch best) const
{
  while (found.has_deeper && probe.length < name.size()) {
    probe.shorten(name, with_next_label(name, probe.length, probe.dots));
    found = look(probe, likely_node(probe), name);
    if (found.value != 0) {
      best = {found.value, static_cast<std::uint32_t>(probe.length)};
    }
  }
  if (best.value == 0 && has_single_labels_) {
    probe.shorten(name, last_label(name));
    best.value = look(probe, likely_node(probe), name).value;
    best.length = best.value == 0 ? 0 : static_cast<std::uint32_t>(probe.length);
  }
  return best;
}

NameMatch NameTable::find(std::string_view name) const
{
  const Probe probe = Probe::first(name);
  return finish(name, probe, likely_node(probe));
}

/// A block of names at a time, in three rounds, each of which sends for what the next needs.
void NameTable::find(std::span<const std::string_view> names, std::span<NameMatch> matches) const
{
  assert(names.size() == matches.size());
  constexpr std::size_t block = 16;
  std::array<Probe, block> probes;
  for (std::size_t begin = 0; begin < names.size(); begin += block) {
    const std::string_view* const from = names.data() + begin;
    NameMatch* const to = matches.data() + begin;
    const std::size_t left = names.size() - begin;
    const std::size_t count = std::min(block, left);
    for (std::size_t i = 0; i < count; ++i) {
      probes[i] = Probe::first(from[i]);
      __builtin_prefetch(line_of(probes[i].hash));
    }
    for (std::size_t i = block; i < std::min(2 * block, left); ++i) {
      __builtin_prefetch(from[i].data() + from[i].size() -
                         std::min<std::size_t>(1, from[i].size()));
    }
    for (std::size_t i = 0; i < count; ++i) {
      probes[i].node = likely_node(probes[i]);
      __builtin_prefetch(nodes_ + probes[i].node * sizeof(Node));
    }
    for (std::size_t i = 0; i < count; ++i) {
      to[i] = finish(from[i], probes[i], probes[i].node);
    }
  }
}

}  // namespace zonder::catalog
