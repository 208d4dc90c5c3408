// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "graph/model_difference.hh"

#include <algorithm>
#include <set>

#include "base/ascii.hh"

namespace zonder::graph {
namespace {

using model::DependencyModel;
using model::Evidence;
using model::Need;
using model::Node;
using model::Ownership;
using model::Party;
using model::text_of;

std::string joined(const std::vector<std::string>& words)
{
  std::string all;
  for (const auto& word : words) {
    all += (all.empty() ? "" : ", ") + word;
  }
  return all;
}

/// Finds for each node of the second model its like in the first; nothing is anybody's twice.
std::vector<SameNode> pairs_of(const DependencyModel& first, const DependencyModel& second)
{
  std::vector<SameNode> pairs;
  std::set<std::string> taken;
  std::set<std::string> placed;
  const auto pair_by = [&](const char* by, auto keys_of) {
    std::map<std::string, std::string> owners;
    std::set<std::string> shared;  // a key of several nodes tells none of them apart
    for (const auto& node : first.nodes) {
      for (auto& key : keys_of(node)) {
        const auto [place, fresh] = owners.emplace(std::move(key), node.id);
        if (!fresh && place->second != node.id) {
          shared.insert(place->first);
        }
      }
    }
    for (const auto& node : second.nodes) {
      if (placed.count(node.id) > 0) {
        continue;
      }
      for (const auto& key : keys_of(node)) {
        const auto found = owners.find(key);
        if (found != owners.end() && shared.count(key) == 0 && taken.insert(found->second).second) {
          pairs.push_back({.first = found->second, .second = node.id, .by = by});
          placed.insert(node.id);
          break;
        }
      }
    }
  };
  using Keys = std::vector<std::string>;
  pair_by("id", [](const Node& node) { return Keys{node.id}; });
  pair_by("identifier", [](const Node& node) {
    Keys keys;
    for (const auto& [scheme, value] : node.identifiers) {
      keys.push_back(scheme + "=" + value);
    }
    return keys;
  });
  pair_by("endpoint", [](const Node& node) { return node.endpoints; });
  pair_by("name", [](const Node& node) {
    Keys keys;
    for (const auto& text : {node.name.nl, node.name.en}) {
      if (!text.empty()) {
        keys.push_back(ascii_lower(text));
      }
    }
    return keys;
  });
  return pairs;
}

class Comparison {
public:
  Comparison(const DependencyModel& first, const DependencyModel& second)
      : first_(first), second_(second), parties_(same_parties(first, second))
  {
    result_.same = pairs_of(first, second);
    for (const auto& pair : result_.same) {
      to_second_.emplace(pair.first, pair.second);
      to_first_.emplace(pair.second, pair.first);
    }
  }

  ModelDifference run()
  {
    for (const auto& node : first_.nodes) {
      const auto pair = to_second_.find(node.id);
      if (pair == to_second_.end()) {
        add({.of = DifferenceOf::Node,
             .kind = DifferenceKind::OnlyFirst,
             .subject = node.id,
             .first = node.name.in(false),
             .first_evidence = node.evidence});
      } else {
        compare(node, *second_.node(pair->second));
      }
    }
    for (const auto& node : second_.nodes) {
      if (to_first_.count(node.id) == 0) {
        add({.of = DifferenceOf::Node,
             .kind = DifferenceKind::OnlySecond,
             .subject = node.id,
             .second = node.name.in(false),
             .second_evidence = node.evidence});
        for (const auto& need : node.needs) {
          only(DifferenceKind::OnlySecond, node.id, need, in_first(need.of));
        }
      }
    }
    compare_parties();
    return std::move(result_);
  }

private:
  void add(Difference difference) { result_.differences.push_back(std::move(difference)); }

  std::string party_in_first(const std::string& party) const
  {
    const auto found = parties_.find(party);
    return found == parties_.end() ? party : found->second;
  }

  std::vector<std::string> in_first(const std::vector<std::string>& nodes) const
  {
    std::vector<std::string> ids;
    for (const auto& node : nodes) {
      const auto found = to_first_.find(node);
      ids.push_back(found == to_first_.end() ? node : found->second);
    }
    return ids;
  }

  void only(DifferenceKind kind,
            const std::string& node,
            const Need& need,
            const std::vector<std::string>& of)
  {
    const bool first = kind == DifferenceKind::OnlyFirst;
    Difference one{.of = DifferenceOf::Need, .kind = kind, .subject = node};
    (first ? one.first : one.second) = joined(of);
    (first ? one.first_evidence : one.second_evidence) = need.evidence;
    add(std::move(one));
  }

  void compare(const Node& a, const Node& b)
  {
    differs(DifferenceOf::Operator,
            a.id,
            a.operated_by,
            party_in_first(b.operated_by),
            a.evidence,
            b.evidence);
    differs(DifferenceOf::Supplier,
            a.id,
            a.supplier,
            party_in_first(b.supplier),
            a.evidence,
            b.evidence);
    compare_hosting(a, b);
    compare_needs(a, b);
  }

  /// Where one of the two does not know there is nothing to differ.
  void differs(DifferenceOf of,
               const std::string& subject,
               const std::string& first,
               const std::string& second,
               const Evidence& first_evidence,
               const Evidence& second_evidence)
  {
    if (!first.empty() && !second.empty() && first != second) {
      add({.of = of,
           .kind = DifferenceKind::Differs,
           .subject = subject,
           .first = first,
           .second = second,
           .first_evidence = first_evidence,
           .second_evidence = second_evidence});
    }
  }

