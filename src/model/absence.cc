// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "model/absence.hh"

#include <algorithm>
#include <string_view>

#include "net/name_above.hh"

namespace zonder::model {

std::optional<std::size_t> Absence::party_of(net::Address address) const
{
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (parties[i].addresses.contains(address)) {
      return i;
    }
  }
  const auto meant = net::meant_behind_nat64(address);
  return meant ? party_of(*meant) : std::nullopt;
}

std::optional<std::size_t> Absence::party_of(const net::DomainName& name) const
{
  for (std::string_view rest = name.text(); !rest.empty(); rest = net::name_above(rest)) {
    const auto rule = std::lower_bound(
        names.begin(), names.end(), rest, [](const NameRule& each, std::string_view wanted) {
          return each.suffix.text() < wanted;
        });
    if (rule != names.end() && rule->suffix.text() == rest) {
      return rule->party;
    }
  }
  return std::nullopt;
}

}  // namespace zonder::model
