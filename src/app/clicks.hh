// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

namespace zonder::app {

/// Samples a second, one channel, signed 16 bits in the machine's byte order.
inline constexpr unsigned click_rate = 22050;

/// The pitch of the party at this place, in Hz: steps of a pentatonic scale from 440 up, so that no
/// two of them clash; after fifteen parties it begins again.
double pitch_of(std::size_t party);

/// Clicks one after the other, as samples. Pure: what was struck, and how much was played since.
class Clicks {
public:
  /// Bounded: of what comes faster than clicks can be told apart (50 a second), at most half a
  /// second is kept, and the rest left out.
  void strike(double pitch);

  /// The next samples; silence where nothing was struck.
  void fill(std::span<std::int16_t> samples);

  [[nodiscard]] bool silent() const { return waiting_.empty(); }

private:
  std::deque<double> waiting_;  // pitches; the first one sounds
  std::size_t played_ = 0;      // samples of the first one
};

}  // namespace zonder::app
