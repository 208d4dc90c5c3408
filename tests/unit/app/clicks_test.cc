// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "app/clicks.hh"

namespace zonder::app {
namespace {

using Samples = std::vector<std::int16_t>;

Samples play(Clicks& clicks, std::size_t count)
{
  Samples samples(count, 1);
  clicks.fill(samples);
  return samples;
}

int loudest(const Samples& samples)
{
  int most = 0;
  for (const auto sample : samples) {
    most = std::max(most, std::abs(int{sample}));
  }
  return most;
}

TEST(Clicks, AreSilentUntilStruckAndAfterwards)
{
  Clicks clicks;
  EXPECT_EQ(loudest(play(clicks, 1000)), 0);
  clicks.strike(440);
  EXPECT_FALSE(clicks.silent());
  EXPECT_GT(loudest(play(clicks, click_rate / 50)), 5000);
  EXPECT_TRUE(clicks.silent());
  EXPECT_EQ(loudest(play(clicks, 1000)), 0);
}

TEST(Clicks, SoundTheSameInWhateverPiecesTheyAreTaken)
{
  Clicks whole;
  Clicks pieces;
  for (auto* each : {&whole, &pieces}) {
    each->strike(440);
    each->strike(880);
  }
  const auto all = play(whole, 1000);
  Samples taken;
  for (const std::size_t count : {1U, 7U, 220U, 500U, 272U}) {
    const auto some = play(pieces, count);
    taken.insert(taken.end(), some.begin(), some.end());
  }
  EXPECT_EQ(all, taken);
}

TEST(Clicks, KeepHalfASecondOfAFlood)
{
  Clicks clicks;
  for (int i = 0; i < 100000; ++i) {
    clicks.strike(440);
  }
  play(clicks, click_rate / 2);
  EXPECT_TRUE(clicks.silent());
}

TEST(Clicks, HaveAPitchForEachOfTheFirstFifteenParties)
{
  std::set<double> pitches;
  for (std::size_t party = 0; party < 15; ++party) {
    pitches.insert(pitch_of(party));
  }
  EXPECT_EQ(pitches.size(), 15U);
  EXPECT_DOUBLE_EQ(pitch_of(0), 440);
  EXPECT_DOUBLE_EQ(pitch_of(5), 880);
  EXPECT_LT(*pitches.rbegin(), 4000) << "laptops' loudspeakers";
  EXPECT_DOUBLE_EQ(pitch_of(15), 440);
}

}  // namespace
}  // namespace zonder::app
