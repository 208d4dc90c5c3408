// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// The address space is cut at every border of a claim. Between two borders the claims are the same:
// a pile of prefixes, each inside the one below it, and at most one AS that originates the piece.
// decide() looks at that pile once for each piece.
//
// The rule that needs a reason: a vendor's published list tells which addresses it *uses*. A tenant
// uses its landlord's, so the list of a tenant lies in its landlord's space (nearly all of GitHub's
// list is Azure; Apple's private relay is Cloudflare's, Akamai's and Fastly's). Hence, inside the
// space of a catalogued AS of Q, a list of P counts only when P is Q, or when P is owned by Q and
// itself lets space to customers (Linode inside Akamai): then P is no tenant there.
#include "catalog/attribution.hh"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "catalog/ownership.hh"
#include "net/name_above.hh"

namespace zonder::catalog {
namespace {

struct Claim {
  net::Prefix prefix;
  Attribution what;
};

std::uint32_t index_plus_one(const std::optional<std::size_t>& index)
{
  return index ? static_cast<std::uint32_t>(*index + 1) : 0;
}

std::uint32_t service_number(const Party& party, const std::string& id)
{
  for (std::size_t i = 0; i < party.services.size(); ++i) {
    if (party.services[i].id == id) {
      return static_cast<std::uint32_t>(i + 1);
    }
  }
  return 0;
}

/// The attribution of one of a party's own facts.
template <typename Fact>
Attribution of_fact(const Facts& facts, std::size_t party, const Fact& fact, Standing standing)
{
  Attribution what;
  what.party = static_cast<std::uint32_t>(party);
  what.service = service_number(facts.parties[party], fact.service);
  what.operated = fact.operated.empty() ? 0 : index_plus_one(facts.index_of(fact.operated));
  what.source = index_plus_one(fact.basis.source);
  what.space = fact.space;
  what.standing = standing;
  what.confidence = fact.basis.confidence;
  return what;
}

Attribution of_list(const Facts& facts,
                    std::size_t list,
                    std::size_t party,
                    const PublishedList& content,
                    Space space,
                    const std::string& service)
{
  Attribution what;
  what.party = static_cast<std::uint32_t>(party);
  what.service = service_number(facts.parties[party], service);
  what.source = static_cast<std::uint32_t>(list);
  what.space = space;
  what.standing = content.standing;
  what.confidence = content.standing == Standing::Weak ? Confidence::Low : Confidence::High;
  return what;
}

class Attributor {
public:
  explicit Attributor(const SnapshotContent& content);
  Attributed run();

private:
  using Pile = std::vector<const Claim*>;

  void gather_claims();
  void gather_origins();
  std::vector<net::Address> borders(net::Family family) const;
  void sweep(net::Family family);
  [[nodiscard]] std::optional<std::pair<Attribution, std::uint8_t>>
  decide(const Pile& pile, const Attribution* origin) const;
  [[nodiscard]] const Claim* published_winner(const Pile& pile, const Attribution* origin) const;
  void add(net::Range range, const Attribution& what, std::uint8_t length);
  std::uint32_t number_of(const Attribution& what);

  void add_names();

