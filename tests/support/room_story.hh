// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/room_record.hh"

// What happened in a room, told in minutes after the cut, for tests of what is made of it.
namespace zonder::test {

/// An hour without microsoft that was proved; a black hole, warm.
struct RoomStory {
  RoomStory()
  {
    record.without = "microsoft";
    record.selection = {"microsoft = 3 owners"};
    record.parties = {"microsoft"};
    record.data_date = "2026-11-01";
    record.uplink = "slirp4netns";
    record.proof.checks = {
        {.what = "passes-while-empty",
         .target = "192.0.2.1",
         .party = "microsoft",
         .as_expected = true},
        {.what = "canary", .target = "192.0.2.1", .party = "microsoft", .as_expected = true},
        {.what = "control", .target = "resolver", .as_expected = true}};
    record.east_of_utc = std::chrono::minutes(60);
    record.cut = at(0);
    record.planned = at(60);
    record.ended = at(60);
  }

  [[nodiscard]] static model::Moment at(int minute)
  {
    using namespace std::chrono;
    return sys_days(year(2026) / 11 / 23) + hours(9) + minutes(minute);
  }

  RoomStory& device(std::string name, int joined = 0)
  {
    record.devices.push_back({.name = std::move(name), .joined = at(joined)});
    return *this;
  }
  RoomStory& task(std::string title, std::vector<std::string> names)
  {
    record.tasks.push_back({.title = std::move(title), .names = std::move(names)});
    return *this;
  }
  RoomStory& mark(std::size_t task, std::size_t device, model::Mark what, int minute)
  {
    record.marks.push_back({.task = task, .device = device, .mark = what, .time = at(minute)});
    return *this;
  }

  /// Of the absent; without a name by its address only.
  model::RoomContact& blocked(std::size_t device,
                              std::string name,
                              int first,
                              int last,
                              const std::string& address = "192.0.2.1")
  {
    auto& contact = living(device, std::move(name), first, last, address);
    contact.party = "microsoft";
    contact.blocked = true;
    return contact;
  }
  model::RoomContact& living(std::size_t device,
                             std::string name,
                             int first,
                             int last,
                             const std::string& address = "203.0.113.7")
  {
    record.contacts.push_back({.device = device,
                               .name = std::move(name),
                               .address = net::Address::try_parse(address),
                               .port = 443,
                               .protocol = "tcp",
                               .count = 1,
                               .first = at(first),
                               .last = at(last)});
    return record.contacts.back();
  }
  /// A question for a name of the absent that was answered.
  model::RoomContact& question(std::size_t device, std::string name, int minute)
  {
    record.contacts.push_back({.device = device,
                               .name = std::move(name),
                               .protocol = "dns",
                               .party = "microsoft",
                               .count = 1,
                               .first = at(minute),
                               .last = at(minute)});
    return record.contacts.back();
  }

  model::RoomRecord record;
};

}  // namespace zonder::test
