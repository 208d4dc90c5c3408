// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/result.hh"
#include "model/room_record.hh"

// What people do in a room, as the one who holds it wrote it down: examples/room/town-hall.yaml
// shows every key, docs/room.md tells what each is for.
namespace zonder::room {

/// Reads a task file; `path` is only for messages. At most 64 kB and 40 tasks, in the order of the
/// file. Errors: the first thing that is wrong, "FILE:LINE:COLUMN: what (what to do)".
Result<std::vector<model::RoomTask>> read_tasks(const std::string& path, const std::string& text);

/// What people do nearly everywhere, in the language of the calling thread: log in, open a case,
/// call the desk, print, enter the door, pay. They name nothing, so what was seen cannot be laid
/// beside them.
std::vector<model::RoomTask> ordinary_tasks();

}  // namespace zonder::room
