// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/absence.hh"
#include "model/run_record.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// What was asked of one proxy, in numbers.
struct ProxyCounts {
  std::uint64_t requests = 0;
  std::uint64_t for_absent = 0;
  std::uint64_t by_name_only = 0;
  std::uint64_t fronted = 0;
  std::uint64_t off_limits = 0;
  std::uint64_t not_judged = 0;
  std::uint64_t not_understood = 0;
  std::uint64_t not_reached = 0;
};

/// Whom a proxy was asked for, and what became of that.
struct ProxiedTarget {
  std::optional<std::size_t> party;  // in Absence::parties
  std::string name;
  std::optional<net::Address> address;
  std::uint16_t port = 0;
  model::Verdict verdict = model::Verdict::Passed;
  auto operator<=>(const ProxiedTarget&) const = default;
};

/// The account of what was asked of a room's proxies, and by which programs. Bounded: what is past
/// the bound is counted. What is for the absent has room of its own, which others cannot fill.
class ProxyAccount {
public:
  explicit ProxyAccount(std::size_t proxies) : counts_(proxies) {}

  /// The numbers of one proxy, to be raised.
  ProxyCounts& of(std::size_t proxy) { return counts_[proxy]; }
  [[nodiscard]] const std::vector<ProxyCounts>& counts() const { return counts_; }

  /// One request, now; `program`: its place in RunRecord::programs.
  void note(const ProxiedTarget& target, std::optional<std::size_t> program);

  /// As attempts of the protocol "proxy", sorted by target.
  [[nodiscard]] std::vector<model::Attempt> attempts(const model::Absence& absence) const;

  std::uint64_t unlisted = 0;     // requests past what is kept
  std::uint64_t turned_away = 0;  // connections ended: too many at once, or no descriptor left

private:
  struct Seen {
    std::uint64_t count = 0;
    model::Moment first;
    model::Moment last;
    std::map<std::size_t, model::Share> programs;
  };
  bool takes(const ProxiedTarget& target);

  std::vector<ProxyCounts> counts_;
  std::map<ProxiedTarget, Seen> targets_;
  std::size_t rows_of_absent_ = 0;
  std::size_t rows_of_others_ = 0;
  std::set<std::pair<std::size_t, model::Verdict>> parties_;  // that have a row
};

}  // namespace zonder::isolate
