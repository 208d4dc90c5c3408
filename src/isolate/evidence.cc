// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/evidence.hh"

#include <algorithm>

#include <netinet/in.h>

#include "isolate/gateway_rules.hh"

namespace zonder::isolate {
namespace {

std::string protocol_name(std::uint8_t number)
{
  switch (number) {
  case IPPROTO_TCP:
    return "tcp";
  case IPPROTO_UDP:
    return "udp";
  case IPPROTO_ICMP:
  case IPPROTO_ICMPV6:
    return "icmp";
  default:
    return std::to_string(number);
  }
}

model::Attempt attempt_at(const kernel::NftDestination& destination,
                          model::Verdict verdict,
                          const Seen& seen,
                          const model::Absence& absence,
                          const Names& names)
{
  model::Attempt attempt;
  auto party = absence.party_of(destination.address);
  if (!party) {
    party = names.party_of_synthetic(destination.address);
  }
  if (party && *party < absence.parties.size()) {
    attempt.party = absence.parties[*party].id;
  }
  attempt.name = names.name_of(destination.address).value_or("");
  attempt.address = destination.address;
  attempt.port = destination.port;
  attempt.protocol = protocol_name(destination.protocol);
  attempt.verdict = verdict;
  attempt.count = destination.packets;
  const auto* span = seen.times.find(destination, verdict);
  attempt.first = span != nullptr ? span->first : seen.started;
  attempt.last = span != nullptr ? span->last : seen.ended;
  if (seen.tries != nullptr) {
    attempt.programs = seen.tries->at({.address = destination.address,
                                       .protocol = destination.protocol,
                                       .port = destination.port});
  }
  return attempt;
}

model::Attempt attempt_of(const Question& question, const model::Absence& absence)
{
  model::Attempt attempt;
  if (question.party && *question.party < absence.parties.size()) {
    attempt.party = absence.parties[*question.party].id;
  }
  attempt.name = question.name;
  attempt.protocol = "dns";
  attempt.verdict = question.verdict;
  attempt.count = question.count;
  attempt.first = question.first;
  attempt.last = question.last;
  attempt.programs = question.programs;
  return attempt;
}

void join(std::vector<model::Share>& shares, const std::vector<model::Share>& more)
{
  for (const auto& share : more) {
    const auto known = std::find_if(shares.begin(), shares.end(), [&](const model::Share& each) {
      return each.program == share.program;
    });
    if (known == shares.end()) {
      shares.push_back(share);
      continue;
    }
    known->tries += share.tries;
    known->first = std::min(known->first, share.first);
    known->last = std::max(known->last, share.last);
  }
  std::sort(shares.begin(), shares.end(), [](const model::Share& a, const model::Share& b) {
    return std::tie(a.first, a.program) < std::tie(b.first, b.program);
  });
}

/// One line per name: questions for A and AAAA of one name are one attempt. They come sorted by
/// name, so a line to join is among the last ones.
void add_question(std::vector<model::Attempt>& attempts, const model::Attempt& question)
{
  for (auto each = attempts.rbegin(); each != attempts.rend() && each->name == question.name;
       ++each) {
    if (each->verdict == question.verdict && each->party == question.party) {
      each->count += question.count;
      each->first = std::min(each->first, question.first);
      each->last = std::max(each->last, question.last);
      join(each->programs, question.programs);
      return;
    }
  }
  attempts.push_back(question);
}

}  // namespace

void Times::note(const kernel::LoggedPacket& packet, model::Moment now)
{
  const auto verdict = packet.prefix == rules::blocked_prefix    ? model::Verdict::Blocked
                       : packet.prefix == rules::denied_prefix   ? model::Verdict::Denied
                       : packet.prefix == rules::hindered_prefix ? model::Verdict::Hindered
                                                                 : model::Verdict::Passed;
  // The sets have port 0 for what is neither TCP nor UDP.
  const bool has_port = packet.protocol == IPPROTO_TCP || packet.protocol == IPPROTO_UDP;
  const std::uint16_t port = has_port ? packet.destination_port : std::uint16_t{0};
  const auto [place, is_new] = spans_.try_emplace(
      std::tuple(verdict, packet.destination, packet.protocol, port), Span{now, now});
  if (!is_new) {
    place->second.last = now;
  }
}

const Times::Span* Times::find(const kernel::NftDestination& destination,
                               model::Verdict verdict) const
{
  const auto found =
      spans_.find(std::tuple(verdict, destination.address, destination.protocol, destination.port));
  return found == spans_.end() ? nullptr : &found->second;
}

std::vector<model::Attempt>
attempts_of(const Seen& seen, const model::Absence& absence, const Names& names)
{
  std::vector<model::Attempt> attempts;
  for (const auto& question : seen.questions) {
    add_question(attempts, attempt_of(question, absence));
  }
  for (const auto& destination : seen.blocked) {
    attempts.push_back(attempt_at(destination, model::Verdict::Blocked, seen, absence, names));
  }
  for (const auto& destination : seen.denied) {
    attempts.push_back(attempt_at(destination, model::Verdict::Denied, seen, absence, names));
  }
  for (const auto& destination : seen.hindered) {
    attempts.push_back(attempt_at(destination, model::Verdict::Hindered, seen, absence, names));
  }
  for (const auto& destination : seen.passed) {
    attempts.push_back(attempt_at(destination, model::Verdict::Passed, seen, absence, names));
  }
  std::sort(attempts.begin(), attempts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.verdict, a.party, a.name, a.address, a.port, a.protocol, a.first) <
           std::tie(b.verdict, b.party, b.name, b.address, b.port, b.protocol, b.first);
  });
  return attempts;
}

std::vector<Question> questions_since(const std::vector<Question>& earlier,
                                      std::vector<Question> later)
{
  for (auto& question : later) {
    const auto before = std::find_if(earlier.begin(), earlier.end(), [&](const Question& each) {
      return each.name == question.name && each.type == question.type &&
             each.verdict == question.verdict && each.party == question.party;
    });
    if (before != earlier.end()) {
      question.count -= std::min(question.count, before->count);
    }
  }
  later.erase(std::remove_if(later.begin(),
                             later.end(),
                             [](const Question& question) { return question.count == 0; }),
              later.end());
  return later;
}

}  // namespace zonder::isolate
