// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "graph/model_problems.hh"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/suggestion.hh"
#include "base/translate.hh"
#include "net/address.hh"
#include "net/domain_name.hh"
#include "net/prefix.hh"

namespace zonder::graph {
namespace {

using model::Choice;
using model::CommonBy;
using model::CommonMode;
using model::Decision;
using model::DependencyModel;
using model::FailureMode;
using model::Fallback;
using model::Grace;
using model::is_model_id;
using model::Need;
using model::no_grace;
using model::no_source;
using model::Node;
using model::Party;
using model::Scenario;
using model::text_of;
using model::unknown_grace;

/// The ids of one section, for looking up and for suggestions.
class Ids {
public:
  template <typename Things>
  explicit Ids(const Things& things)
  {
    for (const auto& thing : things) {
      known_.insert(thing.id);
      list_.push_back(thing.id);
    }
  }
  [[nodiscard]] bool has(const std::string& id) const { return known_.count(id) > 0; }
  [[nodiscard]] std::optional<std::string> near(const std::string& id) const
  {
    return suggestion_for(id, list_);
  }

private:
  std::unordered_set<std::string> known_;
  std::vector<std::string> list_;
};

Path operator/(const Path& path, const std::string& key)
{
  Path longer = path;
  longer.push_back(key);
  return longer;
}

Path operator/(const Path& path, std::size_t place)
{
  return path / std::to_string(place);
}

std::string trimmed(const std::string& text)
{
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

class Check {
public:
  Check(const DependencyModel& model, std::size_t most)
      : model_(model), most_(most), nodes_(model.nodes), parties_(model.parties),
        graces_(model.graces), sources_(model.sources)
  {
  }

  std::vector<Problem> run()
  {
    organisation();
    if (sources_.has(std::string(no_source))) {
      wrong({"sources", std::string(no_source)},
            say("a source cannot be called {}: that means that there is none", no_source));
    }
    for (const auto& party : model_.parties) {
      check(party);
    }
    owner_circles();
    for (const auto& grace : model_.graces) {
      check(grace, {"graces", grace.id});
    }
    for (const auto& node : model_.nodes) {
      check(node);
      if (problems_.size() >= most_) {
        break;
      }
    }
    for (const auto& mode : model_.common_modes) {
      check(mode);
    }
    for (const auto& scenario : model_.scenarios) {
      check(scenario);
    }
    for (std::size_t i = 0; i < model_.learned.size(); ++i) {
      check(model_.learned[i], Path{"learned"} / i);
    }
    twice(model_.sources, "sources");
    twice(model_.parties, "parties");
    twice(model_.graces, "graces");
    twice(model_.nodes, "nodes");
    twice(model_.common_modes, "common_modes");
    twice(model_.scenarios, "scenarios");
    if (problems_.size() > most_) {
      problems_.resize(most_);
    }
    return std::move(problems_);
  }

private:
  void wrong(Path path, std::string what)
  {
    if (problems_.size() < most_) {
      problems_.push_back({std::move(path), std::move(what)});
    }
  }

  template <typename Things>
  void twice(const Things& things, const char* section)
  {
    std::unordered_set<std::string> seen;
    for (const auto& thing : things) {
      if (!seen.insert(thing.id).second) {
        wrong({section, thing.id}, say("{} stands here twice: keep one", thing.id));
      }
      if (!is_model_id(thing.id)) {
        wrong({section, thing.id},
              say("{} cannot be an id: letters, digits, \".\", \"_\" and \"-\", at most 128, a "
                  "letter or digit first",
                  thing.id));
      }
    }
  }

  void node_there(const std::string& id, const Path& path)
  {
    if (!nodes_.has(id)) {
      const auto meant = nodes_.near(id);
      wrong(path,
            meant ? say("there is no node {} (did you mean {}?)", id, *meant)
                  : say("there is no node {}: add it under nodes, or leave it out", id));
    }
  }

  /// Empty: not known, which is legal.
  void party_there(const std::string& id, const Path& path)
  {
    if (!id.empty() && !parties_.has(id)) {
      const auto meant = parties_.near(id);
      wrong(path,
            meant ? say("there is no party {} (did you mean {}?)", id, *meant)
                  : say("there is no party {}: add it under parties, or leave it out", id));
    }
  }

  void source_there(const std::string& id, const Path& path)
  {
    if (!id.empty() && !sources_.has(id)) {
      const auto meant = sources_.near(id);
      wrong(path,
            meant ? say("there is no source {} (did you mean {}?)", id, *meant)
                  : say("there is no source {}: add it under sources", id));
    }
  }

  void check_jurisdiction(const std::string& code, const Path& path)
  {
    const auto is_capital = [](char c) {
      return c >= 'A' && c <= 'Z';
    };
    if (!code.empty() && (code.size() != 2 || !std::all_of(code.begin(), code.end(), is_capital))) {
      wrong(path,
            say("{} is not a jurisdiction: two capital letters such as NL (ISO 3166-1)", code));
    }
  }

  void organisation() { party_there(model_.organisation.party, {"organisation", "party"}); }

  void check(const Party& party)
  {
    const Path path{"parties", party.id};
    check_jurisdiction(party.jurisdiction, path / "jurisdiction");
    source_there(party.evidence.source, path / "source");
    for (std::size_t i = 0; i < party.owners.size(); ++i) {
      const auto& owner = party.owners[i];
      const Path place = path / "owners" / i;
      party_there(owner.party, place / "party");
      source_there(owner.evidence.source, place / "source");
      if (owner.evidence.source.empty()) {
        wrong(place, say("who owns {} has no source: add source", party.id));
      }
      if (owner.from && owner.until && !before(*owner.from, *owner.until)) {
        wrong(place / "until",
              say("an owner until {} cannot have begun on {}",
                  owner.until->to_string(),
                  owner.from->to_string()));
      }
    }
  }

  /// Nobody owns itself, through however many others. With dates that could be in turn; nobody
  /// needs that, and a walk up an owner chain must end.
  void owner_circles()
  {
    std::unordered_map<std::string, const Party*> by_id;
    for (const auto& party : model_.parties) {
      by_id.emplace(party.id, &party);
    }
    std::set<std::string> sound;
    for (const auto& party : model_.parties) {
      std::set<std::string> above;
      std::vector<std::string> to_do;
      for (const auto& owner : party.owners) {
        to_do.push_back(owner.party);
      }
      while (!to_do.empty()) {
        const auto id = to_do.back();
        to_do.pop_back();
        if (id == party.id) {
          wrong({"parties", party.id, "owners"},
                say("{} would own itself: leave one of these owners out", party.id));
          break;
        }
        if (sound.count(id) > 0 || !above.insert(id).second) {
          continue;
        }
        if (const auto owner = by_id.find(id); owner != by_id.end()) {
          for (const auto& next : owner->second->owners) {
            to_do.push_back(next.party);
          }
        }
      }
      sound.insert(party.id);
    }
  }

  void check(const Grace& grace, const Path& path)
  {
    if (grace.id == no_grace || grace.id == unknown_grace) {
      wrong(path, say("a grace cannot be called {}: every model has that one", grace.id));
    }
    if (!grace.is_ordered()) {
      wrong(path, say("of a grace p5 <= p50 <= p95 must hold"));
    }
    if (grace.source.empty()) {
      wrong(path,
            say("a grace without a source is a guess: add source (one of kind assumption, if need "
                "be)"));
    }
    source_there(grace.source, path / "source");
  }

  void check(const Node& node)
  {
    const Path path{"nodes", node.id};
    party_there(node.operated_by, path / "operator");
    party_there(node.supplier, path / "supplier");
    for (std::size_t i = 0; i < node.origin.size(); ++i) {
      party_there(node.origin[i], path / "origin" / i);
    }
    for (std::size_t i = 0; i < node.hosting.size(); ++i) {
      const Path place = path / "hosting" / i;
      check_jurisdiction(node.hosting[i].jurisdiction, place / "jurisdiction");
      source_there(node.hosting[i].evidence.source, place / "source");
      if (node.hosting[i].evidence.source.empty()) {
        wrong(place, say("where {} is hosted has no source: add source", node.id));
      }
    }
    source_there(node.evidence.source, path / "source");
    for (std::size_t i = 0; i < node.endpoints.size(); ++i) {
      check_endpoint(node.endpoints[i], path / "endpoints" / i);
    }
    for (std::size_t i = 0; i < node.needs.size(); ++i) {
      check(node.needs[i], node, path / "needs" / i);
    }
    for (std::size_t i = 0; i < node.fallbacks.size(); ++i) {
      check(node.fallbacks[i], node, path / "fallbacks" / i);
    }
  }

  /// A name, which stands for all below it too, or a prefix, or an address.
  void check_endpoint(const std::string& endpoint, const Path& path)
  {
    const auto plain = endpoint.starts_with("*.") ? endpoint.substr(2) : endpoint;
    if (!net::Prefix::parse(plain) && !net::Address::parse(plain) &&
        !net::DomainName::parse(plain)) {
      wrong(path,
            say("{} is no name and no prefix: write it like mail.example.nl or 192.0.2.0/24",
                endpoint));
    }
  }

  void check(const Need& need, const Node& node, const Path& path)
  {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < need.of.size(); ++i) {
      // One that is alone stands without a list.
      const Path place = need.of.size() == 1 ? path / "of" : path / "of" / i;
      node_there(need.of[i], place);
      if (need.of[i] == node.id) {
        wrong(place, say("{} cannot need itself", node.id));
      }
      if (!seen.insert(need.of[i]).second) {
        wrong(place, say("{} stands twice in one need: two of one thing are not two", need.of[i]));
      }
    }
    if (need.of.empty()) {
      wrong(path, say("a need must name at least one node (of)"));
    } else if (need.at_least < 1 || need.at_least > need.of.size()) {
      wrong(path / "at_least",
            say("{} of {} cannot be: at_least is from 1 to the number of nodes",
                need.at_least,
                need.of.size()));
    }
    if (need.evidence.source.empty()) {
      wrong(path,
            say("a need without a source is refused: add source here, or under defaults (one of "
                "kind assumption, if need be)"));
    }
    source_there(need.evidence.source, path / "source");
    if (need.grace.own) {
      check(*need.grace.own, path / "grace");
    } else if (!model_.grace_of(need.grace)) {
      const auto meant = graces_.near(need.grace.name);
      wrong(path / "grace",
            meant ? say("there is no grace {} (did you mean {}?)", need.grace.name, *meant)
                  : say("there is no grace {}: add it under graces, or write none or unknown",
                        need.grace.name));
    }
  }

  void check(const Fallback& fallback, const Node& node, const Path& path)
  {
    for (std::size_t i = 0; i < fallback.needs.size(); ++i) {
      node_there(fallback.needs[i], path / "needs" / i);
      if (fallback.needs[i] == node.id) {
        wrong(path / "needs" / i,
              say("a fallback of {} that needs {} is none", node.id, fallback.needs[i]));
      }
    }
    if (fallback.evidence.source.empty()) {
      wrong(path, say("a fallback without a source is a hope: add source here, or under defaults"));
    }
    source_there(fallback.evidence.source, path / "source");
  }

  void check(const CommonMode& mode)
  {
    const Path path{"common_modes", mode.id};
    for (std::size_t i = 0; i < mode.members.size(); ++i) {
      node_there(mode.members[i], path / "members" / i);
    }
    if (mode.by == CommonBy::Members && mode.members.size() < 2) {
      wrong(path, say("a common mode has two members or more"));
    }
    if (mode.by != CommonBy::Members && !mode.members.empty()) {
      wrong(path / "members",
            say("by {} says already which nodes: leave members out", text_of(mode.by)));
    }
    if (mode.source.empty()) {
      wrong(path, say("a common mode needs a source: add source"));
    }
    source_there(mode.source, path / "source");
  }

  /// node:ID must be there; a party, a jurisdiction, a name may be the catalogue's.
  void check_selector(const std::string& selector, const Path& path)
  {
    std::size_t start = 0;
    while (start <= selector.size()) {
      const auto comma = std::min(selector.find(',', start), selector.size());
      const auto part = trimmed(selector.substr(start, comma - start));
      if (part.empty()) {
        wrong(path, say("a part of the selector is empty: {}", selector));
        return;
      }
      if (part.starts_with("node:")) {
        node_there(part.substr(5), path);
      }
      start = comma + 1;
    }
  }

  void check(const Scenario& scenario)
  {
    const Path path{"scenarios", scenario.id};
    if (scenario.outages.empty()) {
      wrong(path, say("a scenario without outages is a quiet day: add outages"));
    }
    source_there(scenario.source, path / "source");
    for (std::size_t i = 0; i < scenario.outages.size(); ++i) {
      const auto& outage = scenario.outages[i];
      const Path place = path / "outages" / i;
      check_selector(outage.selector, place / "selector");
      if (!outage.except.empty()) {
        check_selector(outage.except, place / "except");
      }
      for (std::size_t stage = 0; stage < outage.staging.size(); ++stage) {
        check_selector(outage.staging[stage].selector, place / "staging" / stage / "selector");
      }
      if (outage.until && *outage.until <= outage.from) {
        wrong(place / "until", say("an outage must end after it begins"));
      }
      if (outage.mode == FailureMode::Captured && outage.by.empty()) {
        wrong(place, say("captured by whom? Add by: and the party that is the new owner"));
      }
      if (outage.mode != FailureMode::Captured && !outage.by.empty()) {
        wrong(place / "by", say("only what is captured has a new owner: leave by out"));
      }
      party_there(outage.by, place / "by");
    }
  }

  void check(const Decision& decision, const Path& path)
  {
    const bool ignored = decision.choice == Choice::Ignore;
    if (ignored && !decision.node.empty()) {
      wrong(path / "node", say("what is ignored is no node: leave node out"));
    }
    if (!ignored) {
      if (decision.node.empty()) {
        wrong(path, say("{} as which node? Add node", text_of(decision.choice)));
      } else {
        node_there(decision.node, path / "node");
      }
    }
    if (decision.choice == Choice::Rename && decision.name.empty()) {
      wrong(path, say("renamed to what? Add name"));
    }
  }

  const DependencyModel& model_;
  std::size_t most_;
  Ids nodes_;
  Ids parties_;
  Ids graces_;
  Ids sources_;
  std::vector<Problem> problems_;
};

}  // namespace

std::string to_text(const Path& path)
{
  std::string text;
  for (const auto& step : path) {
    const bool place = !text.empty() && std::all_of(step.begin(), step.end(), [](char c) {
      return c >= '0' && c <= '9';
    });
    text += place ? "[" + step + "]" : (text.empty() ? "" : ".") + step;
  }
  return text;
}

std::vector<Problem> problems_of(const DependencyModel& model, std::size_t most)
{
  return Check(model, most).run();
}

}  // namespace zonder::graph
