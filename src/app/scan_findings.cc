// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/scan_findings.hh"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "wire/dns/message.hh"

namespace zonder::app {
namespace {

using nlohmann::ordered_json;

class Finder {
public:
  Finder(const catalog::Catalog& catalog, catalog::Date day) : catalog_(catalog), day_(day) {}

  void name(const std::string& relation, const std::string& name)
  {
    host(relation, {.name = name, .aliases = {}, .addresses = {}});
  }

  void host(const std::string& relation, const mail::Host& host)
  {
    std::string told;
    for (const auto& name : names_of(host)) {
      const auto domain = wire::dns::as_domain_name(name);
      if (domain && told.empty()) {
        told = add(relation, name, catalog_.who(*domain, day_), "name");
      }
    }
    for (const auto& address : host.addresses) {
      const auto answer = catalog_.who(address, day_);
      if (!answer.party.empty() && answer.party != told) {
        add(relation, host.name + " at " + address.to_string(), answer, "address");
        told = told.empty() ? answer.party : told;
      }
    }
    if (told.empty()) {
      add(relation, host.name, {}, "name");
    }
  }

  /// An organisation by the name that stands in a certificate: "Let's Encrypt".
  void organisation(const std::string& relation, const std::string& name)
  {
    catalog::Answer answer;
    const auto& parties = catalog_.facts().parties;
    const auto wanted = ascii_lower(name);
    for (std::size_t i = 0; i < parties.size(); ++i) {
      const auto& party = parties[i];
      const bool same = ascii_lower(party.name) == wanted ||
                        (party.run_by && ascii_lower(party.run_by->name) == wanted);
      if (same && answer.party.empty()) {
        answer.input = name;
        answer.party = party.id;
        answer.party_name = party.name;
        answer.control = catalog_.control_of(i, "", day_);
      }
    }
    add(relation, name, answer, "name");
  }

  std::vector<ScanFinding> found() { return std::move(findings_); }

private:
  static std::vector<std::string> names_of(const mail::Host& host)
  {
    std::vector<std::string> names{host.name};
    names.insert(names.end(), host.aliases.begin(), host.aliases.end());
    return names;
  }

  /// The party; empty where the catalogue knows none.
  std::string add(const std::string& relation,
                  const std::string& object,
                  const catalog::Answer& answer,
                  const std::string& by)
  {
    if (answer.party.empty() && by == "name" && !object.empty() && !answer.input.empty()) {
      return {};
    }
    const auto& owners = answer.control.owners;
    ScanFinding finding{.relation = relation,
                        .object = object,
                        .party = answer.party,
                        .party_name = answer.party_name,
                        .operator_jurisdiction = answer.control.operator_jurisdiction,
                        .owner = owners.empty() ? std::string() : owners.back().name,
                        .jurisdiction = answer.control.jurisdiction,
                        .by = by};
    const bool known = std::any_of(findings_.begin(), findings_.end(), [&](const auto& one) {
      return one.relation == finding.relation && one.object == finding.object &&
             one.party == finding.party;
    });
    if (!known) {
      findings_.push_back(std::move(finding));
    }
    return answer.party;
  }

