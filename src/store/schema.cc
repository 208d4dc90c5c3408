// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "store/schema.hh"

#include <array>

#include "base/translate.hh"

namespace zonder::store {
namespace {

constexpr std::int64_t application_id = 0x7A6F6E64;  // "zond"

// Each brings a project from the version of its place to the next. A step that was ever in a
// release never changes.
//
// Observations lie in the order in which they come in, by source and then by subject, so that a
// question for a subject is one look for each source; an index serves those for an object. What
// every summary needs is kept as sums, so that its cost is that of the number of sources, not of
// observations.
constexpr std::array<const char*, 1> steps = {R"(
CREATE TABLE source(
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL,
  read_at INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL,
  unreadable INTEGER NOT NULL, first_problem TEXT NOT NULL, broken_off INTEGER NOT NULL,
  first INTEGER, last INTEGER, tool TEXT NOT NULL, forgotten_before INTEGER,
  UNIQUE(sha256, format)) STRICT;
CREATE TABLE thing(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX thing_by_text ON thing(kind, text);
CREATE TABLE observation(
  source INTEGER NOT NULL, subject INTEGER NOT NULL, relation INTEGER NOT NULL,
  object INTEGER NOT NULL, via INTEGER NOT NULL, tier INTEGER NOT NULL,
  first INTEGER, last INTEGER, count INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY(source, subject, relation, object, via, tier)) STRICT, WITHOUT ROWID;
CREATE INDEX observation_by_object ON observation(object, relation, subject);
CREATE TABLE total(
  source INTEGER NOT NULL, relation INTEGER NOT NULL, via INTEGER NOT NULL, tier INTEGER NOT NULL,
  observations INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL,
  first INTEGER, last INTEGER,
  PRIMARY KEY(source, relation, via, tier)) STRICT, WITHOUT ROWID;
CREATE TABLE tally(kind INTEGER PRIMARY KEY, things INTEGER NOT NULL) STRICT;
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)"};

Result<void> refuse_others(Database& database, const std::string& path)
{
  const auto tables = database.number("SELECT count(*) FROM sqlite_master");
  if (!tables) {
    return fail(tables.error());
  }
  const auto id = database.number("PRAGMA application_id");
  if (!id) {
    return fail(id.error());
  }
  if (*tables > 0 && *id != application_id) {
    return fail(Fault::Usage,
                say("{}: a database, but not a project of zonder's: give another file", path));
  }
  return {};
}

}  // namespace

Result<void> migrate(Database& database, const std::string& path)
{
  ZONDER_TRY(refuse_others(database, path));
  const auto version = database.number("PRAGMA user_version");
  if (!version) {
    return fail(version.error());
  }
  if (*version < 0 || static_cast<std::size_t>(*version) > steps.size()) {
    return fail(Fault::Usage,
                say("{}: made by a newer zonder (form {}, this one knows {}): use that one",
                    path,
                    *version,
                    steps.size()));
  }
  for (auto step = static_cast<std::size_t>(*version); step < steps.size(); ++step) {
    auto transaction = Transaction::begin(database);
    if (!transaction) {
      return fail(transaction.error());
    }
    ZONDER_TRY(database.run(steps.at(step)));
    ZONDER_TRY(database.run("PRAGMA application_id=" + std::to_string(application_id) +
                            "; PRAGMA user_version=" + std::to_string(step + 1)));
    ZONDER_TRY(transaction->commit());
  }
  return {};
}

}  // namespace zonder::store
