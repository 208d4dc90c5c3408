// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/catalog_world.hh"

#include <algorithm>
#include <set>

namespace zonder::test {

using namespace catalog;

namespace {

constexpr Basis sourced{0, Confidence::High};

Party party_of(const SmallParty& small)
{
  Party party;
  party.id = small.id;
  party.name = "Name of " + small.id;
  party.aliases = {small.id + "-alias"};
  party.categories = small.categories;
  party.run_by = Operator{small.id + " Inc.", small.jurisdiction, sourced};
  party.owners.state = small.owners.empty() ? Owners::State::None : Owners::State::Listed;
  party.owners.list = small.owners;
  party.owners.basis = sourced;
  party.asns = small.asns;
  party.domains = small.domains;
  party.prefixes = small.prefixes;
  for (const std::string& id : small.services) {
    party.services.push_back({id, {id, id}, id, sourced});
  }
  party.sources = {{"table", "A table", "https://table.example/", test_day, {"who has what"}}};
  return party;
}

}  // namespace

Owner owner(const std::string& party, const std::string& from, const std::string& until)
{
  return {party, Date::try_parse(from), Date::try_parse(until), sourced};
}

AsnFact
asn(std::uint32_t number, Space space, const std::string& service, const std::string& operated)
{
  return {net::Asn{number}, space, service, operated, sourced};
}

DomainFact domain(const std::string& suffix, const std::string& service, Space space)
{
  return {net::DomainName::parse(suffix).value(), space, service, "", sourced};
}

PrefixFact prefix(const std::string& text, const std::string& service)
{
  return {net::Prefix::parse(text).value(), Space::Services, service, "", sourced};
}

AsRange originated(const std::string& text, std::uint32_t number)
{
  const auto of = net::Prefix::parse(text).value();
  return {{of.first(), of.last()}, net::Asn{number}};
}

PublishedList published(const std::string& party, const std::vector<std::string>& prefixes)
{
  PublishedList list;
  list.name = "list-of-" + party;
  list.format = "plain";
  list.party = party;
  list.title = "The list of " + party;
  list.date = "2026-11-01";
  for (const std::string& text : prefixes) {
    list.prefixes.push_back({net::Prefix::parse(text).value(), Space::Unknown, ""});
  }
  return list;
}

SnapshotContent small_content(const std::vector<SmallParty>& parties,
                              std::vector<AsRange> origins,
                              std::vector<PublishedList> lists)
{
  SnapshotContent content;
  content.date = "2026-11-23";
  content.as_date = "2026-11-01";
  content.credits = {"Everybody."};
  std::set<std::string> codes{"NL", "NO", "US", "CN"};
  for (const SmallParty& small : parties) {
    content.facts.parties.push_back(party_of(small));
    codes.insert(small.jurisdiction);
  }
  std::sort(content.facts.parties.begin(),
            content.facts.parties.end(),
            [](const Party& a, const Party& b) { return a.id < b.id; });
  for (const std::string& code : codes) {
    content.facts.jurisdictions.push_back({code, {code, code}});
  }
  content.facts.groups.push_back({"eu", {"EU", "EU"}, {"NL"}, "", {}});
  std::sort(origins.begin(), origins.end(), [](const AsRange& a, const AsRange& b) {
    return a.range < b.range;
  });
  std::set<net::Asn> numbers;
  for (const AsRange& each : origins) {
    numbers.insert(each.asn);
  }
  for (const net::Asn& number : numbers) {
    content.as_names.push_back({number, "Network " + number.to_string()});
  }
  content.as_ranges = std::move(origins);
  content.lists = std::move(lists);
  return content;
}

Catalog small_catalog(const std::vector<SmallParty>& parties,
                      std::vector<AsRange> origins,
                      std::vector<PublishedList> lists)
{
  return Catalog::from_bytes(
             compile_snapshot(small_content(parties, std::move(origins), std::move(lists))))
      .value();
}

}  // namespace zonder::test
