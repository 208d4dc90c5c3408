// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/room_record.hh"
#include "report/room_sums.hh"
#include "report/style.hh"

// What the reports of a room say in sentences, the same as text and as HTML. Each is a part of a
// report; an empty one is left out. Nothing tells whose a device is.
namespace zonder::report {

/// A record and its numbers, as all parts need them.
struct RoomTold {
  const model::RoomRecord& record;
  const RoomSums& sums;
  const Style& style;
};

/// "Without microsoft for 60 minutes, with 5 devices", how many tasks came to what, and what of it
/// is evidence.
std::vector<std::string> room_verdict(const RoomTold& told);
/// What stopped, first one first.
std::vector<std::string> what_stopped(const RoomTold& told);
/// What worked, and until when that was seen.
std::vector<std::string> what_worked(const RoomTold& told);
std::vector<std::string> what_surprised(const RoomTold& told);
/// What each finding that there is does and does not prove.
std::vector<std::string> what_findings_prove(const RoomTold& told);
/// What the finding of a task rests on: "says device 1; device 1 asked login.example".
std::string what_it_rests_on(const TaskFinding& finding, const RoomTold& told);
/// The room was not what it should be: closed in between, or not the only network in it.
std::vector<std::string> what_disturbed(const RoomTold& told);
std::vector<std::string> who_went_around(const RoomTold& told);
std::vector<std::string> what_was_not_tested(const RoomTold& told);
std::vector<std::string> what_people_wrote(const RoomTold& told);
std::vector<std::string> how_it_was_cut(const RoomTold& told);
/// Source, date and method of every number.
std::vector<std::string> where_numbers_come_from(const RoomTold& told);
std::vector<std::string> room_limits(const RoomTold& told);

}  // namespace zonder::report
