// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// The idea. Cut the address space into equal slots and walk them from low to high: the answer only
// changes at a few of them. So keep one bit per slot, set where the answer differs from the slot
// before, and one leaf per set bit. The leaf of a slot is found by counting the set bits up to it:
// a stored count for all words of 64 slots before (`base`) and one popcnt in its own word (`bits`).
// Two loads and an add for the first 24 bits of an address, in 5 MB for the whole internet.
//
// That is the compressed leaf vector of Poptrie (Asai and Ohara, "Poptrie: a compressed trie with
// population count for fast and scalable software IP routing table lookup", SIGCOMM 2015) with its
// direct pointing folded in: the array that Poptrie indexes directly *is* here the array of bit
// words, of which runs of equal answers share one leaf, also across words.
//
// Where ranges begin inside a slot, its leaf names a further block of words for the bits below. A
// block has 2^stride words and consumes stride + 6 bits of the address; the builder gives it at
// most a word per change inside, so that the size stays in proportion to the number of ranges.
//
// Bytes, all little-endian, 32-bit numbers first: root stride, words, leaves, large values. Then
// the arrays: bits (64-bit), base, leaves, large values (32-bit).
//
// A leaf with its top bit clear is the value. With it set, bits 27..30 are the stride and bits
// 0..26 the first word of the block below; stride 15 means instead: bits 0..26 are the place of the
// value among the large values (those that need all 32 bits themselves).
#include "catalog/address_trie.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <deque>

namespace zonder::catalog {
namespace {

constexpr unsigned width = 32;
constexpr unsigned slot_bits = 6;  // 64 slots a word
constexpr std::uint32_t further = 0x80000000U;
constexpr unsigned stride_shift = 27;
constexpr std::uint32_t place_mask = (1U << stride_shift) - 1;
constexpr unsigned large_mark = 15;
constexpr unsigned max_stride = 14;
// 2^18 words of 64 slots are the 2^24 networks of /24, past which hardly anything is routed.
constexpr unsigned max_root_stride = 18;
// Each level consumes at least slot_bits, so no honest trie is deeper than this.
constexpr unsigned max_levels = width / slot_bits + 1;

using Header = std::array<std::uint32_t, 4>;

unsigned stride_of(std::uint32_t leaf)
{
  return (leaf & ~further) >> stride_shift;
}

/// Builds block by block, the root first, so that what is read most lies together.
class TrieBuilder {
public:
  explicit TrieBuilder(std::span<const Change> changes) : changes_(changes)
  {
    root_stride_ = stride_for(changes.size() - 1, 0, max_root_stride);
    jobs_.push_back(
        {0, root_stride_, 1, changes.size(), changes[0].value, new_words(root_stride_)});
    while (!jobs_.empty()) {
      const Job job = jobs_.front();
      jobs_.pop_front();
      build(job);
    }
  }

  [[nodiscard]] std::vector<std::byte> bytes() const
  {
    const auto count = [](const auto& items) {
      return static_cast<std::uint32_t>(items.size());
    };
    const Header header{root_stride_, count(bits_), count(leaves_), count(large_.values())};
    std::vector<std::byte> bytes;
    append(bytes, header.data(), header.size());
    append(bytes, bits_.data(), bits_.size());
    append(bytes, base_.data(), base_.size());
    append(bytes, leaves_.data(), leaves_.size());
    append(bytes, large_.values().data(), large_.values().size());
    return bytes;
  }

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

  /// At most one word per change, and no more bits than the address has left.
  static unsigned stride_for(std::size_t changes, unsigned depth, unsigned limit)
  {
    const auto wanted = static_cast<unsigned>(std::bit_width(changes));
    const unsigned left = width - depth;
    return std::min({wanted > 0 ? wanted - 1 : 0, left > slot_bits ? left - slot_bits : 0, limit});
  }

  std::size_t new_words(unsigned stride)
  {
    const std::size_t first = bits_.size();
    bits_.resize(first + (std::size_t{1} << stride));
    base_.resize(bits_.size());
    assert(bits_.size() <= place_mask);  // that many words take some 2^27 ranges
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
    const auto slot_of = [&](std::size_t i) {
      return static_cast<std::uint64_t>((changes_[i].key << job.depth) >> (128 - consumed));
    };
    Runs runs(leaf_of(job.value));
    std::uint32_t value = job.value;
    for (std::size_t i = job.begin; i < job.end;) {
      const std::uint64_t slot = slot_of(i);
      if (changes_[i].key << (job.depth + consumed) == 0) {
        value = changes_[i++].value;  // at the very start of the slot
      }
      const std::size_t inside = i;
      while (i < job.end && slot_of(i) == slot) {
        ++i;
      }
      runs.set(slot, inside == i ? leaf_of(value) : child(job, inside, i, value));
      if (inside != i) {
        value = changes_[i - 1].value;
        runs.set(slot + 1, leaf_of(value));  // of no effect past the last slot
      }
    }
    write(job, runs.all());
  }

  void write(const Job& job, const std::vector<Runs::Run>& runs)
  {
    auto run = runs.begin();
    for (std::uint64_t word = 0; word < std::uint64_t{1} << job.stride; ++word) {
      base_[job.word + word] = static_cast<std::uint32_t>(leaves_.size() - 1);
      for (; run != runs.end() && run->slot >> slot_bits == word; ++run) {
        if (run->leaf != leaves_.back()) {
          leaves_.push_back(run->leaf);
          bits_[job.word + word] |= std::uint64_t{1} << (run->slot % 64);
        }
      }
    }
  }

