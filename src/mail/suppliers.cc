// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "mail/suppliers.hh"

#include <algorithm>

namespace zonder::mail {
namespace {

std::vector<Supplier> most_shared_first(std::vector<Supplier> suppliers, std::size_t least)
{
  std::erase_if(suppliers, [&](const Supplier& one) { return one.domains.size() < least; });
  std::stable_sort(suppliers.begin(), suppliers.end(), [](const auto& one, const auto& other) {
    return one.domains.size() > other.domains.size();
  });
  return suppliers;
}

}  // namespace

std::string_view to_text(Need need)
{
  switch (need) {
  case Need::MailServer:
    return "mail-server";
  case Need::MailSender:
    return "mail-sender";
  case Need::MailSigner:
    return "mail-signer";
  case Need::MailClient:
    return "mail-client";
  case Need::NameServer:
    return "name-server";
  case Need::Site:
    return "site";
  }
  return {};
}

void SupplierCount::add(const DomainRecords& records)
{
  for (const auto& mail_host : records.mail_hosts) {
    take(records, mail_host.host.name, Need::MailServer);
  }
  for (const auto& name : records.spf_reach.names) {
    take(records, name.name, Need::MailSender);
  }
  for (const auto& key : records.dkim) {
    for (const auto& alias : key.aliases) {
      take(records, alias, Need::MailSigner);
    }
  }
  for (const auto& pointer : records.mail_programs) {
    take(records, pointer.target, Need::MailClient);
  }
  for (const auto& server : records.name_servers) {
    take(records, server.name, Need::NameServer);
  }
  for (const auto& site : records.sites) {
    for (const auto& alias : site.aliases) {
      take(records, alias, Need::Site);
    }
  }
}

void SupplierCount::take(const DomainRecords& records, const std::string& name, Need need)
{
  if (name.empty() || name.find('%') != std::string::npos) {
    return;
  }
  const auto registered = attribution_.registered ? attribution_.registered(name) : name;
  // What lies in the domain itself is its own, not a supplier's.
  if (records.domain == registered || records.domain.ends_with("." + registered)) {
    return;
  }
  const std::pair key{registered, need};
  auto& supplier = suppliers_[key];
  if (supplier.registered.empty()) {
    supplier.registered = registered;
    supplier.need = need;
    const auto* service = known_service(name);
    const auto whose =
        service != nullptr
            ? Whose{std::string(service->party), std::string(service->name), service->role}
        : attribution_.of_name ? attribution_.of_name(name)
                               : Whose();
    supplier.party = whose.party;
    supplier.party_name = whose.name;
  }
  domains_[key].insert(records.domain);
}

std::vector<Supplier> SupplierCount::shared(std::size_t least) const
{
  std::vector<Supplier> all;
  for (const auto& [key, supplier] : suppliers_) {
    all.push_back(supplier);
    const auto& domains = domains_.at(key);
    all.back().domains.assign(domains.begin(), domains.end());
  }
  return most_shared_first(std::move(all), least);
}

std::vector<Supplier> SupplierCount::shared_parties(std::size_t least) const
{
  std::map<std::string, std::pair<Supplier, std::set<std::string>>> parties;
  for (const auto& [key, supplier] : suppliers_) {
    if (!supplier.party.empty()) {
      auto& [together, domains] = parties[supplier.party];
      together = supplier;
      const auto& more = domains_.at(key);
      domains.insert(more.begin(), more.end());
    }
  }
  std::vector<Supplier> all;
  for (auto& [party, entry] : parties) {
    all.push_back(std::move(entry.first));
    all.back().registered.clear();
    all.back().domains.assign(entry.second.begin(), entry.second.end());
  }
  return most_shared_first(std::move(all), least);
}

}  // namespace zonder::mail
