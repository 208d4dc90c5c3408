// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "model/run_record.hh"
#include "report/contacts.hh"

namespace zonder::report {

/// The contacts that were there last time: schema zonder.baseline/1
/// (docs/schema/zonder.baseline-1.json), made to be kept beside the code that is built.
struct Baseline {
  std::string selector;  // of the run that it was made in
  std::string except;
  std::string like;
  std::vector<ContactKey> contacts;  // sorted, each once
};

inline constexpr std::size_t largest_baseline = std::size_t{4} << 20U;  // bytes

/// Reads one; `path` is for what is said of it. Errors (usage): it is no baseline, or damaged.
Result<Baseline> baseline_from_json(std::string_view text, const std::string& path);

/// One contact a line, sorted; no times and no processes: the same contacts, the same bytes.
std::string baseline_as_json(const Baseline& baseline);

/// What this run would leave for the next one, of these contacts.
Baseline baseline_of(const model::RunRecord& record, std::vector<ContactKey> contacts);

/// Whether it is of a run in which the same was absent in the same way, so that what is in it could
/// be seen again.
bool is_of_such_a_run(const Baseline& baseline, const model::RunRecord& record);

}  // namespace zonder::report