  const catalog::Catalog& catalog_;
  catalog::Date day_;
  std::vector<ScanFinding> findings_;
};

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json keepers_json(const std::vector<mail::Keeper>& keepers)
{
  auto all = ordered_json::array();
  for (const auto& keeper : keepers) {
    all.push_back({{"party", keeper.party},
                   {"name", keeper.party_name},
                   {"strength", mail::to_text(keeper.strength)}});
  }
  return all;
}

ordered_json verdict_json(const mail::Verdict& verdict)
{
  ordered_json json{{"told", mail::to_text(verdict.told)},
                    {"keepers", keepers_json(verdict.keepers)},
                    {"hints", keepers_json(verdict.hints)}};
  json["arrives_at"] = verdict.arrives_at;
  auto& fronts = json["fronts"] = ordered_json::array();
  for (const auto& front : verdict.fronts) {
    fronts.push_back({{"party", or_null(front.party)},
                      {"name", front.name},
                      {"role", mail::to_text(front.role)}});
  }
  return json;
}

std::string dumped(const ordered_json& json)
{
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string listed(const std::vector<std::string>& words)
{
  std::string all;
  for (const auto& word : words) {
    all += (all.empty() ? "" : ", ") + word;
  }
  return all;
}

std::vector<std::string> names_of(const std::vector<mail::Keeper>& keepers)
{
  std::vector<std::string> names;
  for (const auto& keeper : keepers) {
    names.push_back(keeper.party_name);
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<mail::Front>& fronts)
{
  std::vector<std::string> names;
  for (const auto& front : fronts) {
    names.push_back(front.name);
  }
  return names;
}

std::string relation_in_words(const std::string& relation)
{
  for (const auto& [word, shown] : {std::pair{"mail-server", tr("mail comes in at")},
                                    std::pair{"mail-sender", tr("may send its mail")},
                                    std::pair{"mail-signer", tr("signs its mail")},
                                    std::pair{"mail-client", tr("mail programs go to")},
                                    std::pair{"service", tr("another service")},
                                    std::pair{"name-server", tr("name server")},
                                    std::pair{"site", tr("site")},
                                    std::pair{"certified-by", tr("certificates by")},
                                    std::pair{"redirects-to", tr("start page leads to")},
                                    std::pair{"loads-from", tr("start page loads from")},
                                    std::pair{"logs-in-at", tr("log-in at")}}) {
    if (relation == word) {
      return shown;
    }
  }
  return relation;
}

std::string strength_in_words(mail::Strength strength)
{
  switch (strength) {
  case mail::Strength::Weak:
    return tr("weak");
  case mail::Strength::Strong:
    return tr("strong");
  case mail::Strength::Certain:
    return tr("certain");
  }
  return {};
}

std::vector<std::string> first_few(std::vector<std::string> names)
{
  constexpr std::size_t few = 3;
  if (names.size() > few) {
    names.resize(few);
    names.emplace_back("...");
  }
  return names;
}

}  // namespace

std::vector<ScanFinding> scan_findings(const mail::DomainRecords& records,
                                       const catalog::Catalog& catalog,
                                       catalog::Date day)
{
  Finder finder(catalog, day);
  for (const auto& mail_host : records.mail_hosts) {
    finder.host("mail-server", mail_host.host);
  }
  for (const auto& key : records.dkim) {
    if (!key.aliases.empty()) {
      finder.name("mail-signer", key.aliases.back());
    }
  }
  for (const auto& pointer : records.mail_programs) {
    finder.name("mail-client", pointer.target);
  }
  for (const auto& name : records.spf_reach.names) {
    if (name.name.find('%') == std::string::npos) {
      finder.name("mail-sender", name.name);
    }
  }
  for (const auto& server : records.name_servers) {
    finder.host("name-server", server);
  }
  for (const auto& pointer : records.services) {
    finder.name("service", pointer.target);
  }
  for (const auto& site : records.sites) {
    finder.host("site", site);
  }
  for (const auto& authority : records.authorities) {
    finder.name("certified-by", authority);
  }
  if (records.page) {
    if (!records.page->certified_by.empty()) {
      finder.organisation("certified-by", records.page->certified_by);
    }
    for (const auto& host : records.page->redirects) {
      finder.name("redirects-to", host);
    }
    for (const auto& host : records.page->loads) {
      finder.name("loads-from", host);
    }
    for (const auto& host : records.page->log_ins) {
      finder.name("logs-in-at", host);
    }
  }
  return finder.found();
}

std::string scanned_json(const ScannedDomain& scanned)
{
  const auto& records = scanned.records;
  ordered_json json{{"domain", records.domain}, {"exists", records.exists}};
  json["mail"] = verdict_json(scanned.verdict);
  auto& signs = json["signs"] = ordered_json::array();
  for (const auto& sign : scanned.signs) {
    signs.push_back({{"party", sign.party},
                     {"what", mail::to_text(sign.what)},
                     {"strength", mail::to_text(sign.strength)},
                     {"role", mail::to_text(sign.role)},
                     {"evidence", sign.evidence}});
  }
  auto& troubles = json["spf"] = {{"lookups", records.spf_reach.lookups},
                                  {"voids", records.spf_reach.voids},
                                  {"policy", or_null(records.spf_reach.policy)},
                                  {"troubles", ordered_json::array()}};
  for (const auto trouble : records.spf_reach.troubles) {
    troubles["troubles"].push_back(mail::to_text(trouble));
  }
  json["dnssec"] = records.dnssec == mail::Dnssec::Signed     ? "signed"
                   : records.dnssec == mail::Dnssec::Unsigned ? "unsigned"
                   : records.dnssec == mail::Dnssec::Bogus    ? "bogus"
                                                              : "unknown";
  json["dmarc"] = or_null(records.dmarc);
  json["mta_sts"] = or_null(records.mta_sts);
  auto& findings = json["findings"] = ordered_json::array();
  for (const auto& finding : scanned.findings) {
    findings.push_back({{"domain", records.domain},
                        {"relation", finding.relation},
                        {"object", finding.object},
                        {"party", or_null(finding.party)},
                        {"name", or_null(finding.party_name)},
                        {"operator_jurisdiction", or_null(finding.operator_jurisdiction)},
                        {"owner", or_null(finding.owner)},
                        {"jurisdiction", or_null(finding.jurisdiction)},
                        {"by", finding.by},
                        {"tier", "measured"}});
  }
  json["unanswered"] = records.unanswered;
  return dumped(json);
}

std::string suppliers_json(const std::vector<mail::Supplier>& suppliers)
{
  auto all = ordered_json::array();
  for (const auto& supplier : suppliers) {
    ordered_json one;
    if (!supplier.registered.empty()) {
      one["supplier"] = supplier.registered;
      one["need"] = mail::to_text(supplier.need);
    }
    one["party"] = or_null(supplier.party);
    one["name"] = or_null(supplier.party_name);
    one["count"] = supplier.domains.size();
    one["domains"] = supplier.domains;
    all.push_back(std::move(one));
  }
  return dumped(all);
}

std::string verdict_in_words(const mail::Verdict& verdict)
{
  switch (verdict.told) {
  case mail::Told::Provider:
    return verdict.fronts.empty() ? say("mail at {}", listed(names_of(verdict.keepers)))
                                  : say("mail at {}, behind {}: it needs both",
                                        listed(names_of(verdict.keepers)),
                                        listed(names_of(verdict.fronts)));
  case mail::Told::Elsewhere:
    return say("mail arrives at {}; DNS shows nobody else", listed(first_few(verdict.arrives_at)));
  case mail::Told::CannotBeTold:
    return (verdict.fronts.empty() ? std::string(tr("who keeps the mail cannot be told from DNS"))
                                   : say("behind {}; who keeps the mail cannot be told from DNS",
                                         listed(names_of(verdict.fronts)))) +
           (verdict.hints.empty() ? std::string()
                                  : " " + say("(weak signs: {})", listed(names_of(verdict.hints))));
  case mail::Told::NoMail:
    return tr("takes no mail");
  case mail::Told::NotAnswered:
    return tr("its name servers did not say who takes its mail");
  }
  return {};
}

std::string scanned_line(const ScannedDomain& scanned)
{
  return scanned.records.domain + "\t" + verdict_in_words(scanned.verdict) + "\n";
}

std::string scanned_text(const ScannedDomain& scanned)
{
  constexpr std::size_t most_signs = 8;
  const auto& records = scanned.records;
  std::string text = records.domain + ": " + verdict_in_words(scanned.verdict) + "\n";
  if (!records.exists) {
    return say("{}: there is no such domain", records.domain) + "\n";
  }
  std::size_t shown = 0;
  for (const auto& sign : scanned.signs) {
    if (sign.party.empty() || ++shown > most_signs) {
      continue;
    }
    text += fmt::format("  {:<8} {:<16} {}\n",
                        strength_in_words(sign.strength),
                        sign.party_name.empty() ? sign.party : sign.party_name,
                        sign.evidence);
  }
  if (shown > most_signs) {
    text += "  " + say("and {} signs more (--json has all)", shown - most_signs) + "\n";
  }
  std::string relation;
  for (const auto& finding : scanned.findings) {
    const auto words = finding.relation == relation ? "" : relation_in_words(finding.relation);
    relation = finding.relation;
    text += fmt::format("  {:<22} {}: {}{}\n",
                        words,
                        finding.object,
                        finding.party.empty() ? tr("not known whose") : finding.party_name,
                        finding.jurisdiction.empty() ? "" : " (" + finding.jurisdiction + ")");
  }
  for (const auto trouble : records.spf_reach.troubles) {
    text += "  " + say("SPF: {}", mail::to_text(trouble)) + "\n";
  }
  for (const auto& what : records.unanswered) {
    text += "  " + say("no answer: {}", what) + "\n";
  }
  return text;
}

}  // namespace zonder::app
