// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_verdict.hh"

#include <algorithm>
#include <map>
#include <set>

#include "base/translate.hh"

namespace zonder::report {
namespace {

constexpr int old_after_days = 90;

std::uint64_t count_of(const model::RunRecord& record, model::Verdict verdict)
{
  std::uint64_t count = 0;
  for (const auto& attempt : record.attempts) {
    if (attempt.verdict == verdict && attempt.protocol != "dns") {
      count += attempt.count;
    }
  }
  return count;
}

std::string how_it_ended(const model::RunRecord& record)
{
  if (record.exit_code == 0) {
    return tr("The command ended with exit code 0.");
  }
  if (record.exit_code > 128) {
    return say("The command was ended by signal {}.", record.exit_code - 128);
  }
  return say("The command failed: exit code {}.", record.exit_code);
}

std::string what_it_reached_for(const model::RunRecord& record)
{
  const auto parties = reached(record);
  if (parties.empty()) {
    return record.exit_code == 0
               ? tr("It asked nothing of the absent.")
               : tr("It asked nothing of the absent that was seen: the cause lies elsewhere.");
  }
  std::string list;
  for (std::size_t i = 0; i < parties.size() && i < 5; ++i) {
    list += list.empty() ? "" : ", ";
    list += fmt::format("{} {}", parties[i].party, parties[i].attempts);
  }
  if (parties.size() > 5) {
    list += ", ...";
  }
  const auto sentence = ntr("It reached for {} absent party (attempts: {}).",
                            "It reached for {} absent parties (attempts: {}).",
                            parties.size());
  return fmt::format(fmt::runtime(sentence), parties.size(), list);
}

std::string proof_sentence(const model::Proof& proof)
{
  return say(
      "Proved beforehand: {} of {} checks as they must be (canaries that died at the gateway: {}; "
      "controls that answered: {}).",
      std::count_if(proof.checks.begin(),
                    proof.checks.end(),
                    [](const model::Proof::Check& check) { return check.as_expected; }),
      proof.checks.size(),
      proof.canaries_failed(),
      proof.controls_passed());
}

std::string data_sentence(const model::RunRecord& record, const Style& style)
{
  const auto age = age_in_days(record.data_date, style.now);
  if (!age) {
    return say("Data of {}; their age is not known.", harmless(record.data_date, style.unicode));
  }
  return *age > old_after_days
             ? say("Data of {}: {} days old, so what has moved since is missed; zonder data update "
                   "renews them.",
                   record.data_date,
                   *age)
             : say("Data of {}: {} days old.", record.data_date, *age);
}

}  // namespace

std::vector<Reached> reached(const model::RunRecord& record)
{
  struct Seen {
    std::uint64_t packets = 0;
    std::uint64_t questions = 0;
    std::set<std::string> names;
  };
  std::map<std::string, Seen> parties;
  for (const auto& attempt : record.attempts) {
    if (attempt.verdict != model::Verdict::Blocked) {
      continue;
    }
    auto& seen = parties[attempt.party];
    (attempt.protocol == "dns" ? seen.questions : seen.packets) += attempt.count;
    if (!attempt.name.empty()) {
      seen.names.insert(attempt.name);
    }
  }
  std::vector<Reached> all;
  for (const auto& [party, seen] : parties) {
    all.push_back({.party = party,
                   .attempts = seen.packets > 0 ? seen.packets : seen.questions,
                   .names = seen.names.size()});
  }
  std::stable_sort(all.begin(), all.end(), [](const Reached& a, const Reached& b) {
    return a.attempts > b.attempts;
  });
  return all;
}

std::vector<std::string> verdict(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  if (!record.proof.holds()) {
    sentences.emplace_back(
        tr("NOT PROVED: zonder could not show beforehand that the block holds. What follows may be "
           "wrong."));
  }
  if (record.uplink_died) {
    sentences.emplace_back(
        tr("THE UPLINK DIED while the command ran: from then on it had no network "
           "at all, so its failure says nothing about the absent."));
  }
  sentences.push_back(
      say("Without {}: {}",
          harmless(record.selector + (record.except.empty() ? "" : " --except " + record.except),
                   style.unicode),
          how_it_ended(record)));
  sentences.push_back(what_it_reached_for(record));
  const auto passed = count_of(record, model::Verdict::Passed);
  if (passed > 0) {
    sentences.push_back(say("{} attempts to others were let through.", passed));
  }
  return sentences;
}

std::vector<std::string> grounds(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  if (record.proof.holds()) {
    sentences.push_back(proof_sentence(record.proof));
  }
  if (record.proof.overridden) {
    sentences.emplace_back(tr("Run on your order (--unproved)."));
  }
  if (record.unattributed > 0) {
    sentences.push_back(
        say("{} blocked packets were counted that no line above explains.", record.unattributed));
  }
  sentences.push_back(say("Failure mode {}, like {}; engine {}, uplink {}; {} IPv4 and {} IPv6 "
                          "prefixes absent.",
                          model::to_string(record.mode),
                          model::to_string(record.signature),
                          harmless(record.engine, style.unicode),
                          harmless(record.uplink, style.unicode),
                          record.prefixes_v4,
                          record.prefixes_v6));
  sentences.push_back(data_sentence(record, style));
  return sentences;
}

std::vector<std::string> limits(const model::RunRecord& record)
{
  std::vector<std::string> sentences;
  sentences.emplace_back(tr(
      "This run cut your side only: what a service that lives needs of the absent at its own side "
      "was not cut, and nothing here tells whether it would hold."));
  sentences.emplace_back(
      tr("What lasts for a while (tokens, tickets, caches, licences) may have hidden "
         "what stops later."));
  for (const auto& way : record.left_the_room) {
    sentences.push_back(
        say("Open beside the network: {}. {}", harmless(way.what, true), way.meaning));
  }
  return sentences;
}

std::string target_of(const model::Attempt& attempt, const Style& style)
{
  const auto name = harmless(attempt.name, style.unicode);
  if (!attempt.address) {
    return name;
  }
  const auto address = attempt.address->to_string();
  return name.empty() ? address : name + " (" + address + ")";
}

std::string protocol_of(const model::Attempt& attempt)
{
  const auto protocol = harmless(attempt.protocol, false);
  return attempt.port == 0 ? protocol : protocol + "/" + std::to_string(attempt.port);
}

std::string verdict_word(model::Verdict verdict)
{
  switch (verdict) {
  case model::Verdict::Blocked:
    return tr("blocked");
  case model::Verdict::Passed:
    return tr("let through");
  }
  return {};
}

}  // namespace zonder::report
