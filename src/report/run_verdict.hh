// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/attempt_words.hh"
#include "report/style.hh"

namespace zonder::report {

/// What one absent party was asked for.
struct Reached {
  std::string party;                      // id
  std::map<Unit, std::uint64_t> counts;   // where only names were asked for: of questions alone
  bool only_asked = false;                // names were asked for, and nothing that was stopped
  bool let_through = false;               // something of it was reached all the same
  std::vector<std::string> targets;       // each once, as target_of(), in the order of the record
  std::vector<std::string> only_by_name;  // beside the targets: asked for, and not tried
};

/// The absent parties that the command reached for or asked for names of, most attempts first; not
/// those of which all was let through. A party without id: what was stopped for another reason.
std::vector<Reached> reached(const model::RunRecord& record, const Style& style);

/// What a reader wants first, as plain sentences: how the command ended, what it reached for,
/// whether anything makes that worth less. Says no more than was seen: that two things happened,
/// not that one caused the other.
/// `allowed`: as in doubts_of().
std::vector<std::string> verdict(const model::RunRecord& record,
                                 const Style& style,
                                 const std::vector<std::size_t>& allowed = {});

/// What went to those who run a service that was cut by its names only, as a sentence; none where
/// nothing did.
std::vector<std::string> by_name_only_sentences(const model::RunRecord& record, const Style& style);

/// How many calls nobody could look at: those that were refused, and those that went on.
std::vector<std::string> unseen_sentences(const model::RunRecord& record);

}  // namespace zonder::report
