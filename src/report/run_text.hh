// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>

#include "model/run_record.hh"
#include "report/judgement.hh"
#include "report/style.hh"

namespace zonder::report {

/// The record of a run for a terminal: verdict first, then what was asked for, then how sure that
/// is. At most `rows` lines of attempts, the blocked ones first; says how many it leaves out.
/// `rows`: how many attempts are listed; the largest number there is: this is a file, which also
/// tells the command, when it was, and who was absent.
std::string run_as_text(const model::RunRecord& record,
                        const Style& style,
                        const Judgement& judgement = {},
                        std::size_t rows = 7);

}  // namespace zonder::report
