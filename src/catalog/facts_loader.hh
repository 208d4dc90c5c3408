// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/result.hh"
#include "catalog/facts.hh"
#include "catalog/mistake.hh"

namespace zonder::catalog {

/// A file that was read, not yet understood.
struct TextFile {
  std::string path;  // as it is named in messages
  std::string text;
};

/// The facts, and everything that is wrong with them. Facts may be used only when nothing is.
struct LoadedFacts {
  Facts facts;
  std::vector<Mistake> mistakes;  // by file, line, column
};

/// Reads and checks data/parties/*.yaml and data/jurisdictions.yaml (schemas zonder.party/1 and
/// zonder.jurisdictions/1). Every file is judged, so that all mistakes are listed at once. Before a
/// file is built up in memory its size, depth and number of nodes are limited, and anchors and
/// aliases (which let a small file grow without end) are refused.
LoadedFacts load_facts(const std::vector<TextFile>& parties, const TextFile& jurisdictions);

/// Reads the folder that holds parties/ and jurisdictions.yaml. Errors: cannot be read.
Result<LoadedFacts> load_facts_folder(const std::string& folder);

}  // namespace zonder::catalog
