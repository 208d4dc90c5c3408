// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/frozen.hh"

#include <algorithm>
#include <array>

#include "base/translate.hh"

namespace zonder::catalog {
namespace {

constexpr std::array<std::string_view, 9> freezing = {"identity",
                                                      "certificate-authority",
                                                      "certificates",
                                                      "software-updates",
                                                      "security-updates",
                                                      "device-management",
                                                      "app-store",
                                                      "registry",
                                                      "licensing"};

/// Adds what freezes of the whole party.
void add_party(Chosen& frozen, const Facts& facts, std::size_t number)
{
  const auto& party = facts.parties[number];
  bool has_services = false;
  for (std::size_t i = 0; i < party.services.size(); ++i) {
    if (freezes(party.services[i].category)) {
      frozen.services.insert({number, i});
      has_services = true;
    }
  }
  if (!has_services && std::any_of(party.categories.begin(),
                                   party.categories.end(),
                                   [](const std::string& each) { return freezes(each); })) {
    frozen.parties.insert(number);
  }
}

}  // namespace

bool freezes(std::string_view category)
{
  return std::find(freezing.begin(), freezing.end(), category) != freezing.end();
}

Result<Chosen> only_what_freezes(const Chosen& chosen, const Facts& facts)
{
  if (!chosen.asns.empty() || !chosen.prefixes.empty() || !chosen.names.empty() ||
      !chosen.registries.empty()) {
    return fail(Fault::Usage,
                say("--mode frozen takes parties and their services: of addresses and names nobody "
                    "can tell which hand out what expires"));
  }
  Chosen frozen;
  frozen.law_words = chosen.law_words;
  frozen.law_unknown = chosen.law_unknown;
  for (const auto party : chosen.parties) {
    add_party(frozen, facts, party);
  }
  for (const auto party : chosen.came_along) {
    if (frozen.parties.count(party) > 0) {
      frozen.came_along.insert(party);
    }
  }
  for (const auto& service : chosen.services) {
    if (freezes(facts.parties[service.first].services[service.second].category)) {
      frozen.services.insert(service);
    }
  }
  if (frozen.parties.empty() && frozen.services.empty()) {
    return fail(Fault::Usage,
                say("the catalogue knows nothing there that hands out log-ins, certificates, "
                    "updates or rights, so nothing can freeze"));
  }
  return frozen;
}

}  // namespace zonder::catalog
