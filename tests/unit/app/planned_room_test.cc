// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/planned_room.hh"

namespace zonder::app {
namespace {

PlannedRoom room_of(std::vector<std::string> ports, std::set<std::string> bridges)
{
  PlannedRoom planned;
  planned.options.ports = std::move(ports);
  planned.bridges = std::move(bridges);
  planned.lasts = std::chrono::minutes(45);
  return planned;
}

TEST(PlannedRoom, APortLeavesAndABridgeGetsOneMore)
{
  const auto both = room_of({"lan0", "br7", "lan1"}, {"br7"});
  EXPECT_EQ(
      words_on_ports(both),
      (std::vector<std::string>{
          "br7 stays, and gets one more port, which is the room, until its time is up (45 "
          "minutes), somebody stops it, or zonder ends; then that port is gone",
          "lan0 lan1 leaves this machine and becomes the room, until its time is up (45 minutes), "
          "somebody stops it, or zonder ends; then it comes back, and who stayed has no network"}));
  EXPECT_EQ(words_at_closing(both),
            (std::vector<std::string>{"the room is closed; br7 is without its port again",
                                      "the room is closed; lan0 lan1 is this machine's again"}));
  EXPECT_EQ(ports_of(both), "lan0 br7 lan1");
}

TEST(PlannedRoom, ABridgeAloneLeavesNothing)
{
  const auto planned = room_of({"br7"}, {"br7"});
  EXPECT_EQ(words_on_ports(planned).size(), 1U);
  EXPECT_EQ(words_at_closing(planned).size(), 1U);
}

TEST(PlannedRoom, APortIsNamedOnce)
{
  EXPECT_TRUE(check_named_once({"lan0", "lan1"}, "wlan0"));
  const auto twice = check_named_once({"lan0", "lan1", "lan0"}, {});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().fault, Fault::Usage);
  EXPECT_EQ(twice.error().message, "--on names lan0 twice");
  const auto both = check_named_once({"lan0", "wlan0"}, "wlan0");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message, "wlan0 cannot be both a port (--on) and the card for Wi-Fi");
}

}  // namespace
}  // namespace zonder::app
