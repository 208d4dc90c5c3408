// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/evidence.hh"

#include <algorithm>
#include <map>
#include <set>

#include <netinet/in.h>

#include "isolate/gateway_rules.hh"

namespace zonder::isolate {
namespace {

constexpr std::uint16_t dns_port = 53;

/// The names that were asked for and answered with an address, sorted, by address.
using NamesByAddress = std::map<net::Address, std::set<std::string>>;

NamesByAddress names_by_address(const std::vector<Question>& questions)
{
  NamesByAddress names;
  for (const auto& question : questions) {
    for (const auto& address : question.answers) {
      names[address].insert(question.name);
    }
  }
  return names;
}

/// The one that the name server would say, and the others.
std::vector<std::string>
all_names(net::Address address, const std::string& name, const NamesByAddress& by_address)
{
  const auto found = by_address.find(address);
  auto names = found == by_address.end() ? std::set<std::string>() : found->second;
  if (!name.empty()) {
    names.insert(name);
  }
  return {names.begin(), names.end()};
}

void join(std::vector<model::Share>& shares, const std::vector<model::Share>& more);

/// Where the parties fell away later, an address of theirs has a time before and a time after: what
/// was let through was tried before. What was stopped was tried after, or by who went on with what
/// was open.
std::vector<model::Share> who_tried(const Destination& destination,
                                    model::Verdict verdict,
                                    bool of_the_absent,
                                    const Seen& seen)
{
  if (seen.tries == nullptr) {
    return {};
  }
  auto after = seen.tries->at(destination);
  if (seen.tries_before == nullptr) {
    return after;
  }
  const auto before = seen.tries_before->at(destination);
  if (!of_the_absent) {
    join(after, before);
    return after;
  }
  return verdict == model::Verdict::Passed || after.empty() ? before : after;
}

model::Attempt attempt_at(const kernel::NftDestination& destination,
                          model::Verdict verdict,
                          const Seen& seen,
                          const model::Absence& absence,
                          const Names& names,
                          const NamesByAddress& by_address)
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
  attempt.names = all_names(destination.address, attempt.name, by_address);
  attempt.address = destination.address;
  attempt.port = destination.port;
  attempt.protocol = protocol_name(destination.protocol);
  attempt.verdict = verdict;
  attempt.count = destination.packets;
  const auto* span = seen.times.find(destination, verdict);
  attempt.first = span != nullptr ? span->first : seen.started;
  attempt.last = span != nullptr ? span->last : seen.ended;
  attempt.programs = who_tried(
      {.address = destination.address, .protocol = destination.protocol, .port = destination.port},
      verdict,
      party.has_value(),
      seen);
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
  attempt.failed = question.failed;
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
    if (each->verdict == question.verdict && each->party == question.party &&
        each->failed == question.failed) {
      each->count += question.count;
      each->first = std::min(each->first, question.first);
      each->last = std::max(each->last, question.last);
      join(each->programs, question.programs);
      return;
    }
  }
  attempts.push_back(question);
}

/// The address that this one means, where it is another spelling of an IPv4 one: as translators
/// (RFC 6052, RFC 8215, RFC 2765) and 6to4 (RFC 3056) have it.
net::Address meant_by(net::Address address)
{
  if (address.is_v4()) {
    return address;
  }
  const auto high = address.high();
  const auto low = address.low();
  const bool translated = (high == 0 && (low >> 32U == 0xffff0000U || low >> 32U == 0)) ||
                          (high == 0x0064ff9b00000000U && low >> 32U == 0) ||
                          high >> 16U == 0x0064ff9b0001U;
  if (translated && low > 1) {
    return net::Address::v4(static_cast<std::uint32_t>(low));
  }
  if (high >> 48U == 0x2002U) {
    return net::Address::v4(static_cast<std::uint32_t>(high >> 16U));
  }
  return address;
}

std::optional<std::size_t>
party_reached(net::Address address, const model::Absence& absence, const Names& names)
{
  if (const auto party = absence.party_of(meant_by(address))) {
    return party;
  }
  return names.party_of_synthetic(address);
}

/// What the gateway counted, whatever became of it.
class Counted {
public:
  explicit Counted(const Seen& seen)
  {
    for (const auto* list : {&seen.blocked, &seen.denied, &seen.hindered, &seen.passed}) {
      for (const auto& each : *list) {
        places_.insert({.address = each.address, .protocol = each.protocol, .port = each.port});
        addresses_.insert(each.address);
      }
    }
  }

