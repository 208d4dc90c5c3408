// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/fact_counts.hh"

#include <algorithm>

namespace zonder::catalog {
namespace {

constexpr const char* kinds[] = {"operator", "owner", "as", "suffix", "prefix", "service"};

class Stating {
public:
  explicit Stating(std::vector<StatedFact>& all) : all_(all) {}

  void party(const Party& party)
  {
    party_ = &party;
    if (party.run_by) {
      add("operator",
          party.run_by->name +
              (party.run_by->jurisdiction.empty() ? "" : ", " + party.run_by->jurisdiction),
          party.run_by->basis);
    }
    owners(party.owners);
    for (const AsnFact& fact : party.asns) {
      add("as", fact.asn.to_string() + with_space(fact.space), fact.basis);
    }
    for (const DomainFact& fact : party.domains) {
      add("suffix", fact.suffix.text() + with_space(fact.space), fact.basis);
    }
    for (const PrefixFact& fact : party.prefixes) {
      add("prefix", fact.prefix.to_string() + with_space(fact.space), fact.basis);
    }
    for (const Service& service : party.services) {
      add("service", service.name.en, service.basis);
    }
  }

private:
  static std::string with_space(Space space) { return ", space " + std::string(to_string(space)); }

  void owners(const Owners& owners)
  {
    if (owners.state == Owners::State::None) {
      add("owner", "no parent", owners.basis);
    }
    for (const Owner& owner : owners.list) {
      add("owner",
          owner.party + (owner.from ? " from " + owner.from->to_string() : "") +
              (owner.until ? " until " + owner.until->to_string() : ""),
          owner.basis);
    }
  }

  void add(const char* kind, std::string statement, const Basis& basis)
  {
    all_.push_back({party_->id,
                    kind,
                    std::move(statement),
                    basis.confidence,
                    basis.source ? &party_->sources[*basis.source] : nullptr});
  }

  std::vector<StatedFact>& all_;
  const Party* party_ = nullptr;
};

std::size_t unknown_of(const Facts& facts, std::string_view kind)
{
  return static_cast<std::size_t>(
      std::count_if(facts.parties.begin(), facts.parties.end(), [kind](const Party& party) {
        return (kind == "operator" && !party.run_by) ||
               (kind == "owner" && party.owners.state == Owners::State::Unknown) ||
               (kind == "as" && !party.asns_known) || (kind == "suffix" && !party.domains_known);
      }));
}

}  // namespace

std::vector<StatedFact> stated_facts(const Facts& facts)
{
  std::vector<StatedFact> all;
  Stating stating(all);
  for (const Party& party : facts.parties) {
    stating.party(party);
  }
  return all;
}

std::vector<FactCount> count_facts(const Facts& facts)
{
  const auto all = stated_facts(facts);
  std::vector<FactCount> counts;
  for (const char* kind : kinds) {
    FactCount count;
    count.kind = kind;
    count.unknown = unknown_of(facts, kind);
    for (const StatedFact& fact : all) {
      if (fact.kind == kind) {
        ++(fact.source != nullptr ? count.sourced : count.unverified);
      }
    }
    counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace zonder::catalog
