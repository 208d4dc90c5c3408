// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/style.hh"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

#include "base/visible_text.hh"

namespace zonder::report {
namespace {

/// How many bytes the UTF-8 character at the start has; 0 when it is none that may be shown.
std::size_t utf8_length(std::string_view text)
{
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned char first = byte(0);
  std::size_t length = 0;
  std::uint32_t code = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
    code = first & 0x1fU;
  } else if ((first & 0xf0U) == 0xe0) {
    length = 3;
    code = first & 0x0fU;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    code = first & 0x07U;
  }
  if (length == 0 || length > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) {
      return 0;
    }
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < least.at(length) || code > 0x10ffff || surrogate) {
    return 0;
  }
  // Marks that turn the reading direction, and what is not seen at all, can make one name look like
  // another.
  const auto seen = visible_text(text.substr(0, length));
  return seen && !seen->empty() ? length : 0;
}

}  // namespace

std::string harmless(std::string_view text, bool unicode)
{
  std::string safe;
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    std::size_t length = first >= 0x20 && first < 0x7f ? 1 : 0;
    if (first >= 0x80 && unicode) {
      length = utf8_length(text);
    }
    if (length == 0) {
      safe += fmt::format("\\x{:02x}", first);
      length = 1;
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return safe;
}

std::string shell_line(const std::vector<std::string>& argv, bool unicode)
{
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("@%+=:,./-_").find(c) != std::string_view::npos;
  };
  std::string line;
  for (const auto& word : argv) {
    line += line.empty() ? "" : " ";
    if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) {
      line += word;
      continue;
    }
    std::string quoted = "'";
    for (const char c : word) {
      quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += harmless(quoted + "'", unicode);
  }
  return line;
}

std::string iso_time(model::Moment moment)
{
  using namespace std::chrono;
  const auto second = floor<seconds>(moment);
  const auto day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss time{second - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     time.hours().count(),
                     time.minutes().count(),
                     time.seconds().count());
}

std::optional<int> age_in_days(const std::string& iso_day, model::Moment now)
{
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t from, std::size_t count, auto& into) {
    const char* start = iso_day.data() + from;
    return std::from_chars(start, start + count, into).ptr == start + count;
  };
  if (iso_day.size() < 10 || iso_day[4] != '-' || iso_day[7] != '-' || !number(0, 4, year) ||
      !number(5, 2, month) || !number(8, 2, day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) {
    return std::nullopt;
  }
  const auto days = std::chrono::floor<std::chrono::days>(now) - std::chrono::sys_days(date);
  return static_cast<int>(days.count());
}

}  // namespace zonder::report
