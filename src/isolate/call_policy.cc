// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/call_policy.hh"

#include <algorithm>
#include <array>

#include <netinet/in.h>

#include "isolate/name_ledger.hh"
#include "isolate/never_forwarded.hh"
#include "net/prefix_set.hh"

namespace zonder::isolate {
namespace {

constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t private_dns_port = 853;

net::PrefixSet set_of(std::initializer_list<const char*> texts)
{
  std::vector<net::Prefix> prefixes;
  for (const char* text : texts) {
    prefixes.push_back(*net::Prefix::parse(text));
  }
  return net::PrefixSet::of(prefixes);
}

/// "This host" is loopback too where one connects to it.
bool is_here(net::Address address)
{
  static const auto here = set_of({"127.0.0.0/8", "0.0.0.0/8"});
  const bool v6 = !address.is_v4() && address.high() == 0 && address.low() <= 1;
  return v6 || here.contains(address);
}

/// What the gateway never forwards, and groups, which it does not know the way to.
bool is_nowhere(net::Address address)
{
  static const auto never = net::PrefixSet::of(never_forwarded());
  static const auto groups = set_of({"224.0.0.0/4", "ff00::/8", "255.255.255.255/32"});
  return never.contains(address) || groups.contains(address);
}

/// The IPv4 address that a translator at 64:ff9b::/96 (RFC 6052) would go to.
std::optional<net::Address> behind_nat64(net::Address address)
{
  if (address.is_v4() || address.high() != 0x0064ff9b00000000ULL || address.low() >> 32U != 0) {
    return std::nullopt;
  }
  return net::Address::v4(static_cast<std::uint32_t>(address.low()));
}

}  // namespace

CallPolicy::CallPolicy(const model::Absence& absence,
                       std::vector<std::uint16_t> allowed,
                       PartyOfStandIn party_of_stand_in)
    : absence_(&absence), allowed_(std::move(allowed)),
      party_of_stand_in_(std::move(party_of_stand_in))
{
}

std::optional<std::size_t> CallPolicy::party_of(net::Address address) const
{
  if (const auto party = absence_->party_of(address)) {
    return party;
  }
  const auto behind = behind_nat64(address);
  return behind ? absence_->party_of(*behind) : std::nullopt;
}

Decision
CallPolicy::decide(const Destination& destination, const IsOwn& is_own, bool absent_now) const
{
  const auto& address = destination.address;
  const bool has_port = destination.protocol == IPPROTO_TCP || destination.protocol == IPPROTO_UDP;
  const bool asks_for_names = has_port && destination.port == dns_port;
  if (is_here(address)) {
    const bool allowed =
        destination.protocol == IPPROTO_TCP &&
        std::find(allowed_.begin(), allowed_.end(), destination.port) != allowed_.end();
    return {.fate = allowed || is_own(destination) ? Fate::Here
                    : asks_for_names               ? Fate::NameServer
                                                   : Fate::NotHere,
            .party = {}};
  }
  if (is_nowhere(address)) {
    return {.fate = Fate::Nowhere, .party = {}};
  }
  if (const auto party = party_of(address); party && absent_now) {
    return {.fate = Fate::Absent, .party = party};
  }
  if (synthetic_v4().contains(address) || synthetic_v6().contains(address)) {
    return {.fate = Fate::Absent, .party = party_of_stand_in_(address)};
  }
  if (asks_for_names) {
    return {.fate = Fate::NameServer, .party = {}};
  }
  const bool private_dns = has_port && destination.port == private_dns_port;
  return {.fate = private_dns ? Fate::PrivateDns : Fate::Pass, .party = {}};
}

}  // namespace zonder::isolate
