// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/run_record.hh"
#include "model/sighting.hh"
#include "report/judgement.hh"

namespace zonder::report {

/// The run as what happened in it, one JSON object a line, in the order of time: schema
/// zonder.run-event/1 (docs/schema/zonder.run-event-1.json). Begins with "start", ends with "end".
std::string run_as_json_lines(const model::RunRecord& record, const Judgement& judgement);

/// The same in pieces, for whoever follows a run: the first line, of what is known before the
/// command starts; a line ("attempt") for what is seen while it runs, one ("cut") when the parties
/// fall away later than that, and one ("not-listed") where no more attempts follow; and all that is
/// only known afterwards, up to "end".
std::string run_start_line(const model::RunRecord& record);
std::string attempt_line(const model::Sighting& sighting, const std::string& party);
std::string cut_line(model::Moment when);
std::string not_listed_line(model::Moment from);
std::string run_lines_after_start(const model::RunRecord& record, const Judgement& judgement);

}  // namespace zonder::report
