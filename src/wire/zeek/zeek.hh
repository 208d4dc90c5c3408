// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/logs/lines.hh"

// Zeek's logs, as lines of tab-separated values with a header, and as lines of JSON. Which column
// is what is taken from the header's names alone, in any order; what a log has that we do not know
// is left out. Of the logs conn, dns, ssl, http, quic and x509 (and others with their columns) is
// taken: who, to which address and port, which name, how much; never what was said.
namespace zonder::wire::zeek {

/// The columns of use.
enum class Field : std::uint8_t {
  Time,
  Client,
  Server,
  Port,
  Protocol,
  Duration,
  ClientBytes,
  ServerBytes,
  ClientIpBytes,
  ServerIpBytes,
  State,
  Query,
  Type,
  Answers,
  ServerName,
  Host,
  Issuer,
  CertifiedNames,
  QuicId,
  None
};
inline constexpr std::size_t fields = static_cast<std::size_t>(Field::None);
/// None for a column that is of no use.
Field field_of(std::string_view name);

/// One line: a text for each field, empty where it has none.
using Row = std::array<std::string_view, fields>;

/// Gives what rows mean as entries; which log it is follows from the columns that it has.
class RowReader {
public:
  /// Errors: as words for the user; empty when all is well.
  enum class Outcome : std::uint8_t { Given, Refused, NotTraffic };
  /// `answers` are those of a DNS row.
  Outcome give(const Row& row,
               bool has_state,
               const std::vector<std::string_view>& answers,
               logs::EntrySink& sink);

private:
  logs::Entry entry_;
};

class TsvReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  void read_header(std::string_view line);
  /// Puts the fields of use into row_; gives how many columns there were, as far as it looked.
  std::size_t split(std::string_view line);
  void put(std::size_t column, const char* start, const char* stop);

  char separator_ = '\t';
  char set_separator_ = ',';
  std::string unset_ = "-";
  std::string empty_ = "(empty)";
  std::vector<Field> columns_;  // up to the last one of use
  std::size_t all_columns_ = 0;
  bool has_state_ = false;
  Row row_;
  std::vector<std::string_view> answers_;
  RowReader rows_;
};

class JsonReader final : public logs::LineReader {
public:
  JsonReader();
  ~JsonReader() override;

protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Whether a file begins like one.
bool is_zeek_tsv(std::string_view head);
bool is_zeek_json(std::string_view head);

}  // namespace zonder::wire::zeek
