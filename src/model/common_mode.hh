// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/label.hh"
#include "model/words.hh"

namespace zonder::model {

/// By what nodes hang together that nothing connects.
enum class CommonBy : std::uint8_t { Members, Version, Site, Jurisdiction, Operator, Supplier };

constexpr auto words_for(CommonBy)
{
  return std::array<std::string_view, 6>{
      "members", "version", "site", "jurisdiction", "operator", "supplier"};
}

/// A chance that all nodes that have something in common fail together.
struct CommonMode {
  std::string id;
  Label name;
  CommonBy by = CommonBy::Members;
  std::string value;                 // of the attribute; empty: each value makes a group
  std::vector<std::string> members;  // of Members: ids of nodes
  double probability = 0;
  std::string source;

  bool operator==(const CommonMode&) const = default;
};

}  // namespace zonder::model
