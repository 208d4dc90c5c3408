// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/style.hh"

// The record seen from its programs: who reached for what, in which order, and where to afterwards.
namespace zonder::report {

/// One thing that a program tried.
struct Step {
  const model::Attempt* attempt = nullptr;  // of the record
  const model::Share* share = nullptr;      // this program's part in it
};

/// One program, or several processes that did the same thing (the same arguments, and the same
/// targets): a build starts a thousand of those.
struct ProgramSteps {
  std::vector<std::size_t> programs;  // places in RunRecord::programs, by first time
  std::vector<Step> steps;            // of the first of them, by first time
  /// What was let through after the last thing that was blocked; null: nothing was, or nothing
  /// after. It came later: that it took the place of what was blocked is not said.
  const model::Attempt* went_on_to = nullptr;

  [[nodiscard]] bool was_blocked() const;
};

/// By first time. The record outlives what is given.
std::vector<ProgramSteps> programs_of(const model::RunRecord& record);

/// "curl", the last part of how it was started, harmless for a terminal.
std::string program_name(const model::Program& program, const Style& style);

/// Who they are: "curl", "make, cc1 x 12", or what is said when nobody is known.
std::string names_of(const std::vector<model::Share>& shares,
                     const model::RunRecord& record,
                     const Style& style);

/// One sentence for each program that was blocked somewhere, at most `most` and one that says how
/// many more there are.
std::vector<std::string>
program_sentences(const model::RunRecord& record, const Style& style, std::size_t most);

}  // namespace zonder::report
