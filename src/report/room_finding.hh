// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <vector>

#include "model/room_record.hh"

namespace zonder::report {

/// What a room tells of a task. Only CutAndStopped and CutAndHeld are evidence of a drill.
enum class RoomFinding {
  /// Somebody says that it stopped, and what it hangs on asked the absent for something at about
  /// that time, or tried to. Both were seen; that one caused the other was not.
  CutAndStopped,
  /// Somebody says that it works, and both sides were cut: all of it is in the room, or fell away
  /// with the absent; and nothing that lives was reached by which it could have been done.
  CutAndHeld,
  /// It works here. Whoever runs it elsewhere reached the absent by his own way, or need not have:
  /// his side was not cut, and nothing is proved of it.
  SupplierNotCut,
  NotExercised,
  /// It works, and would be predicted to stop later than it was last tried.
  TooShortToShow,
  StoppedUnexplained,  // somebody says that it stopped, and the room does not show why
  WorkedUnseen         // somebody says that it works, and the room does not show by what
};

/// Why a finding says less than it seems to, or than somebody said.
enum class RoomDoubt {
  NothingSeen,   // of what the task names, or of the device at all
  Indirect,      // what fell away is nothing that the task names, but the device asked for it then
  NotInRoom,     // the device had left when it said so
  WentAround,    // the device may have gone around the room by then
  OtherLiving,   // something else that lives was reached, by which it may have been done
  NotAllListed,  // more was reached than is kept: something that lives may be among it
  Warm,          // what was signed in or kept from before may have carried it
  Hindered,      // the absent were only lossy or slow
  Unproved,      // that the cut holds and the rest lives was not proved beforehand
  RoomFailed,    // it was said in the last minutes of a room that failed itself
  RoomClosed     // the room was closed then, or shortly before: see RoomRecord::lapses
};

struct TaskFinding {
  RoomFinding finding = RoomFinding::NotExercised;
  bool degraded = false;              // it worked, but worse
  bool disputed = false;              // some say that it works, others that it stopped
  bool came_back = false;             // who said that it stopped said later that it works
  std::vector<std::size_t> marks;     // that it rests on: places in RoomRecord::marks
  std::vector<std::size_t> contacts;  // and those in RoomRecord::contacts, sorted
  std::vector<RoomDoubt> doubts;      // each once
};

/// One for each task, in their order. Of each device the last word counts, and one for whom it
/// stopped outweighs all for whom it works.
std::vector<TaskFinding> room_findings(const model::RoomRecord& record);

/// "cut-and-stopped" and so on, as in JSON.
const char* name_of(RoomFinding finding);
/// "nothing-seen" and so on, as in JSON.
const char* name_of(RoomDoubt doubt);

/// It is drilled evidence, in the sense of the three tiers: declared, measured, drilled.
bool is_drilled(RoomFinding finding);

}  // namespace zonder::report
