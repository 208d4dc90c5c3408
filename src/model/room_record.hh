// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/run_record.hh"

namespace zonder::model {

/// Something that people do in a room: log in, open a case, print.
struct RoomTask {
  std::string title;
  std::vector<std::string> names;  // of what it uses: each is itself and all below it
  bool inside = false;             // all that it uses is in the room, with nobody outside behind it
  /// When it is predicted to stop after the cut: what lasts for a while (tokens, tickets, licences)
  /// ends then. Nothing: no prediction.
  std::optional<std::chrono::minutes> stops_after;
};

/// What somebody says of a task.
enum class Mark { Works, Degraded, Stopped, CouldNotTry };

struct RoomMark {
  std::size_t task = 0;    // place in RoomRecord::tasks
  std::size_t device = 0;  // place in RoomRecord::devices
  Mark mark = Mark::CouldNotTry;
  std::string note;
  Moment time;
};

struct RoomDevice {
  std::string name;  // as its owner calls it
  Moment joined;
  std::optional<Moment> left;
};

/// What a device reached for.
struct RoomContact {
  std::size_t device = 0;
  std::string name;      // empty: by address only
  std::string party;     // empty: nobody's that the catalogue knows
  bool blocked = false;  // it fell away
  std::uint64_t count = 0;
  Moment first;
  Moment last;
};

/// An hour in a room, as it was seen.
struct RoomRecord {
  std::string without;  // the selector
  Moment cut;           // since when they were absent
  Moment ended;
  std::vector<RoomTask> tasks;
  std::vector<RoomDevice> devices;
  std::vector<RoomMark> marks;  // by time
  std::vector<RoomContact> contacts;
};

}  // namespace zonder::model
