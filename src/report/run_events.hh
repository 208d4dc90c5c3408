// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/run_record.hh"
#include "report/judgement.hh"

namespace zonder::report {

/// The run as what happened in it, one JSON object a line, in the order of time: schema
/// zonder.run-event/1 (docs/schema/zonder.run-event-1.json). Begins with "start", ends with "end".
std::string run_as_json_lines(const model::RunRecord& record, const Judgement& judgement);

}  // namespace zonder::report
