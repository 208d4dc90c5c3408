// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/judgement.hh"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/translate.hh"
#include "report/attempt_words.hh"
#include "report/run_proxies.hh"

namespace zonder::report {
namespace {

bool is_allowed_by_name(const ContactKey& key, const model::Absence& allowed)
{
  const auto name = net::DomainName::parse(key.target);
  return !net::Address::try_parse(key.target) && name && allowed.party_of(*name);
}

bool is_allowed(const model::Attempt& attempt, const model::Absence& allowed)
{
  // By id, since a name can be a party's for the address that it has alone. A service is its
  // party's.
  const bool party = std::any_of(
      allowed.parties.begin(), allowed.parties.end(), [&](const model::AbsentParty& each) {
        return attempt.party == each.id || attempt.party.starts_with("service:" + each.id + "/");
      });
  return party || (attempt.address && allowed.party_of(*attempt.address));
}

bool all_allowed(const Contact& contact,
                 const model::RunRecord& record,
                 const model::Absence& allowed)
{
  const auto is_fine = [&](std::size_t place) {
    return is_allowed(record.attempts[place], allowed);
  };
  return is_allowed_by_name(contact.key, allowed) ||
         std::all_of(contact.attempts.begin(), contact.attempts.end(), is_fine);
}

/// What may be a proxy, and may be gone to.
void spare_proxies(Judgement& judgement,
                   const model::RunRecord& record,
                   const model::Absence& allowed)
{
  for (const auto place : perhaps_proxied(record)) {
    const auto& attempt = record.attempts[place];
    const bool by_name =
        std::any_of(attempt.names.begin(), attempt.names.end(), [&](const std::string& each) {
          const auto name = net::DomainName::parse(each);
          return name && allowed.party_of(*name);
        });
    if (by_name || is_allowed(attempt, allowed)) {
      judgement.allowed_proxies.push_back(place);
      judgement.allowed_proxies_named.push_back(target_of(attempt, {.unicode = true}) + " " +
                                                protocol_of(attempt));
    }
  }
}

/// A key before all others with that party and target.
ContactKey first_with(const ContactKey& key)
{
  return {.party = key.party, .target = key.target, .protocol = "", .port = 0, .program = ""};
}

bool same_target(const ContactKey& a, const ContactKey& b)
{
  return a.party == b.party && a.target == b.target;
}

bool is_known(const ContactKey& contact, const Baseline& baseline)
{
  const auto end = baseline.contacts.end();
  auto known = std::lower_bound(baseline.contacts.begin(), end, first_with(contact));
  for (; known != end && same_target(*known, contact); ++known) {
    if (fits(contact, *known)) {
      return true;
    }
  }
  return false;
}

std::vector<ContactKey> gone_since(const Baseline& baseline,
                                   const std::vector<JudgedContact>& contacts)
{
  std::vector<ContactKey> gone;
  for (const auto& known : baseline.contacts) {
    auto now = std::lower_bound(
        contacts.begin(),
        contacts.end(),
        first_with(known),
        [](const JudgedContact& each, const ContactKey& key) { return each.contact.key < key; });
    bool seen = false;
    for (; now != contacts.end() && same_target(now->contact.key, known); ++now) {
      seen = seen || fits(now->contact.key, known);
    }
    if (!seen) {
      gone.push_back(known);
    }
  }
  return gone;
}

std::string list_of(const std::vector<ContactKey>& contacts, const Style& style, std::size_t most)
{
  std::string text;
  for (std::size_t i = 0; i < contacts.size() && i < most; ++i) {
    text += (i == 0 ? "" : ", ") + words_of(contacts[i], style);
  }
  return contacts.size() > most ? text + say(" and {} more", contacts.size() - most) : text;
}

std::string list_of(const std::vector<std::string>& words, const Style& style, std::size_t most)
{
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) {
    text += (i == 0 ? "" : ", ") + harmless(words[i], style.unicode);
  }
  return words.size() > most ? text + say(" and {} more", words.size() - most) : text;
}

void add_comparison(std::vector<std::string>& sentences,
                    const Judgement& judgement,
                    const Style& style,
                    std::size_t most)
{
  const auto fresh = judgement.with(Standing::Counts);
  sentences.push_back(fresh.empty() ? std::string(tr("Nothing new since last time."))
                                    : say("New since last time: {}.", list_of(fresh, style, most)));
  if (!judgement.gone.empty()) {
    sentences.push_back(say("Gone since last time: {}.", list_of(judgement.gone, style, most)));
  }
  if (judgement.other_run) {
    sentences.emplace_back(
        tr("The baseline is of a run in which something else was absent, or in another way: what "
           "is new or gone may be so for that."));
  }
}

}  // namespace

std::size_t Judgement::count(Standing standing) const
{
  return static_cast<std::size_t>(
      std::count_if(contacts.begin(), contacts.end(), [standing](const JudgedContact& each) {
        return each.standing == standing;
      }));
}

bool Judgement::finds() const
{
  return count(Standing::Counts) > 0 || !doubts.empty();
}

std::vector<std::string> Judgement::doubts_by_name() const
{
  std::vector<std::string> names;
  std::transform(doubts.begin(), doubts.end(), std::back_inserter(names), name_of);
  return names;
}

