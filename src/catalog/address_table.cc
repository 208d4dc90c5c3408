// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// The idea. Cut the address space into equal slots and walk them from low to high: the answer only
// changes at a few of them. So keep one bit per slot, set where the answer differs from the slot
// before, and one leaf per set bit. The leaf of a slot is found by counting the set bits up to it:
// a stored count for all words of 64 slots before (`base`) and one popcnt in its own word (`bits`).
// Two loads and an add for the first 24 bits of an IPv4 address, in 5 MB for the whole internet.
//
// That is the compressed leaf vector of Poptrie (Asai and Ohara, "Poptrie: a compressed trie with
// population count for fast and scalable software IP routing table lookup", SIGCOMM 2015) with its
// direct pointing folded in: the array that Poptrie indexes directly *is* here the array of bit
// words, of which runs of equal answers share one leaf, also across words.
//
// Where ranges begin inside a slot, its leaf names a further block of words for the bits below. A
// block has 2^stride words and consumes stride + 6 bits of the address; the builder gives it about
// as many words as there are changes inside, so a few levels suffice for IPv6 too and the size
// stays in proportion to the number of ranges.
//
// Bytes, all little-endian: magic (8), then 32-bit numbers: IPv4 root stride, words, leaves; IPv6
// root stride, words, leaves; large values; 0. Then the arrays: bits of IPv4 and of IPv6 (64-bit),
// base of IPv4 and of IPv6, leaves of IPv4 and of IPv6, large values (32-bit).
//
// A leaf with its top bit clear is the value. With it set, bits 27..30 are the stride and bits
// 0..26 the first word of the block below; stride 15 means instead: bits 0..26 are the place of the
// value among the large values (those that need all 32 bits themselves).
#include "catalog/address_table.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <deque>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/translate.hh"

namespace zonder::catalog {
namespace {

__extension__ using U128 = unsigned __int128;

constexpr std::array<char, 8> magic{'Z', 'N', 'D', 'A', 'D', 'R', '0', '1'};
constexpr std::size_t header_size = magic.size() + 8 * sizeof(std::uint32_t);

constexpr unsigned slot_bits = 6;  // 64 slots a word
constexpr std::uint32_t further = 0x80000000U;
constexpr unsigned stride_shift = 27;
constexpr std::uint32_t place_mask = (1U << stride_shift) - 1;
constexpr unsigned large_mark = 15;
constexpr unsigned max_stride = 14;
// 2^18 words of 64 slots are the 2^24 networks of /24, past which hardly anything is routed.
constexpr unsigned max_root_stride = 18;
// Each level consumes at least slot_bits, so no honest table is deeper than this.
constexpr unsigned max_levels = 128 / slot_bits + 1;

template <typename T>
T load(const std::byte* from)
{
  T number;
  std::memcpy(&number, from, sizeof number);
  static_assert(std::endian::native == std::endian::little, "swap bytes here");
  return number;
}

template <typename T>
void append(std::vector<std::byte>& to, const T* items, std::size_t count)
{
  static_assert(std::is_trivially_copyable_v<T> && std::endian::native == std::endian::little);
  const auto* bytes = reinterpret_cast<const std::byte*>(items);
  to.insert(to.end(), bytes, bytes + count * sizeof(T));
}

unsigned stride_of(std::uint32_t leaf)
{
  return (leaf & ~further) >> stride_shift;
}

// ---- building

/// From `key` on (an address, its bits moved to the top) the answer is `value`.
struct Change {
  U128 key;
  std::uint32_t value;
};

U128 key_of(net::Address address)
{
  return address.is_v4() ? static_cast<U128>(address.low()) << 96U
                         : static_cast<U128>(address.high()) << 64U | address.low();
}

/// The whole space of a family as changes, the first at 0.
std::vector<Change> changes_of(std::span<const AddressEntry> entries, net::Family family)
{
  std::vector<Change> changes{{0, 0}};
  const auto change = [&](net::Address at, std::uint32_t value) {
    if (changes.back().key == key_of(at)) {
      changes.back().value = value;
    } else {
      changes.push_back({key_of(at), value});
    }
  };
  for (const AddressEntry& entry : entries) {
    if (entry.range.first.family() == family) {
      assert(entry.value != 0);
      change(entry.range.first, entry.value);
      if (const auto behind = entry.range.last.next()) {
        change(*behind, 0);
      }
    }
  }
  // Where two neighbours have one value nothing changes.
  const auto same = [](const Change& a, const Change& b) {
    return a.value == b.value;
  };
  changes.erase(std::unique(changes.begin(), changes.end(), same), changes.end());
  return changes;
}

/// The values that do not fit in a leaf, each once.
struct LargeValues {
  std::vector<std::uint32_t> values;
  std::unordered_map<std::uint32_t, std::uint32_t> places;

