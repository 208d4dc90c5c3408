// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_verdict.hh"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/translate.hh"
#include "report/doubts.hh"
#include "report/page_comparison.hh"
#include "report/page_text.hh"
#include "report/run_names.hh"
#include "report/run_programs.hh"
#include "report/run_proxies.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_parties = 4;
constexpr std::size_t shown_targets = 3;

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

bool is_absent(const std::string& party, const model::RunRecord& record)
{
  return std::find(record.parties.begin(), record.parties.end(), party) != record.parties.end();
}

/// What went to an absent party all the same, as far as the catalogue knows whose an address is.
std::uint64_t passed_to_absent(const model::RunRecord& record)
{
  std::uint64_t count = 0;
  for (const auto& attempt : record.attempts) {
    if (attempt.verdict == model::Verdict::Passed && attempt.protocol != "dns" &&
        is_absent(attempt.party, record)) {
      count += attempt.count;
    }
  }
  return count;
}

/// "curl", of a command that began with /usr/bin/curl.
std::string program_of(const model::RunRecord& record, const Style& style)
{
  const auto path = record.command.empty() ? std::string() : record.command.front();
  return harmless(path.substr(path.rfind('/') + 1), style.unicode);
}

/// "microsoft --except github", and where only a part of theirs was to fall away, which.
std::string who_was_absent(const model::RunRecord& record, const Style& style)
{
  const auto typed = harmless(
      record.selector + (record.except.empty() ? "" : " --except " + record.except), style.unicode);
  return record.mode == model::FailureMode::Frozen
             ? say("what hands out log-ins, certificates, updates and rights (frozen) of {}", typed)
             : typed;
}

std::string how_it_ended(const model::RunRecord& record, const Style& style)
{
  if (record.pages && !record.not_started.empty()) {
    return say("the pages were not visited: {}", harmless(record.not_started, style.unicode));
  }
  if (record.pages) {
    return pages_sentence(*record.pages, style);
  }
  const auto program = program_of(record, style);
  if (!record.not_started.empty()) {
    return say("the command did not start: {}", harmless(record.not_started, style.unicode));
  }
  if (record.exit_code == 0) {
    return say("the command succeeded ({}: exit 0).", program);
  }
  if (record.exit_code > 128) {
    return say("the command was ended by signal {} ({}).", record.exit_code - 128, program);
  }
  return say("the command failed ({}: exit {}).", program, record.exit_code);
}

std::string first_few(const std::vector<std::string>& words, std::size_t most)
{
  std::string list;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) {
    list += (i == 0 ? "" : ", ") + words[i];
  }
  return words.size() > most ? list + ", ..." : list;
}

std::uint64_t total(const Reached& reached)
{
  std::uint64_t sum = 0;
  for (const auto& [unit, count] : reached.counts) {
    sum += count;
  }
  return sum;
}

std::string reached_sentence(const Reached& reached, const Style& style)
{
  // An address that stands for nobody's name and no party: blocked for another reason.
  if (reached.party.empty()) {
    return fmt::format(
        fmt::runtime(ntr("{0} attempt was stopped that is no absent party's own: {1}.",
                         "{0} attempts were stopped that are no absent party's own: {1}.",
                         total(reached))),
        total(reached),
        first_few(reached.targets, shown_targets));
  }
  const auto party = harmless(reached.party, style.unicode);
  const auto how_often = amounts(reached.counts);
  const auto targets = first_few(reached.targets, shown_targets);
  if (reached.only_asked) {
    return reached.let_through
               ? say("It asked for names of {} ({}): {}.", party, how_often, targets)
               : say("It asked for names of {} ({}), and tried no address of them: {}.",
                     party,
                     how_often,
                     targets);
  }
  return reached.only_by_name.empty()
             ? say("It reached for {} ({}): {}.", party, how_often, targets)
             : say("It reached for {} ({}): {}; and only by name: {}.",
                   party,
                   how_often,
                   targets,
                   first_few(reached.only_by_name, shown_targets));
}

/// A page that did not load with everybody either has no cause that is to be seen here.
bool a_page_stopped(const model::PagesTried& pages)
{
  const auto compared = compare(pages);
  return std::any_of(compared.begin(), compared.end(), [](const PageComparison& page) {
    return page.verdict == PageVerdict::NoLongerLoads;
  });
}

/// Where nobody absent was seen to be asked for anything.
std::string asked_nothing(const model::RunRecord& record, const std::vector<std::size_t>& allowed)
{
  const bool doubted = !doubts_of(record, allowed).empty();
  if (record.pages) {
    return a_page_stopped(*record.pages)
               ? tr("Nothing was seen to be asked of the absent, so the cause was not seen here.")
           : doubted ? tr("Nothing was seen to be asked of the absent.")
                     : tr("Nothing was asked of the absent.");
  }
  return record.exit_code != 0
             ? tr("It asked nothing of the absent that was seen, so the cause was not seen here.")
         : doubted ? tr("It asked nothing of the absent that was seen.")
                   : tr("It asked nothing of the absent.");
}

