// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/data.hh"

#include <algorithm>
#include <filesystem>
#include <random>

#include <nlohmann/json.hpp>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "base/file.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "catalog/feeds.hh"
#include "catalog/fetch.hh"
#include "catalog/snapshot.hh"
#include "catalog/user_snapshot.hh"
#include "report/style.hh"

namespace zonder::app {
namespace {

using catalog::Snapshot;
using catalog::SnapshotContent;
using catalog::Taken;
using nlohmann::ordered_json;

std::string shipped_path(const World& world)
{
  return world.share_folder + "/catalog.snapshot";
}

std::string user_path(const World& world)
{
  return world.data_folder + "/catalog.snapshot";
}

void print(const World& world, const std::string& text)
{
  std::fputs(text.c_str(), world.out);
}

void print_json(const World& world, const ordered_json& json)
{
  print(world,
        json.dump(world.form == Form::JsonLines ? -1 : 2,
                  ' ',
                  false,
                  ordered_json::error_handler_t::replace) +
            "\n");
}

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

Result<catalog::Feeds> feeds_of(const World& world, const std::string& named)
{
  const std::string path = named.empty() ? world.share_folder + "/feeds.yaml" : named;
  const auto text = read_file(path, std::size_t{1} << 20U);
  if (!text) {
    return fail(text.error());
  }
  return catalog::load_feeds(path, *text);
}

/// Writes the user's catalogue: all of it or nothing.
Result<void> write_user_snapshot(const World& world, const SnapshotContent& content)
{
  if (world.data_folder.empty()) {
    return fail(Fault::Usage, tr("there is no place for your own data: set HOME or XDG_DATA_HOME"));
  }
  ZONDER_TRY(make_folders(world.data_folder));
  return write_file(user_path(world), catalog::compile_snapshot(content));
}

ordered_json taken_json(const Taken& taken)
{
  return {{"path", taken.path},
          {"format", or_null(taken.format)},
          {"party", or_null(taken.party)},
          {"records", taken.records},
          {"prefixes", taken.prefixes},
          {"names", taken.names},
          {"asns", taken.asns},
          {"skipped", taken.skipped},
          {"unreadable", taken.unreadable},
          {"complaints", taken.complaints},
          {"left_out", or_null(taken.left_out)}};
}

std::string records(std::size_t count)
{
  return fmt::format(fmt::runtime(ntr("{} record", "{} records", count)), count);
}

std::string prefixes(std::size_t count)
{
  return fmt::format(fmt::runtime(ntr("{} prefix", "{} prefixes", count)), count);
}

std::string names(std::size_t count)
{
  return fmt::format(fmt::runtime(ntr("{} name", "{} names", count)), count);
}

std::string as_names(std::size_t count)
{
  return fmt::format(fmt::runtime(ntr("{} AS name", "{} AS names", count)), count);
}

void tell_taken(const World& world, const Taken& taken)
{
  const auto safe = [&world](const std::string& text) {
    return report::harmless(text, world.unicode);
  };
  if (!taken.left_out.empty()) {
    print(world, say("{}: left out, {}", safe(taken.path), safe(taken.left_out)) + "\n");
    return;
  }
  print(world,
        say("{}: {}, {}: {}, {}, {}, {}, {} skipped, {} unreadable",
            safe(taken.path),
            taken.format,
            taken.party.empty() ? std::string(tr("about many")) : taken.party,
            records(taken.records),
            prefixes(taken.prefixes),
            names(taken.names),
            as_names(taken.asns),
            taken.skipped,
            taken.unreadable) +
            "\n");
  for (const std::string& complaint : taken.complaints) {
    std::fprintf(world.err, "  %s\n", safe(complaint).c_str());
  }
}

std::vector<std::string> party_ids(const SnapshotContent& content)
{
  std::vector<std::string> ids;
  for (const auto& party : content.facts.parties) {
    ids.push_back(party.id);
  }
  return ids;
}

/// What an import or update has to tell in the end.
struct Told {
  std::vector<Taken> files;
  std::vector<std::string> passed_over;
  std::vector<std::string> failed;
  std::vector<std::string> unchanged;
};

int tell_all(const World& world, const char* schema, const Told& told, const std::string& date)
{
  const bool incomplete =
      !told.failed.empty() || std::any_of(told.files.begin(), told.files.end(), [](const auto& f) {
        return f.unreadable > 0;
      });
  if (world.form != Form::Text) {
    auto files = ordered_json::array();
    for (const Taken& taken : told.files) {
      files.push_back(taken_json(taken));
    }
    print_json(world,
               {{"schema", schema},
                {"data", {{"date", date}}},
                {"catalogue", user_path(world)},
                {"files", files},
                {"unchanged", told.unchanged},
                {"failed", told.failed},
                {"passed_over", told.passed_over}});
  } else {
    constexpr std::size_t most_left_out = 20;
    std::size_t left_out = 0;
    for (const Taken& taken : told.files) {
      left_out += static_cast<std::size_t>(!taken.left_out.empty());
      if (taken.left_out.empty() || left_out <= most_left_out) {
        tell_taken(world, taken);
      }
    }
    if (left_out > most_left_out) {
      print(world,
            say("{} more files left out, about no party of the catalogue (--json names them)",
                left_out - most_left_out) +
                "\n");
    }
    for (const std::string& text : told.unchanged) {
      print(world, say("{}: unchanged", text) + "\n");
    }
    for (const std::string& text : told.passed_over) {
      print(world, say("passed over: {}", report::harmless(text, world.unicode)) + "\n");
    }
    print(world, say("Written to {}; data of {}.", user_path(world), date) + "\n");
  }
  for (const std::string& text : told.failed) {
    complain(world.err, world.unicode, text);
  }
  return static_cast<int>(incomplete ? Exit::Incomplete : Exit::Done);
}

bool anything_taken(const Told& told)
{
  return std::any_of(told.files.begin(), told.files.end(), [](const Taken& taken) {
    return taken.left_out.empty();
  });
}

std::string random_uuid()
{
  std::random_device random;
  const auto bits = [&random] {
    return static_cast<std::uint64_t>(random());
  };
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:08x}{:04x}",
                     bits() & 0xffffffffU,
                     bits() & 0xffffU,
                     bits() & 0xfffU,
                     0x8000U | (bits() & 0x3fffU),
                     bits() & 0xffffffffU,
                     bits() & 0xffffU);
}