  [[nodiscard]] bool has(const Destination& destination) const
  {
    // The call of a raw socket names no protocol and port of the packet's.
    const bool has_ports =
        destination.protocol == IPPROTO_TCP || destination.protocol == IPPROTO_UDP;
    return has_ports ? places_.count(destination) > 0 : addresses_.count(destination.address) > 0;
  }

private:
  std::set<Destination> places_;
  std::set<net::Address> addresses_;
};

/// Calls at the absent of which no packet came to the gateway: it was too short-lived to be
/// forwarded, or written in a way that is never forwarded. They were tried all the same.
void add_what_only_calls_told(std::vector<model::Attempt>& attempts,
                              const Seen& seen,
                              const model::Absence& absence,
                              const Names& names)
{
  const Counted counted(seen);
  for (const auto& [destination, shares] : seen.tries->sent_to()) {
    const auto party = party_reached(destination.address, absence, names);
    // Questions for names may be answered by ours, whoever was asked.
    if (!party || destination.port == dns_port || counted.has(destination)) {
      continue;
    }
    model::Attempt attempt;
    attempt.party = absence.parties[*party].id;
    attempt.name = names.name_of(destination.address).value_or("");
    attempt.address = destination.address;
    attempt.port = destination.port;
    attempt.protocol = protocol_name(destination.protocol);
    attempt.verdict = model::Verdict::Blocked;
    attempt.by_calls = true;
    attempt.first = shares.front().first;
    for (const auto& share : shares) {
      attempt.count += share.tries;
      attempt.last = std::max(attempt.last, share.last);
    }
    attempt.programs = shares;
    attempts.push_back(std::move(attempt));
  }
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
  const auto by_address = names_by_address(seen.questions);
  std::vector<model::Attempt> attempts;
  for (const auto& question : seen.questions) {
    add_question(attempts, attempt_of(question, absence));
  }
  for (const auto& destination : seen.blocked) {
    attempts.push_back(
        attempt_at(destination, model::Verdict::Blocked, seen, absence, names, by_address));
  }
  for (const auto& destination : seen.denied) {
    attempts.push_back(
        attempt_at(destination, model::Verdict::Denied, seen, absence, names, by_address));
  }
  for (const auto& destination : seen.hindered) {
    attempts.push_back(
        attempt_at(destination, model::Verdict::Hindered, seen, absence, names, by_address));
  }
  for (const auto& destination : seen.passed) {
    attempts.push_back(
        attempt_at(destination, model::Verdict::Passed, seen, absence, names, by_address));
  }
  if (seen.tries != nullptr && seen.calls_tell_more) {
    add_what_only_calls_told(attempts, seen, absence, names);
  }
  std::sort(attempts.begin(), attempts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.verdict, a.party, a.name, a.address, a.port, a.protocol, a.first) <
           std::tie(b.verdict, b.party, b.name, b.address, b.port, b.protocol, b.first);
  });
  return attempts;
}

void add_stops_of_resolver(model::NameResolution& dns,
                           const std::vector<kernel::NftDestination>& stopped,
                           const model::Absence& absence)
{
  std::map<net::Address, std::uint64_t> packets;
  for (const auto& destination : stopped) {
    packets[destination.address] += destination.packets;
  }
  for (const auto& [address, count] : packets) {
    const auto party = absence.party_of(address);
    dns.asked_in_vain.push_back({.address = address,
                                 .party = party ? absence.parties[*party].id : std::string(),
                                 .count = count});
  }
  const auto was_asked = [&](const model::NameServer& server) {
    return server.address && packets.count(*server.address) > 0;
  };
  for (auto& failed : dns.failed) {
    const bool seen =
        std::any_of(failed.chain.begin(), failed.chain.end(), [&](const model::NameStep& step) {
          return std::any_of(step.servers.begin(), step.servers.end(), was_asked);
        });
    if (!seen) {
      failed.chain.clear();
    }
  }
}

std::vector<Question> questions_since(const std::vector<Question>& earlier,
                                      std::vector<Question> later)
{
  for (auto& question : later) {
    const auto before = std::find_if(earlier.begin(), earlier.end(), [&](const Question& each) {
      return each.name == question.name && each.type == question.type &&
             each.verdict == question.verdict && each.party == question.party &&
             each.failed == question.failed;
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
