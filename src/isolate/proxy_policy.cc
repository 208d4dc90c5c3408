// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_policy.hh"

#include <algorithm>
#include <utility>

#include "isolate/name_ledger.hh"
#include "isolate/never_forwarded.hh"
#include "net/domain_name.hh"

namespace zonder::isolate {
namespace {

net::PrefixSet prefixes_off_limits(const std::vector<net::Address>& own,
                                   const std::vector<net::Prefix>& closed)
{
  auto all = never_forwarded();
  all.insert(all.end(), closed.begin(), closed.end());
  all.push_back(*net::Prefix::parse("0.0.0.0/8"));
  all.push_back(synthetic_v4());
  all.push_back(synthetic_v6());
  for (const auto& address : own) {
    all.push_back(net::Prefix::containing(address, net::width(address.family())));
  }
  return net::PrefixSet::of(all);
}

bool means_this_machine(const std::string& name)
{
  return name == "localhost" || name.ends_with(".localhost") || name == "localhost.localdomain";
}

}  // namespace

ProxyPolicy::ProxyPolicy(const model::Absence& absence,
                         const std::vector<net::Address>& own,
                         const std::vector<net::Prefix>& closed)
    : absence_(&absence), off_limits_(prefixes_off_limits(own, closed))
{
}

std::optional<std::size_t> ProxyPolicy::party_of(net::Address address) const
{
  return absence_->party_of(net::meant_behind_nat64(address).value_or(address));
}

bool ProxyPolicy::off_limits(net::Address address) const
{
  return off_limits_.contains(address) ||
         off_limits_.contains(net::meant_behind_nat64(address).value_or(address));
}

std::optional<ProxyJudgement> ProxyPolicy::at_once(const std::string& name,
                                                   const std::optional<net::Address>& address) const
{
  if (address) {
    return ProxyJudgement{.party = party_of(*address), .off_limits = off_limits(*address)};
  }
  if (means_this_machine(name)) {
    return ProxyJudgement{.party = {}, .off_limits = true};
  }
  const auto known = net::DomainName::parse(name);
  const auto party = known ? absence_->party_of(*known) : std::nullopt;
  return party ? std::optional(ProxyJudgement{.party = party}) : std::nullopt;
}

ProxyJudgement ProxyPolicy::after(std::optional<std::size_t> party,
                                  const std::vector<net::Address>& addresses) const
{
  ProxyJudgement judgement;
  judgement.party = party;
  judgement.off_limits = std::any_of(
      addresses.begin(), addresses.end(), [this](const auto& each) { return off_limits(each); });
  if (party) {
    return judgement;
  }
  if (addresses.empty()) {
    judgement.footing = ProxyFooting::NameOnly;
    return judgement;
  }
  for (const auto& address : addresses) {
    if (party_of(address)) {
      judgement.footing = ProxyFooting::Mixed;
    } else if (!judgement.living) {
      judgement.living = address;
    } else if (address != *judgement.living) {
      judgement.others.push_back(address);
      if (address.is_v4() && !judgement.living->is_v4()) {
        std::swap(*judgement.living, judgement.others.back());  // a proxy has IPv4 for certain
      }
    }
  }
  if (!judgement.living) {
    judgement.footing = ProxyFooting::Known;
    judgement.party = party_of(addresses.front());
  }
  return judgement;
}

}  // namespace zonder::isolate
