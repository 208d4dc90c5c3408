// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hh"
#include "catalog/snapshot.hh"
#include "net/asn.hh"
#include "net/domain_name.hh"
#include "net/prefix.hh"

namespace zonder::catalog {

/// What a selector names, before it is turned into addresses and names.
struct Chosen {
  std::set<std::size_t> parties;                           // wholly
  std::set<std::size_t> came_along;                        // of these: by ownership only
  std::set<std::pair<std::size_t, std::size_t>> services;  // (party, service)
  std::set<net::Asn> asns;
  std::set<net::Prefix> prefixes;
  std::set<net::DomainName> names;
  std::set<std::string> registries;    // country codes
  std::vector<std::string> law_words;  // "@us": as typed
  std::size_t law_unknown = 0;         // parties of which no jurisdiction is known
};

/// Reads a selector (README.md: selector) against the facts of a day. Errors: a sentence about
/// the word that is wrong, with one suggestion.
Result<Chosen> choose(std::string_view selector, const Snapshot& snapshot, Date as_of);

}  // namespace zonder::catalog