std::vector<std::string> what_it_reached_for(const model::RunRecord& record,
                                             const Style& style,
                                             const std::vector<std::size_t>& allowed)
{
  const auto parties = reached(record, style);
  if (parties.empty() && !stuck_names(record.dns, style).empty()) {
    return {};  // a name that hangs on the absent is told by itself
  }
  if (parties.empty() && record.refused_unseen + record.unseen_calls > 0) {
    return {};  // so is what nobody could look at: it may have been for the absent
  }
  if (parties.empty() && passed_to_absent(record) > 0) {
    return {};  // and what was let through
  }
  const auto unknown = not_judged(record.proxies);
  if (parties.empty() && unknown.passed + unknown.refused > 0) {
    return {};  // and what went by a proxy to nobody knows where
  }
  if (parties.empty()) {
    return {asked_nothing(record, allowed)};
  }
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < parties.size() && i < shown_parties; ++i) {
    sentences.push_back(reached_sentence(parties[i], style));
  }
  if (parties.size() > shown_parties) {
    sentences.push_back(say("It reached for {} more.", parties.size() - shown_parties));
  }
  return sentences;
}

/// A failure that may be of our making, where nobody absent was asked for anything.
std::vector<std::string> own_loopback(const model::RunRecord& record)
{
  if (record.exit_code == 0 || record.pages || record.own_loopback.empty()) {
    return {};
  }
  std::vector<std::string> ports;
  for (const auto port : record.own_loopback) {
    ports.push_back(std::to_string(port));
  }
  return {say("It tried this machine's own loopback (TCP port {}): the room has another one, on "
              "which only the command's own programs are; --allow-host {} lets that port through.",
              first_few(ports, shown_targets),
              ports.front())};
}

std::vector<std::string> what_got_through(const model::RunRecord& record)
{
  std::vector<std::string> sentences;
  const auto absent = passed_to_absent(record);
  const auto others = count_of(record, model::Verdict::Passed) - absent;
  if (others > 0) {
    sentences.push_back(fmt::format(fmt::runtime(ntr("{} attempt at others was let through.",
                                                     "{} attempts at others were let through.",
                                                     others)),
                                    others));
  }
  if (absent > 0 && record.later && !record.absent_from) {
    sentences.push_back(
        fmt::format(fmt::runtime(ntr("{} attempt reached parties that had not fallen away yet.",
                                     "{} attempts reached parties that had not fallen away yet.",
                                     absent)),
                    absent));
  } else if (absent > 0 && record.absent_from) {
    sentences.push_back(
        fmt::format(fmt::runtime(ntr("{} attempt reached the absent before they fell away, at {}.",
                                     "{} attempts reached the absent before they fell away, at {}.",
                                     absent)),
                    absent,
                    iso_time(*record.absent_from)));
  } else if (absent > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("{} attempt at an address that the catalogue gives to an absent party was "
                         "LET THROUGH: it was not in what was cut (excepted, or another part of "
                         "it).",
                         "{} attempts at addresses that the catalogue gives to an absent party "
                         "were LET THROUGH: they were not in what was cut (excepted, or another "
                         "part of it).",
                         absent)),
        absent));
  }
  return sentences;
}

}  // namespace

std::vector<Reached> reached(const model::RunRecord& record, const Style& style)
{
  struct Seen {
    std::map<Unit, std::uint64_t> stopped;
    std::uint64_t questions = 0;
    bool let_through = false;
    std::vector<std::string> targets;  // that were stopped
    std::vector<std::string> names;    // of questions
    std::set<std::string> known;
    std::set<std::string> tried;  // names that led to more than a question
  };
  std::map<std::string, Seen> parties;
  for (const auto& attempt : record.attempts) {
    const bool passed = attempt.verdict == model::Verdict::Passed;
    if (passed && !is_absent(attempt.party, record)) {
      continue;
    }
    auto& seen = parties[attempt.party];
    const bool question = attempt.protocol == "dns";
    auto target = target_of(attempt, style);
    if (!question) {
      seen.tried.insert(harmless(attempt.name, style.unicode));
      for (const auto& name : attempt.names) {
        seen.tried.insert(harmless(name, style.unicode));
      }
    }
    if (passed && !question) {
      seen.let_through = true;
      continue;
    }
    (question ? seen.questions : seen.stopped[unit_of(attempt, record)]) += attempt.count;
    if (seen.known.insert((question ? "?" : "!") + target).second) {
      (question ? seen.names : seen.targets).push_back(std::move(target));
    }
  }
  std::vector<Reached> all;
  for (auto& [party, seen] : parties) {
    if (seen.stopped.empty() && seen.questions == 0) {
      continue;
    }
    Reached reached{.party = party,
                    .counts = seen.stopped,
                    .only_asked = seen.stopped.empty(),
                    .let_through = seen.let_through,
                    .targets = std::move(seen.targets),
                    .only_by_name = {}};
    if (reached.only_asked) {
      reached.counts[Unit::Questions] = seen.questions;
      reached.targets = std::move(seen.names);
    } else {
      std::copy_if(seen.names.begin(),
                   seen.names.end(),
                   std::back_inserter(reached.only_by_name),
                   [&seen = seen](const auto& name) { return seen.tried.count(name) == 0; });
    }
    all.push_back(std::move(reached));
  }
  std::stable_sort(all.begin(), all.end(), [](const Reached& a, const Reached& b) {
    return total(a) > total(b);
  });
  return all;
}

