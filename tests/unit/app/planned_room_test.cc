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

TEST(PlannedRoom, OneMinuteIsOneMinute)
{
  auto planned = room_of({"lan0"}, {});
  planned.lasts = std::chrono::seconds(40);
  EXPECT_NE(words_on_ports(planned).at(0).find("its time is up (1 minute),"), std::string::npos);
}

TEST(PlannedRoom, ALengthIsMinutesOrHasUnits)
{
  using std::chrono::minutes;
  EXPECT_EQ(*read_length("60"), minutes(60));
  EXPECT_EQ(*read_length("90m"), minutes(90));
  EXPECT_EQ(*read_length("2h"), minutes(120));
  EXPECT_EQ(*read_length("1h30m"), minutes(90));
  for (const char* odd : {"", "an hour", "60 minutes", "-5", "1,5h"}) {
    const auto read = read_length(odd);
    ASSERT_FALSE(read) << odd;
    EXPECT_EQ(read.error().message,
              std::string(odd) +
                  " is no length of time: write it like 60 (minutes), 90m, 2h or 1h30m");
  }
  for (const char* odd : {"0", "5s", "13h", "721"}) {
    EXPECT_EQ(read_length(odd).error().message,
              std::string("a room lasts between 10 seconds and 12 hours, not ") + odd);
  }
}

TEST(PlannedRoom, YesAndNoAreReadInBothLanguagesAndNothingElseIs)
{
  for (const char* yes : {"y", "Y", "yes", "j", "Ja"}) {
    EXPECT_EQ(read_yes_or_no(yes), true) << yes;
  }
  for (const char* no : {"", "n", "No", "nee"}) {
    EXPECT_EQ(read_yes_or_no(no), false) << no;
  }
  for (const char* neither : {"maybe", "yep!", "1", "jawel"}) {
    EXPECT_EQ(read_yes_or_no(neither), std::nullopt) << neither;
  }
}

TEST(PlannedRoom, APortWithoutACableIsOfferedLastAndWithAWord)
{
  const auto offers = best_first({{.port = "lan0", .is_on = false, .has_cable = false},
                                  {.port = "lan1", .has_cable = false},
                                  {.port = "lan2"}});
  std::string all;
  for (const auto& offer : offers) {
    all += offer.to_string() + "; ";
  }
  EXPECT_EQ(all, "lan2; lan0 (off); lan1 (no cable in it); ");
}

TEST(PlannedRoom, WhyThereIsNoPortNamesThoseThatThereAre)
{
  EXPECT_EQ(why_no_port({"eth0 is in use: it has the address 192.0.2.1", "eth1 is in use"}),
            "no network port of this machine is free for a room (eth0 is in use: it has the "
            "address 192.0.2.1; eth1 is in use): plug in a second one (a USB adapter will do), or "
            "use --wifi NAME; a port that another room has taken is not here until that room ends");
  EXPECT_EQ(why_no_port({}),
            "this machine has no network port at all for a room: plug in a USB adapter, or use "
            "--wifi NAME; a port that another room has taken is not here until that room ends");
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