  std::uint32_t place_of(std::uint32_t value)
  {
    const auto place = static_cast<std::uint32_t>(values.size());
    const auto known = places.emplace(value, place);
    if (known.second) {
      values.push_back(value);
    }
    return known.first->second;
  }
};

/// Builds one family's trie, level by level, so that what is read most lies together.
class TrieBuilder {
public:
  TrieBuilder(std::span<const Change> changes, unsigned width, LargeValues& large)
      : changes_(changes), width_(width), large_(large)
  {
    root_stride = stride_for(changes.size() - 1, 0, max_root_stride);
    jobs_.push_back({0, root_stride, 1, changes.size(), changes[0].value, new_words(root_stride)});
    while (!jobs_.empty()) {
      const Job job = jobs_.front();
      jobs_.pop_front();
      build(job);
    }
  }

  unsigned root_stride = 0;
  std::vector<std::uint64_t> bits;
  std::vector<std::uint32_t> base;
  std::vector<std::uint32_t> leaves{0};

private:
  /// A block to build: below `depth` bits of address, with the changes begin..end strictly inside.
  struct Job {
    unsigned depth;
    unsigned stride;
    std::size_t begin;
    std::size_t end;
    std::uint32_t value;  // at its start
    std::size_t word;
  };
  /// From `slot` on, until the next run, the leaf is `leaf`.
  struct Run {
    std::uint64_t slot;
    std::uint32_t leaf;
  };

  /// At most one word per change, and no more bits than the address has left.
  [[nodiscard]] unsigned stride_for(std::size_t changes, unsigned depth, unsigned limit) const
  {
    const auto wanted = static_cast<unsigned>(std::bit_width(changes));
    const unsigned left = width_ - depth;
    return std::min({wanted > 0 ? wanted - 1 : 0, left > slot_bits ? left - slot_bits : 0, limit});
  }

  std::size_t new_words(unsigned stride)
  {
    const std::size_t first = bits.size();
    bits.resize(first + (std::size_t{1} << stride));
    base.resize(bits.size());
    // 2^27 words would take some 2^27 ranges, more than a machine holds as AddressEntry and Change.
    assert(bits.size() <= place_mask);
    return first;
  }

  std::uint32_t leaf_of(std::uint32_t value)
  {
    return (value & further) == 0 ? value
                                  : further | large_mark << stride_shift | large_.place_of(value);
  }

  std::uint32_t child(const Job& parent, std::size_t begin, std::size_t end, std::uint32_t value)
  {
    const unsigned depth = parent.depth + parent.stride + slot_bits;
    const unsigned stride = stride_for(end - begin, depth, max_stride);
    const std::size_t word = new_words(stride);
    jobs_.push_back({depth, stride, begin, end, value, word});
    return further | stride << stride_shift | static_cast<std::uint32_t>(word);
  }

  void build(const Job& job)
  {
    const unsigned consumed = job.stride + slot_bits;
    const unsigned below = job.depth + consumed;
    const auto slot_of = [&](std::size_t i) {
      return static_cast<std::uint64_t>((changes_[i].key << job.depth) >> (128 - consumed));
    };
    const auto starts_slot = [&](std::size_t i) {
      return below >= 128 || changes_[i].key << below == 0;
    };
    std::vector<Run> runs{{0, leaf_of(job.value)}};
    const auto run = [&](std::uint64_t slot, std::uint32_t leaf) {
      if (runs.back().slot == slot) {
        runs.back().leaf = leaf;
      } else {
        runs.push_back({slot, leaf});
      }
    };
    std::uint32_t value = job.value;
    for (std::size_t i = job.begin; i < job.end;) {
      const std::uint64_t slot = slot_of(i);
      if (starts_slot(i)) {
        value = changes_[i++].value;
      }
      const std::size_t inside = i;
      while (i < job.end && slot_of(i) == slot) {
        ++i;
      }
      run(slot, inside == i ? leaf_of(value) : child(job, inside, i, value));
      if (inside != i) {
        value = changes_[i - 1].value;
        run(slot + 1, leaf_of(value));  // of no effect past the last slot
      }
    }
    write(job, runs);
  }