  std::span<const Change> changes_;
  unsigned root_stride_ = 0;
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> base_;
  std::vector<std::uint32_t> leaves_{0};
  Places large_;
  std::deque<Job> jobs_;
};

}  // namespace

std::vector<std::byte> build_address_trie(std::span<const Change> changes)
{
  return TrieBuilder(changes).bytes();
}

// ---- opening

std::optional<AddressTrie> AddressTrie::over(std::span<const std::byte> bytes)
{
  if (bytes.size() < sizeof(Header)) {
    return std::nullopt;
  }
  const auto [stride, words, leaves, large] = load<Header>(bytes.data());
  // Sums of 32-bit numbers in 64 bits: nothing can overflow.
  constexpr std::uint64_t per_word = sizeof(std::uint64_t) + sizeof(std::uint32_t);
  if (bytes.size() != sizeof(Header) + per_word * words +
                          sizeof(std::uint32_t) * (std::uint64_t{leaves} + std::uint64_t{large})) {
    return std::nullopt;
  }
  AddressTrie trie;
  trie.bits_ = bytes.data() + sizeof(Header);
  trie.base_ = trie.bits_ + words * sizeof(std::uint64_t);
  trie.leaves_ = trie.base_ + words * sizeof(std::uint32_t);
  trie.large_ = trie.leaves_ + leaves * sizeof(std::uint32_t);
  trie.root_stride_ = stride;
  trie.words_ = words;
  trie.leaf_count_ = leaves;
  trie.large_count_ = large;
  return trie.is_sound() ? std::optional(trie) : std::nullopt;
}

bool AddressTrie::is_sound() const
{
  if (root_stride_ > max_root_stride || words_ < 1U << root_stride_) {
    return false;
  }
  for (std::size_t word = 0; word < words_; ++word) {
    // The highest leaf that this word can lead to must be there.
    const auto base = load_at<std::uint32_t>(base_, word);
    const auto set = static_cast<unsigned>(std::popcount(load_at<std::uint64_t>(bits_, word)));
    if (base >= leaf_count_ || set >= leaf_count_ - base) {
      return false;
    }
  }
  for (std::uint32_t i = 0; i < leaf_count_; ++i) {
    const std::uint32_t each = leaf(i);
    const std::uint32_t place = each & place_mask;
    if ((each & further) == 0) {
      continue;
    }
    if (stride_of(each) == large_mark ? place >= large_count_
                                      : place > words_ || words_ - place < 1U << stride_of(each)) {
      return false;
    }
  }
  return true;
}

// ---- looking up

/// Goes on from a leaf that is not a value yet; `key` is what is left of the address, at the top.
std::uint32_t AddressTrie::descend(std::uint32_t leaf, std::uint64_t key) const
{
  for (unsigned level = 0; level < max_levels; ++level) {
    const unsigned stride = stride_of(leaf);
    if (stride == large_mark) {
      return load_at<std::uint32_t>(large_, leaf & place_mask);
    }
    const std::uint64_t word = (leaf & place_mask) + (key >> 1U >> (63 - stride));
    key <<= stride;
    leaf = this->leaf(leaf_index(word, key >> (64 - slot_bits)));
    key <<= slot_bits;
    if ((leaf & further) == 0) {
      return leaf;
    }
  }
  return 0;  // a block that leads in circles: is_sound() bounds each step, this their number
}

/// While the answers of one block of look-ups are written the leaves of the next are on their way.
void AddressTrie::find(std::span<const std::uint32_t> addresses,
                       std::span<std::uint32_t> values) const
{
  assert(addresses.size() == values.size());
  constexpr std::size_t block = 16;  // more was not faster
  const AddressTrie trie = *this;    // its members in registers, whatever `values` overwrites
  const std::uint32_t* const from = addresses.data();
  std::uint32_t* const to = values.data();
  const unsigned to_word = width - trie.root_stride_;
  const unsigned to_slot = to_word - slot_bits;
  const std::size_t whole = addresses.size() / block * block;
  std::array<std::uint32_t, 2 * block> indices{};

  const auto rank = [&](std::size_t start) {
    std::uint32_t* const index = indices.data() + start % (2 * block);
    for (std::size_t i = 0; i < block; ++i) {
      const std::uint64_t address = from[start + i];
      index[i] = trie.leaf_index(address >> to_word, address >> to_slot & 63U);
      __builtin_prefetch(trie.leaves_ + index[i] * sizeof(std::uint32_t));
    }
  };
  const auto answer = [&](std::size_t start) {
    const std::uint32_t* const index = indices.data() + start % (2 * block);
    std::uint32_t any = 0;
    for (std::size_t i = 0; i < block; ++i) {
      to[start + i] = trie.leaf(index[i]);
      any |= to[start + i];
    }
    for (std::size_t i = start; (any & further) != 0 && i < start + block; ++i) {
      to[i] = trie.find(from[i]);
    }
  };
  if (whole > 0) {
    rank(0);
  }
  for (std::size_t start = 0; start < whole; start += block) {
    if (start + block < whole) {
      rank(start + block);
    }
    answer(start);
  }
  for (std::size_t i = whole; i < addresses.size(); ++i) {
    to[i] = trie.find(from[i]);
  }
}

}  // namespace zonder::catalog
