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
// Bytes, all little-endian: magic (8), then 32-bit numbers: cells (a power of two), nodes, bytes of
// text, 1 if there are suffixes of one label. Then cells: {32-bit print of the hash, 32-bit node +
// 1, or 0 for an empty cell}, with linear probing; nodes, 32 bytes each; the front parts of the
// suffixes longer than 16 bytes.
#include "catalog/name_table.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <map>
#include <type_traits>

#include "base/translate.hh"

namespace zonder::catalog {
namespace {

__extension__ using U128 = unsigned __int128;

constexpr std::array<char, 8> magic{'Z', 'N', 'D', 'N', 'A', 'M', '0', '1'};
constexpr std::size_t header_size = magic.size() + 4 * sizeof(std::uint32_t);
constexpr std::size_t tail_size = 16;

struct Cell {
  std::uint32_t print;
  std::uint32_t node;  // plus one
};

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
static_assert(std::endian::native == std::endian::little, "swap bytes here");

template <typename T>
T load(const void* from)
{
  T item;
  std::memcpy(&item, from, sizeof item);
  return item;
}

/// The `size` bytes before `end`, at most 8 of them, at the top of a number; zeros below.
std::uint64_t load_before(const char* end, std::size_t size)
{
  if (size >= 8) {
    return load<std::uint64_t>(end - 8);
  }
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
Tail load_tail(const char* end, std::size_t size)
{
  return {size > 8 ? load_before(end - 8, size - 8) : 0, load_before(end, size)};
}

/// The last `length` bytes of a tail.
Tail shortened(Tail tail, std::size_t length)
{
  if (length >= tail_size) {
    return tail;
  }
  if (length >= 8) {
    return {length == 8 ? 0 : tail.low & ~std::uint64_t{0} << (8 * (tail_size - length)),
            tail.high};
  }
  return {0, length == 0 ? 0 : tail.high & ~std::uint64_t{0} << (8 * (8 - length))};
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b)
{
  const U128 product = static_cast<U128>(a) * b;
  return static_cast<std::uint64_t>(product >> 64U) ^ static_cast<std::uint64_t>(product);
}

/// The hash of the suffix of `length` bytes before `end`, whose tail is `tail`. It is part of the
/// format: another hash, another magic.
std::uint64_t hash_of(Tail tail, const char* end, std::size_t length)
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

/// One bit for each byte of `word` that is a dot: bit 7 for the top byte.
std::uint32_t dots_in(std::uint64_t word)
{
  constexpr std::uint64_t low7 = 0x7f7f7f7f7f7f7f7fU;
  const std::uint64_t other = word ^ 0x2e2e2e2e2e2e2e2eU;  // a dot becomes 0
  const std::uint64_t marks = ~(((other & low7) + low7) | other | low7);
  return static_cast<std::uint32_t>((marks >> 7U) * 0x0102040810204080U >> 56U);
}

/// Of the suffix that has one label more than the one of `length` bytes.
std::size_t with_next_label(std::string_view name, std::size_t length)
{
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
std::size_t last_two_labels(std::string_view name, Tail tail)
{
  // Bit 31 is the last byte of the name: the zeros in front of a dot are the bytes behind it.
  const std::uint32_t dots = (dots_in(tail.high) << 24U) | (dots_in(tail.low) << 16U);
  const std::uint32_t without_last = dots & ~(0x80000000U >> (std::countl_zero(dots) & 31));
  if (without_last != 0) [[likely]] {
    return static_cast<std::size_t>(std::countl_zero(without_last));
  }
  if (name.size() <= tail_size) {
    return name.size();
  }
  const std::size_t one = last_label(name);
  return one == name.size() ? one : with_next_label(name, one);
}

template <typename T>
void append(std::vector<std::byte>& to, const T* items, std::size_t count)
{
  const auto* bytes = reinterpret_cast<const std::byte*>(items);
  to.insert(to.end(), bytes, bytes + count * sizeof(T));
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
    auto length = last_two_labels(suffix, load_tail(suffix.data() + suffix.size(), suffix.size()));
    while (length < suffix.size()) {
      plans[std::string(suffix.substr(suffix.size() - length))].has_deeper = true;
      length = with_next_label(suffix, length);
    }
  }
  return plans;
}

}  // namespace

std::vector<std::byte> build_name_table(std::span<const NameEntry> entries)
{
  const auto plans = plan_nodes(entries);
  // At most half full, so that a name that is not there meets an empty cell soon.
  std::vector<Cell> cells(std::bit_ceil(2 * plans.size() + 2), Cell{0, 0});
  std::vector<Node> nodes;
  std::string texts;
  std::uint32_t has_single_labels = 0;
  for (const auto& [suffix, plan] : plans) {
    const char* end = suffix.data() + suffix.size();
    const Tail tail = load_tail(end, suffix.size());
    nodes.push_back({.tail = tail,
                     .value = plan.value,
                     .text = static_cast<std::uint32_t>(texts.size()),
                     .length = static_cast<std::uint16_t>(suffix.size()),
                     .has_deeper = plan.has_deeper ? std::uint16_t{1} : std::uint16_t{0},
                     .unused = 0});
    texts += suffix.substr(0, suffix.size() - std::min(suffix.size(), tail_size));
    has_single_labels |= suffix.find('.') == std::string::npos ? 1U : 0U;

    const std::uint64_t hash = hash_of(tail, end, suffix.size());
    std::size_t at = hash & (cells.size() - 1);
    while (cells[at].node != 0) {
      at = (at + 1) & (cells.size() - 1);
    }
    cells[at] = {static_cast<std::uint32_t>(hash >> 32U), static_cast<std::uint32_t>(nodes.size())};
  }
  const std::array<std::uint32_t, 4> header{static_cast<std::uint32_t>(cells.size()),
                                            static_cast<std::uint32_t>(nodes.size()),
                                            static_cast<std::uint32_t>(texts.size()),
                                            has_single_labels};
  std::vector<std::byte> bytes;
  append(bytes, magic.data(), magic.size());
  append(bytes, header.data(), header.size());
  append(bytes, cells.data(), cells.size());
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
  if (bytes.size() < header_size || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
    return wrong();
  }
  const auto [cells, nodes, text_size, single] =
      load<std::array<std::uint32_t, 4>>(bytes.data() + magic.size());
  const std::uint64_t size = header_size + sizeof(Cell) * std::uint64_t{cells} +
                             sizeof(Node) * std::uint64_t{nodes} + std::uint64_t{text_size};
  if (size != bytes.size() || !std::has_single_bit(cells) || single > 1) {
    return wrong();
  }
  NameTable table;
  table.cells_ = bytes.data() + header_size;
  table.nodes_ = table.cells_ + cells * sizeof(Cell);
  table.texts_ = table.nodes_ + nodes * sizeof(Node);
  table.cell_mask_ = cells - 1;
  table.has_single_labels_ = single == 1;
  bool has_empty_cell = false;  // where every probe ends
  for (std::size_t i = 0; i < cells; ++i) {
    const auto cell = load<Cell>(table.cells_ + i * sizeof(Cell));
    has_empty_cell |= cell.node == 0;
    if (cell.node > nodes) {
      return wrong();
    }
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto node = load<Node>(table.nodes_ + i * sizeof(Node));
    const std::size_t front = node.length - std::min<std::size_t>(node.length, tail_size);
    if (node.length == 0 || node.text > text_size || front > text_size - node.text) {
      return wrong();
    }
  }
  return has_empty_cell ? Result<NameTable>(table) : wrong();
}

// ---- looking up

/// One suffix of a name, ready to be looked up.
struct NameTable::Probe {
  Tail whole;  // of the name
  Tail tail;   // of the suffix
  std::uint64_t hash = 0;
  std::size_t length = 0;

