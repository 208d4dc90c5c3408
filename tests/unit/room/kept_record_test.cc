// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "room/kept_record.hh"
#include "support/room_town.hh"

namespace zonder::room {
namespace {

KeptRecord everything()
{
  auto record = test::town_in_a_room().record;
  record.except = "linkedin";
  record.party_names = {{"microsoft", "Microsoft"}};
  record.mode = model::FailureMode::Frozen;
  record.signature = model::Signature::Late;
  record.dns = model::DnsMode::Honest;
  record.facts_date = "2026-11-02";
  record.proof.canaries_possible = 7;
  record.proof.checks[0].detail = "na 12 ms";
  record.proof.overridden = true;
  record.east_of_utc = std::chrono::minutes(-210);
  record.ending = model::RoomEnding::Lost;
  record.failed = "caf\xc3\xa9";
  record.cold = true;
  record.tasks[1].inside = true;
  record.tasks[1].role = "balie";
  record.tasks[1].how = "twee\nregels";
  record.contacts[0].login = true;
  record.contacts[1].address = net::Address::try_parse("2001:db8::1");
  record.contacts_unlisted = 3;
  record.turned_away = 18446744073;
  return {.record = std::move(record), .holder = "boot 17 99"};
}

TEST(KeptRecord, ComesBackAsItWas)
{
  const auto kept = everything();
  const auto text = kept_as_text(kept);
  const auto again = read_kept("room.html.unfinished", text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(kept_as_text(*again), text);
  EXPECT_EQ(again->holder, "boot 17 99");
  const auto& [was, is] = std::pair(kept.record, again->record);
  EXPECT_EQ(is.cut, was.cut);
  EXPECT_EQ(is.east_of_utc, was.east_of_utc);
  EXPECT_EQ(is.ending, was.ending);
  EXPECT_EQ(is.signature, was.signature);
  EXPECT_EQ(is.tasks.at(2).stops_after, was.tasks[2].stops_after);
  EXPECT_EQ(is.devices.at(1).left, was.devices[1].left);
  EXPECT_EQ(is.devices.at(2).outside.at(0).what, was.devices[2].outside[0].what);
  EXPECT_EQ(is.marks.at(6).note, was.marks[6].note);
  EXPECT_EQ(is.contacts.at(1).address, was.contacts[1].address);
  EXPECT_EQ(is.contacts.at(0).count, was.contacts[0].count);
  EXPECT_TRUE(is.contacts.at(0).login);
  EXPECT_EQ(is.party_names, was.party_names);
  EXPECT_EQ(is.turned_away, was.turned_away);
}

TEST(KeptRecord, WhatWasCutShortAnywhereIsNoRecord)
{
  const auto text = kept_as_text(everything());
  for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
    const auto read = read_kept("room.html.unfinished", text.substr(0, length));
    ASSERT_FALSE(read) << length;
    EXPECT_EQ(read.error().message,
              "room.html.unfinished is no record of a room, or not a whole one");
  }
}

TEST(KeptRecord, EveryPartIsNeededAndOfItsKind)
{
  const auto whole = nlohmann::json::parse(kept_as_text(everything()));
  for (const auto& [key, value] : whole.items()) {
    auto without = whole;
    without.erase(key);
    EXPECT_FALSE(read_kept("x", without.dump())) << key;
    for (const auto& other : {nlohmann::json(true), nlohmann::json(-3), nlohmann::json(1.5)}) {
      auto odd = whole;
      odd[key] = other;
      const bool fits = (value.is_boolean() && other.is_boolean()) ||
                        (key == "east_of_utc" && other.is_number_integer());
      EXPECT_EQ(read_kept("x", odd.dump()).has_value(), fits) << key << " " << other;
    }
  }
}

TEST(KeptRecord, PlacesLeadSomewhereAndMomentsAreInTime)
{
  const auto whole = nlohmann::json::parse(kept_as_text(everything()));
  const auto is_refused = [&](const std::string& pointer, const nlohmann::json& value) {
    auto odd = whole;
    odd.at(nlohmann::json::json_pointer(pointer)) = value;
    const auto read = read_kept("x", odd.dump());
    return !read && read.error().fault == Fault::Usage;
  };
  EXPECT_TRUE(is_refused("/marks/0/task", 6));
  EXPECT_TRUE(is_refused("/marks/0/device", 4));
  EXPECT_TRUE(is_refused("/marks/0/mark", 4));
  EXPECT_TRUE(is_refused("/contacts/0/device", 4));
  EXPECT_TRUE(is_refused("/contacts/0/port", 65536));
  EXPECT_TRUE(is_refused("/contacts/0/address", "192.0.2.256"));
  EXPECT_TRUE(is_refused("/contacts/0/first", -1));
  EXPECT_TRUE(is_refused("/cut", 18446744073709551615ULL));
  EXPECT_TRUE(is_refused("/ending", 5));
  EXPECT_TRUE(is_refused("/schema", "zonder.room-kept/2"));
  EXPECT_FALSE(is_refused("/marks/0/task", 5));
}

}  // namespace
}  // namespace zonder::room
