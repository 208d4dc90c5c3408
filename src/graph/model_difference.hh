// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/dependency_model.hh"

// What one model says and another does not: an inventory beside what was measured, or last year's
// beside this year's.
namespace zonder::graph {

enum class DifferenceKind : std::uint8_t { OnlyFirst, OnlySecond, Differs };
constexpr auto words_for(DifferenceKind)
{
  return std::array<std::string_view, 3>{"only_first", "only_second", "differs"};
}

enum class DifferenceOf : std::uint8_t {
  Node,
  Need,
  Party,
  Operator,
  Supplier,
  Hosting,
  Jurisdiction,
  Owner,
  Loss
};
constexpr auto words_for(DifferenceOf)
{
  return std::array<std::string_view, 9>{
      "node", "need", "party", "operator", "supplier", "hosting", "jurisdiction", "owner", "loss"};
}

struct Difference {
  DifferenceOf of = DifferenceOf::Node;
  DifferenceKind kind = DifferenceKind::Differs;
  std::string subject;  // id of a node or party, as the first model has it where it has it
  std::string first;    // what the first says; of a need: what it is a need of
  std::string second;
  std::optional<model::Evidence> first_evidence;
  std::optional<model::Evidence> second_evidence;
};

/// A node of the second model and the one of the first that it is.
struct SameNode {
  std::string first;
  std::string second;
  std::string by;  // "id", "identifier", "endpoint", "name"
};

struct ModelDifference {
  std::vector<Difference> differences;  // in the order of the first model, then of the second
  std::vector<SameNode> same;           // all pairs
};

/// Nodes are the same by id, else by an identifier of others', else by an endpoint, else by name.
ModelDifference difference_between(const model::DependencyModel& first,
                                   const model::DependencyModel& second);

/// What `party` of the second is called in the first: the same id, else the same name.
std::map<std::string, std::string> same_parties(const model::DependencyModel& first,
                                                const model::DependencyModel& second);

}  // namespace zonder::graph
