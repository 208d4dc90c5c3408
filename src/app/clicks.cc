// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/clicks.hh"

#include <array>
#include <cmath>
#include <numbers>

namespace zonder::app {
namespace {

constexpr std::size_t click_samples = click_rate / 50;  // with the pause after it
constexpr std::size_t most_waiting = 25;
constexpr double loudness = 12000;
constexpr double fades_in = 0.004;  // seconds, to 1/e

std::int16_t sample_of(double pitch, std::size_t at)
{
  const double seconds = static_cast<double>(at) / click_rate;
  const double wave = std::sin(2 * std::numbers::pi * pitch * seconds);
  return static_cast<std::int16_t>(loudness * wave * std::exp(-seconds / fades_in));
}

}  // namespace

double pitch_of(std::size_t party)
{
  constexpr std::array<int, 5> steps = {0, 2, 4, 7, 9};  // half tones
  constexpr std::size_t octaves = 3;
  const auto octave = static_cast<int>(party / steps.size() % octaves);
  return 440 * std::exp2((steps.at(party % steps.size()) + 12 * octave) / 12.0);
}

void Clicks::strike(double pitch)
{
  if (waiting_.size() < most_waiting) {
    waiting_.push_back(pitch);
  }
}

void Clicks::fill(std::span<std::int16_t> samples)
{
  for (auto& sample : samples) {
    if (waiting_.empty()) {
      sample = 0;
      continue;
    }
    sample = sample_of(waiting_.front(), played_);
    if (++played_ == click_samples) {
      waiting_.pop_front();
      played_ = 0;
    }
  }
}

}  // namespace zonder::app
