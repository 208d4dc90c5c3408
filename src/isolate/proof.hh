// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hh"
#include "isolate/controls.hh"
#include "isolate/gateway.hh"
#include "isolate/holder.hh"
#include "isolate/room_plan.hh"
#include "isolate/uplink.hh"
#include "model/absence.hh"
#include "model/run_record.hh"

// A block that was never tried is not a block. Before the command starts, packets go from inside
// the room to addresses of the absent parties, canaries, twice: while the sets are empty the rules
// must let each one through (else something else stops it, and its later death proves nothing), and
// with the sets loaded each must be counted as dead. The gateway's guard stands after the rules
// both times, so that no packet of a proof ever leaves; a counter at the uplink's link shows it.
// Then the guard goes, and something that is not absent must be reachable.
namespace zonder::isolate {

/// An address of an absent party.
struct Canary {
  std::size_t party = 0;  // index in Absence::parties
  net::Address address;
  bool stands_for_names = false;  // not its own: of the range that stands for absent names
};

/// One for each party and family, spread evenly over them when that is more than `limit`. A party
/// that is only names gets addresses such as the name server gives for them.
std::vector<Canary> choose_canaries(const model::Absence& absence, std::size_t limit);

/// How many there would be without a limit.
std::size_t possible_canaries(const model::Absence& absence);

/// Adds what was seen to `proof`. Errors: it could not be tried at all.
Result<void> try_while_empty(Gateway& gateway,
                             Probes& probes,
                             const model::Absence& absence,
                             const std::vector<Canary>& canaries,
                             model::Proof& proof);
Result<void> try_canaries(Gateway& gateway,
                          Probes& probes,
                          const model::Absence& absence,
                          const std::vector<Canary>& canaries,
                          model::Proof& proof);

/// With the gateway open: what the sockets of the room reach. Both must outlive it.
WayToControls way_of(Probes& probes, const RoomPlan& plan);

/// Why the proof does not hold, in one sentence.
std::string what_was_not_proved(const model::Proof& proof);

/// Whether the command may start on it: it holds, or the user runs without (`unproved`), which is
/// told and written down. Errors: it may not.
Result<void> judge(model::Proof& proof, bool unproved, const Tell& tell);

}  // namespace zonder::isolate
