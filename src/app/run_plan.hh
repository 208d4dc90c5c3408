// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/run.hh"
#include "app/world.hh"
#include "base/result.hh"
#include "catalog/catalog.hh"
#include "isolate/run.hh"
#include "report/judgement.hh"

namespace zonder::app {

/// What was typed for `zonder run`, understood.
struct RunPlan {
  isolate::RunOptions options;  // all but who is absent
  std::optional<report::Baseline> baseline;
  catalog::Date day;                   // owners as they were then
  std::vector<std::string> selection;  // who is absent, in sentences; once that is known
  std::string facts_date;              // of the catalogue
};

/// Whether all that is to be written can be, each to a file of its own. Comes first: of whatever is
/// wrong after this the reports tell.
Result<void> check_written_files(const RunOptions& typed);

/// Everything else that can be wrong in what was typed is told here, before anything is started:
/// words, what does not go together, a baseline that cannot be read.
Result<RunPlan> read_run_options(const World& world, const RunOptions& typed);

}  // namespace zonder::app
