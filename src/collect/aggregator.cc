// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Two tables with open addressing: one of texts, one of pairs of texts. What such adding costs is
// not computing but waiting for memory, so a slot holds all that tells it apart: of a text, 96 bits
// of its hash. Texts are not compared: for two among a million to have the same 96 bits takes a
// chance of one in 2^57. The hash is keyed by chance, so that nobody can write a log that makes two
// the same, or the tables slow. It multiplies two words into 128 bits and folds them, as wyhash and
// rapidhash do. A pair's slot is asked for eight glimpses before it is needed.
#include "collect/aggregator.hh"

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>

namespace zonder::collect {
namespace {

using model::Row;
using model::Thing;

constexpr std::size_t first_slots = std::size_t{1} << 12U;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

struct Wide {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

Wide product(std::uint64_t a, std::uint64_t b)
{
  __extension__ using Whole = unsigned __int128;
  const Whole whole = static_cast<Whole>(a) * b;
  return {static_cast<std::uint64_t>(whole), static_cast<std::uint64_t>(whole >> 64U)};
}

std::uint64_t folded(std::uint64_t a, std::uint64_t b)
{
  const auto whole = product(a, b);
  return whole.low ^ whole.high;
}

std::uint64_t word_at(const char* text)
{
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word;
}

/// The last 0 to 7 bytes.
std::uint64_t short_word(const char* text, std::size_t size)
{
  std::uint64_t word = 0;
  if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text, sizeof first);
    std::memcpy(&last, text + size - sizeof last, sizeof last);
    return std::uint64_t{first} << 32U | last;
  }
  for (std::size_t i = 0; i < size; ++i) {
    word = word << 8U | static_cast<unsigned char>(text[i]);
  }
  return word;
}

/// Two halves of which each is as good as a hash of 64 bits.
Wide hash(std::string_view text, std::uint64_t seed, std::uint64_t secret, std::uint64_t other)
{
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t state = seed ^ (left * 0x9E3779B97F4A7C15U);
  while (left > 16) {
    state = folded(word_at(at) ^ secret, word_at(at + 8) ^ state);
    at += 16;
    left -= 16;
  }
  const auto low = left >= 8 ? word_at(at) : short_word(at, left);
  const auto high = left > 8 ? word_at(at + left - 8) : 0;
  const auto mixed = product(low ^ secret, high ^ state);
  return {folded(mixed.low ^ secret, mixed.high ^ other),
          folded(mixed.low ^ other, mixed.high ^ state)};
}

std::int64_t ticks(const std::optional<model::Moment>& moment)
{
  return moment ? moment->time_since_epoch().count() : never;
}

std::optional<model::Moment> moment_of(std::int64_t ticks)
{
  return ticks == never ? std::nullopt
                        : std::optional(model::Moment(model::Moment::duration(ticks)));
}

}  // namespace

std::string_view Arena::keep(std::string_view text)
{
  char* place = next_;
  if (text.size() > left_) {
    const auto size = std::max(block_size, text.size());
    blocks_.push_back(std::make_unique<char[]>(size));
    size_ += size;
    place = blocks_.back().get();
    next_ = place;
    left_ = size;
  }
  std::copy(text.begin(), text.end(), place);
  next_ += text.size();
  left_ -= text.size();
  return {place, text.size()};
}

void Arena::clear()
{
  blocks_.clear();
  next_ = nullptr;
  left_ = 0;
  size_ = 0;
}

Aggregator::Aggregator(Spill spill, Bounds bounds)
    : spill_(std::move(spill)), bounds_(bounds), thing_slots_(first_slots), row_slots_(first_slots)
{
  std::random_device dice;
  for (auto& word : key_) {
    word = std::uint64_t{dice()} << 32U | dice();
  }
}

std::uint32_t Aggregator::place_of(model::Kind kind, std::string_view text)
{
  const auto hashed = hash(text, key_[0] + static_cast<std::uint64_t>(kind), key_[1], key_[2]);
  const auto high = static_cast<std::uint32_t>(hashed.high);
  const auto mask = thing_slots_.size() - 1;
  auto slot = hashed.low & mask;
  for (; thing_slots_[slot].place != 0; slot = (slot + 1) & mask) {
    const auto& known = thing_slots_[slot];
    if (known.low == hashed.low && known.high == high) {
      return known.place - 1;
    }
  }
  things_.push_back({.kind = kind, .text = arena_.keep(text)});
  const auto place = static_cast<std::uint32_t>(things_.size());
  thing_slots_[slot] = {.low = hashed.low, .high = high, .place = place};
  if (things_.size() * 2 > thing_slots_.size()) {
    grow_things();
  }
  return place - 1;
}

