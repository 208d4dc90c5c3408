// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "store/observation_store.hh"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "base/translate.hh"
#include "store/schema.hh"
#include "store/sqlite.hh"

namespace zonder::store {
namespace {

using model::Moment;
using model::Row;
using model::Thing;
using std::chrono::microseconds;

std::int64_t stored(Moment moment)
{
  return std::chrono::duration_cast<microseconds>(moment.time_since_epoch()).count();
}

std::optional<std::int64_t> stored(const std::optional<Moment>& moment)
{
  return moment ? std::optional(stored(*moment)) : std::nullopt;
}

Moment moment_of(std::int64_t number)
{
  return Moment(std::chrono::duration_cast<Moment::duration>(microseconds(number)));
}

std::optional<Moment> moment_of(std::optional<std::int64_t> number)
{
  return number ? std::optional(moment_of(*number)) : std::nullopt;
}

/// What SQLite can count up to.
std::int64_t counted(std::uint64_t number)
{
  constexpr auto most = std::uint64_t{1} << 62U;
  return static_cast<std::int64_t>(std::min(number, most));
}

std::uint64_t uncounted(std::int64_t number)
{
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
}

template <typename Word>
Word word_of(std::int64_t number)
{
  return static_cast<Word>(number);
}

template <typename Word>
std::int64_t number_of(Word word)
{
  return static_cast<std::int64_t>(word);
}

constexpr const char* source_columns =
    "id, path, format, sha256, read_at, records, bytes, unreadable, first_problem, broken_off, "
    "first, last, tool, forgotten_before";

Source source_of(const Statement& row)
{
  Source source;
  source.id = uncounted(row.number(0));
  source.path = row.text(1);
  source.format = row.text(2);
  source.sha256 = row.text(3);
  source.read_at = moment_of(row.number(4));
  source.records = uncounted(row.number(5));
  source.bytes = uncounted(row.number(6));
  source.unreadable = uncounted(row.number(7));
  source.first_problem = row.text(8);
  source.broken_off = row.number(9) != 0;
  source.first = moment_of(row.optional_number(10));
  source.last = moment_of(row.optional_number(11));
  source.tool = row.text(12);
  source.forgotten_before = moment_of(row.optional_number(13));
  return source;
}

/// A device by a word: one that shows what it is, and cannot be taken for an address.
std::string pseudonym(const trust::KeyedWord& key, std::string_view device)
{
  constexpr std::size_t digits = 20;
  return "device-" + key.of(device).substr(0, digits);
}

}  // namespace

double Source::completeness() const
{
  const auto all = records + unreadable;
  return all == 0 ? 1.0 : static_cast<double>(records) / static_cast<double>(all);
}

std::chrono::system_clock::duration Source::age(Moment now) const
{
  return now - last.value_or(read_at);
}

struct ObservationStore::Parts {
  explicit Parts(Database opened) : database(std::move(opened)) {}
  Database database;
  bool pseudonymised = false;
  std::optional<trust::KeyedWord> key;
};

struct Reading::Parts {
  Parts(ObservationStore::Parts& of_store,
        Transaction begun,
        Statement put,
        Statement find,
        Statement add_to,
        std::int64_t id)
      : store(of_store), transaction(std::move(begun)), put_thing(std::move(put)),
        find_thing(std::move(find)), add_row(std::move(add_to)), source(id)
  {
  }
  Result<std::int64_t> id_of(model::Kind kind, std::string_view text);
  Result<std::vector<std::int64_t>> ids_of(std::span<const Thing> things);

