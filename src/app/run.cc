// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/run.hh"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/as_of.hh"
#include "app/baseline_file.hh"
#include "app/beeper.hh"
#include "app/clicks.hh"
#include "app/complain.hh"
#include "app/live_report.hh"
#include "app/open_catalog.hh"
#include "app/pages.hh"
#include "app/passwords.hh"
#include "app/private_dns.hh"
#include "app/report_file.hh"
#include "app/run_plan.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "browse/browser.hh"
#include "catalog/catalog.hh"
#include "catalog/private_resolvers.hh"
#include "isolate/applications.hh"
#include "isolate/command.hh"
#include "isolate/open_files.hh"
#include "isolate/run.hh"
#include "report/judgement.hh"
#include "report/run_events.hh"
#include "report/run_json.hh"
#include "report/run_text.hh"

namespace zonder::app {
namespace {

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

/// What got through has no absent party: the catalogue tells whose it was.
void attribute(model::RunRecord& record, const catalog::Catalog& catalog, catalog::Date day)
{
  for (auto& attempt : record.attempts) {
    if (!attempt.party.empty() || attempt.verdict != model::Verdict::Passed) {
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

Result<catalog::PrivateResolvers> private_resolvers(const World& world)
{
  const auto path = world.share_folder + "/private-resolvers.yaml";
  const auto text = read_file(path, std::size_t{1} << 20U);
  return text ? catalog::load_private_resolvers(path, *text) : fail(text.error());
}

/// What is written of a run that came to nothing: whoever reads the reports must not take those of
/// the run before for this one's.
model::RunRecord
nothing_run(const RunOptions& typed, const RunPlan& plan, const Error& why, model::Moment now)
{
  const auto& options = plan.options;
  model::RunRecord record;
  record.selection = plan.selection;
  record.facts_date = plan.facts_date;
  record.selector = typed.selector;
  record.except = typed.except;
  for (const auto& party : options.absence.parties) {
    record.parties.push_back(party.id);
  }
  record.mode = options.mode;
  record.signature = options.signature;
  record.engine = isolate::to_string(options.engine);
  record.command = options.command.empty() ? typed.command : options.command;
  if (!typed.pages.empty()) {
    record.command = pages_as_told("chromium", typed.pages);
  }
  record.data_date = options.absence.data_date;
  record.dns.mode = options.dns;
  record.started = now;
  record.exit_code = exit_code_for(why);
  record.not_started = why.message;
  hide_passwords(record);
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

Result<model::Absence> who_falls_away(const World& world,
                                      const RunOptions& typed,
                                      RunPlan& plan,
                                      const catalog::Catalog& catalog)
{
  auto selection =
      catalog.select(typed.selector, typed.except, plan.day, day_of(world.now), plan.options.mode);
  if (!selection) {
    return fail(std::move(selection).error());
  }
  plan.facts_date = catalog.about().facts_date;
  plan.selection = {selection->summary};
  plan.selection.insert(plan.selection.end(), selection->notes.begin(), selection->notes.end());
  return std::move(selection->absence);
}

/// Who is absent too, and may be asked for.
struct Allowed {
  model::Absence absence;
  std::string summary;
};

Result<std::optional<Allowed>> who_may_be_asked(const World& world,
                                                const RunOptions& typed,
                                                const RunPlan& plan,
                                                const catalog::Catalog& catalog)
{
  if (typed.allowed.empty()) {
    return std::nullopt;
  }
  auto found = catalog.select(joined(typed.allowed), "", plan.day, day_of(world.now));
  if (!found) {
    return fail(std::move(found).error());
  }
  return Allowed{.absence = std::move(found->absence), .summary = found->summary};
}

void tell_who_is_chosen(const World& world,
                        const RunPlan& plan,
                        const std::optional<Allowed>& allowed)
{
  for (const auto& sentence : plan.selection) {
    tell(world, sentence);
  }
  if (allowed) {
    tell(world, say("allowed: {}", allowed->summary));
  }
}

/// The command: what was typed, an application with a fresh profile, or a browser that visits
/// pages.
struct Subject {
  std::vector<std::string> command;
  std::optional<isolate::FreshInstance> fresh;
  std::optional<PageTrial> pages;
};

Result<Subject> make_subject(const World& world, const RunOptions& typed)
{
  Subject subject{.command = typed.command, .fresh = {}, .pages = {}};
  if (!typed.application.empty()) {
    auto made = isolate::fresh_instance(typed.application, typed.command, user_environment());
    if (!made) {
      return fail(std::move(made).error());
    }
    subject.command = made->command;
    subject.fresh.emplace(std::move(*made));
    tell(world,
         say("{} starts separately with a fresh profile, which is removed afterwards: nothing of "
             "yours is in it, no log-in either",
             typed.application));
  }
  if (!typed.pages.empty()) {
    auto prepared = PageTrial::prepare(typed);
    if (!prepared) {
      return fail(std::move(prepared).error());
    }
    subject.command = prepared->command();
    subject.pages.emplace(std::move(*prepared));
  }
  return subject;
}

/// Gives the signal that ended it early, or 0.
int visit_pages_with_everybody(const World& world, const PageTrial& pages, const std::string& proxy)
{
  if (!browse::Browser::can_have_a_sandbox()) {
    tell(world,
         say("as root, Chromium has no sandbox for its pages: visit only pages that you trust, or "
             "do this as an ordinary user"));
  }
  tell(world, say("first, the pages with everybody"));
  return pages.visit_with_everybody(proxy);
}

/// Those who are told while the command runs.
struct Followers {
  std::optional<Beeper> beeper;
  std::vector<std::unique_ptr<LiveReport>> reports;
  std::vector<std::string> command_as_told;  // empty: the command itself
};

/// `followers`, `plan` and what it follows outlive the run.
Result<void>
let_follow(const World& world, const RunOptions& typed, RunPlan& plan, Followers& followers)
{
  auto& options = plan.options;
  if (typed.beep) {
    auto started = Beeper::start();
    if (!started) {
      return fail(std::move(started).error());
    }
    followers.beeper.emplace(std::move(*started));
    tell(world, say("a click for every attempt: {}", legend(options.absence)));
  }
  for (const auto& path : typed.reports) {
    if (LiveReport::is_for(path)) {
      auto report = LiveReport::open(path, options.absence);
      if (!report) {
        return fail(std::move(report).error());
      }
      followers.reports.push_back(std::move(*report));
    }
  }
  if (!followers.beeper && followers.reports.empty()) {
    return {};
  }
  options.on_start = [&followers, &plan](const model::RunRecord& record) {
    auto told = record;
    told.facts_date = plan.facts_date;
    if (!followers.command_as_told.empty()) {
      told.command = followers.command_as_told;
    }
    hide_passwords(told);
    for (const auto& report : followers.reports) {
      report->start(told);
    }
  };
  options.on_cut = [&followers](model::Moment when) {
    for (const auto& report : followers.reports) {
      report->cut(when);
    }
  };
  options.on_attempt = [&followers](const model::Sighting& sighting) {
    if (followers.beeper) {
      followers.beeper->strike(sighting.party);
    }
    auto told = sighting;
    if (told.program) {
      hide_passwords(*told.program);
    }
    for (const auto& report : followers.reports) {
      report->attempt(told);
    }
  };
  return {};
}

/// What the network tells no one: whose the rest was, who answers names inside HTTPS, how the pages
/// fared.
void complete(const World& world,
              const RunPlan& plan,
              const catalog::Catalog& catalog,
              const Subject& subject,
              model::RunRecord& record)
{
  record.selection = plan.selection;
  record.facts_date = plan.facts_date;
  attribute(record, catalog, plan.day);
  if (const auto known = private_resolvers(world)) {
    tell_private_dns(record, *known);
  } else {
    tell(world, known.error().message);
  }
  if (subject.pages) {
    subject.pages->finish(
        record, plan.options.absence, catalog, plan.day, plan.options.allowed_host_ports);
  }
  hide_passwords(record);
}

/// All files that were asked for, each on its own: gives whether all could be written.
bool write_files(const World& world,
                 const RunOptions& typed,
                 const Followers& followers,
                 const model::RunRecord& record,
                 const report::Judgement& judgement,
                 const report::Style& style)
{
  bool all = true;
  const auto heed = [&](const Result<void>& written) {
    if (!written) {
      complain(world.err, world.unicode, written.error().message);
      all = false;
    }
  };
  for (const auto& report : followers.reports) {
    heed(report->end(record, judgement));
  }
  for (const auto& path : typed.reports) {
    if (!LiveReport::is_for(path)) {
      heed(write_report(path, record, judgement, style));
    }
  }
  if (record.not_started.empty() && !typed.new_baseline.empty()) {
    heed(write_baseline(typed.new_baseline, record, judgement));
  }
  return all;
}

/// To every report, also to one that nobody follows yet.
void write_that_nothing_ran(const World& world,
                            const RunOptions& typed,
                            const RunPlan& plan,
                            const Error& why)
{
  Followers followers;
  for (const auto& path : typed.reports) {
    if (!LiveReport::is_for(path)) {
      continue;
    }
    if (auto report = LiveReport::open(path, plan.options.absence)) {
      followers.reports.push_back(std::move(*report));
    } else {
      complain(world.err, world.unicode, report.error().message);
    }
  }
  const auto record = nothing_run(typed, plan, why, world.now);
  write_files(world,
              typed,
              followers,
              record,
              report::judge(record, nullptr, nullptr),
              {.colour = world.colour, .unicode = world.unicode, .now = world.now});
}

/// `plan` is what was understood so far, also where this fails: then nothing ran.
Result<int> try_to_run(const World& world, const RunOptions& typed, RunPlan& plan)
{
  ZONDER_TRY(isolate::check_open_files());
  auto understood = read_run_options(world, typed);
  if (!understood) {
    return fail(std::move(understood).error());
  }
  plan = std::move(*understood);
  auto& options = plan.options;
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return fail(catalog.error());
  }
  auto absence = who_falls_away(world, typed, plan, *catalog);
  if (!absence) {
    return fail(std::move(absence).error());
  }
  options.absence = std::move(*absence);
  const auto allowed = who_may_be_asked(world, typed, plan, *catalog);
  if (!allowed) {
    return fail(allowed.error());
  }
  tell_who_is_chosen(world, plan, *allowed);

  Followers followers;
  ZONDER_TRY(let_follow(world, typed, plan, followers));

  // The command, in a room without them.
  const auto subject = make_subject(world, typed);
  if (!subject) {
    return fail(subject.error());
  }
  if (subject->pages) {
    ZONDER_TRY(isolate::check_run(options));
    const int signal =
        visit_pages_with_everybody(world, *subject->pages, options.proxies.for_command);
    if (signal != 0) {
      write_that_nothing_ran(
          world,
          typed,
          plan,
          {Fault::NotPossible, say("interrupted before the pages were visited without them")});
      return 128 + signal;
    }
  }
  options.command = subject->command;
  if (subject->pages) {
    followers.command_as_told = subject->pages->command_as_told();
  }
  if (!options.proxies.variables.empty()) {
    tell(world,
         say("proxies are taken from your environment ({}); --proxy none leaves them unseen",
             joined(options.proxies.variables)));
  }
  options.progress = [&world](const std::string& sentence) {
    tell(world, sentence);
  };
  auto ran = isolate::run(options);
  auto record = ran ? std::move(*ran) : nothing_run(typed, plan, ran.error(), world.now);
  const bool started = record.not_started.empty();
  if (followers.beeper && !followers.beeper->plays()) {
    tell(world, say("the program that plays the clicks ended: is there a sound card?"));
  }
  if (!started) {
    complain(world.err, world.unicode, record.not_started);
  }
  complete(world, plan, *catalog, *subject, record);

  // What it asked for, in short here and whole in the files.
  auto judgement = report::judge(
      record, *allowed ? &(*allowed)->absence : nullptr, plan.baseline ? &*plan.baseline : nullptr);
  judgement.becomes_baseline = !typed.new_baseline.empty() && !typed.fail_on_contact &&
                               report::why_no_baseline(record).empty();
  const int code = isolate::exit_code_of(record, typed.fail_on_contact && judgement.finds());
  const report::Style style{.colour = world.colour, .unicode = world.unicode, .now = world.now};
  if (started || world.form != Form::Text) {
    print(world, record, judgement, style);
  }
  if (world.form == Form::Text && code != record.exit_code) {
    tell(world, report::why_not_zero(record, judgement, typed.fail_on_contact));
  }
  const bool all_written = write_files(world, typed, followers, record, judgement, style);
  return code == 0 && !all_written ? static_cast<int>(Exit::RunFailed) : code;
}

}  // namespace

int run(const World& world, const RunOptions& typed)
{
  if (const auto can_write = check_written_files(typed); !can_write) {
    return refuse(world, can_write.error());
  }
  RunPlan plan;
  const auto code = try_to_run(world, typed, plan);
  if (code) {
    return *code;
  }
  write_that_nothing_ran(world, typed, plan, code.error());
  return refuse(world, code.error());
}

}  // namespace zonder::app
