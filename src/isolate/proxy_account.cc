// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_account.hh"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "base/boot_clock.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_targets = 20000;  // of the absent, and as many of others

}  // namespace

void ProxyAccount::note(const ProxiedTarget& target, std::optional<std::size_t> program)
{
  const auto now = time_of_day();
  auto found = targets_.find(target);
  if (found == targets_.end()) {
    if (!takes(target)) {
      ++unlisted;
      return;
    }
    found =
        targets_.emplace(target, Seen{.count = 0, .first = now, .last = now, .programs = {}}).first;
  }
  auto& seen = found->second;
  ++seen.count;
  seen.last = now;
  if (program) {
    auto& share =
        seen.programs
            .try_emplace(*program,
                         model::Share{.program = *program, .tries = 0, .first = now, .last = now})
            .first->second;
    ++share.tries;
    share.last = now;
  }
}

/// The first of each absent party always, so that none of them goes missing.
bool ProxyAccount::takes(const ProxiedTarget& target)
{
  const bool first = target.party && parties_.emplace(*target.party, target.verdict).second;
  auto& rows = target.party ? rows_of_absent_ : rows_of_others_;
  if (rows >= most_targets && !first) {
    return false;
  }
  ++rows;
  return true;
}

std::vector<model::Attempt> ProxyAccount::attempts(const model::Absence& absence) const
{
  std::vector<model::Attempt> all;
  for (const auto& [target, seen] : targets_) {
    model::Attempt attempt;
    attempt.party = target.party ? absence.parties[*target.party].id : "";
    attempt.name = target.name;
    attempt.address = target.address;
    attempt.port = target.port;
    attempt.protocol = "proxy";
    attempt.verdict = target.verdict;
    attempt.count = seen.count;
    attempt.first = seen.first;
    attempt.last = seen.last;
    for (const auto& [program, share] : seen.programs) {
      attempt.programs.push_back(share);
    }
    std::sort(attempt.programs.begin(), attempt.programs.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first, a.program) < std::tie(b.first, b.program);
    });
    all.push_back(std::move(attempt));
  }
  return all;
}

}  // namespace zonder::isolate
