// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zonder {

/// A day as facts give it: 2016-12-08, or 2016-12 or 2016 where no more is known (the missing part
/// is 0). In comparisons a missing part counts as the first day of what it names.
struct Date {
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;

  /// Nothing when the text is no date, or a day that does not exist (2023-02-29).
  static std::optional<Date> try_parse(std::string_view text);

  [[nodiscard]] bool is_whole_day() const { return day != 0; }
  /// As it was written: "2016-12-08", "2016-12" or "2016".
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] std::uint32_t first_day() const
  {
    return year * 10000U + (month == 0 ? 1U : month) * 100U + (day == 0 ? 1U : day);
  }
  bool operator==(const Date&) const = default;
};

/// True when `a` begins before `b`.
inline bool before(Date a, Date b)
{
  return a.first_day() < b.first_day();
}

}  // namespace zonder