  void shorten(std::string_view name, std::size_t to)
  {
    length = to;
    tail = shortened(whole, to);
    hash = hash_of(tail, name.data() + name.size(), to);
  }

  static Probe first(std::string_view name)
  {
    Probe probe{};
    probe.whole = load_tail(name.data() + name.size(), name.size());
    probe.shorten(name, last_two_labels(name, probe.whole));
    return probe;
  }
};

struct NameTable::Found {
  std::uint32_t value = 0;
  bool has_deeper = false;
};

inline const std::byte* NameTable::cell_of(std::uint64_t hash) const
{
  return cells_ + (hash & cell_mask_) * sizeof(Cell);
}

inline NameTable::Found NameTable::look(const Probe& probe, std::string_view name) const
{
  for (std::uint64_t at = probe.hash;; ++at) {
    const auto cell = load<Cell>(cell_of(at));
    if (cell.node == 0) {
      return {};
    }
    if (cell.print != static_cast<std::uint32_t>(probe.hash >> 32U)) {
      continue;
    }
    const auto node = load<Node>(nodes_ + (cell.node - 1) * sizeof(Node));
    if (node.tail == probe.tail && node.length == probe.length &&
        (probe.length <= tail_size || std::memcmp(texts_ + node.text,
                                                  name.data() + name.size() - probe.length,
                                                  probe.length - tail_size) == 0)) {
      return {node.value, node.has_deeper != 0};
    }
  }
}

/// The longest match, given the probe for the last two labels.
inline NameMatch NameTable::finish(std::string_view name, const Probe& first) const
{
  NameMatch best;
  Found found = look(first, name);
  Probe probe = first;
  for (;;) {
    if (found.value != 0) {
      best = {found.value, static_cast<std::uint32_t>(probe.length)};
    }
    if (!found.has_deeper || probe.length == name.size()) {
      break;
    }
    probe.shorten(name, with_next_label(name, probe.length));
    found = look(probe, name);
  }
  if (best.value == 0 && has_single_labels_) {
    probe.shorten(name, last_label(name));
    best.value = look(probe, name).value;
    best.length = best.value == 0 ? 0 : static_cast<std::uint32_t>(probe.length);
  }
  return best;
}

NameMatch NameTable::find(std::string_view name) const
{
  return finish(name, Probe::first(name));
}

void NameTable::find(std::span<const std::string_view> names, std::span<NameMatch> matches) const
{
  assert(names.size() == matches.size());
  // While one block is answered the cells of the next are on their way, and the names after those.
  constexpr std::size_t block = 16;
  std::array<std::array<Probe, block>, 2> probes;
  const auto prepare = [&](std::size_t from) {
    const std::size_t end = std::min(from + block, names.size());
    for (std::size_t i = from; i < end; ++i) {
      Probe& probe = probes[from / block % 2][i % block];
      probe = Probe::first(names[i]);
      __builtin_prefetch(cell_of(probe.hash));
    }
    for (std::size_t i = end; i < std::min(end + block, names.size()); ++i) {
      __builtin_prefetch(names[i].data());
    }
  };
  prepare(0);
  for (std::size_t from = 0; from < names.size(); from += block) {
    if (from + block < names.size()) {
      prepare(from + block);
    }
    for (std::size_t i = from; i < std::min(from + block, names.size()); ++i) {
      matches[i] = finish(names[i], probes[from / block % 2][i % block]);
    }
  }
}

}  // namespace zonder::catalog