std::optional<Standing> Judgement::standing_of(std::size_t attempt) const
{
  return attempt < by_attempt.size() ? by_attempt[attempt] : std::nullopt;
}

std::vector<ContactKey> Judgement::with(Standing standing) const
{
  std::vector<ContactKey> keys;
  for (const auto& each : contacts) {
    if (each.standing == standing) {
      keys.push_back(each.contact.key);
    }
  }
  return keys;
}

Judgement
judge(const model::RunRecord& record, const model::Absence* allowed, const Baseline* baseline)
{
  Judgement judgement;
  judgement.unjudged = not_listed(record);
  judgement.unseen = record.refused_unseen + record.unseen_calls;
  judgement.proxied_not_judged = not_judged(record.proxies).all();
  if (allowed != nullptr) {
    spare_proxies(judgement, record, *allowed);
  }
  judgement.doubts = doubts_of(record, judgement.allowed_proxies);
  judgement.by_attempt.resize(record.attempts.size());
  for (auto& contact : contacts_of(record)) {
    auto standing = Standing::Counts;
    if (allowed != nullptr && all_allowed(contact, record, *allowed)) {
      standing = Standing::Allowed;
    } else if (baseline != nullptr && is_known(contact.key, *baseline)) {
      standing = Standing::Known;
    }
    for (const auto* places : {&contact.attempts, &contact.questions}) {
      for (const auto place : *places) {
        auto& worst = judgement.by_attempt[place];
        worst = worst ? std::max(*worst, standing) : standing;
      }
    }
    judgement.contacts.push_back({std::move(contact), standing});
  }
  if (allowed != nullptr) {
    judgement.allowed = allowed->selector;
  }
  if (baseline != nullptr && record.not_started.empty()) {
    judgement.compared = true;
    judgement.other_run = !is_of_such_a_run(*baseline, record);
    judgement.gone = gone_since(*baseline, judgement.contacts);
  }
  return judgement;
}

std::vector<std::string>
judgement_sentences(const Judgement& judgement, const Style& style, std::size_t most)
{
  std::vector<std::string> sentences;
  if (!judgement.allowed.empty()) {
    const auto allowed = judgement.with(Standing::Allowed);
    const auto& proxies = judgement.allowed_proxies_named;
    if (!allowed.empty()) {
      sentences.push_back(
          say("Allowed, and absent all the same: {}.", list_of(allowed, style, most)));
    } else if (proxies.empty()) {
      sentences.push_back(say("Nothing of what is allowed was asked for ({}).",
                              harmless(judgement.allowed, style.unicode)));
    }
    if (!proxies.empty()) {
      sentences.push_back(say("Allowed, at a port where proxies often are, so that what was asked "
                              "of it does not count: {}.",
                              list_of(proxies, style, most)));
    }
  }
  if (judgement.compared) {
    add_comparison(sentences, judgement, style, most);
  }
  if (!sentences.empty() && judgement.unjudged > 0) {
    sentences.push_back(say("{} packets or questions could not be judged, since more came than can "
                            "be listed; they count as contact.",
                            judgement.unjudged));
  }
  if (!sentences.empty() && judgement.unseen > 0) {
    sentences.push_back(
        say("Calls that could not be looked at count as contact: {}.", judgement.unseen));
  }
  if (!sentences.empty() && judgement.proxied_not_judged > 0) {
    sentences.push_back(say("Requests to proxies that could not be judged count as contact: {}.",
                            judgement.proxied_not_judged));
  }
  return sentences;
}

std::string with_standing(const std::string& word, const Judgement& judgement, std::size_t attempt)
{
  const auto standing = judgement.standing_of(attempt);
  if (!standing) {
    return word;
  }
  switch (*standing) {
  case Standing::Allowed:
    return say("{} (allowed)", word);
  case Standing::Known:
    return say("{} (known)", word);
  case Standing::Counts:
    return judgement.compared ? say("{} (new)", word) : word;
  }
  return word;
}

std::string why_not_zero(const model::RunRecord& record, const Judgement& judgement, bool asked)
{
  if (record.uplink_died) {
    return tr("exit code 1, since the uplink died; the command's own exit code is 0");
  }
  if (record.dns.resolver_died) {
    return tr("exit code 1, since the name server died; the command's own exit code is 0");
  }
  const auto counted = judgement.count(Standing::Counts);
  if (!asked || !judgement.finds()) {
    return {};
  }
  if (counted > 0) {
    return fmt::format(
        fmt::runtime(ntr("exit code 1, of --fail-on-contact: {} contact counts; the command's own "
                         "exit code is 0",
                         "exit code 1, of --fail-on-contact: {} contacts count; the command's own "
                         "exit code is 0",
                         counted)),
        counted);
  }
  std::string doubts;
  for (const auto& name : judgement.doubts_by_name()) {
    doubts += (doubts.empty() ? "" : ", ") + name;
  }
  return say("exit code 1, of --fail-on-contact: whether the absent were asked for anything cannot "
             "be told ({}); the command's own exit code is 0",
             doubts);
}

std::string why_no_baseline(const model::RunRecord& record)
{
  if (record.uplink_died) {
    return tr("the uplink died, so that contacts may be missing");
  }
  if (record.later && !record.absent_from) {
    return tr("the command ended before anything fell away (--after)");
  }
  return {};
}

}  // namespace zonder::report
