// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_text.hh"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <vector>

#include "base/translate.hh"
#include "report/attempt_words.hh"
#include "report/page_text.hh"
#include "report/run_grounds.hh"
#include "report/run_limits.hh"
#include "report/run_names.hh"
#include "report/run_programs.hh"
#include "report/run_verdict.hh"

namespace zonder::report {
namespace {

using Row = std::array<std::string, 6>;

constexpr std::size_t shown_programs = 3;
constexpr std::size_t shown_contacts = 5;
constexpr std::size_t shown_requests = 5;

/// Columns that are shown, for padding: UTF-8 bytes that continue a character take none.
std::size_t columns(std::string_view text)
{
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
  }));
}

Row row_of(std::size_t place,
           const model::RunRecord& record,
           const Judgement& judgement,
           const Style& style)
{
  const auto& attempt = record.attempts[place];
  return {with_standing(verdict_word(attempt, record.signature), judgement, place),
          attempt.party.empty() ? std::string(tr("not known"))
                                : harmless(attempt.party, style.unicode),
          amount(attempt.count, unit_of(attempt, record)),
          protocol_of(attempt),
          names_of(attempt.programs, record, style),
          target_of(attempt, style)};
}

std::string table(const std::vector<Row>& rows, const Style& style)
{
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.at(i) = std::max(widths.at(i), columns(row.at(i)));
    }
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = " ";
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const auto& cell = rows[r].at(i);
      const std::string padding(widths.at(i) - columns(cell), ' ');
      const bool number = i == 2;
      line += " " + (number ? padding + cell : cell + padding) + " ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += style.colour && r == 0 ? "\033[1m" + line + "\033[0m\n" : line + "\n";
  }
  return text;
}

/// What a reader of a file does not know otherwise.
std::string what_and_when(const model::RunRecord& record, const Style& style)
{
  return shell_line(record.command, style.unicode) + "\n" +
         say("started {}, took {:.1f} s", iso_time(record.started), record.seconds.count()) + "\n";
}

}  // namespace

std::string run_as_text(const model::RunRecord& record,
                        const Style& style,
                        const Judgement& judgement,
                        std::size_t rows)
{
  const bool whole = rows == std::numeric_limits<std::size_t>::max();
  std::string text = whole ? what_and_when(record, style) + "\n" : "\n";
  const auto sentences = verdict(record, style, judgement.allowed_proxies);
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    text += style.colour && i == 0 ? "\033[1m" + sentences[i] + "\033[0m\n" : sentences[i] + "\n";
  }
  if (!record.not_started.empty()) {
    return text + "\n" + grounds(record, style).front() + "\n";
  }
  // Whoever asked for all rows wants all of these too.
  for (const auto& sentence :
       judgement_sentences(judgement, style, std::max(rows, shown_contacts))) {
    text += sentence + "\n";
  }
  if (record.pages) {
    text += pages_as_text(*record.pages, style, std::max(rows, shown_requests));
  }
  if (!record.attempts.empty()) {
    std::vector<Row> cells = {
        {tr("what happened"), tr("whose"), tr("how often"), tr("how"), tr("by"), tr("asked for")}};
    for (std::size_t i = 0; i < record.attempts.size() && i < rows; ++i) {
      cells.push_back(row_of(i, record, judgement, style));
    }
    text += "\n" + table(cells, style);
    if (record.attempts.size() > rows) {
      text +=
          "  " +
          say("... and {} more; --report FILE.html has them all", record.attempts.size() - rows) +
          "\n";
    }
  }
  const auto programs = program_sentences(record, style, shown_programs);
  if (!programs.empty()) {
    text += "\n";
    for (const auto& sentence : programs) {
      text += sentence + "\n";
    }
  }
  if (const auto stuck = stuck_names(record.dns, style); !stuck.empty()) {
    text += "\n" + std::string(tr("Names that hang on name servers of the absent:")) + "\n";
    for (const auto& line : stuck) {
      text += "  " + line + "\n";
    }
  }
  text += "\n";
  if (whole) {
    for (const auto& sentence : selection_sentences(record, style)) {
      text += sentence + "\n";
    }
  }
  for (const auto& sentence : grounds(record, style)) {
    text += sentence + "\n";
  }
  for (const auto& sentence : limits(record, style)) {
    text += sentence + "\n";
  }
  return text;
}

}  // namespace zonder::report
