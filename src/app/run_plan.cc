// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/run_plan.hh"

#include <cstdint>
#include <string>
#include <utility>

#include "app/as_of.hh"
#include "app/baseline_file.hh"
#include "app/pages.hh"
#include "app/report_file.hh"
#include "base/duration.hh"
#include "base/translate.hh"
#include "isolate/applications.hh"
#include "isolate/command.hh"
#include "isolate/controls.hh"
#include "isolate/ways_out.hh"

namespace zonder::app {
namespace {

constexpr std::size_t most_host_ports = 32;

tl::unexpected<Error> not_one_of(const char* option, const std::string& typed, const char* known)
{
  return fail(Fault::Usage, say("{} cannot be {}; it is one of: {}", option, typed, known));
}

/// How the absent look: by --like where they are gone. Revoked looks one way, and only by an
/// authority that the user agreed to.
Result<model::Signature> read_signature(const RunOptions& typed, model::FailureMode mode)
{
  if (mode == model::FailureMode::Revoked) {
    if (!typed.like.empty()) {
      return fail(Fault::Usage,
                  say("--like says how the gone look; leave it out with --mode revoked"));
    }
    if (!typed.lab_ca) {
      return fail(
          Fault::Usage,
          say("--mode revoked needs --lab-ca: zonder then makes a certificate authority for "
              "this one run, which programs in the room trust, and refuses every request "
              "in the name of the absent; nothing of it stays"));
    }
    return model::Signature::Denied;
  }
  if (mode == model::FailureMode::Captured) {
    return fail(
        Fault::Usage,
        say("run can do the failure modes gone, revoked, frozen and hostile; {} changes the "
            "law, and nothing that a network shows",
            typed.mode));
  }
  if (typed.lab_ca) {
    return fail(Fault::Usage, say("--lab-ca is for --mode revoked only"));
  }
  const auto signature = model::parse_signature(typed.like.empty() ? "blackhole" : typed.like);
  if (!signature || *signature == model::Signature::Denied) {
    return not_one_of("--like",
                      typed.like,
                      "blackhole refuse unreachable nxdomain servfail lossy slow late tls-reset");
  }
  return *signature;
}

/// The words that were typed, as what the engine understands.
Result<isolate::RunOptions> read_options(const RunOptions& typed)
{
  isolate::RunOptions options;
  const auto mode = model::parse_failure_mode(typed.mode);
  if (!mode) {
    return not_one_of("--mode", typed.mode, "gone revoked frozen hostile captured");
  }
  const auto signature = read_signature(typed, *mode);
  if (!signature) {
    return fail(signature.error());
  }
  const auto engine = isolate::parse_engine(typed.engine);
  if (!engine) {
    return not_one_of("--engine", typed.engine, "auto netns root seccomp");
  }
  const auto uplink = isolate::parse_uplink(typed.uplink);
  if (!uplink) {
    return not_one_of("--uplink", typed.uplink, "auto slirp4netns pasta veth");
  }
  if (typed.dns != "forward" && typed.dns != "honest") {
    return not_one_of("--dns", typed.dns, "forward honest");
  }
  if (!typed.after.empty()) {
    const auto after = parse_duration(typed.after);
    if (!after) {
      return fail(after.error());
    }
    options.after = *after;
  }
  options.mode = *mode;
  options.signature = *signature;
  options.engine = *engine;
  options.uplink.wanted = *uplink;
  options.dns = typed.dns == "honest" ? model::DnsMode::Honest : model::DnsMode::Forward;
  options.show_names = typed.show_names;
  options.command = typed.command;
  options.controls = typed.controls;
  options.unproved = typed.unproved;
  options.keep_descriptors = typed.keep_descriptors;
  options.strict = typed.strict;
  options.allowed_sockets = typed.allowed_sockets;
  for (const int descriptor : typed.keep_descriptors) {
    if (descriptor < 0) {
      return fail(
          Fault::Usage,
          say("--keep-fd wants the number of an open descriptor, 0 or more, not {}", descriptor));
    }
  }
  ZONDER_TRY(isolate::check_kept_descriptors(typed.keep_descriptors));
  if (!typed.application.empty() && typed.pages.empty()) {
    ZONDER_TRY(isolate::check_application(typed.application, user_environment()));
  }
  for (const auto& control : typed.controls) {
    ZONDER_TRY(isolate::check_control(control));
  }
  for (const int port : typed.allowed_host_ports) {
    if (port < 1 || port > 65535) {
      return fail(Fault::Usage, say("--allow-host wants a port between 1 and 65535, not {}", port));
    }
    options.allowed_host_ports.push_back(static_cast<std::uint16_t>(port));
  }
  if (options.allowed_host_ports.size() > most_host_ports) {
    return fail(Fault::Usage, say("--allow-host: at most {} ports", most_host_ports));
  }
  auto proxies = isolate::read_proxies(typed.proxies, user_environment());
  if (!proxies) {
    return fail(proxies.error());
  }
  options.proxies = std::move(*proxies);
  return options;
}

/// What was there last time; nothing where nobody asked for it.
Result<std::optional<report::Baseline>> last_time(const RunOptions& typed)
{
  if (typed.baseline.empty()) {
    return std::nullopt;
  }
  auto baseline = read_baseline(typed.baseline);
  if (!baseline) {
    return fail(std::move(baseline).error());
  }
  return std::move(*baseline);
}

}  // namespace

Result<void> check_written_files(const RunOptions& typed)
{
  for (const auto& path : typed.reports) {
    ZONDER_TRY(check_report_path(path));
  }
  auto files = typed.reports;
  if (!typed.new_baseline.empty()) {
    ZONDER_TRY(check_can_write(typed.new_baseline));
    files.push_back(typed.new_baseline);
  }
  return check_all_differ(files);
}

Result<RunPlan> read_run_options(const World& world, const RunOptions& typed)
{
  auto options = read_options(typed);
  if (!options) {
    return fail(options.error());
  }
  ZONDER_TRY(PageTrial::check(typed));
  auto baseline = last_time(typed);
  if (!baseline) {
    return fail(baseline.error());
  }
  const auto day = as_of(typed.as_of, world.now);
  if (!day) {
    return fail(day.error());
  }
  return RunPlan{.options = std::move(*options),
                 .baseline = std::move(*baseline),
                 .day = *day,
                 .selection = {},
                 .facts_date = {}};
}

}  // namespace zonder::app
