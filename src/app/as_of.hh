// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/result.hh"
#include "catalog/date.hh"
#include "model/run_record.hh"

namespace zonder::app {

/// The day of a moment, in UTC.
catalog::Date day_of(model::Moment moment);

/// What --as-of says, or the day of `now` when nothing was typed. Errors: no whole day.
Result<catalog::Date> as_of(const std::string& typed, model::Moment now);

}  // namespace zonder::app
