// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/result.hh"
#include "model/run_record.hh"
#include "report/baseline.hh"
#include "report/judgement.hh"

namespace zonder::app {

/// Errors (usage): there is none, it is too big, damaged, or something else.
Result<report::Baseline> read_baseline(const std::string& path);

/// Writes the contacts that are not allowed, at once or not at all. Errors: this run is no good for
/// that, or it cannot be written.
Result<void> write_baseline(const std::string& path,
                            const model::RunRecord& record,
                            const report::Judgement& judgement);

}  // namespace zonder::app
