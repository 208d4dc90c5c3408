// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "graph/dependency_graph.hh"

#include <algorithm>
#include <set>

#include "graph/model_problems.hh"

namespace zonder::graph {
namespace {

using model::DependencyModel;
using model::Grace;

template <typename Value>
std::span<const Value>
row(const std::vector<Value>& values, const std::vector<std::uint32_t>& start, std::uint32_t i)
{
  return std::span(values).subspan(start[i], start[i + 1] - start[i]);
}

std::uint32_t size_of(const auto& values)
{
  return static_cast<std::uint32_t>(values.size());
}

}  // namespace

Result<DependencyGraph> DependencyGraph::build(const DependencyModel& model, Date as_of)
{
  if (const auto problems = problems_of(model, 1); !problems.empty()) {
    return fail(Fault::Usage, to_text(problems.front().path) + ": " + problems.front().what);
  }
  DependencyGraph graph;
  graph.take_parties(model, as_of);
  graph.take_nodes(model);
  graph.take_needs(model);
  graph.turn_around();
  return graph;
}

void DependencyGraph::take_parties(const DependencyModel& model, Date as_of)
{
  for (const auto& party : model.parties) {
    party_places_.emplace(party.id, size_of(party_ids_));
    party_ids_.push_back(party.id);
    jurisdictions_.push_back(party.jurisdiction);
  }
  owner_start_.push_back(0);
  for (PartyIndex i = 0; i < party_ids_.size(); ++i) {
    std::set<PartyIndex> seen;
    std::vector<PartyIndex> chain{i};
    for (std::size_t next = 0; next < chain.size(); ++next) {
      for (const auto& owner : model.parties[chain[next]].owners) {
        const auto above = party_places_.at(owner.party);
        if (owner.holds_on(as_of) && seen.insert(above).second) {
          chain.push_back(above);
        }
      }
    }
    owners_.insert(owners_.end(), chain.begin() + 1, chain.end());
    owner_start_.push_back(size_of(owners_));
  }
}

void DependencyGraph::take_nodes(const DependencyModel& model)
{
  const auto place_of = [this](const std::string& party) {
    return party.empty() ? nobody : party_places_.at(party);
  };
  origin_start_.push_back(0);
  for (const auto& node : model.nodes) {
    node_places_.emplace(node.id, size_of(node_ids_));
    node_ids_.push_back(node.id);
    node_rows_.push_back({.operated_by = place_of(node.operated_by),
                          .supplier = place_of(node.supplier),
                          .kind = node.kind,
                          .service_class = node.service_class,
                          .observer = node.observer,
                          .is_protected = node.is_protected,
                          .safe_state = node.safe_state});
    for (const auto& origin : node.origin) {
      origins_.push_back(place_of(origin));
    }
    origin_start_.push_back(size_of(origins_));
  }
}

GraceIndex DependencyGraph::index_of(const Grace& grace)
{
  GraceRow wanted{
      .known = grace.known, .p5 = grace.p5, .p50 = grace.p50, .p95 = grace.p95, .void_if = 0};
  for (const auto voider : grace.void_if) {
    wanted.void_if |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(voider));
  }
  // There are as many as there are kinds of things that outlive a loss: tens.
  const auto found = std::find(graces_.begin(), graces_.end(), wanted);
  if (found != graces_.end()) {
    return static_cast<GraceIndex>(found - graces_.begin());
  }
  graces_.push_back(wanted);
  return size_of(graces_) - 1;
}

void DependencyGraph::take_needs(const DependencyModel& model)
{
  group_start_.push_back(0);
  for (NodeIndex i = 0; i < model.nodes.size(); ++i) {
    for (const auto& need : model.nodes[i].needs) {
      group_rows_.push_back({.node = i,
                             .at_least = static_cast<std::uint32_t>(need.at_least),
                             .first_member = size_of(members_),
                             .members = size_of(need.of),
                             .grace = index_of(*model.grace_of(need.grace)),
                             .loss = need.loss,
                             .phase = need.phase,
                             .tier = need.evidence.tier,
                             .confidence = need.evidence.confidence,
                             .data = need.data});
      for (const auto& target : need.of) {
        members_.push_back(node_places_.at(target));
      }
    }
    group_start_.push_back(size_of(group_rows_));
  }
}

void DependencyGraph::turn_around()
{
  on_start_.assign(nodes() + 1, 0);
  for (const auto member : members_) {
    ++on_start_[member + 1];
  }
  for (std::size_t i = 1; i < on_start_.size(); ++i) {
    on_start_[i] += on_start_[i - 1];
  }
  on_.resize(members_.size());
  auto next = on_start_;
  for (GroupIndex group = 0; group < group_rows_.size(); ++group) {
    for (const auto member : members(group_rows_[group])) {
      on_[next[member]++] = group;
    }
  }
}

std::optional<NodeIndex> DependencyGraph::find_node(std::string_view id) const
{
  const auto found = node_places_.find(std::string(id));
  return found == node_places_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<PartyIndex> DependencyGraph::find_party(std::string_view id) const
{
  const auto found = party_places_.find(std::string(id));
  return found == party_places_.end() ? std::nullopt : std::optional(found->second);
}

std::span<const PartyIndex> DependencyGraph::origins(NodeIndex node) const
{
  return row(origins_, origin_start_, node);
}

std::span<const GroupRow> DependencyGraph::groups_of(NodeIndex node) const
{
  return row(group_rows_, group_start_, node);
}

std::span<const NodeIndex> DependencyGraph::members(const GroupRow& group) const
{
  return std::span(members_).subspan(group.first_member, group.members);
}

std::span<const GroupIndex> DependencyGraph::groups_on(NodeIndex node) const
{
  return row(on_, on_start_, node);
}

std::span<const PartyIndex> DependencyGraph::owners(PartyIndex party) const
{
  return row(owners_, owner_start_, party);
}

bool DependencyGraph::is_reached_by(PartyIndex party, std::string_view jurisdiction) const
{
  const auto above = owners(party);
  return jurisdictions_[party] == jurisdiction ||
         std::any_of(above.begin(), above.end(), [&](PartyIndex owner) {
           return jurisdictions_[owner] == jurisdiction;
         });
}

}  // namespace zonder::graph
