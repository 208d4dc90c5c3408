// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/asn.hh"
#include "net/prefix_set.hh"

// The CSV tables of ip-location-db: no header; first address, last address, then what is said of
// them; fields with a comma in quotation marks. IPv4 and IPv6 come as separate files.
namespace zonder::wire::tables {

struct AsRow {
  net::Range range;
  net::Asn asn;
  std::string name;
};

struct CountryRow {
  net::Range range;
  std::string country;  // ISO 3166-1 alpha-2
};

/// Reads asn-ipv4.csv or asn-ipv6.csv. `path` is for messages. Errors: the first line that is not
/// as described, with its number: a table that is partly unreadable is not used.
Result<std::vector<AsRow>> read_as_table(std::string_view text, const std::string& path);

/// Reads asn-country-ipv4.csv or asn-country-ipv6.csv.
Result<std::vector<CountryRow>> read_country_table(std::string_view text, const std::string& path);

}  // namespace zonder::wire::tables