  ObservationStore::Parts& store;
  Transaction transaction;
  Statement put_thing;
  Statement find_thing;
  Statement add_row;
  std::int64_t source;
  std::array<std::int64_t, 16> new_things{};  // by kind
};

Reading::Reading(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Reading::Reading(Reading&&) noexcept = default;
Reading::~Reading() = default;

Result<std::int64_t> Reading::Parts::id_of(model::Kind kind, std::string_view text)
{
  ZONDER_TRY(put_thing.bind(number_of(kind)).bind(text).run());
  if (store.database.changed() > 0) {
    ++new_things.at(static_cast<std::size_t>(kind));
    return store.database.last_id();
  }
  const auto row = find_thing.bind(number_of(kind)).bind(text).next();
  if (!row) {
    return fail(row.error());
  }
  const auto id = find_thing.number(0);
  find_thing.reset();
  return id;
}

/// In the order of their texts, which is that of the index: neighbours there come one after the
/// other here.
Result<std::vector<std::int64_t>> Reading::Parts::ids_of(std::span<const Thing> things)
{
  std::vector<std::uint32_t> order(things.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [things](std::uint32_t a, std::uint32_t b) {
    return std::pair(things[a].kind, things[a].text) < std::pair(things[b].kind, things[b].text);
  });
  std::vector<std::int64_t> ids(things.size());
  for (const auto i : order) {
    const auto& thing = things[i];
    const bool hidden = thing.kind == model::Kind::Device && store.key;
    const auto id = hidden ? id_of(thing.kind, pseudonym(*store.key, thing.text))
                           : id_of(thing.kind, thing.text);
    if (!id) {
      return fail(id.error());
    }
    ids[i] = *id;
  }
  return ids;
}

Result<void> Reading::add(std::span<const Thing> things, std::span<const Row> rows)
{
  const auto ids = parts_->ids_of(things);
  if (!ids) {
    return fail(ids.error());
  }
  // In the order of the table, so that it grows at its end.
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto place = [&ids, rows](std::uint32_t i) {
    const auto& row = rows[i];
    return std::tuple((*ids)[row.subject], row.relation, (*ids)[row.object], row.via, row.tier);
  };
  std::sort(order.begin(), order.end(), [&place](std::uint32_t a, std::uint32_t b) {
    return place(a) < place(b);
  });
  for (const auto i : order) {
    const auto& row = rows[i];
    ZONDER_TRY(parts_->add_row.bind(parts_->source)
                   .bind((*ids)[row.subject])
                   .bind(number_of(row.relation))
                   .bind((*ids)[row.object])
                   .bind(number_of(row.via))
                   .bind(number_of(row.tier))
                   .bind(stored(row.first))
                   .bind(stored(row.last))
                   .bind(counted(row.count))
                   .bind(counted(row.bytes))
                   .run());
  }
  return {};
}

namespace {

constexpr const char* sum_up =
    "INSERT INTO total SELECT source, relation, via, tier, count(*), sum(count), sum(bytes), "
    "min(first), max(last) FROM observation WHERE source=? GROUP BY relation, via, tier";

Result<std::optional<Source>> source_with(Database& database, const Source& wanted)
{
  auto statement = database.prepare(std::string("SELECT ") + source_columns +
                                    " FROM source WHERE sha256=? AND format=?");
  if (!statement) {
    return fail(statement.error());
  }
  const auto row = statement->bind(wanted.sha256).bind(wanted.format).next();
  if (!row) {
    return fail(row.error());
  }
  return *row ? std::optional(source_of(*statement)) : std::nullopt;
}

Result<void> put_source(Database& database, const Source& source)
{
  auto statement = database.prepare("INSERT INTO source VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)");
  if (!statement) {
    return fail(statement.error());
  }
  return statement->bind(counted(source.id))
      .bind(source.path)
      .bind(source.format)
      .bind(source.sha256)
      .bind(stored(source.read_at))
      .bind(counted(source.records))
      .bind(counted(source.bytes))
      .bind(counted(source.unreadable))
      .bind(source.first_problem)
      .bind(std::int64_t{source.broken_off})
      .bind(stored(source.first))
      .bind(stored(source.last))
      .bind(source.tool)
      .run();
}

}  // namespace

Result<Reading::Finished> Reading::finish(Source source)
{
  auto& database = parts_->store.database;
  // Only now is it known what all of the content was; of a stream it cannot be known before.
  auto known = source_with(database, source);
  if (!known) {
    return fail(known.error());
  }
  if (*known) {
    parts_.reset();
    return Finished{.source = std::move(**known), .known = true};
  }
  source.id = uncounted(parts_->source);
  auto totals = database.prepare(sum_up);
  if (!totals) {
    return fail(totals.error());
  }
  ZONDER_TRY(totals->bind(parts_->source).run());
  auto span = database.prepare("SELECT min(first), max(last) FROM total WHERE source=?");
  if (!span) {
    return fail(span.error());
  }
  if (const auto row = span->bind(parts_->source).next(); !row) {
    return fail(row.error());
  }
  source.first = moment_of(span->optional_number(0));
  source.last = moment_of(span->optional_number(1));
  span->reset();
  ZONDER_TRY(put_source(database, source));
  auto tally = database.prepare("INSERT INTO tally VALUES(?,?) "
                                "ON CONFLICT DO UPDATE SET things=things+excluded.things");
  if (!tally) {
    return fail(tally.error());
  }
  for (std::size_t kind = 0; kind < parts_->new_things.size(); ++kind) {
    if (parts_->new_things.at(kind) > 0) {
      ZONDER_TRY(
          tally->bind(static_cast<std::int64_t>(kind)).bind(parts_->new_things.at(kind)).run());
    }
  }
  ZONDER_TRY(parts_->transaction.commit());
  parts_.reset();
  return Finished{.source = std::move(source), .known = false};
}

ObservationStore::ObservationStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ObservationStore::ObservationStore(ObservationStore&&) noexcept = default;
ObservationStore& ObservationStore::operator=(ObservationStore&&) noexcept = default;
ObservationStore::~ObservationStore() = default;

Result<ObservationStore> ObservationStore::open(const std::string& path)
{
  auto database = Database::open(path);
  if (!database) {
    return fail(database.error());
  }
  // What is forgotten is written over, in the file too.
  ZONDER_TRY(database->run("PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
                           "PRAGMA cache_size=-262144; PRAGMA temp_store=MEMORY"));
  ZONDER_TRY(migrate(*database, path));
  ZONDER_TRY(database->run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"));
  auto parts = std::make_unique<Parts>(std::move(*database));
  const auto hidden =
      parts->database.number("SELECT count(*) FROM setting WHERE name='pseudonyms'");
  if (!hidden) {
    return fail(hidden.error());
  }
  parts->pseudonymised = *hidden > 0;
  return ObservationStore(std::move(parts));
}

bool ObservationStore::is_pseudonymised() const
{
  return parts_->pseudonymised;
}

Result<void> ObservationStore::pseudonymise(const trust::KeyedWord& key)
{
  constexpr std::string_view proof_of_key = "zonder pseudonyms 1";
  auto& database = parts_->database;
  if (parts_->pseudonymised) {
    auto asked = database.prepare("SELECT value FROM setting WHERE name='pseudonyms'");
    if (!asked) {
      return fail(asked.error());
    }
    if (const auto row = asked->next(); !row) {
      return fail(row.error());
    }
    if (!key.fits(asked->text(0), proof_of_key)) {
      return fail(Fault::Usage,
                  say("the devices of this project are pseudonyms by another key: with this one "
                      "the same device would become two"));
    }
    parts_->key = key;
    return {};
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) {
    return fail(transaction.error());
  }
  auto put = database.prepare("INSERT INTO setting VALUES('pseudonyms', ?)");
  auto devices = database.prepare("SELECT id, text FROM thing WHERE kind=?");
  auto rename = database.prepare("UPDATE thing SET text=? WHERE id=?");
  if (!put || !devices || !rename) {
    return fail(!put ? put.error() : !devices ? devices.error() : rename.error());
  }
  const std::string proof = key.of(proof_of_key);
  ZONDER_TRY(put->bind(proof).run());
  std::vector<std::pair<std::int64_t, std::string>> known;
  devices->bind(number_of(model::Kind::Device));
  for (;;) {
    const auto row = devices->next();
    if (!row) {
      return fail(row.error());
    }
    if (!*row) {
      break;
    }
    known.emplace_back(devices->number(0), devices->text(1));
  }
  for (const auto& [id, text] : known) {
    const auto hidden = pseudonym(key, text);
    ZONDER_TRY(rename->bind(hidden).bind(id).run());
  }
  ZONDER_TRY(transaction->commit());
  // The journal still has the pages as they were.
  ZONDER_TRY(database.run("PRAGMA wal_checkpoint(TRUNCATE)"));
  parts_->pseudonymised = true;
  parts_->key = key;
  return {};
}

Result<Reading> ObservationStore::begin_reading()
{
  auto& database = parts_->database;
  if (parts_->pseudonymised && !parts_->key) {
    return fail(Fault::Usage,
                say("the devices of this project are pseudonyms, and their key is not here"));
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) {
    return fail(transaction.error());
  }
  auto put = database.prepare("INSERT INTO thing(kind, text) VALUES(?,?) ON CONFLICT DO NOTHING");
  auto find = database.prepare("SELECT id FROM thing WHERE kind=? AND text=?");
  auto add = database.prepare(
      "INSERT INTO observation(source, subject, relation, object, via, tier, first, last, count, "
      "bytes) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET "
      "first=min(coalesce(first, excluded.first), coalesce(excluded.first, first)), "
      "last=max(coalesce(last, excluded.last), coalesce(excluded.last, last)), "
      "count=count+excluded.count, bytes=bytes+excluded.bytes");
  const auto last = database.number("SELECT coalesce(max(id), 0) FROM source");
  if (!put || !find || !add || !last) {
    return fail(!put ? put.error() : !find ? find.error() : !add ? add.error() : last.error());
  }
  return Reading(std::make_unique<Reading::Parts>(*parts_,
                                                  std::move(*transaction),
                                                  std::move(*put),
                                                  std::move(*find),
                                                  std::move(*add),
                                                  *last + 1));
}

Result<std::vector<Source>> ObservationStore::sources()
{
  auto statement = parts_->database.prepare(std::string("SELECT ") + source_columns +
                                            " FROM source ORDER BY id");
  if (!statement) {
    return fail(statement.error());
  }
  std::vector<Source> all;
  for (;;) {
    const auto row = statement->next();
    if (!row) {
      return fail(row.error());
    }
    if (!*row) {
      return all;
    }
    all.push_back(source_of(*statement));
  }
}

Result<Summary> ObservationStore::summary()
{
  Summary summary;
  const auto sources = parts_->database.number("SELECT count(*) FROM source");
  auto kinds = parts_->database.prepare("SELECT kind, things FROM tally WHERE things>0 ORDER BY 1");
  auto lines = parts_->database.prepare(
      "SELECT relation, via, tier, sum(observations), sum(count), sum(bytes), min(first), "
      "max(last) FROM total GROUP BY relation, via, tier ORDER BY relation, via, tier");
  if (!sources || !kinds || !lines) {
    return fail(!sources ? sources.error() : !kinds ? kinds.error() : lines.error());
  }
  summary.sources = uncounted(*sources);
  for (;;) {
    const auto row = kinds->next();
    if (!row) {
      return fail(row.error());
    }
    if (!*row) {
      break;
    }
    summary.things.emplace_back(word_of<model::Kind>(kinds->number(0)),
                                uncounted(kinds->number(1)));
  }
  for (;;) {
    const auto row = lines->next();
    if (!row) {
      return fail(row.error());
    }
    if (!*row) {
      return summary;
    }
    summary.lines.push_back({.relation = word_of<model::Relation>(lines->number(0)),
                             .via = word_of<model::Via>(lines->number(1)),
                             .tier = word_of<model::Tier>(lines->number(2)),
                             .observations = uncounted(lines->number(3)),
                             .count = uncounted(lines->number(4)),
                             .bytes = uncounted(lines->number(5)),
                             .first = moment_of(lines->optional_number(6)),
                             .last = moment_of(lines->optional_number(7))});
  }
}

Result<void> ObservationStore::each(const Wanted& wanted,
                                    const std::function<bool(const model::Observation&)>& take)
{
  std::string question =
      "SELECT s.kind, s.text, o.relation, t.kind, t.text, o.via, o.tier, o.source, o.first, "
      "o.last, o.count, o.bytes FROM ";
  // From the subject, when it is asked for, by each source.
  question += wanted.subject
                  ? "thing s CROSS JOIN source q CROSS JOIN observation o ON o.source=q.id AND "
                    "o.subject=s.id JOIN thing t ON t.id=o.object WHERE true"
                  : "observation o JOIN thing s ON s.id=o.subject JOIN thing t ON t.id=o.object "
                    "WHERE true";
  question += wanted.subject ? " AND s.kind=? AND s.text=?" : "";
  question += wanted.object ? " AND t.kind=? AND t.text=?" : "";
  question += wanted.relation ? " AND o.relation=?" : "";
  question += wanted.source ? " AND o.source=?" : "";
  question += " ORDER BY o.source, o.subject, o.relation, o.object, o.via, o.tier";
  auto statement = parts_->database.prepare(question);
  if (!statement) {
    return fail(statement.error());
  }
  for (const auto& thing : {&wanted.subject, &wanted.object}) {
    if (*thing) {
      statement->bind(number_of((*thing)->first)).bind((*thing)->second);
    }
  }
  if (wanted.relation) {
    statement->bind(number_of(*wanted.relation));
  }
  if (wanted.source) {
    statement->bind(counted(*wanted.source));
  }
  for (;;) {
    const auto row = statement->next();
    if (!row) {
      return fail(row.error());
    }
    if (!*row) {
      return {};
    }
    model::Observation seen;
    seen.subject_kind = word_of<model::Kind>(statement->number(0));
    seen.subject = statement->text(1);
    seen.relation = word_of<model::Relation>(statement->number(2));
    seen.object_kind = word_of<model::Kind>(statement->number(3));
    seen.object = statement->text(4);
    seen.via = word_of<model::Via>(statement->number(5));
    seen.tier = word_of<model::Tier>(statement->number(6));
    seen.source = uncounted(statement->number(7));
    seen.first = moment_of(statement->optional_number(8));
    seen.last = moment_of(statement->optional_number(9));
    seen.count = uncounted(statement->number(10));
    seen.bytes = uncounted(statement->number(11));
    if (!take(seen)) {
      statement->reset();
      return {};
    }
  }
}

Result<Forgotten> ObservationStore::forget_before(Moment day)
{
  auto& database = parts_->database;
  auto transaction = Transaction::begin(database);
  if (!transaction) {
    return fail(transaction.error());
  }
  const std::string then = std::to_string(stored(day));
  Forgotten forgotten;
  ZONDER_TRY(database.run("UPDATE source SET forgotten_before=max(coalesce(forgotten_before, " +
                          then + "), " + then + "), first=max(first, " + then +
                          "), last=max(last, " + then + ") WHERE coalesce(first, read_at) < " +
                          then));
  ZONDER_TRY(database.run("DELETE FROM observation WHERE coalesce(last, first, "
                          "(SELECT read_at FROM source WHERE id=observation.source)) < " +
                          then));
  forgotten.observations = uncounted(database.changed());
  ZONDER_TRY(database.run("UPDATE observation SET first=" + then + " WHERE first < " + then));
  ZONDER_TRY(
      database.run("DELETE FROM thing WHERE id NOT IN (SELECT subject FROM observation UNION "
                   "SELECT object FROM observation)"));
  forgotten.things = uncounted(database.changed());
  ZONDER_TRY(database.run(
      "DELETE FROM total; INSERT INTO total SELECT source, relation, via, tier, count(*), "
      "sum(count), sum(bytes), min(first), max(last) FROM observation GROUP BY source, relation, "
      "via, tier; DELETE FROM tally; INSERT INTO tally SELECT kind, count(*) FROM thing GROUP BY "
      "kind"));
  ZONDER_TRY(transaction->commit());
  // The journal still has what was forgotten.
  ZONDER_TRY(database.run("PRAGMA wal_checkpoint(TRUNCATE)"));
  return forgotten;
}

}  // namespace zonder::store
