// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>

#include "model/room_record.hh"

namespace zonder::web {

/// What was seen of a task on one device's way out, since the cut.
enum class TaskSeen {
  Unknowable,  // what it uses is not told, or is in the room: nothing can be seen of it
  Nothing,
  AskedFor,  // names of the absent alone
  Refused,
  Reached,       // let through; whether it was answered is not known
  RefusedInPart  // some of it was let through
};

TaskSeen task_seen(const model::RoomRecord& record, std::size_t task, std::size_t device);

/// "refused", as a phrase; of what is unknowable and of nothing: "not seen".
std::string seen_word(TaskSeen seen);

/// The last that this device said of the task; null: nothing.
const model::RoomMark*
last_mark(const model::RoomRecord& record, std::size_t task, std::size_t device);

}  // namespace zonder::web