  void write(const Job& job, const std::vector<Run>& runs)
  {
    auto run = runs.begin();
    for (std::uint64_t word = 0; word < std::uint64_t{1} << job.stride; ++word) {
      base[job.word + word] = static_cast<std::uint32_t>(leaves.size() - 1);
      for (; run != runs.end() && run->slot >> slot_bits == word; ++run) {
        if (run->leaf != leaves.back()) {
          leaves.push_back(run->leaf);
          bits[job.word + word] |= std::uint64_t{1} << (run->slot % 64);
        }
      }
    }
  }

  std::span<const Change> changes_;
  unsigned width_;
  LargeValues& large_;
  std::deque<Job> jobs_;
};

}  // namespace

std::vector<std::byte> build_address_table(std::span<const AddressEntry> entries)
{
  LargeValues large;
  const auto changes_v4 = changes_of(entries, net::Family::V4);
  const auto changes_v6 = changes_of(entries, net::Family::V6);
  const TrieBuilder v4(changes_v4, 32, large);
  const TrieBuilder v6(changes_v6, 128, large);

  const auto count = [](const auto& items) {
    return static_cast<std::uint32_t>(items.size());
  };
  const std::array<std::uint32_t, 8> header{v4.root_stride,
                                            count(v4.bits),
                                            count(v4.leaves),
                                            v6.root_stride,
                                            count(v6.bits),
                                            count(v6.leaves),
                                            count(large.values),
                                            0};
  std::vector<std::byte> bytes;
  append(bytes, magic.data(), magic.size());
  append(bytes, header.data(), header.size());
  append(bytes, v4.bits.data(), v4.bits.size());
  append(bytes, v6.bits.data(), v6.bits.size());
  append(bytes, v4.base.data(), v4.base.size());
  append(bytes, v6.base.data(), v6.base.size());
  append(bytes, v4.leaves.data(), v4.leaves.size());
  append(bytes, v6.leaves.data(), v6.leaves.size());
  append(bytes, large.values.data(), large.values.size());
  return bytes;
}

// ---- opening

bool AddressTable::is_sound(const Trie& trie) const
{
  if (trie.root_stride > max_root_stride || trie.words < 1U << trie.root_stride) {
    return false;
  }
  for (std::size_t word = 0; word < trie.words; ++word) {
    // The highest leaf that this word can lead to.
    const auto base = load<std::uint32_t>(trie.base + word * sizeof(std::uint32_t));
    const auto bits = load<std::uint64_t>(trie.bits + word * sizeof(std::uint64_t));
    if (base >= trie.leaf_count ||
        static_cast<unsigned>(std::popcount(bits)) >= trie.leaf_count - base) {
      return false;
    }
  }
  for (std::uint32_t i = 0; i < trie.leaf_count; ++i) {
    const std::uint32_t leaf = trie.leaf(i);
    const std::uint32_t place = leaf & place_mask;
    const unsigned stride = stride_of(leaf);
    if ((leaf & further) == 0) {
      continue;
    }
    if (stride == large_mark ? place >= large_count_
                             : place > trie.words || trie.words - place < 1U << stride) {
      return false;
    }
  }
  return true;
}

Result<AddressTable> AddressTable::over(std::span<const std::byte> bytes)
{
  const auto wrong = [] {
    return fail(Fault::Usage,
                say("the catalogue's address table is damaged or of another version: get the data "
                    "again with `zonder data update`, or install zonder-data again"));
  };
  if (bytes.size() < header_size || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
    return wrong();
  }
  std::array<std::uint32_t, 8> header{};
  std::memcpy(header.data(), bytes.data() + magic.size(), sizeof header);
  const auto [stride4, words4, leaves4, stride6, words6, leaves6, large, zero] = header;
  // Sums of 32-bit numbers in 64 bits: nothing can overflow.
  constexpr std::uint64_t per_word = sizeof(std::uint64_t) + sizeof(std::uint32_t);
  const std::uint64_t size =
      header_size + per_word * (std::uint64_t{words4} + std::uint64_t{words6}) +
      sizeof(std::uint32_t) *
          (std::uint64_t{leaves4} + std::uint64_t{leaves6} + std::uint64_t{large});
  if (size != bytes.size() || zero != 0) {
    return wrong();
  }
  const std::byte* at = bytes.data() + header_size;
  const auto array = [&at](std::uint32_t count, std::size_t each) {
    return std::exchange(at, at + count * each);
  };
  AddressTable table;
  table.v4_.bits = array(words4, sizeof(std::uint64_t));
  table.v6_.bits = array(words6, sizeof(std::uint64_t));
  table.v4_.base = array(words4, sizeof(std::uint32_t));
  table.v6_.base = array(words6, sizeof(std::uint32_t));
  table.v4_.leaves = array(leaves4, sizeof(std::uint32_t));
  table.v6_.leaves = array(leaves6, sizeof(std::uint32_t));
  table.large_values_ = at;
  table.large_count_ = large;
  table.v4_.root_stride = stride4;
  table.v4_.words = words4;
  table.v4_.leaf_count = leaves4;
  table.v6_.root_stride = stride6;
  table.v6_.words = words6;
  table.v6_.leaf_count = leaves6;
  if (!table.is_sound(table.v4_) || !table.is_sound(table.v6_)) {
    return wrong();
  }
  return table;
}

// ---- looking up

/// The bits of the address that are not used up yet, at the top.
struct AddressTable::Key {
  std::uint64_t high;
  std::uint64_t low;

