// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/room_record.hh"
#include "report/room_finding.hh"

// The numbers over a room, the same on its pages and in its reports. Of a room that goes on: with
// the present moment as its `ended`. All places point into the lists of the record.
namespace zonder::report {

/// How often something was asked of the absent.
struct RoomAsked {
  std::uint64_t tries = 0;      // packets that open something, and requests to proxies; who tries
                                // again counts again
  std::uint64_t questions = 0;  // for names

  [[nodiscard]] std::uint64_t all() const { return tries + questions; }
};

struct AskedName {
  std::string name;  // an address where it has no name
  RoomAsked asked;
};

/// What one device asked of one absent party.
struct AskedParty {
  std::string party;  // id; empty: it fell away, and is nobody's that the catalogue knows
  RoomAsked asked;
  std::vector<AskedName> names;  // most asked first
};

struct DeviceSums {
  model::Moment since;  // when it joined, or of the cut where that was later
  /// The last that was heard of it: what it reached for, or said; else that it joined. Of one that
  /// left in silence it tells more than that it never left.
  model::Moment last_seen;
  std::chrono::minutes in_room{0};    // from then until it left, or the end; whole ones
  RoomAsked asked;                    // of all absent together
  std::vector<AskedParty> parties;    // most asked first
  std::vector<std::size_t> contacts;  // all of its contacts
};

/// Names of one absent party that belong together: see service_of().
struct AskedService {
  std::string party;
  std::string service;  // empty: by address only
  RoomAsked asked;
  std::vector<std::size_t> devices;  // that asked for it, in order
  model::Moment first;
  bool in_task = false;  // it is of a task's names
};

struct PartySums {
  std::string party;
  RoomAsked asked;
  std::vector<std::size_t> devices;
  bool in_task = false;
};

/// How many devices say what of a task: each has one say, its last. Before the cut does not count.
struct TaskSums {
  TaskFinding finding;
  std::size_t works = 0;
  std::size_t degraded = 0;
  std::size_t stopped = 0;
  std::size_t could_not_try = 0;
  std::optional<model::Moment> last_worked;    // anybody's last mark that it works, also worse
  std::optional<model::Moment> first_stopped;  // anybody's first mark that it stopped
};

struct StoppedTask {
  std::size_t task = 0;
  std::size_t mark = 0;  // the first that says so
  std::chrono::minutes after_cut{0};
};

/// What a reader may not have thought of.
struct RoomSurprise {
  enum class Kind {
    /// All that was seen of a task's own names lives, and it stopped all the same: something behind
    /// it may hang on the absent. `task`, `contacts`: what its device asked of them at about then,
    /// the likeliest first (where log-ins come from, what most tasks and devices asked for),
    /// without
    /// what is another task's.
    StoppedThoughItsNamesLive,
    /// More than half of the devices asked for `party`, which came along with others that were
    /// chosen, and is in no task.
    AskedByMostAndInNoTask,
    Held  // `task`
  };
  Kind kind = Kind::Held;
  std::size_t task = 0;
  std::vector<std::size_t> contacts;
  std::string party;
  std::size_t devices = 0;
};

/// What happened, in order.
struct RoomEvent {
  enum class Kind {
    Joined,    // place of a device
    Left,      // place of a device
    Marked,    // place of a mark
    FirstTry,  // place of a contact: the first of all devices for a service of an absent party
    Outside    // place of a device; `sign`: place in its outside signs
  };
  Kind kind = Kind::Marked;
  std::size_t place = 0;
  std::size_t sign = 0;
  model::Moment time;
};

struct RoomSums {
  RoomAsked asked;                      // of the absent, by all devices
  std::vector<DeviceSums> devices;      // as in the record
  std::vector<PartySums> parties;       // most asked first
  std::vector<AskedService> services;   // by party as above, then most asked first
  std::vector<TaskSums> tasks;          // as in the record
  std::vector<StoppedTask> stopped;     // first stopped first; those that somebody says stopped
  std::vector<RoomSurprise> surprises;  // those of stopped tasks first
  std::vector<std::size_t> outside;  // devices with signs that they may have gone around the room
  std::vector<RoomEvent> timeline;
};

RoomSums room_sums(const model::RoomRecord& record);

}  // namespace zonder::report
