// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "catalog/facts.hh"
#include "catalog/published.hh"
#include "net/asn.hh"
#include "net/prefix_set.hh"

namespace zonder::catalog {

struct AsRange {
  net::Range range;
  net::Asn asn;
};

struct AsName {
  net::Asn asn;
  std::string name;
};

/// Addresses whose AS is registered in a country: a weaker claim than who owns it.
struct CountryRange {
  net::Range range;
  std::string country;  // ISO 3166-1 alpha-2
};

/// Everything that goes into a snapshot, before it is compiled.
struct SnapshotContent {
  std::string date;                  // ISO day of the newest data in it
  std::string as_date;               // ISO day of the AS table; empty: there is none
  std::string base_checksum;         // of the shipped snapshot this was made on; empty: it is one
  std::vector<std::string> credits;  // attribution that licences ask for, one sentence each
  Facts facts;
  std::vector<AsRange> as_ranges;       // sorted, disjoint, IPv4 first
  std::vector<AsName> as_names;         // sorted by number
  std::vector<CountryRange> countries;  // sorted, disjoint, IPv4 first
  std::vector<PublishedList> lists;     // sorted by name
};

/// Compiles the content into the bytes of a snapshot file. Same content, same bytes.
std::string compile_snapshot(const SnapshotContent& content);

}  // namespace zonder::catalog
