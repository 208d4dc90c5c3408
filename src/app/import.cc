// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/import.hh"

#include <algorithm>
#include <chrono>
#include <optional>

#include <nlohmann/json.hpp>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "app/parties_seen.hh"
#include "app/progress.hh"
#include "base/file.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "collect/files.hh"
#include "collect/read_in.hh"
#include "report/style.hh"
#include "store/observation_store.hh"

namespace zonder::app {
namespace {

using nlohmann::ordered_json;

/// What became of one stream.
struct Imported {
  store::Source source;
  bool known = false;  // it was here already
  std::vector<std::string> remarks;
  PartiesSeen seen;
};

/// All that was done, to be told.
struct Account {
  std::vector<Imported> files;
  std::vector<collect::PassedOver> passed_over;
  PartiesSeen all;
  std::string project;
  std::string data_date;
  std::optional<store::Forgotten> forgotten;
  double seconds = 0;
};

/// `form`: what ntr() gives for it.
std::string counted(const char* form, std::uint64_t count)
{
  return fmt::format(fmt::runtime(form), count);
}

// --- before anything is read

Result<const collect::Format*> forced_format(const std::string& typed)
{
  if (typed.empty()) {
    return nullptr;
  }
  if (const auto* format = collect::format_named(typed)) {
    return format;
  }
  std::vector<std::string> names;
  for (const auto& format : collect::formats()) {
    names.emplace_back(format.name);
  }
  const auto meant = suggestion_for(typed, names);
  return fail(Fault::Usage,
              meant ? say("there is no format {} (did you mean {}?)", typed, *meant)
                    : say("there is no format {}; there are: {}", typed, collect::format_names()));
}

Result<std::vector<collect::FoundFile>> files_of(const std::vector<std::string>& paths)
{
  std::vector<collect::FoundFile> files;
  for (const auto& path : paths) {
    auto found = collect::files_at(path);
    if (!found) {
      return fail(found.error());
    }
    files.insert(files.end(), found->begin(), found->end());
  }
  return files;
}

Result<std::optional<model::Moment>> forget_moment(const std::string& typed)
{
  if (typed.empty()) {
    return std::nullopt;
  }
  const auto day = catalog::Date::try_parse(typed);
  if (!day || !day->is_whole_day()) {
    return fail(Fault::Usage, say("--forget-before wants a day such as 2026-11-23, not {}", typed));
  }
  const std::chrono::year_month_day date(
      std::chrono::year(day->year), std::chrono::month(day->month), std::chrono::day(day->day));
  return model::Moment(std::chrono::sys_days(date));
}

Result<store::ObservationStore> open_project(const World& world, const ImportOptions& options)
{
  if (world.data_folder.empty() && (options.project.empty() || options.pseudonyms)) {
    return fail(Fault::Usage, tr("there is no place for your own data: set HOME or XDG_DATA_HOME"));
  }
  if (options.project.empty()) {
    ZONDER_TRY(make_folders(world.data_folder));
  }
  auto store = store::ObservationStore::open(
      options.project.empty() ? world.data_folder + "/project.zonder" : options.project);
  if (!store) {
    return fail(store.error());
  }
  if (options.pseudonyms || store->is_pseudonymised()) {
    ZONDER_TRY(make_folders(world.data_folder));
    const auto key = store::pseudonym_key(world.data_folder + "/pseudonym.key");
    if (!key) {
      return fail(key.error());
    }
    ZONDER_TRY(store->pseudonymise(*key));
  }
  return store;
}

// --- reading

/// What is already in the project of this source, or has just come into it.
Result<PartiesSeen> seen_in(store::ObservationStore& store, std::uint64_t source, PartiesSeen& all)
{
  PartiesSeen seen;
  ZONDER_TRY(store.each({.source = source}, [&seen, &all](const model::Observation& observation) {
    seen.take(observation);
    all.take(observation);
    return true;
  }));
  return seen;
}

class Reader {
public:
  Reader(const World& world,
         const ImportOptions& options,
         store::ObservationStore& store,
         const collect::Format* forced,
         Account& account)
      : world_(world), options_(options), store_(store), forced_(forced), account_(account)
  {
  }