std::string with_uuid(std::string url)
{
  const auto at = url.find("{uuid}");
  return at == std::string::npos ? url : url.replace(at, 6, random_uuid());
}

/// The ETags of what was fetched before; only of feeds whose lists are still in the user's
/// catalogue.
ordered_json known_etags(const World& world, const SnapshotContent& content)
{
  const auto text = read_file(world.data_folder + "/feeds.json", std::size_t{1} << 20U);
  auto etags = text ? ordered_json::parse(*text, nullptr, false) : ordered_json();
  auto kept = ordered_json::object();
  if (!etags.is_object()) {
    return kept;
  }
  for (const auto& [id, etag] : etags.items()) {
    const std::string start = "feed:" + id + ":";
    const bool is_there =
        std::any_of(content.lists.begin(), content.lists.end(), [&start](const auto& list) {
          return list.name.starts_with(start);
        });
    if (etag.is_string() && is_there) {
      kept[id] = etag;
    }
  }
  return kept;
}

Result<std::vector<catalog::Feed>> wanted_feeds(const catalog::Feeds& all,
                                                const std::vector<std::string>& ids)
{
  if (ids.empty()) {
    return all.feeds;
  }
  std::vector<std::string> known;
  for (const auto& feed : all.feeds) {
    known.push_back(feed.id);
  }
  std::vector<catalog::Feed> wanted;
  for (const std::string& id : ids) {
    const auto found = std::find_if(
        all.feeds.begin(), all.feeds.end(), [&id](const auto& f) { return f.id == id; });
    if (found == all.feeds.end()) {
      const auto meant = suggestion_for(id, known);
      return fail(Fault::Usage,
                  meant ? say("there is no feed {} (did you mean {}?)", id, *meant)
                        : say("there is no feed {}: feeds.yaml lists them", id));
    }
    wanted.push_back(*found);
  }
  return wanted;
}