std::vector<std::string>
verdict(const model::RunRecord& record, const Style& style, const std::vector<std::size_t>& allowed)
{
  const auto absent = who_was_absent(record, style);
  if (!record.not_started.empty()) {
    return {say("Without {}: {}", absent, how_it_ended(record, style)),
            tr("So nothing was tried, and this says nothing about the absent.")};
  }
  std::vector<std::string> sentences;
  if (!record.proof.holds()) {
    sentences.emplace_back(
        tr("NOT PROVED: zonder could not show beforehand that the block holds. What follows may be "
           "wrong."));
  }
  if (record.uplink_died) {
    sentences.emplace_back(
        record.pages
            ? tr("THE UPLINK DIED while the pages were visited: from then on there was no network "
                 "at all, so what did not come says nothing about the absent.")
            : tr("THE UPLINK DIED while the command ran: from then on it had no network "
                 "at all, so its failure says nothing about the absent."));
  }
  if (record.later && !record.absent_from) {
    sentences.push_back(say("NOTHING WAS TRIED without {}: the command ended before it fell away "
                            "(--after).",
                            absent));
    sentences.push_back(say("With everything there: {}", how_it_ended(record, style)));
    const auto passed = what_got_through(record);
    sentences.insert(sentences.end(), passed.begin(), passed.end());
    return sentences;
  }
  sentences.push_back(say("Without {}: {}", absent, how_it_ended(record, style)));
  for (const auto& more : {what_it_reached_for(record, style, allowed),
                           unseen_sentences(record),
                           not_judged_sentences(record.proxies, style),
                           perhaps_proxied_sentences(record, allowed, style),
                           stuck_sentences(record.dns, style),
                           failed_sentences(record, style),
                           own_loopback(record),
                           by_name_only_sentences(record, style),
                           what_got_through(record)}) {
    sentences.insert(sentences.end(), more.begin(), more.end());
  }
  if (!record.weaker.empty()) {
    sentences.push_back(say("WEAKER: the engine {} cut calls, not packets; what that means stands "
                            "below.",
                            harmless(record.engine, style.unicode)));
  }
  return sentences;
}

std::vector<std::string> by_name_only_sentences(const model::RunRecord& record, const Style& style)
{
  std::uint64_t passed = 0;
  std::set<std::string> ids;
  for (const auto& attempt : record.attempts) {
    const auto theirs = cut_by_name_there(attempt, record);
    passed += theirs.empty() ? 0 : attempt.count;
    for (const auto& id : theirs) {
      ids.insert(harmless(id, style.unicode));
    }
  }
  if (passed == 0) {
    return {};
  }
  return {fmt::format(
      fmt::runtime(ntr("NOT KNOWN: {0} attempt at addresses of those who run it was let through: "
                       "cut by name only, since the catalogue has no addresses of it: {1}.",
                       "NOT KNOWN: {0} attempts at addresses of those who run it were let through: "
                       "cut by name only, since the catalogue has no addresses of it: {1}.",
                       passed)),
      passed,
      first_few({ids.begin(), ids.end()}, shown_parties))};
}

std::vector<std::string> unseen_sentences(const model::RunRecord& record)
{
  std::vector<std::string> sentences;
  if (record.refused_unseen > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr(
            "{} call could not be looked at, and was refused: for whom it was is not known.",
            "{} calls could not be looked at, and were refused: for whom they were is not known.",
            record.refused_unseen)),
        record.refused_unseen));
  }
  if (record.unseen_calls > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("NOT KNOWN: {} call could not be looked at, and went on: for whom it was, "
                         "or whether it left the room, is not known.",
                         "NOT KNOWN: {} calls could not be looked at, and went on: for whom they "
                         "were, or whether they left the room, is not known.",
                         record.unseen_calls)),
        record.unseen_calls));
  }
  return sentences;
}

}  // namespace zonder::report
