// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/style.hh"

namespace zonder::report {

/// What this run does not tell.
std::vector<std::string> limits(const model::RunRecord& record, const Style& style);

/// What was tried by this mode, and what that does and does not tell; empty where it is told
/// elsewhere.
std::string what_the_mode_tells(model::FailureMode mode);

}  // namespace zonder::report
