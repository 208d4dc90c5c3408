// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_names.hh"

#include <algorithm>

#include "base/translate.hh"
#include "report/doubts.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_names = 3;
constexpr std::size_t shown_servers = 8;

std::string joined(const std::vector<std::string>& words, std::size_t most)
{
  std::string list;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) {
    list += (i == 0 ? "" : ", ") + words[i];
  }
  return words.size() > most ? list + ", ..." : list;
}

/// "name servers of azure-dns.example: ns1 (20.190.128.1), ns2 (20.190.128.2): microsoft"
std::string servers_text(const model::NameStep& step, const Style& style)
{
  std::vector<std::string> servers;
  std::vector<std::string> parties;
  for (const auto& server : step.servers) {
    servers.push_back(
        harmless(server.name, style.unicode) + " (" +
        (server.address ? server.address->to_string() : std::string(tr("no address"))) + ")");
    const auto party = harmless(server.party, style.unicode);
    if (!party.empty() && std::find(parties.begin(), parties.end(), party) == parties.end()) {
      parties.push_back(party);
    }
  }
  const auto text = say(
      "name servers of {}: {}", harmless(step.zone, style.unicode), joined(servers, shown_servers));
  return parties.empty() ? text : text + ": " + joined(parties, parties.size());
}

std::vector<std::string> names_with(const model::NameResolution& dns, bool reason, bool unicode)
{
  std::vector<std::string> names;
  for (const auto& failed : dns.failed) {
    if (failed.chain.empty() != reason) {
      names.push_back(harmless(failed.name, unicode));
    }
  }
  return names;
}

}  // namespace

std::string chain_line(const model::FailedName& failed, const Style& style)
{
  std::string line = harmless(failed.name, style.unicode);
  std::string at = failed.name;
  for (const auto& step : failed.chain) {
    if (step.name != at) {
      line += "; " + harmless(step.name, style.unicode);
      at = step.name;
    }
    if (step.reason == model::NameStep::Reason::Alias) {
      line += " -> CNAME " + harmless(step.target, style.unicode);
      at = step.target;
    } else {
      line += " -> " + servers_text(step, style);
    }
  }
  return line;
}

std::vector<std::string> stuck_names(const model::NameResolution& dns, const Style& style)
{
  std::vector<std::string> lines;
  for (const auto& failed : dns.failed) {
    if (!failed.chain.empty()) {
      lines.push_back(chain_line(failed, style));
    }
  }
  return lines;
}

std::vector<std::string> stuck_sentences(const model::NameResolution& dns, const Style& style)
{
  std::vector<std::string> sentences;
  if (dns.resolver_died) {
    sentences.emplace_back(
        tr("THE NAME SERVER (unbound) DIED meanwhile: from then on no name could be looked up, so "
           "what failed says nothing about the absent."));
  }
  const auto names = names_with(dns, true, style.unicode);
  if (!names.empty()) {
    sentences.push_back(fmt::format(
        fmt::runtime(
            ntr("{0} name could not be looked up, since name servers of the absent are all it has: "
                "{1}.",
                "{0} names could not be looked up, since name servers of the absent are all they "
                "have: {1}.",
                names.size())),
        names.size(),
        joined(names, shown_names)));
  }
  return sentences;
}

std::vector<std::string> failed_sentences(const model::RunRecord& record, const Style& style)
{
  auto names = failed_names(record);
  if (names.empty()) {
    return {};
  }
  for (auto& name : names) {
    name = harmless(name, style.unicode);
  }
  return {fmt::format(
      fmt::runtime(ntr("NOT KNOWN: no answer told where {0} name leads; it may be of the absent: "
                       "{1}.",
                       "NOT KNOWN: no answer told where {0} names lead; they may be of the "
                       "absent: {1}.",
                       names.size())),
      names.size(),
      joined(names, shown_names))};
}

std::vector<std::string> name_grounds(const model::NameResolution& dns, const Style& style)
{
  std::vector<std::string> sentences;
  if (dns.mode == model::DnsMode::Honest) {
    sentences.push_back(
        say("Names were looked up from the root down (--dns honest), without the name servers of "
            "the absent: {} packets to these were stopped, {} flows to others let through; they "
            "are not among the attempts.",
            dns.resolver_blocked,
            dns.resolver_passed));
  }
  const auto names = names_with(dns, false, style.unicode);
  if (!names.empty()) {
    sentences.push_back(
        fmt::format(fmt::runtime(ntr("{0} name could not be looked up for a reason that was not "
                                     "seen: {1}.",
                                     "{0} names could not be looked up for a reason that was not "
                                     "seen: {1}.",
                                     names.size())),
                    names.size(),
                    joined(names, shown_names)));
  }
  if (dns.show_names) {
    sentences.push_back(
        say("So that names of servers stay visible (--show-names), the keys that hide them (ech) "
            "were taken out of {} records; with them a program might have done something else.",
            dns.ech_removed));
  }
  return sentences;
}

bool a_name_hung_on_the_absent(const model::RunRecord& record)
{
  const auto& failed = record.dns.failed;
  return std::any_of(failed.begin(), failed.end(), [](const model::FailedName& each) {
    return !each.chain.empty();
  });
}

}  // namespace zonder::report
