// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/style.hh"

namespace zonder::report {

/// How sure the verdict is: the proof, the counters, the data's age.
std::vector<std::string> grounds(const model::RunRecord& record, const Style& style);

/// The proof in one sentence; where it does not hold, what did not come out as it must.
std::vector<std::string> proof_sentences(const model::Proof& proof, const Style& style);

/// The data's day and age.
std::string data_sentence(const std::string& iso_day, const Style& style);
/// The same of data that are old, or whose age is not known; empty: they are not.
std::string old_data_sentence(const std::string& iso_day, const Style& style);

/// What a check of the proof shows: "canary: must not be reached".
std::string check_word(const std::string& what);

/// What the selector meant: how many of what, what came along, and every party by its id.
std::vector<std::string> selection_sentences(const model::RunRecord& record, const Style& style);

}  // namespace zonder::report
