// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/facts.hh"

#include <algorithm>

namespace zonder::catalog {

std::string_view to_string(Confidence confidence)
{
  switch (confidence) {
  case Confidence::Unverified:
    return "unverified";
  case Confidence::Low:
    return "low";
  case Confidence::Medium:
    return "medium";
  case Confidence::High:
    return "high";
  }
  return "";
}

std::string_view to_string(Space space)
{
  switch (space) {
  case Space::Unknown:
    return "unknown";
  case Space::Services:
    return "services";
  case Space::Customers:
    return "customers";
  case Space::Shared:
    return "shared";
  }
  return "";
}

std::optional<Confidence> parse_confidence(std::string_view text)
{
  for (const auto each : {Confidence::Low, Confidence::Medium, Confidence::High}) {
    if (to_string(each) == text) {
      return each;
    }
  }
  return std::nullopt;
}

std::optional<Space> parse_space(std::string_view text)
{
  for (const auto each : {Space::Unknown, Space::Services, Space::Customers, Space::Shared}) {
    if (to_string(each) == text) {
      return each;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> Facts::index_of(std::string_view party_id) const
{
  const auto found = std::lower_bound(
      parties.begin(), parties.end(), party_id, [](const Party& party, std::string_view wanted) {
        return party.id < wanted;
      });
  if (found == parties.end() || found->id != party_id) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - parties.begin());
}

std::optional<std::size_t> Facts::index_of_name(std::string_view id_or_alias) const
{
  if (const auto index = index_of(id_or_alias)) {
    return index;
  }
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const auto& aliases = parties[i].aliases;
    if (std::find(aliases.begin(), aliases.end(), id_or_alias) != aliases.end()) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace zonder::catalog
