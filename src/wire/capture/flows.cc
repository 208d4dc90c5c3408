// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/flows.hh"

#include <utility>

namespace zonder::wire::capture {
namespace {

constexpr std::size_t first_slots = 4096;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b)
{
  __extension__ using Wide = unsigned __int128;
  const auto product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

}  // namespace

// Each word is multiplied with another after a constant is mixed in, so that no bit is lost. Who
// chooses addresses to collide makes the table slow, not wrong.
std::uint64_t FlowKey::hash() const
{
  constexpr std::uint64_t one = 0x9e3779b97f4a7c15ULL;
  constexpr std::uint64_t two = 0xd6e8feb86659fd93ULL;
  const std::uint64_t rest = std::uint64_t{a_port} << 32U | std::uint64_t{b_port} << 16U |
                             std::uint64_t{protocol} << 1U | (v6 ? 1U : 0U);
  auto value = mixed(a_low ^ one, b_low ^ two ^ (rest << 8U));
  if (v6) {
    value ^= mixed(a_high ^ two, b_high ^ one);
  }
  return mixed(value ^ rest, one);
}

net::Address FlowKey::address(bool of_b) const
{
  const auto high = of_b ? b_high : a_high;
  const auto low = of_b ? b_low : a_low;
  return v6 ? net::Address::v6(high, low) : net::Address::v4(static_cast<std::uint32_t>(low));
}

FlowTable::FlowTable(std::size_t most, Leave leave)
    : most_(most < 16 ? 16 : most), leave_(std::move(leave)), slots_(first_slots), mask_(first_slots - 1)
{
}

Flow& FlowTable::at(const FlowKey& key, std::uint64_t hash)
{
  const auto tag = static_cast<std::uint32_t>(hash >> 32U);
  for (auto i = hash & mask_; slots_[i].place != 0; i = (i + 1) & mask_) {
    if (slots_[i].tag == tag) {
      Flow& flow = flows_[slots_[i].place - 1];
      if (flow.key == key) {
        flow.touched = true;
        return flow;
      }
    }
  }
  return add(key, hash);
}

Flow& FlowTable::add(const FlowKey& key, std::uint64_t hash)
{
  std::uint32_t place = 0;
  if (flows_.size() < most_) {
    if ((flows_.size() + 1) * 2 > slots_.size()) {
      grow();
    }
    flows_.emplace_back();
    place = static_cast<std::uint32_t>(flows_.size());
  } else {
    place = evict();
  }
  put(hash, place);
  Flow& flow = flows_[place - 1];
  flow = Flow{};
  flow.key = key;
  flow.used = true;
  return flow;
}

void FlowTable::put(std::uint64_t hash, std::uint32_t place)
{
  auto i = hash & mask_;
  while (slots_[i].place != 0) {
    i = (i + 1) & mask_;
  }
  slots_[i] = {.tag = static_cast<std::uint32_t>(hash >> 32U), .place = place};
}

void FlowTable::grow()
{
  slots_.assign(slots_.size() * 2, {});
  mask_ = slots_.size() - 1;
  for (std::uint32_t i = 0; i < flows_.size(); ++i) {
    put(flows_[i].key.hash(), i + 1);
  }
}

/// A hand goes round: who spoke since it last came by stays once more.
std::uint32_t FlowTable::evict()
{
  while (flows_[hand_].touched) {
    flows_[hand_].touched = false;
    hand_ = (hand_ + 1) % flows_.size();
  }
  const auto place = static_cast<std::uint32_t>(hand_ + 1);
  hand_ = (hand_ + 1) % flows_.size();
  ++evicted_;
  leave_(flows_[place - 1]);
  forget(place);
  return place;
}

/// Takes the slot out and moves back those behind it that would no longer be found.
void FlowTable::forget(std::uint32_t place)
{
  auto hole = flows_[place - 1].key.hash() & mask_;
  while (slots_[hole].place != place) {
    hole = (hole + 1) & mask_;
  }
  slots_[hole] = {};
  for (auto i = (hole + 1) & mask_; slots_[i].place != 0; i = (i + 1) & mask_) {
    const auto home = flows_[slots_[i].place - 1].key.hash() & mask_;
    if (((i - home) & mask_) >= ((i - hole) & mask_)) {
      slots_[hole] = std::exchange(slots_[i], {});
      hole = i;
    }
  }
}

void FlowTable::clear()
{
  for (Flow& flow : flows_) {
    leave_(flow);
  }
  flows_.clear();
  slots_.assign(first_slots, {});
  mask_ = first_slots - 1;
  hand_ = 0;
}

}  // namespace zonder::wire::capture
