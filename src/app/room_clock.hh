// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>

#include "model/run_record.hh"

namespace zonder::app {

/// The time of day in a room: the machine's at the start, and from then on what has passed since.
/// When somebody sets the machine's clock, or the network does, what is told of the room keeps its
/// order and its lengths, and the room its end. Any thread.
class RoomClock {
public:
  using Steady = std::chrono::steady_clock;
  /// `wall` and `steady` are of the same moment.
  explicit RoomClock(model::Moment wall = std::chrono::system_clock::now(),
                     Steady::time_point steady = Steady::now())
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
