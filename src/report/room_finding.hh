// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <vector>

#include "model/room_record.hh"

namespace zonder::report {

/// What a room tells of a task. Only CutAndStopped and CutAndHeld are evidence of a drill.
enum class RoomFinding {
  CutAndStopped,
  CutAndHeld,
  /// It works here. Whoever runs it elsewhere reached the absent by his own way, or need not have:
  /// his side was not cut, and nothing is proved of it.
  SupplierNotCut,
  NotExercised,
  TooShortToShow,  // predicted to stop later than the room lasted
  /// Somebody says that it stopped, and nobody was seen to ask the absent for anything.
  StoppedUnexplained,
  /// Somebody says that it works, and nothing of it was seen in the room: by mobile data, a VPN?
  WorkedUnseen
};

struct TaskFinding {
  RoomFinding finding = RoomFinding::NotExercised;
  bool degraded = false;           // it worked, but worse
  bool disputed = false;           // some say that it works, others that it stopped
  std::vector<std::size_t> marks;  // that it rests on: places in RoomRecord::marks
};

/// One for each task, in their order.
std::vector<TaskFinding> room_findings(const model::RoomRecord& record);

/// "cut-and-stopped" and so on, as in JSON.
const char* name_of(RoomFinding finding);

}  // namespace zonder::report
