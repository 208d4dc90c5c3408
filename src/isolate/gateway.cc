// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/gateway.hh"

#include <numeric>

#include "isolate/gateway_rules.hh"

namespace zonder::isolate {

std::uint64_t GatewayCounts::blocked() const
{
  return std::accumulate(by_party.begin(), by_party.end(), std::uint64_t{0}) + synthetic +
         private_dns + closed_proxy;
}

GatewayCounts GatewayCounts::since(const GatewayCounts& before) const
{
  GatewayCounts difference = *this;
  for (std::size_t i = 0; i < by_party.size() && i < before.by_party.size(); ++i) {
    difference.by_party[i] -= before.by_party[i];
  }
  difference.synthetic -= before.synthetic;
  difference.private_dns -= before.private_dns;
  difference.opened -= before.opened;
  difference.guarded -= before.guarded;
  difference.lost -= before.lost;
  difference.left -= before.left;
  difference.closed_proxy -= before.closed_proxy;
  difference.resolver_blocked -= before.resolver_blocked;
  difference.resolver_opened -= before.resolver_opened;
  return difference;
}

Result<Gateway> Gateway::close(kernel::NftSocket socket,
                               const RoomPlan& plan,
                               const model::Absence& absence,
                               model::Signature signature)
{
  ZONDER_TRY(socket.commit(closed_gateway(plan, absence.parties.size(), signature)));
  return Gateway(std::move(socket), plan, absence, signature);
}

Result<void> Gateway::load_sets()
{
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    ZONDER_TRY(
        socket_.load_ranges(rules::table, rules::dead_map(family), dead_ranges(*absence_, family)));
  }
  return {};
}

Result<void> Gateway::open(bool absent_now)
{
  return socket_.commit(open_gateway(plan_, absent_now, signature_));
}

Result<GatewayCounts> Gateway::begin()
{
  ZONDER_TRY(socket_.commit(forget_destinations()));
  return counts();
}

Result<void> Gateway::see_through_proxies(const std::vector<InternetPlace>& seen_through,
                                          const std::vector<InternetPlace>& closed)
{
  return socket_.commit(isolate::see_through_proxies(plan_, seen_through, closed));
}

Result<void> Gateway::cut()
{
  return socket_.commit(isolate::cut(plan_, signature_));
}

Result<GatewayCounts> Gateway::counts()
{
  const auto read = socket_.read_counters(rules::table);
  if (!read) {
    return fail(read.error());
  }
  const auto packets = [&](const std::string& name) {
    const auto found = read->find(name);
    return found == read->end() ? 0 : found->second.packets;
  };
  GatewayCounts counts;
  for (std::size_t i = 0; i < absence_->parties.size(); ++i) {
    counts.by_party.push_back(packets(rules::party_counter(i)));
  }
  counts.synthetic = packets(rules::synthetic);
  counts.private_dns = packets(rules::private_dns);
  counts.opened = packets(rules::opened);
  counts.guarded = packets(rules::guarded);
  counts.lost = packets(rules::lost);
  counts.left = packets(rules::left);
  counts.closed_proxy = packets(rules::closed_proxy);
  counts.resolver_blocked = packets(rules::resolver_blocked);
  counts.resolver_opened = packets(rules::resolver_opened);
  return counts;
}

namespace {

std::string set_of(model::Verdict verdict, net::Family family)
{
  switch (verdict) {
  case model::Verdict::Blocked:
    return rules::blocked_set(family);
  case model::Verdict::Denied:
    return rules::denied_set(family);
  case model::Verdict::Hindered:
    return rules::hindered_set(family);
  case model::Verdict::Passed:
    return rules::passed_set(family);
  }
  return {};
}

}  // namespace

Result<std::vector<kernel::NftDestination>> Gateway::destinations(model::Verdict verdict)
{
  std::vector<kernel::NftDestination> all;
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    auto some = socket_.read_destinations(rules::table, set_of(verdict, family), family);
    if (!some) {
      return fail(some.error());
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Result<std::vector<kernel::NftDestination>> Gateway::stopped_for_resolver()
{
  std::vector<kernel::NftDestination> all;
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    auto some = socket_.read_destinations(rules::table, rules::resolver_set(family), family);
    if (!some) {
      return fail(some.error());
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

}  // namespace zonder::isolate
