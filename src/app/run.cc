// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/run.hh"

#include <algorithm>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "app/as_of.hh"
#include "app/baseline_file.hh"
#include "app/beeper.hh"
#include "app/clicks.hh"
#include "app/complain.hh"
#include "app/pages.hh"
#include "app/private_dns.hh"
#include "app/report_file.hh"
#include "base/duration.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "browse/browser.hh"
#include "catalog/catalog.hh"
#include "catalog/private_resolvers.hh"
#include "catalog/snapshot.hh"
#include "isolate/applications.hh"
#include "isolate/command.hh"
#include "isolate/run.hh"
#include "report/judgement.hh"
#include "report/run_events.hh"
#include "report/run_json.hh"
#include "report/run_names.hh"
#include "report/run_text.hh"

namespace zonder::app {
namespace {

constexpr std::size_t most_host_ports = 32;

void tell(const World& world, const std::string& sentence)
{
  if (!world.quiet) {
    complain(world.err, world.unicode, sentence);
  }
}

int refuse(const World& world, int code, const std::string& why)
{
  complain(world.err, world.unicode, why);
  return code;
}

/// What was typed wrong is no failure of zonder's.
int exit_code_for(const Error& error)
{
  return static_cast<int>(error.fault == Fault::Usage ? Exit::Usage : Exit::RunFailed);
}

int refuse(const World& world, const Error& error)
{
  return refuse(world, exit_code_for(error), error.message);
}

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
                      "blackhole refuse unreachable nxdomain servfail lossy slow tls-reset");
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

/// What got through has no absent party: the catalogue tells whose it was.
void attribute(model::RunRecord& record, const catalog::Catalog& catalog, catalog::Date day)
{
  for (auto& attempt : record.attempts) {
    if (!attempt.party.empty()) {
      continue;
    }
    if (attempt.address) {
      attempt.party = catalog.who(*attempt.address, day).party;
    } else if (const auto name = net::DomainName::parse(attempt.name)) {
      attempt.party = catalog.who(*name, day).party;
    }
  }
}

/// Standard output is the command's own, so the text goes beside it; a document that was asked for
/// comes behind what the command wrote.
void print(const World& world,
           const model::RunRecord& record,
           const report::Judgement& judgement,
           const report::Style& style)
{
  switch (world.form) {
  case Form::Json:
    std::fputs(report::run_as_json(record, judgement).c_str(), world.out);
    break;
  case Form::JsonLines:
    std::fputs(report::run_as_json_lines(record, judgement).c_str(), world.out);
    break;
  case Form::Text:
    if (!world.quiet) {
      std::fputs(report::run_as_text(record, style, judgement).c_str(), world.err);
    }
  }
}

/// What was there last time; nothing where nobody asked for it. All that can be wrong with either
/// file is told here, before anything is started.
Result<std::optional<report::Baseline>> last_time(const RunOptions& typed)
{
  if (!typed.new_baseline.empty()) {
    ZONDER_TRY(check_can_write(typed.new_baseline));
  }
  if (typed.baseline.empty()) {
    return std::nullopt;
  }
  auto baseline = read_baseline(typed.baseline);
  if (!baseline) {
    return fail(std::move(baseline).error());
  }
  return std::move(*baseline);
}

Result<catalog::PrivateResolvers> private_resolvers(const World& world)
{
  const auto path = world.share_folder + "/private-resolvers.yaml";
  const auto text = read_file(path, std::size_t{1} << 20U);
  return text ? catalog::load_private_resolvers(path, *text) : fail(text.error());
}

/// What is written of a run that came to nothing: whoever reads the reports must not take those of
/// the run before for this one's.
model::RunRecord
nothing_run(const isolate::RunOptions& options, const Error& why, model::Moment now)
{
  model::RunRecord record;
  record.selector = options.absence.selector;
  record.except = options.absence.except;
  for (const auto& party : options.absence.parties) {
    record.parties.push_back(party.id);
  }
  record.mode = options.mode;
  record.signature = options.signature;
  record.engine = isolate::to_string(options.engine);
  record.command = options.command;
  record.data_date = options.absence.data_date;
  record.started = now;
  record.exit_code = exit_code_for(why);
  record.not_started = why.message;
  return record;
}

/// Which party clicks how, as far as that fits in a sentence.
std::string legend(const model::Absence& absence)
{
  constexpr std::size_t most_told = 6;
  std::string all;
  for (std::size_t i = 0; i < std::min(absence.parties.size(), most_told); ++i) {
    all += (i == 0 ? "" : ", ") + fmt::format("{} {:.0f} Hz", absence.parties[i].id, pitch_of(i));
  }
  return all + (absence.parties.size() > most_told ? ", ..." : "");
}

/// Several --allow are one selector.
std::string joined(const std::vector<std::string>& selectors)
{
  std::string all;
  for (const auto& selector : selectors) {
    all += (all.empty() ? "" : ",") + selector;
  }
  return all;
}

}  // namespace