  /// The next `count` bits (0 to 24), taken off.
  std::uint64_t take(unsigned count)
  {
    const std::uint64_t taken = high >> 1U >> (63 - count);
    high = high << count | low >> 1U >> (63 - count);
    low <<= count;
    return taken;
  }
};

inline std::uint32_t AddressTable::Trie::leaf_index(std::uint64_t word, std::uint64_t slot) const
{
  const auto set = load<std::uint64_t>(bits + word * sizeof(std::uint64_t));
  const std::uint64_t up_to_slot = (std::uint64_t{2} << slot) - 1;
  return load<std::uint32_t>(base + word * sizeof(std::uint32_t)) +
         static_cast<std::uint32_t>(std::popcount(set & up_to_slot));
}

inline std::uint32_t AddressTable::Trie::leaf(std::uint32_t index) const
{
  return load<std::uint32_t>(leaves + index * sizeof(std::uint32_t));
}

/// Goes on from a leaf that is not a value yet.
std::uint32_t AddressTable::descend(const Trie& trie, std::uint32_t leaf, Key key) const
{
  for (unsigned level = 0; level < max_levels; ++level) {
    const unsigned stride = stride_of(leaf);
    if (stride == large_mark) {
      return load<std::uint32_t>(large_values_ + (leaf & place_mask) * sizeof(std::uint32_t));
    }
    const std::uint64_t word = (leaf & place_mask) + key.take(stride);
    leaf = trie.leaf(trie.leaf_index(word, key.take(slot_bits)));
    if ((leaf & further) == 0) {
      return leaf;
    }
  }
  return 0;  // a block that leads in circles: is_sound() bounds each step, this their number
}

std::uint32_t AddressTable::find_v4(std::uint32_t address) const
{
  const unsigned stride = v4_.root_stride;
  const std::uint64_t word = std::uint64_t{address} >> (32 - stride);
  const std::uint64_t slot = address >> (32 - slot_bits - stride) & 63U;
  const std::uint32_t leaf = v4_.leaf(v4_.leaf_index(word, slot));
  if ((leaf & further) == 0) [[likely]] {
    return leaf;
  }
  return descend(v4_, leaf, {std::uint64_t{address} << (32 + stride + slot_bits), 0});
}

std::uint32_t AddressTable::find_v6(std::uint64_t high, std::uint64_t low) const
{
  Key key{high, low};
  const std::uint64_t word = key.take(v6_.root_stride);
  const std::uint32_t leaf = v6_.leaf(v6_.leaf_index(word, key.take(slot_bits)));
  return (leaf & further) == 0 ? leaf : descend(v6_, leaf, key);
}

// ---- looking up many

namespace {

// One block of look-ups has its words on their way, the next its leaves, while the answers of a
// third are written. Sixteen fill the load buffers; more was not faster.
constexpr std::size_t block = 16;

}  // namespace

void AddressTable::find_v4(std::span<const std::uint32_t> addresses,
                           std::span<std::uint32_t> values) const
{
  assert(addresses.size() == values.size());
  const Trie trie = v4_;
  const unsigned to_word = 32 - trie.root_stride;
  const unsigned to_slot = to_word - slot_bits;
  const std::size_t whole = addresses.size() / block * block;
  std::array<std::array<std::uint32_t, block>, 2> leaf_indices{};

  const auto rank = [&](std::size_t from) {
    auto& indices = leaf_indices[from / block % 2];
    for (std::size_t i = 0; i < block; ++i) {
      const std::uint64_t address = addresses[from + i];
      indices[i] = trie.leaf_index(address >> to_word, address >> to_slot & 63U);
      __builtin_prefetch(trie.leaves + indices[i] * sizeof(std::uint32_t));
    }
  };
  const auto answer = [&](std::size_t from) {
    const auto& indices = leaf_indices[from / block % 2];
    std::uint32_t any = 0;
    for (std::size_t i = 0; i < block; ++i) {
      values[from + i] = trie.leaf(indices[i]);
      any |= values[from + i];
    }
    if ((any & further) != 0) [[unlikely]] {
      for (std::size_t i = from; i < from + block; ++i) {
        values[i] = find_v4(addresses[i]);
      }
    }
  };
  if (whole > 0) {
    rank(0);
  }
  for (std::size_t from = 0; from < whole; from += block) {
    if (from + block < whole) {
      rank(from + block);
    }
    answer(from);
  }
  for (std::size_t i = whole; i < addresses.size(); ++i) {
    values[i] = find_v4(addresses[i]);
  }
}

/// All look-ups of a block go down a level together; those that have arrived drop out.
void AddressTable::find_v6(std::span<const V6> addresses, std::span<std::uint32_t> values) const
{
  assert(addresses.size() == values.size());
  const Trie trie = v6_;
  for (std::size_t from = 0; from < addresses.size(); from += block) {
    std::array<Key, block> keys;
    std::array<std::uint64_t, block> words;
    std::array<std::uint32_t, block> indices;
    std::array<std::uint8_t, block> going;
    std::size_t count = std::min(block, addresses.size() - from);
    const auto fetch = [&](std::size_t i, std::uint64_t word) {
      words[i] = word;
      __builtin_prefetch(trie.bits + word * sizeof(std::uint64_t));
      __builtin_prefetch(trie.base + word * sizeof(std::uint32_t));
    };
    for (std::size_t i = 0; i < count; ++i) {
      keys[i] = {addresses[from + i].high, addresses[from + i].low};
      going[i] = static_cast<std::uint8_t>(i);
      fetch(i, keys[i].take(trie.root_stride));
    }
    for (unsigned level = 0; count > 0 && level <= max_levels; ++level) {
      for (std::size_t at = 0; at < count; ++at) {
        const std::size_t i = going[at];
        indices[i] = trie.leaf_index(words[i], keys[i].take(slot_bits));
        __builtin_prefetch(trie.leaves + indices[i] * sizeof(std::uint32_t));
      }
      std::size_t left = 0;
      for (std::size_t at = 0; at < count; ++at) {
        const std::size_t i = going[at];
        const std::uint32_t leaf = trie.leaf(indices[i]);
        values[from + i] = leaf;
        if ((leaf & further) != 0) {
          going[left] = static_cast<std::uint8_t>(i);
          if (stride_of(leaf) == large_mark) {
            values[from + i] = descend(trie, leaf, keys[i]);
          } else {
            ++left;
            fetch(i, (leaf & place_mask) + keys[i].take(stride_of(leaf)));
          }
        }
      }
      count = left;
    }
    for (std::size_t at = 0; at < count; ++at) {
      values[from + going[at]] = 0;  // as descend(): a block that leads in circles
    }
  }
}

std::uint32_t AddressTable::find(net::Address address) const
{
  return address.is_v4() ? find_v4(static_cast<std::uint32_t>(address.low()))
                         : find_v6(address.high(), address.low());
}

}  // namespace zonder::catalog
