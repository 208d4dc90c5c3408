// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/merge.hh"

#include <algorithm>
#include <map>
#include <set>

#include "base/translate.hh"

namespace zonder::modelfile {
namespace {

using model::Choice;
using model::Decision;
using model::DependencyModel;
using model::Evidence;
using model::Hosting;
using model::Need;
using model::Node;
using model::Party;

using Names = std::map<std::string, std::string>;  // of the other model, in the file

std::string in(const Names& names, const std::string& id)
{
  const auto found = names.find(id);
  return found == names.end() ? id : found->second;
}

/// What of `theirs` the file lacks, under ids that are free; `names` gets what each is called.
template <typename Thing>
std::vector<Thing>
missing(const std::vector<Thing>& ours, const std::vector<Thing>& theirs, Names& names)
{
  std::map<std::string, const Thing*> known;
  for (const auto& thing : ours) {
    known.emplace(thing.id, &thing);
  }
  std::vector<Thing> more;
  for (const auto& thing : theirs) {
    const auto found = known.find(thing.id);
    if (found != known.end() && *found->second == thing) {
      continue;
    }
    Thing one = thing;
    for (int next = 2; known.count(one.id) > 0; ++next) {
      one.id = thing.id + "-" + std::to_string(next);
      const auto again = known.find(one.id);
      if (again != known.end()) {
        auto same = thing;
        same.id = one.id;
        if (*again->second == same) {
          break;  // from an earlier merge
        }
      }
    }
    names.emplace(thing.id, one.id);
    if (known.count(one.id) == 0) {
      more.push_back(std::move(one));
    }
  }
  return more;
}

class Merge {
public:
  Merge(ModelFile& file, const DependencyModel& other) : file_(file), other_(other) {}

  Result<Merged> run()
  {
    const auto difference = graph::difference_between(file_.model(), other_);
    for (const auto& pair : difference.same) {
      nodes_.emplace(pair.second, pair.first);
    }
    parties_ = graph::same_parties(file_.model(), other_);
    for (const auto& one : difference.differences) {
      if (one.kind == graph::DifferenceKind::Differs) {
        merged_.conflicts.push_back(one);
      }
    }
    ZONDER_TRY(take_sources());
    ZONDER_TRY(take_parties());
    ZONDER_TRY(take_graces());
    ZONDER_TRY(take_nodes());
    ZONDER_TRY(take_needs());
    return std::move(merged_);
  }

private:
  Result<void> take_sources()
  {
    const auto more = missing(file_.model().sources, other_.sources, sources_);
    merged_.sources = more.size();
    return file_.add_sources(more);
  }

  Evidence ours(Evidence evidence) const
  {
    evidence.source = in(sources_, evidence.source);
    return evidence;
  }

  Result<void> take_parties()
  {
    std::vector<Party> more;
    for (auto party : other_.parties) {
      if (parties_.count(party.id) > 0) {
        continue;
      }
      party.evidence = ours(party.evidence);
      for (auto& owner : party.owners) {
        owner.party = in(parties_, owner.party);
        owner.evidence = ours(owner.evidence);
      }
      more.push_back(std::move(party));
    }
    merged_.parties = more.size();
    return file_.add_parties(more);
  }

  Result<void> take_graces()
  {
    auto theirs = other_.graces;
    for (auto& grace : theirs) {
      grace.source = in(sources_, grace.source);
    }
    const auto more = missing(file_.model().graces, theirs, graces_);
    merged_.graces = more.size();
    return file_.add_graces(more);
  }

  Need ours(Need need) const
  {
    for (auto& id : need.of) {
      id = in(nodes_, id);
    }
    need.evidence = ours(need.evidence);
    need.grace.name = in(graces_, need.grace.name);
    if (need.grace.own) {
      need.grace.own->source = in(sources_, need.grace.own->source);
    }
    return need;
  }

  Node ours(Node node) const
  {
    node.operated_by = in(parties_, node.operated_by);
    node.supplier = in(parties_, node.supplier);
    for (auto& origin : node.origin) {
      origin = in(parties_, origin);
    }
    node.evidence = ours(node.evidence);
    for (auto& hosting : node.hosting) {
      hosting.evidence = ours(hosting.evidence);
    }
    for (auto& need : node.needs) {
      need = ours(need);
    }
    for (auto& fallback : node.fallbacks) {
      fallback.evidence = ours(fallback.evidence);
      for (auto& id : fallback.needs) {
        id = in(nodes_, id);
      }
    }
    return node;
  }

  Result<void> take_nodes()
  {
    std::vector<Node> more;
    for (const auto& node : other_.nodes) {
      if (nodes_.count(node.id) == 0) {
        more.push_back(ours(node));
      }
    }
    merged_.nodes = more.size();
    return file_.add_nodes(more);
  }

