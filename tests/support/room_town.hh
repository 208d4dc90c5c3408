// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "support/room_story.hh"

namespace zonder::test {

/// A town hall's room with everything in it that a report can tell.
inline RoomStory town_in_a_room()
{
  using model::Mark;
  RoomStory story;
  story.device("desk").device("case worker", 2).device("phone", 3).device("badge reader");
  story.record.devices[3].by_leader = true;
  story.record.devices[2].outside = {{.how = model::Outside::Vpn,
                                      .what = "WireGuard: udp 51820 192.0.2.99",
                                      .time = RoomStory::at(6)}};
  story.record.devices[1].left = RoomStory::at(50);
  story.task("log in", {"login.microsoft.example"})
      .task("open a case", {"cases.example"})
      .task("read mail", {"mail.microsoft.example"})
      .task("enter the door", {"door.example"})
      .task("look something up", {"www.town.example"})
      .task("pay", {});
  story.record.tasks[2].stops_after = std::chrono::minutes(90);
  story.blocked(0, "login.microsoft.example", 4, 20).count = 200;
  story.question(0, "login.microsoft.example", 4).count = 6;
  story.living(1, "www.cases.example", 5, 11);
  story.blocked(1, "graph.microsoft.example", 6, 11).count = 12;
  story.blocked(1, "mail.microsoft.example", 6, 30);
  story.blocked(3, "hub.door.example", 1, 40, "192.0.2.8").count = 3;
  story.living(0, "www.town.example", 8, 50);
  story.mark(0, 0, Mark::Stopped, 7).mark(0, 1, Mark::Works, 5);
  story.mark(1, 1, Mark::Works, 8).mark(1, 1, Mark::Stopped, 12);
  story.mark(2, 1, Mark::Degraded, 30);
  story.mark(3, 0, Mark::Stopped, 25);
  story.record.marks.back().note = "the door stays shut";
  story.mark(4, 0, Mark::Works, 45).mark(5, 0, Mark::CouldNotTry, 46);
  return story;
}

/// As many devices and tasks as these, each with what an ordinary one does in an hour.
inline RoomStory big_room(int devices, int tasks)
{
  RoomStory story;
  for (int task = 0; task < tasks; ++task) {
    const auto number = std::to_string(task);
    story.task("task " + number, {"service" + number + ".microsoft.example"});
  }
  for (int device = 0; device < devices; ++device) {
    story.device("laptop " + std::to_string(device), device % 5);
    const auto place = static_cast<std::size_t>(device);
    for (int task = 0; task < tasks; ++task) {
      story.blocked(place, "a.service" + std::to_string(task) + ".microsoft.example", 6, 50).count =
          static_cast<std::uint64_t>(40 + device);
      story.living(place, "www" + std::to_string(task) + ".town.example", 6, 50);
      story.mark(static_cast<std::size_t>(task),
                 place,
                 (device + task) % 3 == 0 ? model::Mark::Works : model::Mark::Stopped,
                 20 + device % 20);
      if (device % 4 == 0) {
        story.record.marks.back().note = "it asks for a code that never comes, every single time";
      }
    }
  }
  return story;
}

}  // namespace zonder::test
