// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "net/address.hh"
#include "net/domain_name.hh"
#include "net/prefix_set.hh"

namespace zonder::model {

/// One party that falls away: a provider, or what was written as a prefix, an AS or a name.
struct AbsentParty {
  std::string id;            // "microsoft", "as8075", "203.0.113.0/24", "*.sharepoint.com"
  std::string name;          // as people call it
  net::PrefixSet addresses;  // attributed to it; the parties of one Absence do not overlap
};

/// A name and everything below it. The longest rule that fits a name decides.
struct NameRule {
  net::DomainName suffix;
  std::optional<std::size_t> party;  // index in Absence::parties; nothing: this one lives
};

/// What is taken away in an exercise: a selector resolved against the catalogue of a date.
struct Absence {
  std::string selector;              // as typed
  std::string except;                // as typed; empty when nothing was excepted
  std::vector<AbsentParty> parties;  // sorted by id
  std::vector<NameRule> names;       // sorted by suffix
  std::string data_date;             // ISO 8601 day of the catalogue

  [[nodiscard]] std::optional<std::size_t> party_of(net::Address address) const;
  [[nodiscard]] std::optional<std::size_t> party_of(const net::DomainName& name) const;
};

}  // namespace zonder::model
