// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/duration.hh"

namespace zonder {
namespace {

TEST(Duration, IsANumberWithAUnit)
{
  EXPECT_EQ(parse_duration("30s")->count(), 30);
  EXPECT_EQ(parse_duration("10m")->count(), 600);
  EXPECT_EQ(parse_duration("4h")->count(), 14400);
  EXPECT_EQ(parse_duration("3d")->count(), 259200);
}

TEST(Duration, MayHaveSeveralUnitsFromLargeToSmall)
{
  EXPECT_EQ(parse_duration("1h30m")->count(), 5400);
  EXPECT_EQ(parse_duration("1d2h3m4s")->count(), 93784);
}

TEST(Duration, IsRefusedWithoutAUnitOrBelowZeroOrBeyondReason)
{
  for (const char* text : {"",
                           "m",
                           "30",
                           "-1m",
                           "1.5h",
                           "10 m",
                           "10mm",
                           "9999999999999999999d",
                           "4000d",
                           "30m1h",
                           "1h30",
                           "1h1h",
                           "3650d1s"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().fault, Fault::Usage);
  }
}

}  // namespace
}  // namespace zonder
