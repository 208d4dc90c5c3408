// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/name_chain.hh"

#include <algorithm>
#include <deque>
#include <set>

#include "wire/dns/answer.hh"

namespace zonder::isolate {
namespace {

namespace dns = wire::dns;
using Reason = model::NameStep::Reason;

// Nobody has records of this type (RFC 6895: for private use), and so no answer of it in a cache:
// what comes back is where the resolver would ask.
constexpr std::uint16_t type_of_nothing = 65280;
constexpr std::size_t most_steps = 16;    // aliases and zones of one search
constexpr std::size_t most_servers = 32;  // of one zone

bool is_at_or_under(const std::string& name, const std::string& zone)
{
  return zone == "." || name == zone ||
         (name.size() > zone.size() && name.ends_with(zone) &&
          name[name.size() - zone.size() - 1] == '.');
}

}  // namespace

/// The search for one name.
struct NameChains::Search {
  std::string name;  // that failed
  std::vector<model::NameStep> steps;
  std::deque<std::string> to_do;  // names that each must turn out to be stuck
  std::set<std::string> seen;     // names that were in to_do
  // Of the zone that is looked at now.
  std::string at;
  std::string zone;
  std::map<std::string, std::vector<net::Address>> servers;
  std::deque<std::pair<std::string, std::uint16_t>> to_ask;  // addresses that were not sent along
  bool met_absent = false;
};

void NameChains::look(const std::string& name)
{
  const auto [known, is_new] = names_.try_emplace(name);
  if ((is_new && names_.size() > most_names)) {
    names_.erase(known);
    return;
  }
  if (!known->second.empty() || !running_names_.try_emplace(name, true).second) {
    return;
  }
  ++running_;
  auto search = std::make_shared<Search>();
  search->name = name;
  search->to_do.push_back(name);
  search->seen.insert(name);
  next_name(search);
}

void NameChains::when_idle(std::function<void()> then)
{
  if (running_ == 0) {
    then();
  } else {
    waiting_.push_back(std::move(then));
  }
}

std::vector<model::FailedName> NameChains::found() const
{
  std::vector<model::FailedName> all;
  for (const auto& [name, chain] : names_) {
    all.push_back({.name = name, .chain = chain});
  }
  return all;
}

void NameChains::next_name(const Pointer& search)
{
  if (search->to_do.empty()) {
    end(search, search->met_absent);
    return;
  }
  if (search->steps.size() >= most_steps) {
    end(search, false);
    return;
  }
  search->at = search->to_do.front();
  search->to_do.pop_front();
  search->servers.clear();
  search->to_ask.clear();
  ask_cache(search->at, type_of_nothing, [this, search](const auto& response) {
    if (response) {
      on_referral(search, *response);
    } else {
      end(search, false);
    }
  });
}

void NameChains::on_referral(const Pointer& search, const dns::Response& response)
{
  for (const auto& record : response.records) {
    if (record.type == dns::type::ns && is_at_or_under(search->at, record.owner) &&
        (search->servers.empty() || record.owner == search->zone)) {
      search->zone = record.owner;
      search->servers.try_emplace(record.target);
    }
  }
  if (search->servers.empty() || search->servers.size() > most_servers) {
    end(search, false);
    return;
  }
  for (const auto& record : response.records) {
    for (const auto& address : record.addresses) {
      add_address(*search, record.owner, address);
    }
  }
  for (const auto& [server, addresses] : search->servers) {
    if (addresses.empty()) {
      search->to_ask.emplace_back(server, dns::type::a);
      search->to_ask.emplace_back(server, dns::type::aaaa);
    }
  }
  next_server(search);
}

void NameChains::next_server(const Pointer& search)
{
  if (search->to_ask.empty()) {
    judge_zone(search);
    return;
  }
  const auto [server, type] = search->to_ask.front();
  search->to_ask.pop_front();
  ask_cache(server, type, [this, search, server = server](const auto& response) {
    if (response) {
      for (const auto& record : response->records) {
        // An alias is no name server (RFC 2181, 10.3).
        if (record.section == dns::Section::Answer || record.section == dns::Section::Additional) {
          for (const auto& address : record.addresses) {
            add_address(*search, record.owner, address);
          }
        }
      }
    }
    next_server(search);
  });
}

void NameChains::judge_zone(const Pointer& search)
{
  model::NameStep step{.name = search->at, .zone = search->zone};
  std::vector<std::string> without_address;
  for (const auto& [server, addresses] : search->servers) {
    if (addresses.empty()) {
      without_address.push_back(server);
      step.servers.push_back({.name = server, .address = {}, .party = {}});
    }
    for (const auto& address : addresses) {
      const auto party = absence_.party_of(address);
      if (!party) {
        ask_for_alias(search);
        return;
      }
      step.servers.push_back(
          {.name = server, .address = address, .party = absence_.parties[*party].id});
      search->met_absent = true;
    }
  }
  step.reason = without_address.empty() ? Reason::ServersAbsent : Reason::ServersNotResolved;
  search->steps.push_back(std::move(step));
  for (const auto& server : without_address) {
    if (search->seen.insert(server).second) {
      search->to_do.push_back(server);
    }
  }
  next_name(search);
}

/// The zone lives, so that this can be asked aloud.
void NameChains::ask_for_alias(const Pointer& search)
{
  auto query = dns::build_query(0, search->at, dns::type::cname);
  if (!query) {
    end(search, false);
    return;
  }
  ask(std::move(*query), search->at, dns::type::cname, [this, search](const auto& response) {
    if (response) {
      for (const auto& record : response->records) {
        if (record.section == dns::Section::Answer && record.type == dns::type::cname &&
            record.owner == search->at && search->seen.insert(record.target).second) {
          search->steps.push_back({.name = search->at,
                                   .zone = search->zone,
                                   .reason = Reason::Alias,
                                   .target = record.target,
                                   .servers = {}});
          search->to_do.push_front(record.target);
          next_name(search);
          return;
        }
      }
    }
    end(search, false);
  });
}

void NameChains::end(const Pointer& search, bool sure)
{
  if (sure) {
    names_[search->name] = search->steps;
  }
  running_names_.erase(search->name);
  if (--running_ == 0) {
    for (const auto& then : std::exchange(waiting_, {})) {
      then();
    }
  }
}

void NameChains::ask_cache(const std::string& name, std::uint16_t type, const Then& then)
{
  auto query = dns::build_cache_query(0, name, type);
  ask(query ? std::move(*query) : dns::Bytes(), name, type, then);
}

/// `then` gets a sound answer (with or without records), or nothing. Never before this returns,
/// but for a question that cannot be asked.
void NameChains::ask(dns::Bytes query,
                     const std::string& name,
                     std::uint16_t type,
                     const Then& then)
{
  const bool taken = !query.empty() &&
                     resolvers_.ask(std::move(query),
                                    {name, type, dns::class_in},
                                    {true},
                                    [then](const std::optional<Resolvers::Reply>& reply) {
                                      const bool sound = reply && reply->response.rcode == 0;
                                      then(sound ? std::optional(reply->response) : std::nullopt);
                                    });
  if (!taken) {
    then(std::nullopt);
  }
}

void NameChains::add_address(Search& search, const std::string& server, net::Address address) const
{
  const auto known = search.servers.find(server);
  const bool usable = address.is_v4() ? families_.v4 : families_.v6;
  if (known == search.servers.end() || !usable) {
    return;
  }
  auto& all = known->second;
  const auto place = std::lower_bound(all.begin(), all.end(), address);
  if (place == all.end() || *place != address) {
    all.insert(place, address);
  }
}

}  // namespace zonder::isolate
