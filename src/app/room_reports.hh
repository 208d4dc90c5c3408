// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "app/room.hh"
#include "app/world.hh"
#include "base/result.hh"
#include "model/room_record.hh"

// The files of a room: where its reports go, and that they can go there.
namespace zonder::app {

/// Where the report goes when nobody said where: "zonder-room-2026-11-27-140312.html" in this
/// folder, by the machine's own clock; with a number where a room has that name.
std::string usual_report(model::Moment now);

/// Told before anything else is done: each can be written, none is there already, no room before
/// left its record where this one's would be.
Result<void> check_room_files(const RoomOptions& typed);

/// Writes each as it would be if the room ended at once, and removes it again. Errors: the place is
/// full, or cannot be written for another reason than was seen before.
Result<void> try_room_files(const RoomOptions& typed, const model::RoomRecord& at_start);

/// Writes them all, and tells what could not be written. What came to be there meanwhile stays:
/// then a number is added to the name. Gives the first error.
Result<void>
write_room_files(const World& world, const RoomOptions& typed, const model::RoomRecord& record);

/// The report on standard output, in the form that is wanted.
void print_room(const World& world, const model::RoomRecord& record);

}  // namespace zonder::app
