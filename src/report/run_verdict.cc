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

constexpr int old_after_days = 90;
constexpr std::size_t shown_parties = 4;
constexpr std::size_t shown_targets = 3;
constexpr std::size_t shown_failures = 3;
constexpr std::size_t shown_not_testable = 8;

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
std::string asked_nothing(const model::RunRecord& record)
{
  const bool doubted = !doubts_of(record).empty();
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

std::vector<std::string> what_it_reached_for(const model::RunRecord& record, const Style& style)
{
  const auto parties = reached(record, style);
  if (parties.empty() && !stuck_names(record.dns, style).empty()) {
    return {};  // a name that hangs on the absent is told by itself
  }
  if (parties.empty() && record.refused_unseen > 0) {
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
    return {asked_nothing(record)};
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
    sentences.push_back(say(
        "{} attempts at addresses that the catalogue gives to an absent party were LET THROUGH: "
        "they were not in what was cut (excepted, or another part of it).",
        absent));
  }
  return sentences;
}

std::string proof_sentence(const model::RunRecord& record)
{
  const auto& proof = record.proof;
  if (!record.weaker.empty()) {
    return say("Proved beforehand, of calls: {} of {} checks as they must be (canaries that were "
               "stopped: {}; controls that answered: {}).",
               std::count_if(proof.checks.begin(),
                             proof.checks.end(),
                             [](const model::Proof::Check& check) { return check.as_expected; }),
               proof.checks.size(),
               proof.canaries_failed(),
               proof.controls_passed());
  }
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

/// The checks that did not come out as they must, so that a reader knows what to mend.
std::vector<std::string> failed_checks(const model::Proof& proof, const Style& style)
{
  std::vector<std::string> sentences;
  for (const auto& check : proof.checks) {
    if (!check.as_expected) {
      sentences.push_back(
          say("Not as it must be: {} {}{}",
              check_word(check.what),
              harmless(check.target, style.unicode),
              check.detail.empty() ? "." : ": " + harmless(check.detail, style.unicode)));
    }
  }
  if (sentences.size() > shown_failures) {
    const auto more = sentences.size() - shown_failures;
    sentences.resize(shown_failures);
    sentences.push_back(say("... and {} more checks that did not come out as they must.", more));
  }
  if (proof.canaries_failed() == 0) {
    sentences.emplace_back(tr("No canary was seen to die at the gateway."));
  }
  if (proof.controls_passed() == 0) {
    sentences.emplace_back(tr("No control was seen to answer."));
  }
  return sentences;
}

/// Where the parties answered, badly.
std::vector<std::string> how_it_was_hindered(const model::RunRecord& record)
{
  if (!model::hinders_only(record.signature)) {
    return {};
  }
  return {record.signature == model::Signature::Late
              ? say("They answered, but each packet came {} ms later, there and back again.",
                    model::late_milliseconds)
          : record.signature == model::Signature::Lossy
              ? say("They answered, but {} of 100 packets each way were thrown away by chance; {} "
                    "packets were.",
                    model::lost_of_hundred,
                    record.lost_packets)
              : say("They answered, but only {} bytes a second passed each way, for all of them "
                    "together; {} packets were thrown away.",
                    model::slow_bytes_per_second,
                    record.lost_packets),
          tr("Only their own addresses were hindered: a name of theirs on somebody else's address "
             "was not. The proof shows that the gateway tells these addresses apart; the rest of "
             "this is by chance and by the clock.")};
}

std::uint64_t count_of(const model::RunRecord& record, model::Reception how)
{
  std::uint64_t count = 0;
  for (const auto& each : record.received) {
    count += each.how == how ? each.count : 0;
  }
  return count;
}

/// Programs that our refusal did not reach, since they do not believe our certificates.
std::vector<std::string> what_was_not_testable(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  std::uint64_t more = 0;
  for (const auto& each : record.received) {
    if (each.how != model::Reception::NotTestable) {
      continue;
    }
    if (sentences.size() == shown_not_testable) {
      ++more;
      continue;
    }
    const auto name =
        each.name.empty() ? each.address.to_string() : harmless(each.name, style.unicode);
    sentences.push_back(
        say("NOT TESTABLE: {} broke off the handshake with {} (times: {}): pins or has a trust "
            "store of its own, so how it takes a refusal was not seen.",
            names_of(each.programs, record, style),
            name,
            each.count));
  }
  if (more > 0) {
    sentences.push_back(say("... and {} more that were not testable.", more));
  }
  return sentences;
}

/// Where zonder took the parties' connections itself.
std::vector<std::string> how_it_was_received(const model::RunRecord& record, const Style& style)
{
  if (!model::is_answered(record.signature)) {
    return {};
  }
  std::vector<std::string> sentences;
  if (record.signature == model::Signature::TlsReset) {
    sentences.emplace_back(
        tr("Connections to them were taken, and reset at the first message of TLS; what was no TLS "
           "was refused or reset."));
  } else {
    sentences.emplace_back(tr(
        "Tried was revoked (--lab-ca): zonder answered in their name and refused (403; 401 where "
        "a request carried credentials; 400 access_denied where tokens are issued), with "
        "certificates of an authority that was made for this run alone."));
    sentences.emplace_back(
        tr("That shows how programs take a refusal. It does not show how the party itself would "
           "word it, or what would become of what it keeps for you."));
    const auto not_testable = what_was_not_testable(record, style);
    sentences.insert(sentences.end(), not_testable.begin(), not_testable.end());
    if (const auto silent = count_of(record, model::Reception::SaidNothing); silent > 0) {
      sentences.push_back(
          say("On {} connections nothing was asked: programs that pin certificates may do that, "
              "and programs that only look whether somebody answers.",
              silent));
    }
    if (const auto broken = count_of(record, model::Reception::BrokenOff); broken > 0) {
      sentences.push_back(
          say("{} handshakes failed for another reason than distrust; how those programs take a "
              "refusal was not seen.",
              broken));
    }
  }
  if (record.received_unlisted > 0) {
    sentences.push_back(
        say("{} more connections were taken than could be listed.", record.received_unlisted));
  }
  sentences.emplace_back(
      tr("The proof shows the block itself, before zonder answered in their place."));
  return sentences;
}

std::string data_sentence(const model::RunRecord& record, const Style& style)
{
  const auto date = harmless(record.data_date, style.unicode);
  const auto age = age_in_days(record.data_date, style.now);
  if (!age) {
    return say("Data of {}; their age is not known.", date);
  }
  return *age > old_after_days
             ? say("Data of {}: {} days old, so what has moved since is missed; zonder data update "
                   "renews them.",
                   date,
                   *age)
             : say("Data of {}: {} days old.", date, *age);
}

/// What was tried, and what that does and does not tell.
std::string what_the_mode_tells(model::FailureMode mode)
{
  switch (mode) {
  case model::FailureMode::Gone:
    return tr("Tried was an outage: they are gone. In a sanction they would answer and refuse, and "
              "end what still lasts; that was not tried.");
  case model::FailureMode::Frozen:
    return tr(
        "Tried was a freeze: only what hands out log-ins, certificates, updates and rights is "
        "gone, as far as the catalogue knows those services; the rest of them lived. What "
        "lasts for a while goes on until it expires, which a short run does not show.");
  case model::FailureMode::Hostile:
    return tr("Tried was cutting them off ourselves since they are not to be trusted. What they "
              "could do before, or by a program of theirs that already runs here, was not tried.");
  case model::FailureMode::Revoked:
  case model::FailureMode::Captured:
    break;
  }
  return {};
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

std::vector<std::string> verdict(const model::RunRecord& record, const Style& style)
{
  const auto absent = harmless(
      record.selector + (record.except.empty() ? "" : " --except " + record.except), style.unicode);
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
  for (const auto& more :
       {what_it_reached_for(record, style),
        record.refused_unseen > 0 ? std::vector<std::string>{unseen_sentence(record)}
                                  : std::vector<std::string>(),
        not_judged_sentences(record.proxies, style),
        stuck_sentences(record.dns, style),
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

std::vector<std::string> grounds(const model::RunRecord& record, const Style& style)
{
  if (!record.not_started.empty()) {
    return {data_sentence(record, style)};
  }
  std::vector<std::string> sentences;
  if (record.proof.holds()) {
    sentences.push_back(proof_sentence(record));
  } else {
    sentences = failed_checks(record.proof, style);
  }
  if (record.proof.overridden) {
    sentences.emplace_back(tr("Run on your order (--unproved)."));
  }
  if (!record.not_attributed.empty()) {
    sentences.push_back(harmless(record.not_attributed, style.unicode) + ".");
  } else if (record.unattributed > record.refused_unseen) {  // of those, the verdict tells
    sentences.push_back(
        say("{} packets or questions were counted of which no program was seen to ask.",
            record.unattributed - record.refused_unseen));
  }
  const auto by_calls = std::count_if(record.attempts.begin(),
                                      record.attempts.end(),
                                      [](const model::Attempt& each) { return each.by_calls; });
  if (by_calls > 0) {
    sentences.push_back(
        say("{} of the attempts sent nothing that came to the gateway: they are counted by the "
            "programs' calls.",
            by_calls));
  }
  if (record.ended_with_it > 0 && record.pages) {
    sentences.push_back(fmt::format(
        fmt::runtime(
            ntr("{} process still ran when the visits were over, and was ended with them.",
                "{} processes still ran when the visits were over, and were ended with them.",
                record.ended_with_it)),
        record.ended_with_it));
  } else if (record.ended_with_it > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(
            ntr("{} process still ran when the command had ended, and was ended with it.",
                "{} processes still ran when the command had ended, and were ended with it.",
                record.ended_with_it)),
        record.ended_with_it));
  }
  if (record.unlisted > 0) {
    sentences.push_back(
        say("{} packets were counted that no line above explains.", record.unlisted));
  }
  if (record.programs_unlisted > 0) {
    sentences.push_back(
        say("{} calls came from more programs than could be listed.", record.programs_unlisted));
  }
  const auto names = name_grounds(record.dns, style);
  sentences.insert(sentences.end(), names.begin(), names.end());
  const auto proxies = proxy_grounds(record, style);
  sentences.insert(sentences.end(), proxies.begin(), proxies.end());
  if (record.questions_unanswered > 0 && record.dns.mode == model::DnsMode::Honest) {
    sentences.push_back(
        say("{} questions for names were given up after a minute without an answer.",
            record.questions_unanswered));
  } else if (record.questions_unanswered > 0) {
    sentences.push_back(say("{} questions for names were answered by none of your resolvers: what "
                            "failed may have failed for that.",
                            record.questions_unanswered));
  }
  if (record.questions_unheard > 0) {
    sentences.push_back(
        say("{} questions for names came too fast for the room's name server, which "
            "did not hear them: they were not answered, and are not listed.",
            record.questions_unheard));
  }
  if (record.questions_unlisted > 0) {
    sentences.push_back(say("{} more questions for names were asked than could be listed.",
                            record.questions_unlisted));
  }
  if (record.lost_events > 0) {
    sentences.push_back(say(
        "{} messages of the gateway came too fast to be read: times are missing, counts are not.",
        record.lost_events));
  }
  if (record.signature == model::Signature::Nxdomain ||
      record.signature == model::Signature::Servfail) {
    sentences.emplace_back(
        tr("Only names fail like that; an absent address that is reached without "
           "such a name is a blackhole."));
  }
  const auto reception = how_it_was_received(record, style);
  sentences.insert(sentences.end(), reception.begin(), reception.end());
  const auto hindrance = how_it_was_hindered(record);
  sentences.insert(sentences.end(), hindrance.begin(), hindrance.end());
  if (record.prefixes_v4 == 0 && record.prefixes_v6 == 0) {
    sentences.emplace_back(
        tr("Only names were absent, no addresses: a program that knows an address "
           "already, or asks for names its own way, is not stopped."));
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

std::vector<std::string> limits(const model::RunRecord& record, const Style& style)
{
  if (!record.not_started.empty()) {
    return {};
  }
  std::vector<std::string> sentences;
  if (record.mode != model::FailureMode::Revoked) {  // how_it_was_received() tells of that
    sentences.push_back(what_the_mode_tells(record.mode));
  }
  for (const auto& why : record.weaker) {
    sentences.push_back(say("Weaker: {}", harmless(why, style.unicode)));
  }
  sentences.emplace_back(tr(
      "This run cut your side only: what a service that lives needs of the absent at its own side "
      "was not cut, and nothing here tells whether it would hold."));
  sentences.emplace_back(
      tr("What lasts for a while (tokens, tickets, caches, licences) may have hidden "
         "what stops later."));
  sentences.emplace_back(tr(
      "What goes through a tunnel, or asks a living party for names over HTTPS, is cut by address "
      "only and shown without its name."));
  for (auto& sentence : page_limits(record, style)) {
    sentences.push_back(std::move(sentence));
  }
  const auto proxies = proxy_limits(record, style);
  sentences.insert(sentences.end(), proxies.begin(), proxies.end());
  for (const auto& way : record.left_the_room) {
    const auto what = harmless(way.what, style.unicode);
    const auto meaning = harmless(way.meaning, style.unicode);
    if (way.programs.empty()) {
      sentences.push_back(say("Open beside the network: {}. {}", what, meaning));
    } else {
      sentences.push_back(say(
          "LEFT THE ROOM: {} used {}. {}", names_of(way.programs, record, style), what, meaning));
    }
  }
  return sentences;
}

std::string unseen_sentence(const model::RunRecord& record)
{
  return fmt::format(
      fmt::runtime(
          ntr("{} call could not be looked at, and was refused: for whom it was is not known.",
              "{} calls could not be looked at, and were refused: for whom they were is not known.",
              record.refused_unseen)),
      record.refused_unseen);
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

std::string check_word(const std::string& what)
{
  if (what == "canary") {
    return tr("canary: must not be reached");
  }
  if (what == "passes-while-empty") {
    return tr("passes the rules while nobody is absent");
  }
  return what == "control" ? tr("control: must answer") : harmless(what, false);
}

}  // namespace zonder::report
