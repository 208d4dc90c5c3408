// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "web/room_pages.hh"

namespace zonder::web {
namespace {

TEST(BoardScript, LooksEveryFiveSecondsUntilPausedAndReplacesNothingUnderSomebodysHands)
{
  const auto node = find_program("node");
  if (!node) {
    GTEST_SKIP() << "node is not installed: the board's script is not run";
  }
  const auto folder = *TemporaryFolder::make();
  const auto script = folder.path() + "/board.js";
  ASSERT_TRUE(write_file(script, board_script()));
  const auto ran = run_captured(
      {*node, std::string(ZONDER_SOURCE_DIR) + "/tests/unit/web/board_page.mjs", script},
      std::chrono::seconds(30));
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->status.as_shell(), 0) << ran->err;
  EXPECT_EQ(ran->out,
            "every 5000 ms\n"
            "button shown\n"
            "five seconds: GET /KEY/board?big=1; answer 1; ; \n"
            "in the background: nothing asked; answer 1; ; \n"
            "back: GET /KEY/board?big=1; answer 2; ; \n"
            "a button in it has the keyboard: nothing asked; answer 2; ; \n"
            "no more: GET /KEY/board?big=1; answer 3; ; \n"
            "paused: nothing asked; answer 3; Go on; Paused\n"
            "on again: GET /KEY/board?big=1; answer 4; Pause; \n"
            "the room dies: GET /KEY/board?big=1; answer 4; Pause; Lost\n"
            "an error: GET /KEY/board?big=1; answer 4; Pause; Lost\n"
            "it lives again: GET /KEY/board?big=1; answer 7; Pause; \n");
}

}  // namespace
}  // namespace zonder::web
