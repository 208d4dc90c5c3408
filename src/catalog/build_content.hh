// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/result.hh"
#include "catalog/snapshot_content.hh"

namespace zonder::catalog {

/// Where the shipped catalogue is made from.
struct Ingredients {
  std::string facts_folder;  // parties/ and jurisdictions.yaml
  std::string npm_folder;    // node_modules with @ip-location-db/asn, asn-country, third-party-web;
                             // empty: facts only
};

/// Reads the ingredients. Errors: something cannot be read, or a mistake in the facts; the message
/// then has a line for each mistake.
Result<SnapshotContent> build_content(const Ingredients& ingredients);

/// Sorted and disjoint: where two ranges overlap, the one that starts later keeps the overlap.
std::vector<AsRange> without_overlaps(std::vector<AsRange> ranges);

}  // namespace zonder::catalog
