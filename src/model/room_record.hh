// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/failure.hh"
#include "model/name_resolution.hh"
#include "model/run_record.hh"
#include "net/address.hh"

namespace zonder::model {

/// Something that people do in a room: log in, open a case, print.
struct RoomTask {
  std::string title;
  std::string role;                // whose card it is on; empty: everybody's
  std::string how;                 // what to do exactly; may be empty
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

/// Why something of a device's may have gone around the room.
enum class Outside {
  Said,        // somebody says so: mobile data, another network
  Vpn,         // a tunnel to somewhere: what is in it was not seen
  PrivateDns,  // it asks somebody else for names, inside HTTPS or TLS
  Silent       // nothing was heard of it any more, while it was in
};

struct OutsideSign {
  Outside how = Outside::Said;
  std::string what;  // as it was seen: "UDP 51820 to 192.0.2.7"; or what somebody says
  Moment time;
};

struct RoomDevice {
  std::string name;        // as its owner calls it; reports that leave the room number devices
  bool by_leader = false;  // a printer, a badge reader: it cannot say itself that it joins
  Moment joined;
  std::optional<Moment> left;
  std::vector<OutsideSign> outside;  // by time
};

/// What a device reached for.
struct RoomContact {
  std::size_t device = 0;               // place in RoomRecord::devices
  std::string name;                     // empty: by address only
  std::optional<net::Address> address;  // nothing: only the name was asked for
  std::uint16_t port = 0;               // 0 where the protocol has none
  std::string protocol;                 // as Attempt::protocol
  std::string party;                    // id; empty: nobody's that the catalogue knows
  bool blocked = false;                 // it fell away
  bool login = false;                   // of a service that hands out log-ins, by the catalogue
  std::uint64_t count = 0;              // packets that open something; questions for "dns"
  Moment first;  // seen within some seconds, as the kernel's counts are looked at now and then
  Moment last;
};

/// The room was closed in between: zonder hung, or the machine slept. What stopped then did not
/// stop for want of the absent.
struct RoomLapse {
  Moment from;
  Moment until;
};

/// Somebody else in the room gave out addresses, or said that he is a router: devices that took
/// them are not in the room.
struct RoomGiver {
  std::string who;                    // card or address, for who leads; no report tells it
  std::optional<std::size_t> device;  // place in RoomRecord::devices; nothing: it never joined
  Moment time;                        // first seen
};

/// How a room came to its end.
enum class RoomEnding {
  TimeIsUp,
  Stopped,
  Interrupted,
  Failed,
  Lost  // zonder was killed, or the laptop failed: `ended` is when its record was last kept
};

/// An hour in a room, as it was seen: schema zonder.room/1.
struct RoomRecord {
  std::string without;  // the selector
  std::string except;
  std::vector<std::string> selection;  // what that meant, as sentences in the user's language
  std::vector<std::string> parties;    // ids of the absent
  std::map<std::string, std::string> party_names;  // by id, as people know them; an id that is not
                                                   // in it stands for itself
  FailureMode mode = FailureMode::Gone;
  Signature signature = Signature::Blackhole;
  DnsMode dns = DnsMode::Forward;
  std::string data_date;
  std::string facts_date;  // ISO 8601 day of the newest fact; empty: not known
  std::string uplink;
  Proof proof;
  std::chrono::minutes east_of_utc{};  // what the clock in the room is ahead of UTC
  Moment cut;                          // since when they were absent
  Moment planned;                      // until when at the latest
  Moment ended;
  RoomEnding ending = RoomEnding::TimeIsUp;
  std::string failed;  // why, in the user's language
  bool cold = false;   // devices were to sign out, clear and restart first
  std::vector<RoomTask> tasks;
  std::vector<RoomDevice> devices;  // by time of joining
  std::vector<RoomMark> marks;      // by time
  std::vector<RoomContact> contacts;
  std::uint64_t contacts_unlisted = 0;  // counted, and past what is kept
  std::uint64_t turned_away = 0;        // packets of who had not joined
  std::vector<RoomLapse> lapses;        // by time
  std::vector<RoomGiver> givers;        // by time
};

}  // namespace zonder::model