/// Fetches one feed and takes what it says; a failure leaves the content as it was.
void update_feed(const catalog::Feed& feed,
                 const catalog::Feeds& feeds,
                 const catalog::FetchLimits& limits,
                 const std::string& day,
                 SnapshotContent& content,
                 ordered_json& etags,
                 Told& told)
{
  const std::string etag = etags.value(feed.id, "");
  auto fetched = catalog::fetch(with_uuid(feed.url), etag, limits);
  if (!fetched) {
    told.failed.push_back(feed.id + ": " + fetched.error().message);
    return;
  }
  if (fetched->unchanged) {
    told.unchanged.push_back(feed.id);
    return;
  }
  wire::ListHints hints;
  hints.party = feed.party;
  hints.known_parties = party_ids(content);
  const auto list = wire::read_list(feed.id, fetched->body, hints);
  if (!list) {
    told.failed.push_back(feed.id + ": " + list.error().message);
    return;
  }
  if (list->unreadable > 0) {
    told.failed.push_back(say("{}: {} of {} records cannot be read: the old data stay",
                              feed.id,
                              list->unreadable,
                              list->records));
    return;
  }
  told.files.push_back(catalog::take_list(content, *list, feeds, feed.id, day));
  if (fetched->etag.empty()) {
    etags.erase(feed.id);
  } else {
    etags[feed.id] = fetched->etag;
  }
}

}  // namespace

int data_import(const World& world, const DataImportOptions& options)
{
  if (options.paths.empty()) {
    return failed_with(world,
                       {Fault::Usage,
                        tr("name the files or folders to take: zonder data import "
                           "FILE...")});
  }
  const auto feeds = feeds_of(world, "");
  auto content = catalog::content_to_extend(shipped_path(world), user_path(world));
  if (!feeds || !content) {
    return failed_with(world, feeds ? content.error() : feeds.error());
  }
  const std::string day = day_of(world.now).to_string();
  wire::ListHints hints;
  hints.party = options.party;
  hints.known_parties = party_ids(*content);
  if (!options.party.empty() && !content->facts.index_of_name(options.party)) {
    const auto meant = suggestion_for(options.party, hints.known_parties);
    return failed_with(
        world,
        {Fault::Usage,
         meant ? say("the catalogue does not know {} (did you mean {}?)", options.party, *meant)
               : say("the catalogue does not know {}: `zonder list providers` shows "
                     "whom it knows",
                     options.party)});
  }
  if (!options.party.empty()) {
    hints.party = content->facts.parties[*content->facts.index_of_name(options.party)].id;
  }
  Told told;
  for (const std::string& path : options.paths) {
    const auto lists = wire::read_lists(path, hints);
    if (!lists) {
      told.failed.push_back(lists.error().message);
      continue;
    }
    for (const wire::ListFile& list : lists->files) {
      told.files.push_back(catalog::take_list(*content, list, *feeds, "", day));
    }
    told.passed_over.insert(
        told.passed_over.end(), lists->passed_over.begin(), lists->passed_over.end());
  }
  if (!anything_taken(told)) {
    for (const Taken& taken : told.files) {
      told.failed.push_back(say("{}: left out, {}", taken.path, taken.left_out));
    }
    for (const std::string& text : told.failed) {
      complain(world.err, world.unicode, text);
    }
    return failed_with(world, {Fault::Usage, tr("nothing could be taken: nothing is written")});
  }
  if (const auto written = write_user_snapshot(world, *content); !written) {
    return failed_with(world, written.error());
  }
  return tell_all(world, "zonder.data-import/1", told, content->date);
}

int data_update(const World& world, const DataUpdateOptions& options)
{
  if (world.offline) {
    return failed_with(world,
                       {Fault::Usage,
                        tr("--offline: nothing is fetched; `zonder data import` takes the same "
                           "publications from disk")});
  }
  const auto feeds = feeds_of(world, options.feeds_file);
  auto content = catalog::content_to_extend(shipped_path(world), user_path(world));
  if (!feeds || !content) {
    return failed_with(world, feeds ? content.error() : feeds.error());
  }
  const auto wanted = wanted_feeds(*feeds, options.feeds);
  if (!wanted) {
    return failed_with(world, wanted.error());
  }
  const std::string day = day_of(world.now).to_string();
  auto etags = known_etags(world, *content);
  catalog::FetchLimits limits;
  limits.ca_file = options.ca_file;
  Told told;
  for (const auto& feed : *wanted) {
    if (!world.quiet && world.form == Form::Text) {
      std::fprintf(world.err, "%s\n", say("fetching {}", feed.id).c_str());
    }
    update_feed(feed, *feeds, limits, day, *content, etags, told);
  }
  if (!told.files.empty()) {
    auto written = write_user_snapshot(world, *content);
    if (written) {
      written = write_file(world.data_folder + "/feeds.json", etags.dump(2) + "\n");
    }
    if (!written) {
      return failed_with(world, written.error());
    }
  }
  if (told.files.empty() && told.unchanged.empty()) {
    for (const std::string& text : told.failed) {
      complain(world.err, world.unicode, text);
    }
    return failed_with(world,
                       {Fault::Incomplete, tr("nothing could be fetched: the old data stay")});
  }
  return tell_all(world, "zonder.data-update/1", told, content->date);
}

