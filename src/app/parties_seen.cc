// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/parties_seen.hh"

#include <vector>

#include "net/address.hh"
#include "net/domain_name.hh"

namespace zonder::app {
namespace {

using model::Kind;
using model::Relation;

/// "192.0.2.1:443/tcp", "[2001:db8::1]:443/tcp", or the address alone.
std::string address_in(const std::string& endpoint)
{
  if (endpoint.starts_with('[')) {
    return endpoint.substr(1, endpoint.find(']') - 1);
  }
  const auto colon = endpoint.find(':');
  const bool alone = endpoint.find('/') == std::string::npos;
  return alone ? endpoint : endpoint.substr(0, colon);
}

std::string
party_of_name(const catalog::Catalog& catalog, catalog::Date day, const std::string& name)
{
  const auto read = net::DomainName::parse(name);
  return read ? catalog.who(*read, day).party : std::string();
}

std::string
party_of_address(const catalog::Catalog& catalog, catalog::Date day, const std::string& text)
{
  const auto address = net::Address::try_parse(text);
  return address ? catalog.who(*address, day).party : std::string();
}

}  // namespace

void PartiesSeen::take(const model::Observation& seen)
{
  if (seen.subject_kind == Kind::Device) {
    devices_.insert(seen.subject);
  }
  if (seen.subject_kind == Kind::Application) {
    applications_.insert(seen.subject);
  }
  if (seen.relation == Relation::Has && seen.object_kind == Kind::Application) {
    applications_.insert(seen.object);
  }
  switch (seen.relation) {
  case Relation::SignedIn:
    if (seen.object_kind == Kind::Name) {
      names_[seen.object].count[seen.via] += seen.count;
    }
    break;
  case Relation::Asked:
  case Relation::Named:
    names_[seen.object].count[seen.via] += seen.count;
    break;
  case Relation::Reached:
    endpoints_[seen.object] += seen.count;
    break;
  case Relation::Alias:
    aliases_[seen.subject].insert(seen.object);
    break;
  case Relation::LeadsTo:
    addresses_[seen.subject].insert(seen.object);
    break;
  default:
    break;
  }
}

std::set<std::string> PartiesSeen::parties_of_name(const catalog::Catalog& catalog,
                                                   catalog::Date day,
                                                   const std::string& name) const
{
  // Along the aliases, each name once, and then to the addresses: a name of one party that another
  // delivers needs both.
  std::set<std::string> seen = {name};
  std::vector<std::string> waiting = {name};
  std::set<std::string> parties;
  const auto add = [&parties](std::string party) {
    if (!party.empty()) {
      parties.insert(std::move(party));
    }
  };
  while (!waiting.empty()) {
    const auto each = std::move(waiting.back());
    waiting.pop_back();
    add(party_of_name(catalog, day, each));
    if (const auto found = aliases_.find(each); found != aliases_.end()) {
      for (const auto& alias : found->second) {
        if (seen.insert(alias).second) {
          waiting.push_back(alias);
        }
      }
    }
    if (const auto found = addresses_.find(each); found != addresses_.end()) {
      for (const auto& address : found->second) {
        add(party_of_address(catalog, day, address));
      }
    }
  }
  return parties;
}

void PartiesSeen::attribute(const catalog::Catalog* catalog, catalog::Date day)
{
  parties_.clear();
  unknown_names_ = 0;
  if (catalog == nullptr) {
    unknown_names_ = names_.size();
    return;
  }
  for (const auto& [name, seen] : names_) {
    std::uint64_t count = 0;
    for (const auto& [via, times] : seen.count) {
      count += times;
    }
    const auto parties = parties_of_name(*catalog, day, name);
    unknown_names_ += parties.empty() ? 1U : 0U;
    for (const auto& party : parties) {
      parties_[party] += count;
    }
  }
  for (const auto& [endpoint, count] : endpoints_) {
    if (const auto party = party_of_address(*catalog, day, address_in(endpoint)); !party.empty()) {
      parties_[party] += count;
    }
  }
}

}  // namespace zonder::app
