// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/run.hh"

#include <csignal>

#include "base/boot_clock.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/applications.hh"
#include "isolate/call_run.hh"
#include "isolate/command.hh"
#include "isolate/hosts_file.hh"
#include "isolate/network_mounts.hh"
#include "isolate/open_files.hh"
#include "isolate/room_run.hh"
#include "isolate/unseen_proxies.hh"
#include "isolate/ways_out.hh"

namespace zonder::isolate {
namespace {

std::string would_leave_the_room(const RunningInstance& running)
{
  auto sentence =
      running.pid == 0
          ? say("it runs already ({}) and would take the request outside the room; close it",
                running.evidence)
          : say("it runs already (process {}, {}) and would take the request outside the room; "
                "close it",
                running.pid,
                running.evidence);
  return running.application.empty()
             ? sentence
             : sentence + say(", or use --app {} for a separate one with a fresh profile",
                              running.application);
}

/// What can only be done on the network is not done by deciding about calls.
Result<void> check_for_calls(const RunOptions& options)
{
  if (model::hinders_only(options.signature)) {
    return fail(
        Fault::NotPossible,
        say("the engine \"seccomp\" cannot make a party {}: that takes a network of our own",
            model::to_string(options.signature)));
  }
  if (model::is_answered(options.signature)) {
    return fail(
        Fault::NotPossible,
        say("the engine \"seccomp\" cannot answer for a party: that takes a network of our own"));
  }
  if (options.dns == model::DnsMode::Honest) {
    return fail(
        Fault::NotPossible,
        say("the engine \"seccomp\" cannot do --dns honest: that takes a network of our own"));
  }
  if (!options.proxies.places.empty() && options.proxies.variables.empty()) {
    return fail(
        Fault::NotPossible,
        say("the engine \"seccomp\" cannot see through a proxy: that takes a network of our own"));
  }
  return {};
}

/// A request through a proxy cannot be lost or slowed by packets that are not there.
Result<void> check_proxies(const RunOptions& options)
{
  if (options.proxies.places.empty() ||
      (!model::hinders_only(options.signature) && options.signature != model::Signature::Denied)) {
    return {};
  }
  return fail(Fault::Usage,
              say("{} cannot be made through a proxy: leave the proxy out, or let it go unseen "
                  "with --proxy none",
                  options.signature == model::Signature::Denied
                      ? model::to_string(options.mode)
                      : model::to_string(options.signature)));
}

/// What is known before anything is started.
model::RunRecord begin_record(const RunOptions& options, Engine engine)
{
  model::RunRecord record;
  const auto& absence = options.absence;
  record.selector = absence.selector;
  record.except = absence.except;
  for (const auto& party : absence.parties) {
    record.parties.push_back(party.id);
    if (party.addresses.empty()) {
      record.by_name_only.push_back(party.id);
    }
    for (const auto& prefix : party.addresses.prefixes()) {
      ++(prefix.family() == net::Family::V4 ? record.prefixes_v4 : record.prefixes_v6);
    }
  }
  record.mode = options.mode;
  record.signature = options.signature;
  record.later = options.after.has_value();
  record.engine = to_string(engine);
  record.command = options.command;
  record.data_date = absence.data_date;
  record.dns.mode = options.dns;
  record.dns.show_names = options.show_names;
  if (!options.strict) {
    record.left_the_room = open_ways_out(user_environment());
  }
  add_network_mounts(record.left_the_room);
  add_what_was_allowed(record.left_the_room, options.allowed_sockets, options.keep_descriptors);
  if (options.proxies.none) {
    record.left_the_room.push_back(
        {.what = say("proxies (--proxy none)"),
         .meaning = say("A proxy that lives is reached as any host is, and what it is asked for is "
                        "not seen: the absent too."),
         .programs = {}});
  }
  record.started = time_of_day();
  return record;
}

/// To a record of which all else is known.
void add_unseen_proxies(model::RunRecord& record, const RunOptions& options, Engine engine)
{
  const auto& proxies = options.proxies;
  const auto& unseen =
      engine == Engine::Seccomp && !proxies.none ? proxies.places : proxies.left_unseen;
  const auto hosts = read_file("/etc/hosts", std::size_t{1} << 24U);
  for (auto& use :
       unseen_proxies(unseen, proxies.not_read, record, HostsFile(hosts ? *hosts : ""))) {
    record.proxies.uses.push_back(std::move(use));
  }
}

}  // namespace

Result<void> check_run(const RunOptions& options)
{
  if ((options.mode == model::FailureMode::Revoked) !=
      (options.signature == model::Signature::Denied)) {
    return fail(Fault::NotPossible, say("the failure mode revoked looks its own way, and only it"));
  }
  ZONDER_TRY(check_open_files());
  ZONDER_TRY(refuse_inherited_sockets());
  ZONDER_TRY(check_kept_descriptors(options.keep_descriptors));
  ZONDER_TRY(check_allowed_sockets(options.allowed_sockets));
  const auto engine = choose_engine(options.engine);
  if (!engine) {
    return fail(engine.error());
  }
  if (*engine == Engine::Seccomp) {
    return check_for_calls(options);
  }
  ZONDER_TRY(check_proxies(options));
  return check_for_room(options);
}

Result<model::RunRecord> run(const RunOptions& options)
{
  ZONDER_TRY(check_run(options));
  const auto engine = choose_engine(options.engine);
  if (!engine) {
    return fail(engine.error());
  }
  const MoreOpenFiles while_it_runs;
  // Whoever started us may not want to know of its children; we do.
  ::signal(SIGCHLD, SIG_DFL);
  auto record = begin_record(options, *engine);
  const auto command =
      find_command(options.command.empty() ? "" : options.command.front(), user_environment());
  if (command.exit_code != 0) {
    record.exit_code = command.exit_code;
    record.not_started = command.problem;
    return record;
  }
  if (const auto running = running_instance(options.command, user_environment())) {
    return fail(Fault::NotPossible, would_leave_the_room(*running));
  }
  if (*engine == Engine::Seccomp) {
    auto done = run_by_calls(options, command, std::move(record));
    if (done && !options.proxies.places.empty()) {
      done->weaker.push_back(
          say("the proxy of your environment ({}) is reached as any host is, and "
              "what it is asked for is not seen",
              options.proxies.places.front().to_string()));
    }
    if (done) {
      add_unseen_proxies(*done, options, *engine);
    }
    return done;
  }
  auto done = run_in_room(options, *engine == Engine::Root, command, std::move(record));
  if (done) {
    add_unseen_proxies(*done, options, *engine);
  }
  return done;
}

int exit_code_of(const model::RunRecord& record, bool found)
{
  const bool died = record.uplink_died || record.dns.resolver_died;
  return record.exit_code == 0 && (died || found) ? 1 : record.exit_code;
}

}  // namespace zonder::isolate