void Aggregator::grow_things()
{
  const auto before = std::move(thing_slots_);
  thing_slots_.assign(before.size() * 2, {});
  const auto mask = thing_slots_.size() - 1;
  for (const auto& known : before) {
    if (known.place != 0) {
      auto slot = known.low & mask;
      while (thing_slots_[slot].place != 0) {
        slot = (slot + 1) & mask;
      }
      thing_slots_[slot] = known;
    }
  }
}

std::uint64_t Aggregator::hash_of(const RowSlot& key) const
{
  return folded((std::uint64_t{key.subject} << 32U | key.object) ^ key_[1],
                key.words ^ 0x9E3779B97F4A7C15U);
}

void Aggregator::grow_rows()
{
  row_slots_.assign(row_slots_.size() * 2, {});
  const auto mask = row_slots_.size() - 1;
  for (const auto& key : keys_) {
    auto slot = hash_of(key) & mask;
    while (row_slots_[slot].place != 0) {
      slot = (slot + 1) & mask;
    }
    row_slots_[slot] = key;
  }
}

void Aggregator::take(const model::Glimpse& glimpse)
{
  Pending pending;
  pending.key.subject = place_of(glimpse.subject_kind, glimpse.subject);
  pending.key.object = place_of(glimpse.object_kind, glimpse.object);
  pending.key.words = static_cast<std::uint32_t>(glimpse.relation) << 16U |
                      static_cast<std::uint32_t>(glimpse.via) << 8U |
                      static_cast<std::uint32_t>(glimpse.tier);
  pending.hash = hash_of(pending.key);
  pending.sum = {.first = ticks(glimpse.first),
                 .last = ticks(glimpse.last ? glimpse.last : glimpse.first),
                 .count = glimpse.count,
                 .bytes = glimpse.bytes};
  __builtin_prefetch(&row_slots_[pending.hash & (row_slots_.size() - 1)]);
  auto& place = pending_[taken_ % ahead];
  if (waiting_ == ahead) {
    add(place);
  } else {
    ++waiting_;
  }
  place = pending;
  ++taken_;
  if (sums_.size() >= bounds_.rows || arena_.size() >= bounds_.text) {
    spill_all();
  }
}

void Aggregator::add(const Pending& pending)
{
  const auto mask = row_slots_.size() - 1;
  auto slot = pending.hash & mask;
  for (; row_slots_[slot].place != 0; slot = (slot + 1) & mask) {
    const auto& known = row_slots_[slot];
    if (known.subject == pending.key.subject && known.object == pending.key.object &&
        known.words == pending.key.words) {
      auto& sum = sums_[known.place - 1];
      if (pending.sum.first != never && (sum.first == never || pending.sum.first < sum.first)) {
        sum.first = pending.sum.first;
      }
      sum.last = std::max(sum.last, pending.sum.last);
      sum.count += pending.sum.count;
      sum.bytes += pending.sum.bytes;
      return;
    }
  }
  sums_.push_back(pending.sum);
  keys_.push_back(pending.key);
  keys_.back().place = static_cast<std::uint32_t>(sums_.size());
  row_slots_[slot] = keys_.back();
  if (sums_.size() * 2 > row_slots_.size()) {
    grow_rows();
  }
}

void Aggregator::add_pending()
{
  for (; waiting_ > 0; --waiting_) {
    add(pending_[(taken_ - waiting_) % ahead]);
  }
}

void Aggregator::spill_all()
{
  add_pending();
  if (trouble_ && !sums_.empty()) {
    std::vector<Row> rows;
    rows.reserve(sums_.size());
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      const auto& key = keys_[i];
      const auto& sum = sums_[i];
      rows.push_back({.subject = key.subject,
                      .object = key.object,
                      .relation = static_cast<model::Relation>(key.words >> 16U),
                      .via = static_cast<model::Via>(key.words >> 8U & 0xFFU),
                      .tier = static_cast<model::Tier>(key.words & 0xFFU),
                      .first = moment_of(sum.first),
                      .last = moment_of(sum.last),
                      .count = sum.count,
                      .bytes = sum.bytes});
    }
    trouble_ = spill_(things_, rows);
  }
  things_.clear();
  sums_.clear();
  keys_.clear();
  arena_.clear();
  std::fill(thing_slots_.begin(), thing_slots_.end(), ThingSlot());
  std::fill(row_slots_.begin(), row_slots_.end(), RowSlot());
}

Result<void> Aggregator::finish()
{
  spill_all();
  return trouble_;
}

}  // namespace zonder::collect
