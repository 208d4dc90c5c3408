// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/owner_circles.hh"

#include <algorithm>
#include <set>

namespace zonder::catalog {
namespace {

/// Finds a circle of owners that all hold on one day, from `start` upwards; its members in order.
std::vector<std::string> circle_from(const Facts& facts, std::size_t start, Date day)
{
  // Depth first; a party that was left behind without a circle need not be looked at again.
  std::vector<std::size_t> path;
  std::set<std::size_t> done;
  struct Step {
    std::size_t party;
    std::size_t next_owner;
  };
  std::vector<Step> stack{{start, 0}};
  path.push_back(start);
  while (!stack.empty()) {
    Step& step = stack.back();
    const auto& owners = facts.parties[step.party].owners.list;
    if (step.next_owner == owners.size()) {
      done.insert(step.party);
      path.pop_back();
      stack.pop_back();
      continue;
    }
    const Owner& owner = owners[step.next_owner++];
    const auto above = facts.index_of(owner.party);
    if (!above || !owner.holds_on(day) || done.count(*above) != 0) {
      continue;
    }
    const auto seen = std::find(path.begin(), path.end(), *above);
    if (seen != path.end()) {
      std::vector<std::string> circle;
      for (auto each = seen; each != path.end(); ++each) {
        circle.push_back(facts.parties[*each].id);
      }
      return circle;
    }
    path.push_back(*above);
    stack.push_back({*above, 0});
  }
  return {};
}

}  // namespace

// What holds changes only on the days on which an owner begins, so these are all days to look at,
// and one before all of them.
std::vector<OwnerCircle> owner_circles(const Facts& facts)
{
  constexpr Date always{1000, 1, 1};
  std::vector<Date> days{always};
  for (const Party& party : facts.parties) {
    for (const Owner& owner : party.owners.list) {
      if (owner.from) {
        days.push_back(*owner.from);
      }
    }
  }
  std::set<std::vector<std::string>> told;
  std::vector<OwnerCircle> circles;
  for (const Date day : days) {
    for (std::size_t i = 0; i < facts.parties.size(); ++i) {
      auto circle = circle_from(facts, i, day);
      if (circle.empty()) {
        continue;
      }
      std::rotate(circle.begin(), std::min_element(circle.begin(), circle.end()), circle.end());
      if (told.insert(circle).second) {
        circles.push_back({std::move(circle), day == always ? std::nullopt : std::optional(day)});
      }
    }
  }
  return circles;
}

}  // namespace zonder::catalog
