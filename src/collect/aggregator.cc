// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Two tables with open addressing: one of texts, one of pairs of texts. A glimpse costs three looks
// in them, each of which is one place in memory when it is found at once. The hash multiplies two
// words into 128 bits and folds them (as wyhash and rapidhash do); both words are mixed with a
// secret first.
#include "collect/aggregator.hh"

#include <algorithm>
#include <cstring>
#include <random>

namespace zonder::collect {
namespace {

using model::Row;
using model::Thing;

constexpr std::size_t first_slots = std::size_t{1} << 12U;

std::uint64_t folded(std::uint64_t a, std::uint64_t b)
{
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
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
  std::memcpy(&word, text, size);
  return word;
}

std::uint64_t hash(std::string_view text, std::uint64_t seed, std::uint64_t secret)
{
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t state = seed ^ left;
  while (left > 16) {
    state = folded(word_at(at) ^ secret, word_at(at + 8) ^ state);
    at += 16;
    left -= 16;
  }
  const auto low = left >= 8 ? word_at(at) : short_word(at, left);
  const auto high = left > 8 ? word_at(at + left - 8) : 0;
  return folded(folded(low ^ secret, high ^ state) ^ secret, state ^ 0x9E3779B97F4A7C15U);
}

void widen(Row& row, const model::Glimpse& glimpse)
{
  if (glimpse.first && (!row.first || *glimpse.first < *row.first)) {
    row.first = glimpse.first;
  }
  const auto& last = glimpse.last ? glimpse.last : glimpse.first;
  if (last && (!row.last || *last > *row.last)) {
    row.last = last;
  }
  row.count += glimpse.count;
  row.bytes += glimpse.bytes;
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

std::uint64_t Aggregator::hash_of(model::Kind kind, std::string_view text) const
{
  return hash(text, key_[0] + static_cast<std::uint64_t>(kind), key_[1]);
}

std::uint32_t Aggregator::place_of(model::Kind kind, std::string_view text)
{
  const auto hashed = hash_of(kind, text);
  const auto mask = thing_slots_.size() - 1;
  auto slot = hashed & mask;
  for (; thing_slots_[slot] != 0; slot = (slot + 1) & mask) {
    const auto place = thing_slots_[slot] - 1;
    if (hashes_[place] == hashed && things_[place].kind == kind && things_[place].text == text) {
      return place;
    }
  }
  things_.push_back({.kind = kind, .text = arena_.keep(text)});
  hashes_.push_back(hashed);
  const auto place = static_cast<std::uint32_t>(things_.size() - 1);
  thing_slots_[slot] = place + 1;
  if (things_.size() * 2 > thing_slots_.size()) {
    grow_things();
  }
  return place;
}

void Aggregator::grow_things()
{
  thing_slots_.assign(thing_slots_.size() * 2, 0);
  const auto mask = thing_slots_.size() - 1;
  for (std::size_t place = 0; place < things_.size(); ++place) {
    auto slot = hashes_[place] & mask;
    while (thing_slots_[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    thing_slots_[slot] = static_cast<std::uint32_t>(place + 1);
  }
}

namespace {

/// What tells two rows apart.
std::uint64_t key_of(const Row& row)
{
  return std::uint64_t{row.subject} << 32U | row.object;
}

std::uint64_t words_of(const Row& row)
{
  return static_cast<std::uint64_t>(row.relation) << 16U |
         static_cast<std::uint64_t>(row.via) << 8U | static_cast<std::uint64_t>(row.tier);
}

std::size_t hash_of_row(const Row& row, std::uint64_t secret)
{
  return folded(key_of(row) ^ secret, words_of(row) ^ 0x9E3779B97F4A7C15U);
}

}  // namespace

void Aggregator::grow_rows()
{
  row_slots_.assign(row_slots_.size() * 2, 0);
  const auto mask = row_slots_.size() - 1;
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    auto slot = hash_of_row(rows_[place], key_[1]) & mask;
    while (row_slots_[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    row_slots_[slot] = static_cast<std::uint32_t>(place + 1);
  }
}

void Aggregator::take(const model::Glimpse& glimpse)
{
  ++glimpses_;
  Row row;
  row.subject = place_of(glimpse.subject_kind, glimpse.subject);
  row.object = place_of(glimpse.object_kind, glimpse.object);
  row.relation = glimpse.relation;
  row.via = glimpse.via;
  row.tier = glimpse.tier;
  const auto mask = row_slots_.size() - 1;
  auto slot = hash_of_row(row, key_[1]) & mask;
  for (; row_slots_[slot] != 0; slot = (slot + 1) & mask) {
    auto& known = rows_[row_slots_[slot] - 1];
    if (key_of(known) == key_of(row) && words_of(known) == words_of(row)) {
      widen(known, glimpse);
      return;
    }
  }
  widen(row, glimpse);
  rows_.push_back(row);
  row_slots_[slot] = static_cast<std::uint32_t>(rows_.size());
  if (rows_.size() * 2 > row_slots_.size()) {
    grow_rows();
  }
  if (rows_.size() >= bounds_.rows || arena_.size() >= bounds_.text) {
    spill_all();
  }
}

void Aggregator::spill_all()
{
  if (trouble_ && !rows_.empty()) {
    trouble_ = spill_(things_, rows_);
  }
  things_.clear();
  hashes_.clear();
  rows_.clear();
  arena_.clear();
  std::fill(thing_slots_.begin(), thing_slots_.end(), 0);
  std::fill(row_slots_.begin(), row_slots_.end(), 0);
}

Result<void> Aggregator::finish()
{
  spill_all();
  return trouble_;
}

}  // namespace zonder::collect
