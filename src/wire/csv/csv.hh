// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/logs/lines.hh"

// Tables as text (RFC 4180), as people get them out of programs and out of Excel: with commas, or
// with semicolons where the comma is the decimal sign, with tabs; in UTF-8 or in Windows-1252; with
// a first line "sep=;".
namespace zonder::wire::csv {

/// Which of , ; tab | stands most often between the fields of a line; 0 for none at all.
char separator_of(std::string_view line);

/// The fields of a whole record. A quote that is not closed or has something behind it: false.
bool split(std::string_view record, char separator, std::vector<std::string>& fields);

/// The text in UTF-8: as it is where it is that already, else read as Windows-1252.
std::string as_utf8(std::string_view text);

/// The fields of a table's first line, in small letters and without blanks around them, from the
/// head of a file.
std::vector<std::string> headings_in(std::string_view head);

using Names = std::span<const std::string_view>;

/// Where the first of these names, in small letters, stands; `nowhere`.
inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
std::size_t column(const std::vector<std::string>& headings, Names names);
inline std::size_t column(const std::vector<std::string>& headings,
                          std::initializer_list<std::string_view> names)
{
  return column(headings, Names(names.begin(), names.size()));
}
inline bool has_any(const std::vector<std::string>& headings, Names names)
{
  return column(headings, names) != nowhere;
}
inline bool has_any(const std::vector<std::string>& headings,
                    std::initializer_list<std::string_view> names)
{
  return column(headings, names) != nowhere;
}

/// Reads a table of which the first line tells what stands in which column.
class Reader : public logs::LineReader {
public:
  void finish(logs::EntrySink& sink) final;

protected:
  using Fields = std::vector<std::string>;

  /// The first line, in small letters. False: this is no such table, and nothing more is read.
  virtual bool read_headings(const Fields& headings) = 0;
  virtual void read_record(const Fields& fields, logs::EntrySink& sink) = 0;

  /// To be set by read_headings where the table has none and begins with a record.
  bool begins_with_record_ = false;

  static constexpr std::size_t nowhere = csv::nowhere;
  /// What stands in a column; empty where the record has none.
  static std::string_view field(const Fields& fields, std::size_t column);

private:
  void read_line(std::string_view line, logs::EntrySink& sink) final;
  /// False: its quotes do not match its fields.
  bool take_record(std::string_view record, logs::EntrySink& sink);

  bool has_headings_ = false;
  bool refused_ = false;
  char separator_ = 0;
  std::string open_;  // lines of a record of which a quote is not closed yet
  Fields fields_;
};

}  // namespace zonder::wire::csv