  /// Errors: those of the project; a file that cannot be read is in the account.
  Result<void> read(const collect::FoundFile& file, Progress& progress)
  {
    std::optional<Error> of_project;
    const auto done = collect::read_streams(
        file,
        [&progress](std::size_t bytes) { progress.came(bytes); },
        [this, &of_project](const std::string& path, collect::Window& window) -> Result<void> {
          auto taken = take(path, window);
          if (!taken) {
            of_project = taken.error();
          }
          return taken;
        },
        account_.passed_over);
    if (of_project) {
      return fail(*of_project);
    }
    if (!done) {
      account_.passed_over.push_back({file.path, done.error().message});
    }
    return {};
  }

private:
  Result<void> take(const std::string& path, collect::Window& window)
  {
    auto reading = store_.begin_reading();
    if (!reading) {
      return fail(reading.error());
    }
    std::optional<Error> of_store;
    const auto spill = [&reading, &of_store](std::span<const model::Thing> things,
                                             std::span<const model::Row> rows) {
      auto added = reading->add(things, rows);
      if (!added) {
        of_store = added.error();
      }
      return added;
    };
    const auto done = collect::read_in(path, window, forced_, spill);
    if (of_store) {
      return fail(*of_store);
    }
    if (!done) {
      account_.passed_over.push_back({path, done.error().message});
      return {};
    }
    store::Source source;
    source.path = path;
    source.format = done->format;
    source.sha256 = done->sha256;
    source.read_at = world_.now;
    source.records = done->count.records;
    source.bytes = done->count.bytes;
    source.unreadable = done->count.unreadable;
    source.first_problem = done->count.first_problem;
    source.broken_off = done->broken_off;
    source.tool = options_.tool;
    auto finished = reading->finish(std::move(source));
    if (!finished) {
      return fail(finished.error());
    }
    auto seen = seen_in(store_, finished->source.id, account_.all);
    if (!seen) {
      return fail(seen.error());
    }
    // What it is called now, not when it was read first.
    finished->source.path = path;
    account_.files.push_back({.source = std::move(finished->source),
                              .known = finished->known,
                              .remarks = done->count.remarks,
                              .seen = std::move(*seen)});
    return {};
  }

