// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/mail_attribution.hh"

#include <algorithm>
#include <map>
#include <memory>

#include "catalog/public_suffix.hh"
#include "net/name_above.hh"
#include "wire/dns/message.hh"

namespace zonder::app {
namespace {

using mail::Role;
using mail::Whose;

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words)
{
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What the catalogue says of a service, in the words of mail.
Role role_of_category(const std::string& category)
{
  if (is_one_of(category, {"mail-filter", "mail-security"})) {
    return Role::Filter;
  }
  if (is_one_of(category, {"mail", "office-suite"})) {
    return Role::Mailboxes;
  }
  return category == "secure-mail" ? Role::Relay : Role::None;
}

/// Services of the catalogue's category "mail" that send or pass on, and keep nothing.
bool only_passes_on(const catalog::Answer& answer)
{
  return is_one_of(answer.party, {"mailchimp", "mailjet", "twilio"}) ||
         is_one_of(answer.service, {"ses", "email-security"});
}

std::string category_of(const catalog::Facts& facts, const catalog::Answer& answer)
{
  const auto party = facts.index_of(answer.party);
  if (party) {
    for (const auto& service : facts.parties[*party].services) {
      if (service.id == answer.service) {
        return service.category;
      }
    }
  }
  return {};
}

bool has_category(const catalog::Facts& facts,
                  const std::string& party,
                  std::initializer_list<std::string_view> categories)
{
  const auto index = facts.index_of(party);
  const auto& all = index ? facts.parties[*index].categories : std::vector<std::string>();
  return std::any_of(all.begin(), all.end(), [&](const std::string& category) {
    return is_one_of(category, categories);
  });
}

/// By name: a service of a kind that tells, or else what the party is for. By address: only space
/// that the party has for its own services tells what runs there.
Role role_of(const catalog::Facts& facts, const catalog::Answer& answer, bool by_name)
{
  const auto role = role_of_category(category_of(facts, answer));
  if (role != Role::None) {
    return role == Role::Mailboxes && only_passes_on(answer) ? Role::Relay : role;
  }
  const auto is_for = [&](std::initializer_list<std::string_view> categories) {
    return has_category(facts, answer.party, categories);
  };
  if (answer.space == catalog::Space::Customers || answer.space == catalog::Space::Shared) {
    // Whoever rents machines to others and keeps mail itself may do either at one address.
    return !by_name && is_for({"cloud"}) && !is_for({"hosting", "connectivity"}) ? Role::Room
                                                                                 : Role::None;
  }
  if (!by_name && answer.space != catalog::Space::Services) {
    return Role::None;
  }
  if (is_for({"mail-filter", "mail-security"})) {
    return Role::Filter;
  }
  if (is_for({"secure-mail", "marketing"}) || only_passes_on(answer)) {
    return Role::Relay;
  }
  if (is_for({"hosting", "registrar"})) {
    return Role::Hosting;
  }
  return is_for({"mail", "office-suite"}) ? Role::Mailboxes : Role::None;
}

class Asker {
public:
  Asker(const catalog::Catalog& catalog, catalog::Date day) : catalog_(catalog), day_(day) {}

  Whose of_name(const std::string& name)
  {
    const auto known = names_.find(name);
    if (known != names_.end()) {
      return known->second;
    }
    const auto asked = wire::dns::as_domain_name(name);
    return names_.emplace(name, asked ? whose(catalog_.who(*asked, day_), true) : Whose())
        .first->second;
  }
  Whose of_address(net::Address address) { return whose(catalog_.who(address, day_), false); }
  Whose of_origin(net::Asn asn)
  {
    const auto known = origins_.find(asn);
    if (known != origins_.end()) {
      return known->second;
    }
    const auto answer = catalog_.who(asn.to_string(), day_);
    return origins_.emplace(asn, answer ? whose(*answer, false) : Whose()).first->second;
  }

private:
  [[nodiscard]] Whose whose(const catalog::Answer& answer, bool by_name) const
  {
    return answer.party.empty()
               ? Whose()
               : Whose{answer.party, answer.party_name, role_of(catalog_.facts(), answer, by_name)};
  }
  const catalog::Catalog& catalog_;
  catalog::Date day_;
  std::map<std::string, Whose> names_;
  std::map<net::Asn, Whose> origins_;
};

/// One label below what a registry hands names out under; where the list knows no such registry,
/// its own default: below the last label.
std::string registered(const std::string& name)
{
  std::string_view below = name;
  std::string_view last_two = name;
  for (auto above = net::name_above(below); !above.empty(); above = net::name_above(above)) {
    if (catalog::public_suffix_kind(std::string(above)) == catalog::PublicSuffix::Registry) {
      return std::string(below);
    }
    last_two = below;
    below = above;
  }
  return std::string(last_two);
}

}  // namespace

mail::Attribution mail_attribution(const catalog::Catalog& catalog, catalog::Date day)
{
  // Three functions have it together; the last of them to go takes it along.
  auto asker = std::make_shared<Asker>(catalog, day);
  return {.of_name = [asker](const std::string& name) { return asker->of_name(name); },
          .of_address = [asker](net::Address address) { return asker->of_address(address); },
          .of_origin = [asker](net::Asn asn) { return asker->of_origin(asn); },
          .registered = registered};
}

}  // namespace zonder::app
