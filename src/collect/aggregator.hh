// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "model/observation_batch.hh"

namespace zonder::collect {

/// Bytes that stay where they are until all are let go of at once.
class Arena {
public:
  std::string_view keep(std::string_view text);
  void clear();
  [[nodiscard]] std::size_t size() const { return size_; }

private:
  static constexpr std::size_t block_size = std::size_t{1} << 20U;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  // in the block that is being filled
  std::size_t left_ = 0;
  std::size_t size_ = 0;
};

/// Adds up glimpses into observations while they come in: millions of lines are some thousands of
/// pairs of a device and a name. Memory is bounded: when there are many pairs all of them go to
/// `spill`, which adds them to what it had before, and the counting begins anew.
class Aggregator final : public model::GlimpseSink {
public:
  using Spill = std::function<Result<void>(std::span<const model::Thing> things,
                                           std::span<const model::Row> rows)>;
  struct Bounds {
    std::size_t rows = std::size_t{1} << 20U;
    std::size_t text = std::size_t{256} << 20U;  // bytes
  };

  explicit Aggregator(Spill spill) : Aggregator(std::move(spill), Bounds()) {}
  Aggregator(Spill spill, Bounds bounds);

  void take(const model::Glimpse& glimpse) override;
  /// What is left; and what went wrong with this spill or an earlier one.
  Result<void> finish();

private:
  /// 96 bits of a text's hash, and where it is in things_.
  struct ThingSlot {
    std::uint64_t low = 0;
    std::uint32_t high = 0;
    std::uint32_t place = 0;  // + 1; 0: free
  };
  /// What tells two rows apart, and where the row is in sums_.
  struct RowSlot {
    std::uint32_t subject = 0;
    std::uint32_t object = 0;
    std::uint32_t words = 0;  // relation, via, tier
    std::uint32_t place = 0;  // + 1; 0: free
  };
  struct Sum {
    std::int64_t first = 0;  // in ticks of Moment
    std::int64_t last = 0;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
  };
  /// A glimpse whose slot is being fetched from memory.
  struct Pending {
    RowSlot key;
    std::uint64_t hash = 0;
    Sum sum;
  };

  std::uint32_t place_of(model::Kind kind, std::string_view text);
  [[nodiscard]] std::uint64_t hash_of(const RowSlot& key) const;
  void add(const Pending& pending);
  void add_pending();
  void grow_things();
  void grow_rows();
  void spill_all();

  static constexpr std::size_t ahead = 8;

  Spill spill_;
  Bounds bounds_;
  Arena arena_;
  std::array<std::uint64_t, 3> key_{};
  std::vector<model::Thing> things_;
  std::vector<ThingSlot> thing_slots_;
  std::vector<RowSlot> row_slots_;
  std::vector<RowSlot> keys_;  // of sums_
  std::vector<Sum> sums_;
  std::array<Pending, ahead> pending_;
  std::size_t taken_ = 0;  // glimpses, of which the last `waiting_` are pending
  std::size_t waiting_ = 0;
  Result<void> trouble_;
};

}  // namespace zonder::collect
