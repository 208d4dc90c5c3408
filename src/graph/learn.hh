// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/dependency_model.hh"
#include "model/observation.hh"

// From what was seen to what is proposed for the model. Nothing here is decided: each proposal has
// a key of what was seen, by which the choice of whoever looks at it (accept, rename, merge,
// ignore) is kept in the model file, so that the next time nobody is asked again.
//
//   a device, or the organisation itself  ->  needs of the node "devices"
//   MX, SPF, DKIM, autodiscover of a domain ->  needs of "mail.<domain>"
//   name servers of a domain               ->  a need of one of them, of "dns.<domain>"
//   what a page loads, where it logs in     ->  needs of "web.<name>"
//   an application of a list or of a log    ->  a node of its own
//
// What they need is the service, or else the party, that an address or name is attributed to. An
// advertisement server that a page loads is a need of that page; whether it matters, people say.
namespace zonder::graph {

/// Whose an address or a name is, as the catalogue has it on the day.
struct Attributed {
  std::string party;         // id
  model::Label name;         // of the party
  std::string jurisdiction;  // of the party itself; empty: not known
  std::string law;           // of its ultimate parent, else its own; empty: not known
  std::vector<std::pair<std::string, model::Label>> owners;  // direct parents
  bool owners_known = false;
  std::string service;  // id of one of its services; empty: none in particular
  model::Label service_name;
};

using Attribution =
    std::function<std::optional<Attributed>(model::Kind kind, std::string_view text)>;

struct ProposedNode {
  std::string seen;  // "service:microsoft/entra-id", "application:Zaaksysteem"; for decisions
  model::Node node;  // with its needs
};

/// A need that the model has, and that was now seen.
struct Confirmed {
  std::string node;
  std::size_t need = 0;
  model::Evidence evidence;
};

struct Proposals {
  std::vector<model::Source> sources;
  std::vector<model::Party> parties;
  std::vector<ProposedNode> nodes;                         // most seen first
  std::vector<std::pair<std::string, model::Need>> needs;  // of nodes that the model has
  std::vector<Confirmed> confirmed;                        // better evidence than the model has
  std::vector<std::pair<std::string, model::Hosting>> hosting;  // of nodes that the model has
  std::size_t ignored = 0;       // things seen that somebody decided to ignore
  std::size_t unattributed = 0;  // names and addresses of which nobody knows whose they are
};

/// Pure: the same observations, model and attribution give the same proposals, in the same order.
Proposals learn(std::span<const model::Observation> observations,
                const model::DependencyModel& model,
                const Attribution& whose);

/// The source that everything learned rests on.
inline constexpr std::string_view observed_source = "observed";

}  // namespace zonder::graph
