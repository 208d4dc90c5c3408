// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_grounds.hh"

#include <algorithm>

#include "base/translate.hh"
#include "report/attempt_words.hh"
#include "report/run_names.hh"
#include "report/run_programs.hh"
#include "report/run_proxies.hh"

namespace zonder::report {
namespace {

constexpr int old_after_days = 90;
constexpr std::size_t shown_failures = 3;
constexpr std::size_t shown_not_testable = 8;

std::size_t as_they_must(const model::Proof& proof)
{
  return static_cast<std::size_t>(
      std::count_if(proof.checks.begin(), proof.checks.end(), [](const model::Proof::Check& check) {
        return check.as_expected;
      }));
}

std::string proof_sentence_of_calls(const model::Proof& proof)
{
  return say("Proved beforehand, of calls: {} of {} checks as they must be (canaries that were "
             "stopped: {}; controls that answered: {}).",
             as_they_must(proof),
             proof.checks.size(),
             proof.canaries_failed(),
             proof.controls_passed());
}

std::string proof_sentence(const model::Proof& proof)
{
  return say(
      "Proved beforehand: {} of {} checks as they must be (canaries that died at the gateway: {}; "
      "controls that answered: {}).",
      as_they_must(proof),
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

}  // namespace

std::string data_sentence(const std::string& iso_day, const Style& style)
{
  const auto date = harmless(iso_day, style.unicode);
  const auto age = age_in_days(iso_day, style.now);
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

std::string old_data_sentence(const std::string& iso_day, const Style& style)
{
  const auto age = age_in_days(iso_day, style.now);
  return age && *age <= old_after_days ? std::string() : data_sentence(iso_day, style);
}

std::vector<std::string> proof_sentences(const model::Proof& proof, const Style& style)
{
  return proof.holds() ? std::vector{proof_sentence(proof)} : failed_checks(proof, style);
}

std::vector<std::string> selection_sentences(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  for (const auto& sentence : record.selection) {
    sentences.push_back(harmless(sentence, style.unicode));
  }
  std::string parties;
  for (const auto& party : record.parties) {
    parties += (parties.empty() ? "" : ", ") + harmless(party, style.unicode);
  }
  if (!parties.empty()) {
    sentences.push_back(say("Absent: {}.", parties));
  }
  return sentences;
}

std::vector<std::string> grounds(const model::RunRecord& record, const Style& style)
{
  if (!record.not_started.empty()) {
    return {record.data_date.empty() ? tr("No data were used.")
                                     : data_sentence(record.data_date, style)};
  }
  std::vector<std::string> sentences = record.proof.holds() && !record.weaker.empty()
                                           ? std::vector{proof_sentence_of_calls(record.proof)}
                                           : proof_sentences(record.proof, style);
  if (record.proof.overridden) {
    sentences.emplace_back(tr("Run on your order (--unproved)."));
  }
  if (!record.not_attributed.empty()) {
    sentences.push_back(harmless(record.not_attributed, style.unicode) + ".");
  } else if (record.unattributed > record.refused_unseen) {  // of those, the verdict tells
    const auto unasked = record.unattributed - record.refused_unseen;
    sentences.push_back(
        fmt::format(fmt::runtime(ntr(
                        "{} packet or question was counted of which no program was seen to ask.",
                        "{} packets or questions were counted of which no program was seen to ask.",
                        unasked)),
                    unasked));
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
        fmt::format(fmt::runtime(ntr("{} question for a name had no answer within a minute, or "
                                     "when the command ended.",
                                     "{} questions for names had no answer within a minute, or "
                                     "when the command ended.",
                                     record.questions_unanswered)),
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
  if (record.questions_odd > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("{} message to the room's name server was no question for a name that it "
                         "understands; it is not listed.",
                         "{} messages to the room's name server were no questions for names that "
                         "it understands; they are not listed.",
                         record.questions_odd)),
        record.questions_odd));
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
        tr("Only names fail like that; an absent address that is reached without a name, or by a "
           "name of somebody else's, is a blackhole."));
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
  sentences.push_back(fmt::format(
      fmt::runtime(ntr("Failure mode {}, like {}; engine {}, uplink {}; {} IPv4 and {} IPv6 prefix "
                       "absent.",
                       "Failure mode {}, like {}; engine {}, uplink {}; {} IPv4 and {} IPv6 "
                       "prefixes absent.",
                       record.prefixes_v6)),
      model::to_string(record.mode),
      model::to_string(record.signature),
      harmless(record.engine, style.unicode),
      harmless(record.uplink, style.unicode),
      record.prefixes_v4,
      record.prefixes_v6));
  sentences.push_back(data_sentence(record.data_date, style));
  return sentences;
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
