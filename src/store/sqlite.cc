// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "store/sqlite.hh"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>

#include "base/descriptor.hh"
#include "base/translate.hh"

namespace zonder::store {
namespace {

/// What SQLite says went wrong. A full disk and a file without rights are the user's to mend; a
/// file that is no database, or a damaged one, is not what was typed for it.
tl::unexpected<Error> trouble(sqlite3* database)
{
  const char* path = database == nullptr ? nullptr : ::sqlite3_db_filename(database, "main");
  return fail(Fault::Usage,
              say("{}: {}",
                  path == nullptr ? "?" : path,
                  database == nullptr ? "no memory" : ::sqlite3_errmsg(database)));
}

}  // namespace

void Statement::Free::operator()(sqlite3_stmt* statement) const
{
  (void)::sqlite3_finalize(statement);
}

Statement& Statement::bind(std::int64_t number)
{
  (void)::sqlite3_bind_int64(statement_.get(), ++bound_, number);
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> number)
{
  if (number) {
    return bind(*number);
  }
  (void)::sqlite3_bind_null(statement_.get(), ++bound_);
  return *this;
}

Statement& Statement::bind(std::string_view text)
{
  // Not copied: SQLITE_STATIC, which is a null pointer.
  (void)::sqlite3_bind_text64(statement_.get(),
                              ++bound_,
                              text.data() == nullptr ? "" : text.data(),
                              text.size(),
                              nullptr,
                              SQLITE_UTF8);
  return *this;
}

Result<bool> Statement::next()
{
  const int status = ::sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) {
    return true;
  }
  if (status != SQLITE_DONE) {
    auto error = trouble(database_);
    reset();
    return error;
  }
  reset();
  return false;
}

Result<void> Statement::run()
{
  for (;;) {
    const auto row = next();
    if (!row) {
      return fail(row.error());
    }
    if (!*row) {
      return {};
    }
  }
}

void Statement::reset()
{
  (void)::sqlite3_reset(statement_.get());
  bound_ = 0;
}

std::int64_t Statement::number(int column) const
{
  return ::sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const
{
  return ::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL
             ? std::nullopt
             : std::optional(number(column));
}

std::string Statement::text(int column) const
{
  const auto* start = ::sqlite3_column_text(statement_.get(), column);
  const auto size = ::sqlite3_column_bytes(statement_.get(), column);
  return start == nullptr
             ? std::string()
             : std::string(reinterpret_cast<const char*>(start), static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* database) const
{
  (void)::sqlite3_close_v2(database);
}

Result<Database> Database::open(const std::string& path)
{
  // What devices of an organisation asked for is nobody else's to read. Its journals get the same
  // rights from SQLite.
  const Descriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!made) {
    return fail(Fault::Usage, say("{}: {}", path, std::strerror(errno)));
  }
  sqlite3* raw = nullptr;
  const int status =
      ::sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  if (status != SQLITE_OK) {
    return trouble(raw);
  }
  (void)::sqlite3_busy_timeout(raw, 5000);
  (void)::sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return database;
}

Result<void> Database::run(const std::string& statements)
{
  if (::sqlite3_exec(database_.get(), statements.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return trouble(database_.get());
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view statement)
{
  sqlite3_stmt* raw = nullptr;
  if (::sqlite3_prepare_v2(
          database_.get(), statement.data(), static_cast<int>(statement.size()), &raw, nullptr) !=
      SQLITE_OK) {
    return trouble(database_.get());
  }
  return Statement(database_.get(), raw);
}

Result<std::int64_t> Database::number(std::string_view question)
{
  auto statement = prepare(question);
  if (!statement) {
    return fail(statement.error());
  }
  const auto row = statement->next();
  if (!row) {
    return fail(row.error());
  }
  return *row ? statement->number(0) : 0;
}

std::int64_t Database::changed() const
{
  return ::sqlite3_changes64(database_.get());
}

std::int64_t Database::last_id() const
{
  return ::sqlite3_last_insert_rowid(database_.get());
}

Result<Transaction> Transaction::begin(Database& database)
{
  ZONDER_TRY(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Result<void> Transaction::commit()
{
  ZONDER_TRY(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr))
{
}

Transaction::~Transaction()
{
  if (database_ != nullptr) {
    (void)database_->run("ROLLBACK");
  }
}

}  // namespace zonder::store
