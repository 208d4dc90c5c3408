// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "isolate/evidence.hh"
#include "isolate/tries.hh"
#include "kernel/nft_socket.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// How often each destination was tried, where no gateway counts packets: the calls themselves.
/// Gives what the gateway's counters and log give, so that the record is made of both in one way.
/// Bounded: past `capacity` destinations more are counted, not listed.
class CallTally {
public:
  explicit CallTally(std::size_t capacity = 131072) : capacity_(capacity) {}

  void note(const Destination& destination, bool blocked, model::Moment now);

  [[nodiscard]] std::vector<kernel::NftDestination> destinations(bool blocked) const;
  [[nodiscard]] std::uint64_t total(bool blocked) const { return blocked ? blocked_ : passed_; }
  [[nodiscard]] std::uint64_t tried(const Destination& destination, bool blocked) const;
  [[nodiscard]] const Times& times() const { return times_; }

private:
  std::size_t capacity_;
  std::map<std::pair<bool, Destination>, std::uint64_t> counts_;
  std::uint64_t blocked_ = 0;
  std::uint64_t passed_ = 0;
  Times times_;
};

}  // namespace zonder::isolate
