// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_evidence.hh"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include <netinet/in.h>

#include "base/boot_clock.hh"
#include "isolate/ways_out.hh"

namespace zonder::isolate {
namespace {

/// The log hands over with a little delay; waits for it while there is something to wait for.
void read_last_of_log(Stage& stage, const Seen& seen)
{
  const auto told = [&](const std::vector<kernel::NftDestination>& all, model::Verdict verdict) {
    return std::all_of(all.begin(), all.end(), [&](const kernel::NftDestination& each) {
      return stage.times.find(each, verdict) != nullptr;
    });
  };
  for (int round = 0; round < 10; ++round) {
    read_log(stage);
    if (told(seen.blocked, model::Verdict::Blocked) && told(seen.denied, model::Verdict::Denied) &&
        told(seen.hindered, model::Verdict::Hindered) &&
        told(seen.passed, model::Verdict::Passed)) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// What the run's own resolver met, and which names failed for it.
Result<void> collect_names(Stage& stage, const GatewayCounts& moved)
{
  if (!stage.enclosure.resolver) {
    return {};
  }
  auto& dns = stage.record.dns;
  if (stage.enclosure.forwarder) {
    dns.failed = stage.enclosure.forwarder->failed_names(std::chrono::seconds(3));
  }
  // Read after that: a name server is asked before its zone is said to be stuck.
  const auto stopped = stage.enclosure.gateway->stopped_for_resolver();
  if (!stopped) {
    return fail(stopped.error());
  }
  dns.resolver_blocked = moved.resolver_blocked;
  dns.resolver_passed = moved.resolver_opened;
  add_stops_of_resolver(dns, *stopped, stage.options.absence);
  return {};
}

/// What was said on connections that zonder took. An attempt that no name was known of gets the one
/// by which the client called the server.
void add_what_was_received(Stage& stage)
{
  if (!stage.enclosure.receiver) {
    return;
  }
  auto& record = stage.record;
  stage.enclosure.receiver->stop();
  record.received = stage.enclosure.receiver->received();
  record.received_unlisted = stage.enclosure.receiver->not_kept();
  for (auto& received : record.received) {
    if (stage.supervisor) {
      received.programs = stage.supervisor->tries().at(
          {.address = received.address, .protocol = IPPROTO_TCP, .port = received.port});
    }
  }
  for (auto& attempt : record.attempts) {
    if (!attempt.name.empty() || !attempt.address || attempt.protocol != "tcp") {
      continue;
    }
    const auto called = std::find_if(
        record.received.begin(), record.received.end(), [&](const model::Received& received) {
          return !received.name.empty() && received.address == *attempt.address &&
                 received.port == attempt.port;
        });
    if (called != record.received.end()) {
      attempt.name = called->name;
    }
  }
}

/// What the gateway counted and where; `moved`: since the command started.
Result<void> read_gateway(Stage& stage, Seen& seen, GatewayCounts& moved)
{
  const std::pair<model::Verdict, std::vector<kernel::NftDestination>*> wanted[] = {
      {model::Verdict::Blocked, &seen.blocked},
      {model::Verdict::Denied, &seen.denied},
      {model::Verdict::Hindered, &seen.hindered},
      {model::Verdict::Passed, &seen.passed}};
  for (const auto& [verdict, into] : wanted) {
    auto there = stage.enclosure.gateway->destinations(verdict);
    if (!there) {
      return fail(std::move(there).error());
    }
    *into = std::move(*there);
  }
  const auto counts = stage.enclosure.gateway->counts();
  if (!counts) {
    return fail(counts.error());
  }
  moved = counts->since(stage.before);
  return {};
}

std::uint64_t sum(const std::vector<kernel::NftDestination>& all)
{
  std::uint64_t packets = 0;
  for (const auto& each : all) {
    packets += each.packets;
  }
  return packets;
}

/// Counted, and in no place that was written down.
std::uint64_t not_placed(const Seen& seen, const GatewayCounts& moved)
{
  const auto listed = sum(seen.blocked) + sum(seen.denied) + sum(seen.hindered);
  const auto opened = sum(seen.passed);
  return (moved.blocked() > listed ? moved.blocked() - listed : 0) +
         (moved.opened > opened ? moved.opened - opened : 0);
}

/// Who reached for what; the supervisor looks no longer.
void read_programs(Stage& stage, Seen& seen)
{
  if (!stage.supervisor) {
    return;
  }
  stage.supervisor->stop();
  auto& record = stage.record;
  const auto& supervisor = *stage.supervisor;
  seen.tries = &supervisor.tries();
  seen.tries_before = record.absent_from ? &supervisor.tries_before_turn() : nullptr;
  record.programs = supervisor.book().programs();
  record.programs_unlisted = supervisor.book().not_kept() + supervisor.tries().not_kept() +
                             supervisor.tries_before_turn().not_kept() +
                             supervisor.sockets().not_kept();
  record.unseen_calls = supervisor.unseen_calls();
  add_uses_of_services(record.left_the_room, supervisor.sockets().outside());
  record.own_loopback = ports_at_own_loopback(
      stage.options.allowed_host_ports, {&supervisor.tries_before_turn(), &supervisor.tries()});
  add_uses_of_host(record.left_the_room,
                   stage.options.allowed_host_ports,
                   {&supervisor.tries_before_turn(), &supervisor.tries()});
}

void read_questions(Stage& stage, Seen& seen)
{
  if (!stage.enclosure.forwarder) {
    return;
  }
  auto& record = stage.record;
  seen.questions = questions_since(stage.asked_before, stage.enclosure.forwarder->questions());
  const auto counters = stage.enclosure.forwarder->counters();
  record.questions_unlisted = counters.questions_not_kept;
  record.questions_unheard = counters.not_heard;
  record.questions_odd = counters.odd_questions;
  record.questions_unanswered = counters.unanswered + counters.turned_away;
  record.dns.ech_removed = counters.ech_removed;
}

std::vector<model::Attempt> attempts_of(const Stage& stage, const Seen& seen)
{
  const auto* forwarder = stage.enclosure.forwarder.get();
  return attempts_of(
      seen,
      stage.options.absence,
      {.name_of = [forwarder](net::Address address) -> std::optional<std::string> {
         return forwarder != nullptr ? forwarder->name_of(address) : std::nullopt;
       },
       .party_of_synthetic = [forwarder](net::Address address) -> std::optional<std::size_t> {
         return forwarder != nullptr ? forwarder->party_of(address) : std::nullopt;
       }});
}

}  // namespace

void read_log(Stage& stage)
{
  const auto now = time_of_day();
  stage.enclosure.log->read(
      [&](const kernel::LoggedPacket& packet) { stage.times.note(packet, now); });
}

Result<void> collect_evidence(Stage& stage)
{
  auto& record = stage.record;
  if (stage.proxies) {
    stage.proxies->stop();  // before those whom it asks
  }
  if (stage.enclosure.forwarder) {
    stage.enclosure.forwarder->settle(settle_limit);  // while it is still known who asked
  }
  Seen seen;
  seen.started = record.started;
  seen.ended = time_of_day();
  GatewayCounts moved;
  ZONDER_TRY(read_gateway(stage, seen, moved));
  record.unlisted = not_placed(seen, moved);
  seen.calls_tell_more = record.unlisted == 0;
  read_last_of_log(stage, seen);
  seen.times = stage.times;
  read_programs(stage, seen);
  read_questions(stage, seen);
  record.attempts = attempts_of(stage, seen);
  add_what_was_received(stage);
  ZONDER_TRY(collect_names(stage, moved));
  record.blocked_packets = moved.blocked();
  record.passed_packets = moved.opened;
  record.lost_packets = moved.lost;
  if (stage.proxies) {
    stage.proxies->add_to(record, seen.tries);
  }
  record.unattributed = record.unlisted;
  for (const auto& attempt : record.attempts) {
    record.unattributed += attempt.programs.empty() ? attempt.count : 0;
  }
  record.lost_events = stage.enclosure.log->overruns();
  return {};
}

}  // namespace zonder::isolate
