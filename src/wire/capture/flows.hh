// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "net/address.hh"
#include "wire/capture/frames.hh"

namespace zonder::wire::capture {

/// One end of an exchange, as numbers in the machine's own order.
struct End {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint16_t port = 0;
  auto operator<=>(const End&) const = default;
};

/// The five things that make a flow, the same for both directions: `a` is the lower end.
class FlowKey {
public:
  /// Gives the hash.
  std::uint64_t set(const End& a, const End& b, std::uint8_t protocol, bool v6)
  {
    a_high_ = a.high;
    a_low_ = a.low;
    b_high_ = b.high;
    b_low_ = b.low;
    rest_ = std::uint64_t{a.port} << 48U | std::uint64_t{b.port} << 32U |
            std::uint64_t{protocol} << 8U | (v6 ? 1U : 0U);
    return hash();
  }
  bool operator==(const FlowKey&) const = default;

  // Each word is multiplied with another after a constant is mixed in, so that no bit is lost. Who
  // chooses addresses to collide makes the table slow, not wrong.
  [[nodiscard]] std::uint64_t hash() const
  {
    constexpr std::uint64_t one = 0x9e3779b97f4a7c15ULL;
    constexpr std::uint64_t two = 0xd6e8feb86659fd93ULL;
    auto value = mixed(a_low_ ^ one, b_low_ ^ two ^ rest_);
    if (v6()) {
      value ^= mixed(a_high_ ^ two, b_high_ ^ one);
    }
    return mixed(value ^ rest_, one);
  }
  [[nodiscard]] net::Address address(bool of_b) const;
  [[nodiscard]] std::uint16_t port(bool of_b) const
  {
    return static_cast<std::uint16_t>(rest_ >> (of_b ? 32U : 48U));
  }
  [[nodiscard]] std::uint8_t protocol() const { return static_cast<std::uint8_t>(rest_ >> 8U); }
  [[nodiscard]] bool v6() const { return (rest_ & 1U) != 0; }

private:
  static std::uint64_t mixed(std::uint64_t a, std::uint64_t b)
  {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  }
  std::uint64_t a_high_ = 0;
  std::uint64_t a_low_ = 0;
  std::uint64_t b_high_ = 0;
  std::uint64_t b_low_ = 0;
  std::uint64_t rest_ =
      0;  // the ports, the protocol, the family: one word, so that all compare fast
};

/// How far one direction of a flow has been looked at. What it keeps of what was said lies
/// elsewhere, at `words` (0: nothing is kept).
struct Listening {
  std::uint32_t next = 0;  // sequence number of TCP that comes next
  std::uint32_t words = 0;
  std::uint16_t looked = 0;  // segments so far that were nothing of ours
  bool started = false;      // `next` is known
  bool done = false;         // nothing is looked for any more
  bool spoke = false;        // there was more than headers
};

struct FlowSide {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // of IP, with its headers
  Listening listening;
};

enum class ClientEnd : std::uint8_t { Unknown, A, B };

/// Two lines of the processor's cache: what finds it, and what is counted.
struct alignas(64) Flow {
  FlowKey key;
  std::int64_t first = no_time;
  std::int64_t last = no_time;
  ClientEnd client = ClientEnd::Unknown;
  bool touched = false;
  alignas(64) std::array<FlowSide, 2> sides;  // what `a` sent, what `b` sent
};
static_assert(sizeof(Flow) == 128);

/// Flows by their key, so many at most: then the one that was silent for long goes first, and
/// whoever asked is told what it had come to. A flow that goes on afterwards begins anew.
class FlowTable {
public:
  using Leave = std::function<void(Flow&)>;
  FlowTable(std::size_t most, Leave leave);

  /// The flow with this key; a new one has no packets.
  Flow& at(const FlowKey& key, std::uint64_t hash)
  {
    // Most packets are of a flow that had one a moment ago.
    auto& recent = recent_[hash % recent_.size()];
    if (recent < flows_.size() && flows_[recent].key == key) {
      flows_[recent].touched = true;
      return flows_[recent];
    }
    Flow& flow = find(key, hash);
    recent = static_cast<std::uint32_t>(&flow - flows_.data());
    return flow;
  }
  /// Asks memory for what at() with such a key will look at: first this, and some time later that.
  void soon(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  void sooner(std::uint64_t hash) const
  {
    const Slot slot = slots_[hash & mask_];
    if (slot.place != 0) {
      const auto* flow = &flows_[slot.place - 1];
      __builtin_prefetch(flow, 1);
      __builtin_prefetch(&flow->sides, 1);
    }
  }

  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  [[nodiscard]] std::size_t size() const { return flows_.size(); }
  /// All that are still there leave.
  void clear();

private:
  struct Slot {
    std::uint32_t tag = 0;    // of the hash
    std::uint32_t place = 0;  // in flows_, from 1; 0: free
  };
  Flow& find(const FlowKey& key, std::uint64_t hash);
  Flow& add(const FlowKey& key, std::uint64_t hash);
  std::uint32_t evict();
  void forget(std::uint32_t place);
  void grow();
  void put(std::uint64_t hash, std::uint32_t place);

  std::size_t most_;
  Leave leave_;
  std::vector<Flow> flows_;
  std::vector<Slot> slots_;
  std::array<std::uint32_t, 1024> recent_{};
  std::size_t mask_ = 0;
  std::size_t hand_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace zonder::wire::capture
