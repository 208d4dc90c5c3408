// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>

#include "base/boot_clock.hh"
#include "model/run_record.hh"

namespace zonder::app {

/// The time of day in a room: as time_of_day() at the start, and from then on what has passed
/// since, also while the machine slept. So it is the same clock by which the engine tells its
/// times. When somebody sets the machine's clock, or the network does, what is told of the room
/// keeps its order and its lengths, and the room its end. Any thread.
class RoomClock {
public:
  using Steady = BootClock;
  /// `wall` and `steady` are of the same moment.
  explicit RoomClock(model::Moment wall = time_of_day(), Steady::time_point steady = Steady::now())
      : wall_(wall), steady_(steady)
  {
  }

  [[nodiscard]] model::Moment at(Steady::time_point moment) const
  {
    return wall_ + std::chrono::duration_cast<model::Moment::duration>(moment - steady_);
  }
  [[nodiscard]] model::Moment now() const { return at(Steady::now()); }

private:
  model::Moment wall_;
  Steady::time_point steady_;
};

}  // namespace zonder::app
