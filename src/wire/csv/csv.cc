// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/csv/csv.hh"

#include <algorithm>
#include <utility>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "base/utf8.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::csv {
namespace {

using std::string_view;

constexpr std::size_t most_fields = 1000;
/// More than a record of any of our tables has: behind it, a quote was not closed.
constexpr std::size_t longest_record = std::size_t{256} << 10U;

bool is_open(string_view record)
{
  return std::count(record.begin(), record.end(), '"') % 2 != 0;
}

string_view first_line(string_view text)
{
  auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

/// What Excel is told of the separator, and nobody else.
bool is_excel_mark(string_view line)
{
  return line.size() <= 5 && ascii_lower(std::string(line.substr(0, 4))) == "sep=";
}

void make_headings(std::vector<std::string>& fields)
{
  for (auto& each : fields) {
    each = ascii_lower(std::string(logs::trimmed(each)));
  }
}

}  // namespace

char separator_of(string_view line)
{
  constexpr string_view known = ",;\t|";
  std::array<std::size_t, known.size()> counts{};
  bool quoted = false;
  for (const char c : line) {
    quoted = c == '"' ? !quoted : quoted;
    if (const auto at = known.find(c); !quoted && at != string_view::npos) {
      ++counts[at];
    }
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return *most == 0 ? '\0' : known[static_cast<std::size_t>(most - counts.begin())];
}

bool split(string_view record, char separator, std::vector<std::string>& fields)
{
  std::size_t count = 0;
  const auto next = [&fields, &count]() -> std::string& {
    if (count == fields.size()) {
      fields.emplace_back();
    }
    fields[count].clear();
    return fields[count++];
  };
  std::size_t at = 0;
  for (;;) {
    if (count == most_fields) {
      return false;
    }
    auto& field = next();
    if (at < record.size() && record[at] == '"') {
      for (++at;; ++at) {
        const auto quote = record.find('"', at);
        if (quote == string_view::npos) {
          return false;
        }
        field.append(record, at, quote - at);
        at = quote + 1;
        if (at == record.size() || record[at] != '"') {
          break;
        }
        field += '"';
      }
      if (at < record.size() && record[at] != separator) {
        return false;
      }
    } else {
      const auto end = std::min(record.find(separator, at), record.size());
      field.append(record, at, end - at);
      at = end;
    }
    if (at == record.size()) {
      fields.resize(count);
      return true;
    }
    ++at;
  }
}

std::string as_utf8(string_view text)
{
  if (characters_in(text)) {
    return std::string(text);
  }
  // Windows-1252 where it differs from Latin-1 (Unicode's table CP1252.TXT); 0 is of nothing.
  static constexpr std::array<std::uint16_t, 32> high = {
      0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  std::string utf8;
  utf8.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    unsigned point = byte;
    if (byte >= 0x80 && byte < 0xA0) {
      point = high[byte - 0x80U] == 0 ? 0xFFFD : high[byte - 0x80U];
    }
    if (point < 0x80) {
      utf8 += c;
    } else if (point < 0x800) {
      utf8 += static_cast<char>(0xC0U | (point >> 6U));
      utf8 += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
      utf8 += static_cast<char>(0xE0U | (point >> 12U));
      utf8 += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
      utf8 += static_cast<char>(0x80U | (point & 0x3FU));
    }
  }
  return utf8;
}

std::vector<std::string> headings_in(string_view head)
{
  auto line = first_line(head);
  if (is_excel_mark(line)) {
    head.remove_prefix(std::min(head.size(), head.find('\n') + 1));
    line = first_line(head);
  }
  std::vector<std::string> fields;
  if (!split(as_utf8(line), separator_of(line), fields)) {
    return {};
  }
  make_headings(fields);
  return fields;
}

std::size_t column(const std::vector<std::string>& headings, Names names)
{
  for (const auto name : names) {
    const auto found = std::find(headings.begin(), headings.end(), name);
    if (found != headings.end()) {
      return static_cast<std::size_t>(found - headings.begin());
    }
  }
  return nowhere;
}

string_view Reader::field(const Fields& fields, std::size_t column)
{
  return column < fields.size() ? logs::trimmed(fields[column]) : string_view();
}

void Reader::read_line(string_view line, logs::EntrySink& sink)
{
  if (refused_) {
    return;
  }
  if (!has_headings_ && separator_ == 0 && is_excel_mark(line)) {
    separator_ = line.size() == 5 ? line[4] : '\0';
    return;
  }
  if (open_.empty() && !is_open(line)) {
    if (!take_record(line, sink)) {
      unreadable(say("its quotes do not match its fields"));
    }
    return;
  }
  if (!open_.empty()) {
    open_ += '\n';
  }
  open_ += line;
  if (!is_open(line) && open_.size() < longest_record) {
    return;  // no quote in it, or whole ones: it goes on
  }
  if (open_.size() >= longest_record || !is_open(open_)) {
    finish(sink);
  }
}

void Reader::finish(logs::EntrySink& sink)
{
  if (open_.empty()) {
    return;
  }
  const auto record = std::exchange(open_, {});
  if (!is_open(record) && take_record(record, sink)) {
    return;
  }
  // A quote too many swallowed what follows it: each line is read by itself.
  string_view left = record;
  while (!left.empty()) {
    const auto line = logs::take_until(left, '\n');
    if (!line.empty() && !take_record(line, sink)) {
      unreadable(say("its quotes do not match its fields"));
    }
  }
}

bool Reader::take_record(string_view record, logs::EntrySink& sink)
{
  if (!has_headings_ && separator_ == 0) {
    separator_ = separator_of(record);
  }
  if (!split(as_utf8(record), separator_, fields_)) {
    return false;
  }
  if (has_headings_) {
    read_record(fields_, sink);
    return true;
  }
  has_headings_ = true;
  auto headings = fields_;
  make_headings(headings);
  if (!read_headings(headings)) {
    refused_ = true;
    unreadable(say("these headings are not those of such a table"));
  } else if (begins_with_record_) {
    read_record(fields_, sink);
  }
  return true;
}

}  // namespace zonder::wire::csv
