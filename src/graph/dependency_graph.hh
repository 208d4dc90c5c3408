// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.hh"
#include "base/result.hh"
#include "model/dependency_model.hh"

// A model with its references resolved, in compressed rows: what simulations run over. Nodes,
// parties, groups and graces are numbers from 0; nodes and parties in the order of the model. A
// group is one need of one node: at least so many of its members. The groups of a node lie side by
// side, and so do the members of a group; from a node one finds back the groups that it is a member
// of.
namespace zonder::graph {

using NodeIndex = std::uint32_t;
using PartyIndex = std::uint32_t;
using GroupIndex = std::uint32_t;
using GraceIndex = std::uint32_t;
inline constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

struct GroupRow {
  NodeIndex node = 0;  // whose need it is
  std::uint32_t at_least = 1;
  std::uint32_t first_member = 0;
  std::uint32_t members = 0;
  GraceIndex grace = 0;
  model::Loss loss = model::Loss::Stop;
  model::Phase phase = model::Phase::Run;
  model::Tier tier = model::Tier::Declared;
  model::Confidence confidence = model::Confidence::Low;
  bool data = false;
};

struct GraceRow {
  bool known = false;  // else anything from nothing to for ever
  std::chrono::seconds p5{0};
  std::chrono::seconds p50{0};
  std::chrono::seconds p95{0};
  std::uint8_t void_if = 0;  // a bit for each model::Voider

  [[nodiscard]] bool is_void_if(model::Voider voider) const
  {
    return ((static_cast<unsigned>(void_if) >> static_cast<unsigned>(voider)) & 1U) != 0;
  }
  bool operator==(const GraceRow&) const = default;
};

struct NodeRow {
  PartyIndex operated_by = nobody;
  PartyIndex supplier = nobody;
  model::NodeKind kind = model::NodeKind::Component;
  model::ServiceClass service_class = model::ServiceClass::None;
  bool observer = false;
  bool is_protected = false;
  bool safe_state = false;
};

class DependencyGraph {
public:
  /// Owners are those of the day `as_of`. Errors: the first of what problems_of() finds.
  static Result<DependencyGraph> build(const model::DependencyModel& model, Date as_of);

  [[nodiscard]] std::size_t nodes() const { return node_rows_.size(); }
  [[nodiscard]] std::size_t groups() const { return group_rows_.size(); }
  [[nodiscard]] std::size_t parties() const { return party_ids_.size(); }

  [[nodiscard]] const std::string& node_id(NodeIndex node) const { return node_ids_[node]; }
  [[nodiscard]] const std::string& party_id(PartyIndex party) const { return party_ids_[party]; }
  [[nodiscard]] std::optional<NodeIndex> find_node(std::string_view id) const;
  [[nodiscard]] std::optional<PartyIndex> find_party(std::string_view id) const;

  [[nodiscard]] const NodeRow& node(NodeIndex node) const { return node_rows_[node]; }
  [[nodiscard]] std::span<const PartyIndex> origins(NodeIndex node) const;
  [[nodiscard]] const GraceRow& grace(GraceIndex grace) const { return graces_[grace]; }

  /// The needs of a node.
  [[nodiscard]] std::span<const GroupRow> groups_of(NodeIndex node) const;
  [[nodiscard]] const GroupRow& group(GroupIndex group) const { return group_rows_[group]; }
  [[nodiscard]] std::span<const NodeIndex> members(const GroupRow& group) const;
  /// The needs that a node helps to meet.
  [[nodiscard]] std::span<const GroupIndex> groups_on(NodeIndex node) const;

  /// Everybody above a party: its owners, and theirs, each once, nearest first.
  [[nodiscard]] std::span<const PartyIndex> owners(PartyIndex party) const;
  /// Of the legal entity itself; empty: not known.
  [[nodiscard]] const std::string& jurisdiction(PartyIndex party) const
  {
    return jurisdictions_[party];
  }
  /// Whether somebody above a party, or the party itself, is under that law.
  [[nodiscard]] bool is_reached_by(PartyIndex party, std::string_view jurisdiction) const;

private:
  DependencyGraph() = default;
  void take_parties(const model::DependencyModel& model, Date as_of);
  void take_nodes(const model::DependencyModel& model);
  void take_needs(const model::DependencyModel& model);
  void turn_around();
  GraceIndex index_of(const model::Grace& grace);

  // Row i is [start[i], start[i + 1]).
  std::vector<std::string> node_ids_;
  std::vector<std::string> party_ids_;
  std::unordered_map<std::string, std::uint32_t> node_places_;
  std::unordered_map<std::string, std::uint32_t> party_places_;
  std::vector<NodeRow> node_rows_;
  std::vector<std::uint32_t> origin_start_;
  std::vector<PartyIndex> origins_;
  std::vector<std::uint32_t> group_start_;
  std::vector<GroupRow> group_rows_;
  std::vector<NodeIndex> members_;
  std::vector<std::uint32_t> on_start_;
  std::vector<GroupIndex> on_;
  std::vector<GraceRow> graces_;
  std::vector<std::uint32_t> owner_start_;
  std::vector<PartyIndex> owners_;
  std::vector<std::string> jurisdictions_;
};

}  // namespace zonder::graph
