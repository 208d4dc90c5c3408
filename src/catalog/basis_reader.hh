// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/facts.hh"

namespace YAML {
class Node;
}

namespace zonder::catalog {

class YamlFile;
class YamlMap;

/// Reads what the facts of a party rest on: first its sources, then what each fact says of them.
class BasisReader {
public:
  explicit BasisReader(YamlFile& file) : file_(file) {}

  void read_sources(const YAML::Node& node);
  /// Of a fact: its keys `source` and `confidence`.
  Basis read_basis(const YamlMap& fact);
  /// When all facts are read: tells of each source that none of them named.
  void report_unused(const YAML::Node& node);

  std::vector<Source> take_sources() { return std::move(sources_); }

private:
  [[nodiscard]] std::optional<std::size_t> index_of(const std::string& key) const;
  Confidence judged(const std::optional<std::string>& confidence, const YamlMap& fact);

  YamlFile& file_;
  std::vector<Source> sources_;
  std::set<std::string> used_;
};

}  // namespace zonder::catalog
