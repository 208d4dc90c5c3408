// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/as_of.hh"

#include <chrono>

#include "base/translate.hh"

namespace zonder::app {

catalog::Date day_of(model::Moment moment)
{
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(moment)};
  return {.year = static_cast<std::uint16_t>(static_cast<int>(date.year())),
          .month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          .day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
}

Result<catalog::Date> as_of(const std::string& typed, model::Moment now)
{
  if (typed.empty()) {
    return day_of(now);
  }
  const auto day = catalog::Date::try_parse(typed);
  if (!day || !day->is_whole_day()) {
    return fail(Fault::Usage, say("--as-of {} is not a day (write it like 2026-11-23)", typed));
  }
  // Somewhere on earth it is tomorrow already, 14 hours ahead of UTC at most.
  if (catalog::before(day_of(now + std::chrono::hours(14)), *day)) {
    return fail(
        Fault::Usage,
        say("--as-of {} is a day in the future: nobody knows yet who owns what then", typed));
  }
  return *day;
}

}  // namespace zonder::app
