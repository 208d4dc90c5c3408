// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "mail/verdict.hh"

#include <algorithm>

namespace zonder::mail {
namespace {

bool is_about_mail_hosts(const Sign& sign)
{
  return sign.what == SignOf::MxName || sign.what == SignOf::MxAddress;
}

/// Signs are sorted by strength, so the first of a party is its strongest.
void add_keeper(std::vector<Keeper>& keepers, const Sign& sign)
{
  if (std::none_of(keepers.begin(), keepers.end(), [&](const Keeper& known) {
        return known.party == sign.party;
      })) {
    keepers.push_back({sign.party, sign.party_name, sign.strength});
  }
}

void add_front(std::vector<Front>& fronts, const Front& front)
{
  if (std::find(fronts.begin(), fronts.end(), front) == fronts.end()) {
    fronts.push_back(front);
  }
}

bool went_unanswered(const DomainRecords& records, std::string_view what)
{
  return std::find(records.unanswered.begin(), records.unanswered.end(), what) !=
         records.unanswered.end();
}

bool keeps(const std::vector<Keeper>& keepers, const std::string& party)
{
  return std::any_of(
      keepers.begin(), keepers.end(), [&](const Keeper& keeper) { return keeper.party == party; });
}

/// Filters and relays by name; machines that are nobody's, or stand in rented room, only where
/// somebody else is known to keep the mail: then they stand before it.
std::vector<Front> fronts_of(const DomainRecords& records,
                             const std::vector<Sign>& signs,
                             const std::vector<Keeper>& keepers)
{
  std::vector<Front> fronts;
  bool keeper_takes_in = false;
  for (const Sign& sign : signs) {
    if (!is_about_mail_hosts(sign)) {
      continue;
    }
    if (sign.role == Role::Filter || sign.role == Role::Relay) {
      add_front(fronts, {sign.party, sign.party_name, sign.role});
    }
    keeper_takes_in = keeper_takes_in || keeps(keepers, sign.party);
  }
  if (!fronts.empty() || keeper_takes_in || keepers.empty()) {
    return fronts;
  }
  for (const auto& mail_host : records.mail_hosts) {
    add_front(fronts, {"", mail_host.host.name, Role::None});
  }
  return fronts;
}

/// Whose machines the mail hosts are, or their names where nobody knows.
std::vector<std::string> arrivals(const DomainRecords& records, const std::vector<Sign>& signs)
{
  std::vector<std::string> all;
  const auto add = [&all](const std::string& name) {
    if (std::find(all.begin(), all.end(), name) == all.end()) {
      all.push_back(name);
    }
  };
  for (const Sign& sign : signs) {
    if (is_about_mail_hosts(sign)) {
      add(sign.party_name);
    }
  }
  if (all.empty()) {
    for (const auto& mail_host : records.mail_hosts) {
      add(mail_host.host.name);
    }
  }
  return all;
}

}  // namespace

std::string_view to_text(Told told)
{
  switch (told) {
  case Told::Provider:
    return "provider";
  case Told::Elsewhere:
    return "elsewhere";
  case Told::CannotBeTold:
    return "cannot-be-told";
  case Told::NoMail:
    return "no-mail";
  case Told::NotAnswered:
    return "not-answered";
  }
  return {};
}

Verdict judge(const DomainRecords& records, const std::vector<Sign>& signs)
{
  Verdict verdict;
  if (went_unanswered(records, "MX")) {
    verdict.told = Told::NotAnswered;
    return verdict;
  }
  if (records.refuses_mail || (records.mail_hosts.empty() && records.mail_origins.empty())) {
    verdict.told = Told::NoMail;
    return verdict;
  }
  for (const Sign& sign : signs) {
    const bool keeps_mail = sign.role == Role::Mailboxes || sign.role == Role::Hosting;
    if (keeps_mail && sign.strength != Strength::Weak) {
      add_keeper(verdict.keepers, sign);
    }
  }
  verdict.fronts = fronts_of(records, signs, verdict.keepers);
  if (!verdict.keepers.empty()) {
    verdict.told = Told::Provider;
    return verdict;
  }
  bool hidden = !verdict.fronts.empty();
  for (const Sign& sign : signs) {
    const bool rented = sign.what == SignOf::MxAddress && sign.role == Role::Room;
    const bool may_send = sign.what == SignOf::Spf && sign.role == Role::Mailboxes;
    hidden = hidden || rented || may_send;
    if (rented || may_send || sign.what == SignOf::Txt) {
      add_keeper(verdict.hints, sign);
    }
  }
  verdict.told = hidden ? Told::CannotBeTold : Told::Elsewhere;
  verdict.arrives_at = arrivals(records, signs);
  return verdict;
}

}  // namespace zonder::mail
