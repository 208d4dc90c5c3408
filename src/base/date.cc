// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/date.hh"

#include <charconv>
#include <chrono>

#include <fmt/core.h>

namespace zonder {
namespace {

std::optional<unsigned> digits(std::string_view text)
{
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<Date> Date::try_parse(std::string_view text)
{
  const bool has_month = text.size() == 7 || text.size() == 10;
  const bool has_day = text.size() == 10;
  if ((text.size() != 4 && !has_month) || (has_month && text[4] != '-') ||
      (has_day && text[7] != '-')) {
    return std::nullopt;
  }
  const auto year = digits(text.substr(0, 4));
  const auto month = has_month ? digits(text.substr(5, 2)) : 1U;
  const auto day = has_day ? digits(text.substr(8, 2)) : 1U;
  if (!year || !month || !day || *year < 1000 || *year > 9999) {
    return std::nullopt;
  }
  using namespace std::chrono;
  const year_month_day calendar(std::chrono::year(static_cast<int>(*year)),
                                std::chrono::month(*month),
                                std::chrono::day(*day));
  if (!calendar.ok()) {
    return std::nullopt;
  }
  return Date{static_cast<std::uint16_t>(*year),
              static_cast<std::uint8_t>(has_month ? *month : 0),
              static_cast<std::uint8_t>(has_day ? *day : 0)};
}

std::string Date::to_string() const
{
  if (month == 0) {
    return fmt::format("{:04}", year);
  }
  if (day == 0) {
    return fmt::format("{:04}-{:02}", year, month);
  }
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

}  // namespace zonder
