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
#include "catalog/name_table.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>

#include "base/translate.hh"
#include "catalog/name_bytes.hh"

namespace zonder::catalog {

// ---- opening

Result<NameTable> NameTable::over(std::span<const std::byte> bytes)
{
  const auto wrong = [] {
    return fail(Fault::Usage,
                say("the catalogue's name table is damaged or of another version: get the data "
                    "again with `zonder data update`, or install zonder-data again"));
  };
  if (bytes.size() < sizeof(NameTableHeader)) {
    return wrong();
  }
  const auto header = load<NameTableHeader>(bytes.data());
  // Sums of 32-bit numbers in 64 bits: nothing can overflow.
  const std::uint64_t size =
      sizeof(NameTableHeader) +
      (sizeof(NameNode) + sizeof(std::uint32_t)) * std::uint64_t{header.places} +
      sizeof(std::uint16_t) * std::uint64_t{header.buckets} + header.text_size;
  if (header.magic != name_table_magic || size != bytes.size() ||
      !std::has_single_bit(header.buckets) || !std::has_single_bit(header.places) ||
      header.places < 2 || header.has_single_labels > 1) {
    return wrong();
  }
  NameTable table;
  table.nodes_ = bytes.data() + sizeof(NameTableHeader);
  table.fronts_ = table.nodes_ + header.places * sizeof(NameNode);
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
    const auto node = load_at<NameNode>(nodes_, i);
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
  const std::byte* const at = nodes_ + std::size_t{probe.place} * sizeof(NameNode);
  // All bitwise: each && would be a branch, and a bet.
  const std::uint64_t differs =
      (load_at<std::uint64_t>(at, 0) ^ probe.tail.first) |
      (load_at<std::uint64_t>(at, 1) ^ probe.tail.middle) |
      (load_at<std::uint64_t>(at, 2) ^ probe.tail.last) |
      (load<std::uint16_t>(at + offsetof(NameNode, length)) ^ probe.length);
  std::uint32_t fits = ~all_if_any(differs);
  if (probe.length > tail_size) [[unlikely]] {
    fits = has_same_front(probe, name, fits);
  }
  return {load<std::uint32_t>(at + offsetof(NameNode, value)) & fits,
          load<std::uint16_t>(at + offsetof(NameNode, has_deeper)) & fits & 1U};
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
      __builtin_prefetch(nodes_ + std::size_t{probes[i].place} * sizeof(NameNode));
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
      __builtin_prefetch(nodes_ + std::size_t{probes[i].place} * sizeof(NameNode));
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
