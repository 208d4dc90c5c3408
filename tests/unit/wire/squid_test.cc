// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::proxylogs {
namespace {

using Lines = std::vector<std::string>;

TEST(Squid, TakesWhoAskedForWhichHostAndNothingElse)
{
  const auto text = test::read_text(
      "1795000001.123    250 10.0.0.5 TCP_TUNNEL/200 5120 CONNECT WWW.example.nl:443 - "
      "HIER_DIRECT/192.0.2.7 -\n"
      "1795000002.123     90 10.0.0.5 TCP_MISS/200 900 GET http://u:canary@plain.example/canary?c "
      "canary HIER_DIRECT/192.0.2.8 text/html\n"
      "1795000003.123      0 10.0.0.6 TCP_DENIED/403 10 CONNECT blocked.example:443 - HIER_NONE/- "
      "-\n"
      "1795000004.123      0 10.0.0.6 TCP_MISS/200 10 GET http://192.0.2.9/x - HIER_DIRECT/x -\n"
      "rotated\n");
  EXPECT_EQ(text.format, "squid");
  EXPECT_EQ(text.records, 4U);
  EXPECT_EQ(text.unreadable, 1U);
  EXPECT_EQ(text.problem, "line 5: no line of Squid's own format");
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 named plain.example http 1", "10.0.0.5 named www.example.nl http 1"}));
  EXPECT_EQ(text.first, "2026-11-18T11:06:41Z");
}

}  // namespace
}  // namespace zonder::wire::proxylogs
