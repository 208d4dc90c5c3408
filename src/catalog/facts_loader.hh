// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/result.hh"
#include "catalog/facts.hh"

namespace zonder::catalog {

/// A file that was read, not yet understood.
struct TextFile {
  std::string path;  // as it is named in messages
  std::string text;
};

/// Something wrong in a file of facts. Lines and columns count from 1.
struct Mistake {
  std::string file;
  int line = 1;
  int column = 1;
  std::string what;  // what is wrong and what to do about it

  [[nodiscard]] std::string to_string() const;  // "data/parties/x.yaml:12:5: ..."
  auto operator<=>(const Mistake&) const = default;
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
