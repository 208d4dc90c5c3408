// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/room_record.hh"

// Devices are numbered from 1, in the order in which they joined; names and addresses of the
// network around, which can tell whose a device is, are left out. What people wrote is theirs.
// Bytes that are no UTF-8 are written as U+FFFD.
namespace zonder::report {

/// The record and its numbers as one JSON document: schema zonder.room/1
/// (docs/schema/zonder.room-1.json).
std::string room_as_json(const model::RoomRecord& record);

/// Every observation on a line of its own, for `zonder import`: the room first, then devices,
/// contacts, marks and signs in the order of time; schema zonder.room-observation/1.
std::string room_observations_as_json_lines(const model::RoomRecord& record);

}  // namespace zonder::report
