// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/unseen_proxies.hh"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

#include "isolate/ways_out.hh"
#include "net/address.hh"
#include "net/special_use.hh"

namespace zonder::isolate {
namespace {

using Addresses = std::vector<net::Address>;

/// That a program in the room would go to without asking a name server.
Addresses known_addresses(const ProxyPlace& place, const HostsFile& hosts)
{
  if (place.address) {
    return {*place.address};
  }
  if (place.name == "localhost" || place.name.ends_with(".localhost")) {
    return {net::Address::v4(0x7f000001), net::Address::v6(0, 1)};
  }
  return hosts.addresses_of(place.name);
}

bool is_loopback(const net::Address& address)
{
  return net::special_use(address) == net::SpecialUse::Loopback;
}

/// By the search list a name may be the beginning of the one that was asked for.
bool was_called(const std::string& name, const model::Attempt& attempt)
{
  return std::any_of(attempt.names.begin(), attempt.names.end(), [&](const std::string& each) {
    return each == name || each.starts_with(name + ".");
  });
}

bool may_be_at(const ProxyPlace& place, const Addresses& known, const model::Attempt& attempt)
{
  if (attempt.port != place.port || !attempt.address) {
    return false;
  }
  const auto meant = net::meant_behind_nat64(*attempt.address).value_or(*attempt.address);
  if (std::find(known.begin(), known.end(), meant) != known.end()) {
    return true;
  }
  const bool nobody_knows = known.empty() && attempt.names.empty();
  return !place.name.empty() && (nobody_knows || was_called(place.name, attempt));
}

std::uint64_t connections(const model::RunRecord& record,
                          const std::function<bool(const model::Attempt&)>& goes_there)
{
  auto count = record.unlisted;  // nobody knows where those went
  for (const auto& attempt : record.attempts) {
    if (attempt.verdict == model::Verdict::Passed && attempt.protocol == "tcp" &&
        goes_there(attempt)) {
      count += attempt.count;
    }
  }
  return count;
}

/// By --allow-host, past the gateway.
std::uint64_t connections_to_this_machine(const model::RunRecord& record, std::uint16_t port)
{
  const auto& ways = record.left_the_room;
  const auto way = std::find_if(ways.begin(), ways.end(), [&](const model::LeftTheRoom& each) {
    return each.what == port_of_this_machine(port);
  });
  if (way == ways.end()) {
    return 0;
  }
  std::uint64_t count = 0;
  for (const auto& share : way->programs) {
    count += share.tries;
  }
  const bool all_seen = record.attribution == model::Attribution::Seen;
  return all_seen ? count : std::max(count, std::uint64_t{1});
}

model::ProxyUse unseen(std::string proxy, std::uint64_t count)
{
  model::ProxyUse use;
  use.proxy = std::move(proxy);
  use.kind = model::ProxyUse::Kind::Unseen;
  use.unseen = count;
  return use;
}

}  // namespace

std::vector<model::ProxyUse> unseen_proxies(const std::vector<ProxyPlace>& places,
                                            const std::vector<std::string>& not_read,
                                            const model::RunRecord& record,
                                            const HostsFile& hosts)
{
  std::vector<model::ProxyUse> all;
  if (!record.not_started.empty() || (record.later && !record.absent_from)) {
    return all;
  }
  for (const auto& place : places) {
    const auto known = known_addresses(place, hosts);
    auto count = connections(
        record, [&](const model::Attempt& attempt) { return may_be_at(place, known, attempt); });
    if (std::any_of(known.begin(), known.end(), is_loopback)) {
      count += connections_to_this_machine(record, place.port);
    }
    all.push_back(unseen(place.to_string(), count));
  }
  for (const auto& name : not_read) {
    all.push_back(unseen(name, connections(record, [](const model::Attempt&) { return true; })));
  }
  return all;
}

}  // namespace zonder::isolate
