// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
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
  bool operator==(const End&) const = default;
};

/// The five things that make a flow, the same for both directions: `a` is the lower end.
struct FlowKey {
  std::uint64_t a_high = 0;
  std::uint64_t a_low = 0;
  std::uint64_t b_high = 0;
  std::uint64_t b_low = 0;
  std::uint16_t a_port = 0;
  std::uint16_t b_port = 0;
  std::uint8_t protocol = 0;
  bool v6 = false;
  bool operator==(const FlowKey&) const = default;

  [[nodiscard]] std::uint64_t hash() const;
  [[nodiscard]] net::Address address(bool of_b) const;
  [[nodiscard]] std::uint16_t port(bool of_b) const { return of_b ? b_port : a_port; }
};

/// How far one direction of a flow has been looked at. What it keeps of what was said lies elsewhere,
/// at `words` (0: nothing is kept).
struct Listening {
  std::uint32_t next = 0;  // sequence number of TCP that comes next
  std::uint32_t words = 0;
  std::uint16_t looked = 0;  // segments so far that were nothing of ours
  bool started = false;      // `next` is known
  bool done = false;         // nothing is looked for any more
};

struct FlowSide {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // of IP, with its headers
  Listening listening;
};

enum class ClientEnd : std::uint8_t { Unknown, A, B };

struct Flow {
  FlowKey key;
  std::int64_t first = no_time;
  std::int64_t last = no_time;
  std::array<FlowSide, 2> sides;  // what `a` sent, what `b` sent
  ClientEnd client = ClientEnd::Unknown;
  bool certain = false;  // the client was seen to begin
  bool touched = false;
  bool used = false;
};

/// Flows by their key, so many at most: then the one that was silent for long goes first, and
/// whoever asked is told what it had come to. A flow that goes on afterwards begins anew.
class FlowTable {
public:
  using Leave = std::function<void(Flow&)>;
  FlowTable(std::size_t most, Leave leave);

  /// The flow with this key; a new one has no packets.
  Flow& at(const FlowKey& key, std::uint64_t hash);
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  [[nodiscard]] std::size_t size() const { return flows_.size(); }
  /// All that are still there leave.
  void clear();

private:
  struct Slot {
    std::uint32_t tag = 0;    // of the hash
    std::uint32_t place = 0;  // in flows_, from 1; 0: free
  };
  Flow& add(const FlowKey& key, std::uint64_t hash);
  std::uint32_t evict();
  void forget(std::uint32_t place);
  void grow();
  void put(std::uint64_t hash, std::uint32_t place);

  std::size_t most_;
  Leave leave_;
  std::vector<Flow> flows_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t hand_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace zonder::wire::capture