  void compare_hosting(const Node& a, const Node& b)
  {
    const auto laws = [](const Node& node) {
      std::set<std::string> codes;
      for (const auto& hosting : node.hosting) {
        codes.insert(hosting.jurisdiction);
      }
      return std::vector<std::string>(codes.begin(), codes.end());
    };
    if (!a.hosting.empty() && !b.hosting.empty()) {
      differs(DifferenceOf::Hosting,
              a.id,
              joined(laws(a)),
              joined(laws(b)),
              a.hosting.front().evidence,
              b.hosting.front().evidence);
    }
  }

  /// A need of one that belongs to a group of the other says the same: who measures sees the line
  /// in use, not that there are two.
  void compare_needs(const Node& a, const Node& b)
  {
    std::vector<bool> met(b.needs.size(), false);
    std::vector<std::vector<std::string>> theirs;
    for (const auto& need : b.needs) {
      theirs.push_back(in_first(need.of));
    }
    const auto overlap = [](const std::vector<std::string>& x, const std::vector<std::string>& y) {
      return std::any_of(x.begin(), x.end(), [&](const std::string& id) {
        return std::find(y.begin(), y.end(), id) != y.end();
      });
    };
    for (const auto& need : a.needs) {
      bool found = false;
      for (std::size_t i = 0; i < b.needs.size(); ++i) {
        if (overlap(need.of, theirs[i])) {
          found = true;
          met[i] = true;
        }
      }
      if (!found) {
        only(DifferenceKind::OnlyFirst, a.id, need, need.of);
      }
    }
    for (std::size_t i = 0; i < b.needs.size(); ++i) {
      if (!met[i]) {
        only(DifferenceKind::OnlySecond, a.id, b.needs[i], theirs[i]);
      }
    }
    compare_losses(a, b, theirs);
  }

  /// Only where each has one need of just those: of several, which is which cannot be told.
  void
  compare_losses(const Node& a, const Node& b, const std::vector<std::vector<std::string>>& theirs)
  {
    for (const auto& need : a.needs) {
      const auto mine = std::count_if(
          a.needs.begin(), a.needs.end(), [&](const Need& each) { return each.of == need.of; });
      const auto like = std::count(theirs.begin(), theirs.end(), need.of);
      if (mine != 1 || like != 1) {
        continue;
      }
      const auto& other = b.needs[static_cast<std::size_t>(
          std::find(theirs.begin(), theirs.end(), need.of) - theirs.begin())];
      if (other.loss != need.loss) {
        add({.of = DifferenceOf::Loss,
             .kind = DifferenceKind::Differs,
             .subject = a.id,
             .first = joined(need.of) + ": " + std::string(text_of(need.loss)),
             .second = joined(need.of) + ": " + std::string(text_of(other.loss)),
             .first_evidence = need.evidence,
             .second_evidence = other.evidence});
      }
    }
  }

  void compare_parties()
  {
    std::set<std::string> met;
    for (const auto& party : second_.parties) {
      const auto* ours = first_.party(party_in_first(party.id));
      if (ours == nullptr) {
        add({.of = DifferenceOf::Party,
             .kind = DifferenceKind::OnlySecond,
             .subject = party.id,
             .second = party.name.in(false),
             .second_evidence = party.evidence});
        continue;
      }
      met.insert(ours->id);
      differs(DifferenceOf::Jurisdiction,
              ours->id,
              ours->jurisdiction,
              party.jurisdiction,
              ours->evidence,
              party.evidence);
      compare_owners(*ours, party);
    }
    for (const auto& party : first_.parties) {
      if (met.count(party.id) == 0) {
        add({.of = DifferenceOf::Party,
             .kind = DifferenceKind::OnlyFirst,
             .subject = party.id,
             .first = party.name.in(false),
             .first_evidence = party.evidence});
      }
    }
  }

  void compare_owners(const Party& a, const Party& b)
  {
    if (a.ownership == Ownership::Unknown || b.ownership == Ownership::Unknown) {
      return;
    }
    const auto names = [&](const Party& party, bool ours) {
      std::set<std::string> owners;
      for (const auto& owner : party.owners) {
        owners.insert(ours ? owner.party : party_in_first(owner.party));
      }
      return owners;
    };
    const auto first = names(a, true);
    const auto second = names(b, false);
    for (const auto& owner : a.owners) {
      if (second.count(owner.party) == 0) {
        add({.of = DifferenceOf::Owner,
             .kind = DifferenceKind::OnlyFirst,
             .subject = a.id,
             .first = owner.party,
             .first_evidence = owner.evidence});
      }
    }
    for (const auto& owner : b.owners) {
      if (first.count(party_in_first(owner.party)) == 0) {
        add({.of = DifferenceOf::Owner,
             .kind = DifferenceKind::OnlySecond,
             .subject = a.id,
             .second = party_in_first(owner.party),
             .second_evidence = owner.evidence});
      }
    }
  }

  const DependencyModel& first_;
  const DependencyModel& second_;
  std::map<std::string, std::string> parties_;
  std::map<std::string, std::string> to_second_;
  std::map<std::string, std::string> to_first_;
  ModelDifference result_;
};

}  // namespace

std::map<std::string, std::string> same_parties(const DependencyModel& first,
                                                const DependencyModel& second)
{
  std::map<std::string, std::string> by_name;
  for (const auto& party : first.parties) {
    by_name.emplace(ascii_lower(party.name.in(false)), party.id);
  }
  std::map<std::string, std::string> same;
  for (const auto& party : second.parties) {
    if (first.party(party.id) != nullptr) {
      same.emplace(party.id, party.id);
    } else if (const auto found = by_name.find(ascii_lower(party.name.in(false)));
               found != by_name.end() && second.party(found->second) == nullptr) {
      same.emplace(party.id, found->second);
    }
  }
  return same;
}

ModelDifference difference_between(const DependencyModel& first, const DependencyModel& second)
{
  return Comparison(first, second).run();
}

}  // namespace zonder::graph
