// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/flows.hh"

#include <utility>

namespace zonder::wire::capture {
namespace {

constexpr std::size_t first_slots = 4096;

}  // namespace

net::Address FlowKey::address(bool of_b) const
{
  const auto high = of_b ? b_high_ : a_high_;
  const auto low = of_b ? b_low_ : a_low_;
  return v6() ? net::Address::v6(high, low) : net::Address::v4(static_cast<std::uint32_t>(low));
}

FlowTable::FlowTable(std::size_t most, Leave leave)
    : most_(most < 16 ? 16 : most), leave_(std::move(leave)), slots_(first_slots),
      mask_(first_slots - 1)
{
}

Flow& FlowTable::find(const FlowKey& key, std::uint64_t hash)
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