  const SnapshotContent& content_;
  std::vector<bool> lets_space_;
  std::vector<std::vector<bool>> owned_by_;  // [party][owner]: somewhere above, on content.date
  std::vector<Claim> claims_;                // by address, the wider first
  struct Origin {
    net::Range range;
    Attribution what;
  };
  std::vector<Origin> origins_;  // catalogued only; sorted, disjoint
  std::map<Attribution, std::uint32_t> numbers_;
  Attributed result_;
};

Attributor::Attributor(const SnapshotContent& content) : content_(content)
{
  const auto& parties = content.facts.parties;
  const Date day = Date::try_parse(content.date).value_or(Date{9999, 12, 31});
  lets_space_.resize(parties.size());
  owned_by_.assign(parties.size(), std::vector<bool>(parties.size()));
  for (std::size_t i = 0; i < parties.size(); ++i) {
    lets_space_[i] =
        std::any_of(parties[i].asns.begin(), parties[i].asns.end(), [](const AsnFact& fact) {
          return fact.space == Space::Customers || fact.space == Space::Shared;
        });
    for (const std::size_t below : owned_by(content.facts, i, day)) {
      owned_by_[below][i] = true;
    }
  }
}

void Attributor::gather_claims()
{
  const Facts& facts = content_.facts;
  for (std::size_t i = 0; i < facts.parties.size(); ++i) {
    for (const PrefixFact& fact : facts.parties[i].prefixes) {
      claims_.push_back({fact.prefix, of_fact(facts, i, fact, Standing::OwnFact)});
    }
  }
  for (std::size_t i = 0; i < content_.lists.size(); ++i) {
    const PublishedList& list = content_.lists[i];
    const auto party = facts.index_of(list.party);
    if (!party) {
      continue;
    }
    for (const PublishedPrefix& each : list.prefixes) {
      claims_.push_back({each.prefix, of_list(facts, i, *party, list, each.space, each.service)});
    }
  }
  // Among claims to the same prefix the last is on top of the pile: one that knows the service.
  std::sort(claims_.begin(), claims_.end(), [](const Claim& a, const Claim& b) {
    return std::make_tuple(a.prefix.first(), a.prefix.length(), a.what.service != 0, a.what) <
           std::make_tuple(b.prefix.first(), b.prefix.length(), b.what.service != 0, b.what);
  });
}

void Attributor::gather_origins()
{
  std::unordered_map<std::uint32_t, Attribution> catalogued;
  const Facts& facts = content_.facts;
  for (std::size_t i = 0; i < facts.parties.size(); ++i) {
    for (const AsnFact& fact : facts.parties[i].asns) {
      catalogued.emplace(fact.asn.number, of_fact(facts, i, fact, Standing::Origin));
    }
  }
  for (const AsRange& each : content_.as_ranges) {
    const auto found = catalogued.find(each.asn.number);
    if (found != catalogued.end()) {
      origins_.push_back({each.range, found->second});
    }
  }
}

std::vector<net::Address> Attributor::borders(net::Family family) const
{
  std::vector<net::Address> all;
  const auto add_range = [&all, family](net::Address first, net::Address last) {
    if (first.family() != family) {
      return;
    }
    all.push_back(first);
    if (const auto behind = last.next()) {
      all.push_back(*behind);
    }
  };
  for (const Claim& claim : claims_) {
    add_range(claim.prefix.first(), claim.prefix.last());
  }
  for (const Origin& origin : origins_) {
    add_range(origin.range.first, origin.range.last);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void Attributor::sweep(net::Family family)
{
  const auto cuts = borders(family);
  const auto widest = net::Prefix::containing(
      family == net::Family::V4 ? net::Address::v4(0) : net::Address::v6(0, 0), 0);
  auto claim = std::find_if(claims_.begin(), claims_.end(), [family](const Claim& each) {
    return each.prefix.family() == family;
  });
  auto origin = std::find_if(origins_.begin(), origins_.end(), [family](const Origin& each) {
    return each.range.first.family() == family;
  });
  Pile pile;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const net::Address first = cuts[i];
    const net::Address last = i + 1 < cuts.size() ? *cuts[i + 1].previous() : widest.last();
    while (!pile.empty() && pile.back()->prefix.last() < first) {
      pile.pop_back();
    }
    for (; claim != claims_.end() && claim->prefix.first() == first; ++claim) {
      pile.push_back(&*claim);
    }
    while (origin != origins_.end() && origin->range.first.family() == family &&
           origin->range.last < first) {
      ++origin;
    }
    const bool has_origin = origin != origins_.end() && origin->range.first.family() == family &&
                            origin->range.first <= first;
    if (const auto winner = decide(pile, has_origin ? &origin->what : nullptr)) {
      add({first, last}, winner->first, winner->second);
    }
  }
}

/// The most specific published claim that counts here.
const Claim* Attributor::published_winner(const Pile& pile, const Attribution* origin) const
{
  const Claim* tenant = nullptr;
  for (auto each = pile.rbegin(); each != pile.rend(); ++each) {
    const Attribution& what = (*each)->what;
    const bool lets = lets_space_[what.party];
    if (origin != nullptr) {
      if (what.party == origin->party || (owned_by_[what.party][origin->party] && lets)) {
        return *each;
      }
    } else if (lets) {
      return *each;
    } else if (tenant == nullptr) {
      tenant = *each;  // unless somebody who lets space claims it too, further down the pile
    }
  }
  return tenant;
}

std::optional<std::pair<Attribution, std::uint8_t>>
Attributor::decide(const Pile& pile, const Attribution* origin) const
{
  const auto own = std::find_if(pile.rbegin(), pile.rend(), [](const Claim* claim) {
    return claim->what.standing == Standing::OwnFact;
  });
  const Claim* winner = own != pile.rend() ? *own : published_winner(pile, origin);
  if (winner == nullptr) {
    return origin == nullptr ? std::nullopt : std::optional(std::pair(*origin, std::uint8_t{0}));
  }
  Attribution what = winner->what;
  // What the deciding claim leaves open, wider claims of the same party may know, and its AS.
  for (auto each = pile.rbegin(); each != pile.rend(); ++each) {
    const Attribution& other = (*each)->what;
    if (other.party == what.party && (*each)->prefix.contains(winner->prefix)) {
      what.service = what.service != 0 ? what.service : other.service;
      what.space = what.space != Space::Unknown ? what.space : other.space;
    }
  }
  if (origin != nullptr && origin->party == what.party) {
    what.service = what.service != 0 ? what.service : origin->service;
    what.space = what.space != Space::Unknown ? what.space : origin->space;
    what.operated = what.operated != 0 ? what.operated : origin->operated;
  }
  return std::pair(what, static_cast<std::uint8_t>(winner->prefix.length()));
}

std::uint32_t Attributor::number_of(const Attribution& what)
{
  const auto [place, is_new] =
      numbers_.emplace(what, static_cast<std::uint32_t>(result_.kinds.size()));
  if (is_new) {
    result_.kinds.push_back(what);
  }
  return place->second;
}

void Attributor::add(net::Range range, const Attribution& what, std::uint8_t length)
{
  const std::uint32_t number = number_of(what);
  if (!result_.ranges.empty()) {
    AttributedRange& last = result_.ranges.back();
    const auto behind = last.range.last.next();
    if (last.attribution == number && last.length == length && behind && *behind == range.first) {
      last.range.last = range.last;
      return;
    }
  }
  result_.ranges.push_back({range, number, length});
}

/// Names: our own facts first. What a vendor publishes are names that its clients need, also those
/// of certificate authorities and networks of others: they only add which service a name is for,
/// inside what is the party's by our facts. What others collect counts where nothing better covers
/// it.
void Attributor::add_names()
{
  std::map<std::string, std::uint32_t> names;
  const Facts& facts = content_.facts;
  for (std::size_t i = 0; i < facts.parties.size(); ++i) {
    for (const DomainFact& fact : facts.parties[i].domains) {
      names.emplace(fact.suffix.text(), number_of(of_fact(facts, i, fact, Standing::OwnFact)));
    }
  }
  const auto covering = [&names](std::string_view name) -> std::optional<std::uint32_t> {
    for (; !name.empty(); name = net::name_above(name)) {
      const auto found = names.find(std::string(name));
      if (found != names.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  };
  std::map<std::string, std::uint32_t> from_lists;
  for (std::size_t i = 0; i < content_.lists.size(); ++i) {
    const PublishedList& list = content_.lists[i];
    const auto party = facts.index_of(list.party);
    for (const PublishedName& each : list.names) {
      const auto known = covering(each.suffix.text());
      const bool own_part = known && party && result_.kinds[*known].party == *party;
      const bool wanted = list.standing == Standing::Weak ? !known
                                                          : own_part && !each.service.empty() &&
                                                                result_.kinds[*known].service == 0;
      if (!party || !wanted) {
        continue;
      }
      Attribution what = of_list(facts, i, *party, list, each.space, each.service);
      if (known) {
        what.space = what.space != Space::Unknown ? what.space : result_.kinds[*known].space;
        what.operated = result_.kinds[*known].operated;
      }
      from_lists.emplace(each.suffix.text(), number_of(what));
    }
  }
  names.merge(from_lists);
  for (const auto& [text, number] : names) {
    result_.names.push_back({*net::DomainName::parse(text), number});
  }
}

Attributed Attributor::run()
{
  gather_claims();
  gather_origins();
  sweep(net::Family::V4);
  sweep(net::Family::V6);
  add_names();
  return std::move(result_);
}

}  // namespace

Attribution attribution_of(const Facts& facts, std::size_t party, const AsnFact& fact)
{
  return of_fact(facts, party, fact, Standing::OwnFact);
}

Attributed attribute(const SnapshotContent& content)
{
  return Attributor(content).run();
}

}  // namespace zonder::catalog
