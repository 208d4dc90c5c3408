// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/result.hh"
#include "isolate/room_plan.hh"

// Some versions of pasta stall: the one of Debian 12 carried from 7.7 down to 0.03 Gbit/s, and once
// nothing at all. A version number does not tell which; a trial does. It starts a pasta on a
// throw-away network whose router address is this machine's loopback, and moves some tens of
// megabytes to a listener of our own there and back, and some datagrams (IPv4 only): nobody else
// hears of it.
namespace zonder::isolate {

struct PastaFigures {
  double slowest = 0;  // Gbit/s, of both ways and of the families that the machine has
};

/// Below this it is refused: a tenth of what slirp4netns does here, and less than a line of an
/// office; what runs over it would fail by its slowness, and that would be told as a finding.
inline constexpr double pasta_floor = 0.5;  // Gbit/s

/// At most about two seconds. Errors: it does not start, stalls or carries less than `least`, with
/// the figure.
Result<PastaFigures> try_pasta(const RoomPlan& plan, bool as_root, double least = pasta_floor);

}  // namespace zonder::isolate
