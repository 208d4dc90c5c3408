// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalog/facts.hh"
#include "catalog/mistake.hh"

namespace YAML {
class Node;
}

namespace zonder::catalog {

class YamlFile;

/// What no file of a party shows alone, gathered while they are read one after the other: names
/// that must exist somewhere, and things that only one of them may give.
class CrossReferences {
public:
  void mention_party(std::string id, Place where);
  void mention_jurisdiction(std::string code, Place where);

  enum class Kind : std::uint8_t { Name, Asn, Suffix, Prefix };
  /// Tells the file when the thing was given before; `twice` has places for the thing and for where
  /// that was.
  void give(Kind kind,
            const std::string& thing,
            YamlFile& file,
            const YAML::Node& node,
            const char* twice);

  /// When all files are read: tells of each mention of what is not there.
  void report_unknown(const Facts& facts, std::vector<Mistake>& mistakes) const;

private:
  struct Mention {
    std::string what;
    Place where;
  };
  std::vector<Mention> parties_;
  std::vector<Mention> jurisdictions_;
  std::map<std::pair<Kind, std::string>, Place> given_;  // -> where first
};

}  // namespace zonder::catalog