  Result<void> take_needs()
  {
    std::vector<std::pair<std::string, Need>> more;
    std::vector<std::pair<std::string, Hosting>> hosting;
    std::vector<graph::Confirmed> raised;
    for (const auto& theirs : other_.nodes) {
      const auto same = nodes_.find(theirs.id);
      if (same == nodes_.end()) {
        continue;
      }
      const auto* node = file_.model().node(same->second);
      for (const auto& their_need : theirs.needs) {
        const auto need = ours(their_need);
        const auto place =
            std::find_if(node->needs.begin(), node->needs.end(), [&](const Need& has) {
              return std::any_of(need.of.begin(), need.of.end(), [&](const std::string& id) {
                return std::find(has.of.begin(), has.of.end(), id) != has.of.end();
              });
            });
        if (place == node->needs.end()) {
          more.emplace_back(node->id, need);
        } else if (place->evidence.tier < need.evidence.tier) {
          raised.push_back({.node = node->id,
                            .need = static_cast<std::size_t>(place - node->needs.begin()),
                            .evidence = need.evidence});
        }
      }
      for (auto one : theirs.hosting) {
        one.evidence = ours(one.evidence);
        if (std::none_of(node->hosting.begin(), node->hosting.end(), [&](const Hosting& has) {
              return has.jurisdiction == one.jurisdiction && has.evidence.tier == one.evidence.tier;
            })) {
          hosting.emplace_back(node->id, one);
        }
      }
    }
    merged_.needs = more.size();
    merged_.hosting = hosting.size();
    merged_.raised = raised.size();
    ZONDER_TRY(file_.add_needs(more));
    ZONDER_TRY(file_.add_hosting(hosting));
    return file_.set_evidence(raised);
  }

  ModelFile& file_;
  const DependencyModel& other_;
  Names nodes_;
  Names parties_;
  Names sources_;
  Names graces_;
  Merged merged_;
};

}  // namespace

Result<Merged> merge_into(ModelFile& file, const DependencyModel& other)
{
  // All or nothing.
  auto changed = file;
  auto merged = Merge(changed, other).run();
  if (merged) {
    file = std::move(changed);
  }
  return merged;
}

Result<Merged>
take_learned(ModelFile& file, graph::Proposals proposals, const std::vector<Decision>& decisions)
{
  std::map<std::string, const Decision*> decided;
  for (const auto& decision : decisions) {
    decided.emplace(decision.seen, &decision);
  }
  // What each proposed node becomes; those without a decision become nothing.
  Names names;
  std::set<std::string> dropped;
  std::vector<Node> nodes;
  std::vector<std::pair<std::string, Need>> needs = std::move(proposals.needs);
  std::vector<std::pair<std::string, Hosting>> hosting = std::move(proposals.hosting);
  for (auto& [seen, node] : proposals.nodes) {
    const auto found = decided.find(seen);
    if (found == decided.end() || found->second->choice == Choice::Ignore) {
      dropped.insert(node.id);
      continue;
    }
    const auto& decision = *found->second;
    names.emplace(node.id, decision.node);
    switch (decision.choice) {
    case Choice::Rename:
      node.name = {.nl = decision.name, .en = decision.name};
      [[fallthrough]];
    case Choice::Accept:
      node.id = decision.node;
      nodes.push_back(std::move(node));
      break;
    case Choice::Merge:
      for (auto& need : node.needs) {
        needs.emplace_back(decision.node, std::move(need));
      }
      for (auto& one : node.hosting) {
        hosting.emplace_back(decision.node, std::move(one));
      }
      break;
    case Choice::Ignore:
      break;
    }
  }
  // What became one thing does not need itself.
  const auto settle = [&](const std::string& node, Need& need) {
    std::vector<std::string> kept;
    for (const auto& seen : need.of) {
      const auto id = in(names, seen);
      if (dropped.count(seen) == 0 && id != node &&
          std::find(kept.begin(), kept.end(), id) == kept.end()) {
        kept.push_back(id);
      }
    }
    need.of = std::move(kept);
    return !need.of.empty();
  };
  std::set<std::string> used;
  for (auto& node : nodes) {
    std::erase_if(node.needs, [&](Need& need) { return !settle(node.id, need); });
    used.insert({node.operated_by, node.supplier});
  }
  std::erase_if(needs, [&](auto& each) { return !settle(each.first, each.second); });
  // Of the parties those that are needed now, and whoever owns them.
  std::vector<Party> parties;
  for (bool more = true; more;) {
    more = false;
    for (const auto& party : proposals.parties) {
      const bool there = std::any_of(
          parties.begin(), parties.end(), [&](const Party& has) { return has.id == party.id; });
      if (used.count(party.id) > 0 && !there) {
        parties.push_back(party);
        for (const auto& owner : party.owners) {
          used.insert(owner.party);
        }
        more = true;
      }
    }
  }
  std::sort(
      parties.begin(), parties.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const bool anything = !nodes.empty() || !needs.empty() || !hosting.empty() || !parties.empty() ||
                        !proposals.confirmed.empty();
  auto changed = file;
  if (anything) {
    ZONDER_TRY(changed.add_sources(proposals.sources));
  }
  ZONDER_TRY(changed.add_parties(parties));
  ZONDER_TRY(changed.add_nodes(nodes));
  ZONDER_TRY(changed.add_needs(needs));
  ZONDER_TRY(changed.add_hosting(hosting));
  ZONDER_TRY(changed.set_evidence(proposals.confirmed));
  ZONDER_TRY(changed.add_decisions(decisions));
  file = std::move(changed);
  return Merged{.sources = anything ? proposals.sources.size() : 0,
                .parties = parties.size(),
                .nodes = nodes.size(),
                .needs = needs.size(),
                .hosting = hosting.size(),
                .raised = proposals.confirmed.size(),
                .conflicts = {}};
}

}  // namespace zonder::modelfile
