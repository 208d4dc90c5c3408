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
/// `spill`, which adds them to what it had before, and the counting begins anew. The hash is keyed
/// by chance, so that nobody can write a log that makes it slow.
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

  [[nodiscard]] std::uint64_t glimpses() const { return glimpses_; }

private:
  [[nodiscard]] std::uint64_t hash_of(model::Kind kind, std::string_view text) const;
  std::uint32_t place_of(model::Kind kind, std::string_view text);
  void grow_things();
  void grow_rows();
  void spill_all();

  Spill spill_;
  Bounds bounds_;
  Arena arena_;
  std::array<std::uint64_t, 2> key_{};
  std::vector<model::Thing> things_;
  std::vector<std::uint64_t> hashes_;       // of things_
  std::vector<std::uint32_t> thing_slots_;  // place in things_ + 1; 0: free
  std::vector<model::Row> rows_;
  std::vector<std::uint32_t> row_slots_;  // place in rows_ + 1; 0: free
  std::uint64_t glimpses_ = 0;
  Result<void> trouble_;
};

}  // namespace zonder::collect
