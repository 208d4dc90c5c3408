// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/ownership.hh"

#include <algorithm>
#include <set>

namespace zonder::catalog {
namespace {

std::string jurisdiction_of(const Party& party)
{
  return party.run_by ? party.run_by->jurisdiction : std::string();
}

/// True when nobody is known above this party on that day.
bool is_top(const Party& party, Date as_of)
{
  return std::none_of(party.owners.list.begin(), party.owners.list.end(), [as_of](const Owner& o) {
    return o.holds_on(as_of);
  });
}

}  // namespace

Control control_of(const Facts& facts, std::size_t party, std::string_view operated, Date as_of)
{
  const std::size_t runner = facts.index_of(operated).value_or(party);
  const Party& first = facts.parties[runner];
  Control control;
  control.operator_id = first.id;
  control.operator_name = first.run_by ? first.run_by->name : std::string();
  control.operator_jurisdiction = jurisdiction_of(first);

  // Upwards in breadth; each party once, so that an owner reached on two ways counts once.
  std::set<std::string> laws_at_the_top;
  std::set<std::size_t> seen{runner};
  std::vector<std::size_t> to_do{runner};
  for (std::size_t i = 0; i < to_do.size(); ++i) {
    const Party& at = facts.parties[to_do[i]];
    control.owners_known = control.owners_known && at.owners.state != Owners::State::Unknown;
    if (is_top(at, as_of) && !jurisdiction_of(at).empty()) {
      laws_at_the_top.insert(jurisdiction_of(at));
    }
    for (const Owner& owner : at.owners.list) {
      const auto above = facts.index_of(owner.party);
      if (!above || !owner.holds_on(as_of) || !seen.insert(*above).second) {
        continue;
      }
      to_do.push_back(*above);
      const Party& parent = facts.parties[*above];
      control.owners.push_back({parent.id,
                                parent.name,
                                jurisdiction_of(parent),
                                owner.from,
                                owner.until,
                                owner.basis.confidence});
    }
  }
  control.jurisdiction =
      laws_at_the_top.size() == 1 ? *laws_at_the_top.begin() : control.operator_jurisdiction;
  return control;
}

std::vector<std::size_t> owned_by(const Facts& facts, std::size_t owner, Date as_of)
{
  std::set<std::size_t> owned;
  std::vector<std::size_t> to_do{owner};
  while (!to_do.empty()) {
    const std::string& id = facts.parties[to_do.back()].id;
    to_do.pop_back();
    for (std::size_t i = 0; i < facts.parties.size(); ++i) {
      const auto& owners = facts.parties[i].owners.list;
      const bool is_below = std::any_of(owners.begin(), owners.end(), [&](const Owner& each) {
        return each.party == id && each.holds_on(as_of);
      });
      if (is_below && i != owner && owned.insert(i).second) {
        to_do.push_back(i);
      }
    }
  }
  return {owned.begin(), owned.end()};
}

}  // namespace zonder::catalog