int run(const World& world, const RunOptions& typed)
{
  // Everything that can be wrong in what was typed is told before anything is started.
  auto options = read_options(typed);
  if (!options) {
    return refuse(world, options.error());
  }
  if (const auto fine = PageTrial::check(typed); !fine) {
    return refuse(world, fine.error());
  }
  for (const auto& path : typed.reports) {
    if (const auto fine = check_report_path(path); !fine) {
      return refuse(world, fine.error());
    }
  }
  auto files = typed.reports;
  if (!typed.new_baseline.empty()) {
    files.push_back(typed.new_baseline);
  }
  if (const auto fine = check_all_differ(files); !fine) {
    return refuse(world, fine.error());
  }
  const auto baseline = last_time(typed);
  if (!baseline) {
    return refuse(world, baseline.error());
  }
  const auto day = as_of(typed.as_of, world.now);
  if (!day) {
    return refuse(world, day.error());
  }

  // Who falls away, as of that day.
  const auto catalog = catalog::Catalog::open(catalog_places(world));
  if (!catalog) {
    return refuse(world, catalog.error());
  }
  // A damaged table would cut less than it says, in silence.
  if (!catalog->snapshot().intact()) {
    return refuse(
        world,
        {Fault::NotPossible,
         say("the catalogue {} is damaged: its checksum does not fit. `zonder data update` "
             "or `zonder data import` makes it again",
             catalog->about().path)});
  }
  const auto selection =
      catalog->select(typed.selector, typed.except, *day, day_of(world.now), options->mode);
  if (!selection) {
    return refuse(world, selection.error());
  }
  for (const auto& note : catalog->notes()) {
    tell(world, note);
  }
  tell(world, selection->summary);
  for (const auto& note : selection->notes) {
    tell(world, note);
  }

  // What is absent too, and may be asked for.
  std::optional<model::Absence> allowed;
  if (!typed.allowed.empty()) {
    const auto found = catalog->select(joined(typed.allowed), "", *day, day_of(world.now));
    if (!found) {
      return refuse(world, found.error());
    }
    allowed = found->absence;
    tell(world, say("allowed: {}", found->summary));
  }

  // The command, in a room without them.
  std::optional<isolate::FreshInstance> fresh;
  if (!typed.application.empty()) {
    auto made = isolate::fresh_instance(typed.application, typed.command, user_environment());
    if (!made) {
      return refuse(world, made.error());
    }
    fresh.emplace(std::move(*made));
    options->command = fresh->command;
    tell(world,
         say("{} starts separately with a fresh profile, which is removed afterwards: nothing of "
             "yours is in it, no log-in either",
             typed.application));
  }
  std::optional<PageTrial> pages;
  if (!typed.pages.empty()) {
    auto prepared = PageTrial::prepare(typed);
    if (!prepared) {
      return refuse(
          world, static_cast<int>(exit_of(prepared.error().fault)), prepared.error().message);
    }
    pages.emplace(std::move(*prepared));
    if (!browse::Browser::can_have_a_sandbox()) {
      tell(
          world,
          say("as root, Chromium has no sandbox for its pages: visit only pages that you trust, or "
              "do this as an ordinary user"));
    }
    tell(world, say("first, the pages with everybody"));
    if (const int signal = pages->visit_with_everybody(); signal != 0) {
      return 128 + signal;
    }
    options->command = pages->command();
  }
  if (!options->proxies.variables.empty()) {
    tell(world,
         say("proxies are taken from your environment ({}); --proxy none leaves them unseen",
             joined(options->proxies.variables)));
  }
  options->absence = selection->absence;
  options->progress = [&world](const std::string& sentence) {
    tell(world, sentence);
  };
  std::optional<Beeper> beeper;
  if (typed.beep) {
    auto started = Beeper::start();
    if (!started) {
      return refuse(world, started.error());
    }
    beeper.emplace(std::move(*started));
    options->on_attempt = [&beeper](std::size_t party) {
      beeper->strike(party);
    };
    tell(world, say("a click for every attempt: {}", legend(options->absence)));
  }
  auto ran = isolate::run(*options);
  auto record = ran ? std::move(*ran) : nothing_run(*options, ran.error(), world.now);
  if (beeper && !beeper->plays()) {
    tell(world, say("the program that plays the clicks ended: is there a sound card?"));
  }
  const bool started = record.not_started.empty();
  if (!started) {
    complain(world.err, world.unicode, record.not_started);
  }
  attribute(record, *catalog, *day);
  if (const auto known = private_resolvers(world)) {
    tell_private_dns(record, *known);
  } else {
    tell(world, known.error().message);
  }
  if (pages && started) {
    pages->finish(record, selection->absence, *catalog, *day);
  }

  // What it asked for, in short here and whole in the files.
  const auto judgement =
      report::judge(record, allowed ? &*allowed : nullptr, *baseline ? &**baseline : nullptr);
  int code = isolate::exit_code_of(
      record,
      typed.fail_on_contact && (judgement.finds() || report::a_name_hung_on_the_absent(record)));
  const report::Style style{.colour = world.colour, .unicode = world.unicode, .now = world.now};
  if (started || world.form != Form::Text) {
    print(world, record, judgement, style);
  }
  for (const auto& path : typed.reports) {
    if (const auto written = write_report(path, record, judgement, style); !written) {
      complain(world.err, world.unicode, written.error().message);
      code = code == 0 ? static_cast<int>(Exit::RunFailed) : code;
    }
  }
  if (started && !typed.new_baseline.empty()) {
    if (const auto written = write_baseline(typed.new_baseline, record, judgement); !written) {
      complain(world.err, world.unicode, written.error().message);
      code = code == 0 ? static_cast<int>(Exit::RunFailed) : code;
    }
  }
  return code;
}

}  // namespace zonder::app
