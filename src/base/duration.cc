// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/duration.hh"

#include <charconv>
#include <cstdint>

#include "base/translate.hh"

namespace zonder {
namespace {

constexpr std::int64_t longest = std::int64_t{10} * 365 * 24 * 3600;

std::int64_t seconds_in(char unit)
{
  switch (unit) {
  case 's':
    return 1;
  case 'm':
    return 60;
  case 'h':
    return 3600;
  case 'd':
    return 86400;
  default:
    return 0;
  }
}

}  // namespace

Result<std::chrono::seconds> parse_duration(std::string_view text)
{
  std::int64_t all = 0;
  std::int64_t before = longest;  // the unit to the left, which is larger
  const auto* end = text.data() + text.size();
  const auto* at = text.data();
  do {
    std::int64_t count = 0;
    const auto [after, error] = std::from_chars(at, end, count);
    const std::int64_t unit = error == std::errc{} && after != end ? seconds_in(*after) : 0;
    if (unit == 0 || unit >= before || count < 0 || count > (longest - all) / unit) {
      return fail(Fault::Usage,
                  say("{} is not a duration (write it like 30s, 10m, 1h30m or 3d)", text));
    }
    all += count * unit;
    before = unit;
    at = after + 1;
  } while (at != end);
  return std::chrono::seconds(all);
}

}  // namespace zonder