  const World& world_;
  const ImportOptions& options_;
  store::ObservationStore& store_;
  const collect::Format* forced_;
  Account& account_;
};

// --- telling

ordered_json moment_json(const std::optional<model::Moment>& moment)
{
  return moment ? ordered_json(report::iso_time(*moment)) : ordered_json(nullptr);
}

ordered_json parties_json(const PartiesSeen& seen)
{
  auto parties = ordered_json::array();
  for (const auto& [party, count] : seen.parties()) {
    parties.push_back({{"party", party}, {"count", count}});
  }
  return parties;
}

ordered_json file_json(const Imported& file)
{
  ordered_json json;
  json["path"] = file.source.path;
  json["format"] = file.source.format;
  json["records"] = file.source.records;
  json["bytes"] = file.source.bytes;
  json["unreadable"] = file.source.unreadable;
  json["first_problem"] = file.source.first_problem.empty()
                              ? ordered_json(nullptr)
                              : ordered_json(file.source.first_problem);
  json["broken_off"] = file.source.broken_off;
  json["known"] = file.known;
  json["sha256"] = file.source.sha256;
  json["first"] = moment_json(file.source.first);
  json["last"] = moment_json(file.source.last);
  json["devices"] = file.seen.devices().size();
  json["names"] = ordered_json::array();
  for (const auto& [name, seen] : file.seen.names()) {
    for (const auto& [via, count] : seen.count) {
      json["names"].push_back({{"name", name}, {"via", to_text(via)}, {"count", count}});
    }
  }
  json["parties"] = parties_json(file.seen);
  return json;
}

std::string dumped(const ordered_json& json)
{
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void tell_json(const World& world, const Account& account)
{
  if (world.form == Form::JsonLines) {
    for (const auto& file : account.files) {
      std::fputs((dumped(file_json(file)) + "\n").c_str(), world.out);
    }
    return;
  }
  ordered_json json;
  json["schema"] = "zonder.import/1";
  json["seconds"] = account.seconds;
  json["project"] = account.project;
  json["data"] = {
      {"date",
       account.data_date.empty() ? ordered_json(nullptr) : ordered_json(account.data_date)}};
  json["devices"] = account.all.devices().size();
  json["parties"] = parties_json(account.all);
  json["files"] = ordered_json::array();
  for (const auto& file : account.files) {
    json["files"].push_back(file_json(file));
  }
  json["left_out"] = ordered_json::array();
  for (const auto& each : account.passed_over) {
    json["left_out"].push_back({{"path", each.path}, {"why", each.why}});
  }
  if (account.forgotten) {
    json["forgotten"] = {{"observations", account.forgotten->observations},
                         {"things", account.forgotten->things}};
  }
  std::fputs((dumped(json) + "\n").c_str(), world.out);
}

class Teller {
public:
  Teller(const World& world, const Account& account) : world_(world), account_(account) {}
  void tell()
  {
    if (!account_.files.empty()) {
      line(verdict());
      most();
      table();
    }
    if (account_.forgotten) {
      line(counted(ntr("Forgotten: {} observation.",
                       "Forgotten: {} observations.",
                       account_.forgotten->observations),
                   account_.forgotten->observations));
    }
    kept();
  }

private:
  void line(const std::string& text) { std::fputs((safe(text) + "\n").c_str(), world_.out); }
  [[nodiscard]] std::string safe(const std::string& text) const
  {
    return report::harmless(text, world_.unicode);
  }

  [[nodiscard]] std::string verdict() const
  {
    const auto& all = account_.all;
    const auto devices =
        counted(ntr("{} device", "{} devices", all.devices().size()), all.devices().size());
    const auto parties =
        counted(ntr("{} party", "{} parties", all.parties().size()), all.parties().size());
    const auto names = counted(ntr("{} name", "{} names", all.names().size()), all.names().size());
    const auto places = counted(
        ntr("{} address and port", "{} addresses and ports", all.endpoints()), all.endpoints());
    const auto applications =
        counted(ntr("{} application", "{} applications", all.applications().size()),
                all.applications().size());
    const bool only_lists = all.devices().empty() && !all.applications().empty();
    std::string text =
        only_lists             ? say("{} in lists and sign-ins, of {}", applications, parties)
        : all.endpoints() == 0 ? say("{} asked for {}, of {}", devices, names, parties)
        : all.names().empty()
            ? say("{} reached {}, of {}", devices, places, parties)
            : say("{} asked for {} and reached {}, of {}", devices, names, places, parties);
    if (!only_lists && !all.applications().empty()) {
      text += "; " + say("{} in lists and sign-ins", applications);
    }
    if (all.unknown_names() > 0) {
      text += "; " + counted(ntr("{} name is of nobody that the catalogue knows",
                                 "{} names are of nobody that the catalogue knows",
                                 all.unknown_names()),
                             all.unknown_names());
    }
    return text + ".";
  }

  void most()
  {
    constexpr std::size_t shown = 8;
    std::vector<std::pair<std::uint64_t, std::string>> parties;
    for (const auto& [party, count] : account_.all.parties()) {
      parties.emplace_back(count, party);
    }
    std::sort(parties.begin(), parties.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::string text;
    for (std::size_t i = 0; i < parties.size() && i < shown; ++i) {
      text += (i == 0 ? "" : ", ") + parties[i].second + " " + std::to_string(parties[i].first);
    }
    if (parties.size() > shown) {
      text += ", " + say("and {} more", parties.size() - shown);
    }
    if (!text.empty()) {
      line(say("Most often: {}.", text));
    }
  }

  void table()
  {
    constexpr std::size_t shown = 12;
    constexpr std::size_t widest = 48;
    std::size_t width = 0;
    const auto count = std::min(shown, account_.files.size());
    for (std::size_t i = 0; i < count; ++i) {
      width = std::max(width, std::min(widest, safe(account_.files[i].source.path).size()));
    }
    width = std::max(width, std::string_view(tr("file")).size());
    std::size_t format_width = 10;
    for (std::size_t i = 0; i < count; ++i) {
      format_width = std::max(format_width, account_.files[i].source.format.size());
    }
    std::fputs(fmt::format("\n{:<{}} {:<{}} {:>10} {:>10} {:>8} {:>8}\n",
                           tr("file"),
                           width,
                           tr("format"),
                           format_width,
                           tr("records"),
                           tr("unreadable"),
                           tr("names"),
                           tr("parties"))
                   .c_str(),
               world_.out);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& file = account_.files[i];
      auto path = safe(file.source.path);
      if (path.size() > widest) {
        path = "..." + path.substr(path.size() - widest + 3);
      }
      std::fputs(fmt::format("{:<{}} {:<{}} {:>10} {:>10} {:>8} {:>8}{}\n",
                             path,
                             width,
                             file.source.format,
                             format_width,
                             file.source.records,
                             file.source.unreadable,
                             file.seen.names().size(),
                             file.seen.parties().size(),
                             file.known ? std::string("  ") + tr("(was read before)") : "")
                     .c_str(),
                 world_.out);
    }
    if (account_.files.size() > count) {
      line(counted(ntr("and {} more file", "and {} more files", account_.files.size() - count),
                   account_.files.size() - count));
    }
    std::fputs("\n", world_.out);
  }

  void kept()
  {
    line(say("Kept in {}.", account_.project));
    if (account_.files.empty()) {
      return;
    }
    std::optional<model::Moment> first;
    std::optional<model::Moment> last;
    for (const auto& file : account_.files) {
      if (file.source.first && (!first || *file.source.first < *first)) {
        first = file.source.first;
      }
      if (file.source.last && (!last || *file.source.last > *last)) {
        last = file.source.last;
      }
    }
    const auto span =
        first && last ? say("Seen from {} to {}", report::iso_time(*first), report::iso_time(*last))
                      : std::string(tr("The files have no times"));
    line(account_.data_date.empty()
             ? span + "; " + tr("without a catalogue nobody's things can be told") + "."
             : span + "; " + say("addresses of {}", account_.data_date) + ".");
  }

  const World& world_;
  const Account& account_;
};

/// What could not be read, on the error stream; the exit code that it makes.
Exit complaints(const World& world, const Account& account)
{
  constexpr std::size_t shown = 20;
  std::size_t told = 0;
  bool incomplete = !account.passed_over.empty();
  const auto tell = [&world, &told](const std::string& text) {
    if (told++ < shown) {
      complain(world.err, world.unicode, text);
    }
  };
  for (const auto& file : account.files) {
    for (const auto& remark : file.remarks) {
      tell(file.source.path + ": " + remark);
    }
    if (file.source.unreadable > 0) {
      incomplete = true;
      tell(
          counted(ntr("{} part could not be read",
                      "{} parts could not be read",
                      file.source.unreadable),
                  file.source.unreadable)
              .insert(0, file.source.path + ": ") +
          (file.source.broken_off ? ", " + std::string(tr("and it was not read to its end")) : "") +
          ": " + file.source.first_problem);
    }
  }
  for (const auto& each : account.passed_over) {
    // Sentences about a file begin with its path already.
    tell(each.why.starts_with(each.path) ? each.why : each.path + ": " + each.why);
  }
  if (told > shown) {
    complain(world.err, world.unicode, say("and {} more like these", told - shown));
  }
  return !incomplete ? Exit::Done : account.files.empty() ? Exit::Usage : Exit::Incomplete;
}

}  // namespace

int import_files(const World& world, const ImportOptions& options)
{
  const auto start = std::chrono::steady_clock::now();
  const auto forced = forced_format(options.format);
  if (!forced) {
    return failed_with(world, forced.error());
  }
  const auto forget = forget_moment(options.forget_before);
  if (!forget) {
    return failed_with(world, forget.error());
  }
  if (options.paths.empty() && !*forget) {
    return failed_with(
        world,
        Error{Fault::Usage, say("import what? Give files or folders, or - for standard input")});
  }
  const auto files = files_of(options.paths);
  if (!files) {
    return failed_with(world, files.error());
  }
  auto store = open_project(world, options);
  if (!store) {
    return failed_with(world, store.error());
  }
  Account account;
  account.project =
      options.project.empty() ? world.data_folder + "/project.zonder" : options.project;

  // Without a catalogue things are still counted; whose they are can be told later.
  std::optional<catalog::Catalog> catalog;
  if (!files->empty()) {
    if (auto opened = open_catalog(world)) {
      account.data_date = opened->about().date;
      catalog = std::move(*opened);
    } else {
      account.passed_over.push_back({"", opened.error().message});
    }
  }
  if (*forget) {
    const auto forgotten = store->forget_before(**forget);
    if (!forgotten) {
      return failed_with(world, forgotten.error());
    }
    account.forgotten = *forgotten;
  }
  {
    std::uint64_t all = 0;
    for (const auto& file : *files) {
      all += file.size;
    }
    Progress progress(world.err, options.progress && !world.quiet, all);
    Reader reader(world, options, *store, *forced, account);
    for (const auto& file : *files) {
      if (const auto read = reader.read(file, progress); !read) {
        return failed_with(world, read.error());
      }
    }
  }
  const auto day = day_of(world.now);
  const auto* known = catalog ? &*catalog : nullptr;
  for (auto& file : account.files) {
    file.seen.attribute(known, day);
  }
  account.all.attribute(known, day);
  account.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto exit = complaints(world, account);
  if (world.form == Form::Text) {
    Teller(world, account).tell();
  } else {
    tell_json(world, account);
  }
  return static_cast<int>(exit);
}

}  // namespace zonder::app
