// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/date.hh"
#include "base/result.hh"
#include "graph/dependency_graph.hh"

namespace zonder::graph {

/// The nodes that stop sooner or later when these are gone, they themselves left out: every grace
/// counted as over, nothing restored, no fallback. When, simulations tell.
std::vector<NodeIndex> standing_on(const DependencyGraph& graph,
                                   const std::vector<NodeIndex>& gone);

/// Somebody says that a node is under one law, and it was seen, or follows from who runs it, that
/// it is under another.
struct HostingContradiction {
  std::string node;
  std::string declared;  // jurisdictions, "NL, DE"
  std::string measured;
  bool by_operator = false;  // nobody measured: it is what the operator and its owners are under
  std::string declared_source;
  std::string measured_source;
};

/// One party, or one law, and what stands on it.
struct Concentration {
  std::string who;  // id of a party, or a jurisdiction
  std::size_t nodes = 0;
  std::size_t services = 0;  // that stop sooner or later without it, those it runs included
};

struct ModelSummary {
  std::size_t services = 0;
  std::size_t others = 0;
  std::size_t needs = 0;
  std::size_t dependencies = 0;     // a need of 1 of 2 is two
  std::size_t parties_running = 0;  // that run or supply something
  std::size_t parties_owning = 0;   // that only own
  std::size_t declared = 0;         // needs that rest on what somebody said
  std::size_t measured = 0;
  std::size_t drilled = 0;
  std::size_t without_fallback = 0;  // services
  // What nobody knows.
  std::vector<std::string> no_operator;     // nodes
  std::size_t unknown_grace = 0;            // needs that stop something, nobody knows when
  std::vector<std::string> unknown_law;     // parties that run something
  std::vector<std::string> unknown_owners;  // the same
  std::vector<std::string> without_class;   // services
  std::vector<Concentration> parties;       // most services first, our own left out
  std::vector<Concentration> laws;          // at reach of owners, most services first
  std::vector<HostingContradiction> contradictions;

  /// Of the needs, 0 to 1, how many rest on declarations alone.
  [[nodiscard]] double paper_share() const
  {
    return needs == 0 ? 1.0 : static_cast<double>(declared) / static_cast<double>(needs);
  }
};

/// What a model says as a whole; owners are those of the day.
Result<ModelSummary> summarise(const model::DependencyModel& model, Date as_of);

std::vector<HostingContradiction> hosting_contradictions(const model::DependencyModel& model,
                                                         const DependencyGraph& graph);

}  // namespace zonder::graph
