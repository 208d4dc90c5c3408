// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hh"

struct sqlite3;
struct sqlite3_stmt;

// SQLite's C interface, each handle in a value that gives it back. Only for this folder.
namespace zonder::store {

/// One question or change, with '?' where values come. Used again and again: bind, run, bind, run.
class Statement {
public:
  /// From the left, a value for each '?'.
  Statement& bind(std::int64_t number);
  Statement& bind(std::optional<std::int64_t> number);
  /// The text must live until the statement has run.
  Statement& bind(std::string_view text);

  /// The next row; false after the last one, and then values may be bound anew.
  Result<bool> next();
  /// All of it, rows left out.
  Result<void> run();
  /// Ends early: values may be bound anew.
  void reset();

  // Of the row at which it is, from 0.
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_number(int column) const;
  [[nodiscard]] std::string text(int column) const;

private:
  friend class Database;
  struct Free {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement)
  {
  }
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Free> statement_;
  int bound_ = 0;
};

class Database {
public:
  /// Makes the file when it is not there, for its owner alone. Errors: cannot be opened.
  static Result<Database> open(const std::string& path);

  /// Statements without values, by ';'.
  Result<void> run(const std::string& statements);
  Result<Statement> prepare(std::string_view statement);
  /// The first number of the first row; 0 where there is none.
  Result<std::int64_t> number(std::string_view question);
  /// Rows that the last change changed.
  [[nodiscard]] std::int64_t changed() const;
  [[nodiscard]] std::int64_t last_id() const;

private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}
  std::unique_ptr<sqlite3, Close> database_;
};

/// All changes while it lives count together, or, without commit(), not at all.
class Transaction {
public:
  static Result<Transaction> begin(Database& database);
  Result<void> commit();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace zonder::store
