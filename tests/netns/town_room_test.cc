// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/child_process.hh"

// The whole room of script/demo: six devices come in from a dark port, by dhclient, udhcpc and
// SLAAC, join, work, mark, and leave. tools/town-room says what must hold.
namespace zonder {
namespace {

/// The last words, where the reason stands.
std::string end_of(const std::string& text)
{
  return text.size() > 3000 ? text.substr(text.size() - 3000) : text;
}

TEST(TownRoom, IsHeldAndSaysOfNoSupplierThatHeHoldsWhenOnlyTheRoomWasCut)
{
  const std::string source = ZONDER_SOURCE_DIR;
  std::string folder = testing::TempDir() + "town-room-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto held = run_captured({source + "/tools/town-room",
                                  ZONDER_BINARY,
                                  source + "/examples/lab/voorbeeldstad-room.yaml",
                                  source + "/examples/room/town-hall.yaml",
                                  folder},
                                 std::chrono::seconds(200));
  (void)run_captured({"rm", "-rf", folder});
  ASSERT_TRUE(held) << held.error().message;
  constexpr int not_possible_here = 4;
  if (held->status.as_shell() == not_possible_here) {
    GTEST_SKIP() << end_of(held->err);
  }
  EXPECT_EQ(held->status.as_shell(), 0) << end_of(held->out) << end_of(held->err);
}

}  // namespace
}  // namespace zonder
