// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "graph/model_summary.hh"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace zonder::graph {
namespace {

using model::DependencyModel;
using model::Loss;
using model::NodeKind;
using model::Ownership;
using model::Phase;
using model::ServiceClass;
using model::Tier;
using model::unknown_grace;

bool stops(const GroupRow& group)
{
  return (group.loss == Loss::Stop || group.loss == Loss::NoNew) &&
         (group.phase == Phase::Run || group.phase == Phase::Renew);
}

std::string joined(const std::set<std::string>& codes)
{
  std::string all;
  for (const auto& code : codes) {
    all += (all.empty() ? "" : ", ") + code;
  }
  return all;
}

/// The laws that reach a party: its own, and those of everybody above it.
std::set<std::string> laws_of(const DependencyGraph& graph, PartyIndex party)
{
  std::set<std::string> laws;
  const auto add = [&](PartyIndex one) {
    if (!graph.jurisdiction(one).empty()) {
      laws.insert(graph.jurisdiction(one));
    }
  };
  add(party);
  for (const auto owner : graph.owners(party)) {
    add(owner);
  }
  return laws;
}

/// Which nodes each party or law takes with it, as rows of the table.
std::vector<Concentration> table(const DependencyGraph& graph,
                                 const std::map<std::string, std::vector<NodeIndex>>& taken)
{
  std::vector<Concentration> rows;
  const auto is_service = [&](NodeIndex node) {
    return graph.node(node).kind == NodeKind::Service;
  };
  for (const auto& [who, nodes] : taken) {
    const auto standing = standing_on(graph, nodes);
    rows.push_back({.who = who,
                    .nodes = nodes.size(),
                    .services = static_cast<std::size_t>(
                        std::count_if(nodes.begin(), nodes.end(), is_service) +
                        std::count_if(standing.begin(), standing.end(), is_service))});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(a.services, a.nodes) > std::pair(b.services, b.nodes);
  });
  return rows;
}

void count_needs(const DependencyModel& model, ModelSummary& summary)
{
  for (const auto& node : model.nodes) {
    for (const auto& need : node.needs) {
      ++summary.needs;
      summary.dependencies += need.of.size();
      ++(need.evidence.tier == Tier::Declared   ? summary.declared
         : need.evidence.tier == Tier::Measured ? summary.measured
                                                : summary.drilled);
      const bool stopping = need.loss == Loss::Stop || need.loss == Loss::NoNew;
      summary.unknown_grace += stopping && !model.grace_of(need.grace)->known ? 1U : 0U;
    }
  }
}

void count_nodes(const DependencyModel& model, ModelSummary& summary)
{
  for (const auto& node : model.nodes) {
    const bool service = node.kind == NodeKind::Service;
    ++(service ? summary.services : summary.others);
    summary.without_fallback += service && node.fallbacks.empty() ? 1U : 0U;
    if (node.operated_by.empty()) {
      summary.no_operator.push_back(node.id);
    }
    if (service && node.service_class == ServiceClass::None) {
      summary.without_class.push_back(node.id);
    }
  }
}

void count_parties(const DependencyModel& model, ModelSummary& summary)
{
  std::set<std::string> running;
  for (const auto& node : model.nodes) {
    running.insert({node.operated_by, node.supplier});
    running.insert(node.origin.begin(), node.origin.end());
  }
  for (const auto& party : model.parties) {
    if (running.count(party.id) == 0) {
      ++summary.parties_owning;
      continue;
    }
    ++summary.parties_running;
    if (party.jurisdiction.empty()) {
      summary.unknown_law.push_back(party.id);
    }
    if (party.ownership == Ownership::Unknown) {
      summary.unknown_owners.push_back(party.id);
    }
  }
}

}  // namespace

std::vector<NodeIndex> standing_on(const DependencyGraph& graph, const std::vector<NodeIndex>& gone)
{
  std::vector<std::uint32_t> lost(graph.groups(), 0);
  std::vector<bool> down(graph.nodes(), false);
  std::deque<NodeIndex> to_do;
  for (const auto node : gone) {
    if (!down[node]) {
      down[node] = true;
      to_do.push_back(node);
    }
  }
  std::vector<NodeIndex> fallen;
  while (!to_do.empty()) {
    const auto node = to_do.front();
    to_do.pop_front();
    for (const auto place : graph.groups_on(node)) {
      const auto& group = graph.group(place);
      if (stops(group) && ++lost[place] > group.members - group.at_least && !down[group.node]) {
        down[group.node] = true;
        fallen.push_back(group.node);
        to_do.push_back(group.node);
      }
    }
  }
  std::sort(fallen.begin(), fallen.end());
  return fallen;
}

std::vector<HostingContradiction> hosting_contradictions(const DependencyModel& model,
                                                         const DependencyGraph& graph)
{
  std::vector<HostingContradiction> found;
  for (NodeIndex i = 0; i < model.nodes.size(); ++i) {
    const auto& node = model.nodes[i];
    HostingContradiction one{.node = node.id};
    std::set<std::string> declared;
    std::set<std::string> measured;
    for (const auto& hosting : node.hosting) {
      const bool said = hosting.evidence.tier == Tier::Declared;
      (said ? declared : measured).insert(hosting.jurisdiction);
      (said ? one.declared_source : one.measured_source) = hosting.evidence.source;
    }
    if (declared.empty()) {
      continue;
    }
    if (measured.empty() && graph.node(i).operated_by != nobody) {
      one.by_operator = true;
      measured = laws_of(graph, graph.node(i).operated_by);
      one.measured_source = model.party(node.operated_by)->evidence.source;
    }
    // That is told which is beyond what was declared; less than that is no contradiction.
    if (!std::includes(declared.begin(), declared.end(), measured.begin(), measured.end())) {
      one.declared = joined(declared);
      one.measured = joined(measured);
      found.push_back(std::move(one));
    }
  }
  return found;
}

Result<ModelSummary> summarise(const DependencyModel& model, Date as_of)
{
  const auto graph = DependencyGraph::build(model, as_of);
  if (!graph) {
    return fail(graph.error());
  }
  ModelSummary summary;
  count_nodes(model, summary);
  count_needs(model, summary);
  count_parties(model, summary);
  std::map<std::string, std::vector<NodeIndex>> by_party;
  std::map<std::string, std::vector<NodeIndex>> by_law;
  for (NodeIndex node = 0; node < graph->nodes(); ++node) {
    const auto party = graph->node(node).operated_by;
    if (party == nobody) {
      continue;
    }
    if (graph->party_id(party) != model.organisation.party) {
      by_party[graph->party_id(party)].push_back(node);
    }
    for (const auto& law : laws_of(*graph, party)) {
      by_law[law].push_back(node);
    }
  }
  summary.parties = table(*graph, by_party);
  summary.laws = table(*graph, by_law);
  summary.contradictions = hosting_contradictions(model, *graph);
  return summary;
}

}  // namespace zonder::graph
