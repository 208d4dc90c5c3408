// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/run_record.hh"

namespace zonder::report {

/// How a report is made up. Reports are pure: the moment comes in from outside.
struct Style {
  bool colour = false;
  bool unicode = true;  // false: ASCII only
  model::Moment now;    // for the age of the data
};

/// Text of somebody else's (names, arguments) made harmless for a terminal: control characters and
/// what is no UTF-8 become \xNN; without `unicode` all that is not ASCII does.
std::string harmless(std::string_view text, bool unicode);

/// A command line as a shell would read it again, harmless for a terminal.
std::string shell_line(const std::vector<std::string>& argv, bool unicode);

/// "2026-11-23T09:30:05Z"
std::string iso_time(model::Moment moment);

/// Days between the ISO day and `now`; nothing when it is no ISO day.
std::optional<int> age_in_days(const std::string& iso_day, model::Moment now);

}  // namespace zonder::report