int data_verify(const World& world)
{
  bool all_intact = true;
  bool any = false;
  auto rows = ordered_json::array();
  for (const std::string& path : catalog_places(world)) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      continue;
    }
    any = true;
    const auto snapshot = Snapshot::open(path);
    const bool intact = snapshot && (*snapshot)->intact();
    all_intact = all_intact && intact;
    const std::string sum = snapshot ? (*snapshot)->checksum() : std::string();
    rows.push_back({{"path", path}, {"sha256", or_null(sum)}, {"intact", intact}});
    if (world.form == Form::Text) {
      print(world,
            (intact ? say("{}: sound, SHA-256 {}", path, sum)
                    : say("{}: DAMAGED; make it again with `zonder data update` or `zonder data "
                          "import`, or install zonder-data again",
                          path)) +
                "\n");
    }
  }
  if (!any) {
    return failed_with(world, {Fault::NotPossible, tr("there is no catalogue to verify")});
  }
  if (world.form != Form::Text) {
    print_json(world,
               {{"schema", "zonder.data-verify/1"}, {"intact", all_intact}, {"files", rows}});
  }
  return static_cast<int>(all_intact ? Exit::Done : Exit::Findings);
}

int data_status(const World& world)
{
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return failed_with(world, catalog.error());
  }
  const auto& about = catalog->about();
  const Snapshot& snapshot = catalog->snapshot();
  const auto shipped = Snapshot::open(shipped_path(world));
  const bool outdated =
      !about.base_checksum.empty() && shipped && (*shipped)->checksum() != about.base_checksum;
  const auto age = report::age_in_days(snapshot.as_date(), world.now);
  if (world.form != Form::Text) {
    auto lists = ordered_json::array();
    for (const auto& list : snapshot.lists()) {
      lists.push_back({{"name", list.name},
                       {"format", list.format},
                       {"party", list.party},
                       {"title", list.title},
                       {"date", list.date},
                       {"prefixes", list.prefixes},
                       {"names", list.names}});
    }
    print_json(world,
               {{"schema", "zonder.data-status/1"},
                {"data", {{"date", about.date}, {"facts", about.facts_date}}},
                {"catalogue", about.path},
                {"sha256", about.checksum},
                {"made_on", or_null(about.base_checksum)},
                {"made_on_an_older_catalogue", outdated},
                {"as_table",
                 {{"date", or_null(snapshot.as_date())},
                  {"age_days", age ? ordered_json(*age) : ordered_json(nullptr)}}},
                {"parties", snapshot.facts().parties.size()},
                {"lists", lists},
                {"credits", about.credits}});
    return static_cast<int>(Exit::Done);
  }
  print(world,
        say("Catalogue {}: addresses of {}, facts and lists up to {}",
            about.path,
            about.date,
            about.facts_date) +
            "\n");
  print(world, say("SHA-256 {}", about.checksum) + "\n");
  print(world,
        (age ? say("AS table of {}, {} days old", snapshot.as_date(), *age)
             : std::string(tr("no AS table"))) +
            "\n");
  print(world, say("{} parties", snapshot.facts().parties.size()) + "\n");
  if (outdated) {
    print(
        world,
        std::string(tr("Your own catalogue was made on an older shipped one: `zonder data update` "
                       "or `zonder data import` brings them together")) +
            "\n");
  }
  for (const auto& list : snapshot.lists()) {
    print(world,
          fmt::format("  {:<40} {}  {}\n",
                      list.name,
                      list.date,
                      prefixes(list.prefixes) + ", " + names(list.names)));
  }
  for (const std::string& credit : about.credits) {
    print(world, credit + "\n");
  }
  return static_cast<int>(Exit::Done);
}

}  // namespace zonder::app
