// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/device_names.hh"

namespace zonder::isolate {
namespace {

net::Address address(const char* text)
{
  return *net::Address::parse(text);
}

model::Moment at(int second)
{
  return model::Moment(std::chrono::seconds(second));
}

/// Asked by devices, each at its time.
Question question(const char* name,
                  const std::vector<const char*>& answers,
                  const std::vector<std::pair<std::size_t, int>>& askers)
{
  Question asked;
  asked.name = name;
  for (const auto* answer : answers) {
    asked.answers.push_back(address(answer));
  }
  for (const auto& [device, second] : askers) {
    asked.programs.push_back(
        {.program = device, .tries = 1, .first = at(second), .last = at(second)});
  }
  return asked;
}

TEST(DeviceNames, AnAddressHasTheNameThatADeviceAskedForLast)
{
  const auto names = names_by_device({question("early.example", {"192.0.2.1"}, {{0, 10}}),
                                      question("late.example", {"192.0.2.1"}, {{0, 20}}),
                                      question("before.example", {"192.0.2.1"}, {{0, 5}})});
  EXPECT_EQ(names, (NamesByDevice{{{0, address("192.0.2.1")}, "late.example"}}));
}

TEST(DeviceNames, WhatOthersCalledAnAddressIsNoBusinessOfIts)
{
  const auto names = names_by_device({question("mine.example", {"192.0.2.1"}, {{0, 10}}),
                                      question("his.example", {"192.0.2.1"}, {{1, 20}})});
  EXPECT_EQ(names,
            (NamesByDevice{{{0, address("192.0.2.1")}, "mine.example"},
                           {{1, address("192.0.2.1")}, "his.example"}}));
}

TEST(DeviceNames, EveryAnswerCountsAndWhoIsNotKnownDoesNot)
{
  const auto names =
      names_by_device({question("both.example", {"192.0.2.1", "2001:db8::1"}, {{2, 10}}),
                       question("nobodys.example", {"192.0.2.9"}, {}),
                       question("unanswered.example", {}, {{2, 30}})});
  EXPECT_EQ(names,
            (NamesByDevice{{{2, address("192.0.2.1")}, "both.example"},
                           {{2, address("2001:db8::1")}, "both.example"}}));
}

TEST(DeviceNames, OfTwoAtTheSameTimeItIsTheLaterOneInTheList)
{
  const auto names = names_by_device({question("a.example", {"192.0.2.1"}, {{0, 10}}),
                                      question("b.example", {"192.0.2.1"}, {{0, 10}})});
  EXPECT_EQ(names, (NamesByDevice{{{0, address("192.0.2.1")}, "b.example"}}));
}

}  // namespace
}  // namespace zonder::isolate
