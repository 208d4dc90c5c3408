// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/lab.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

// In every verb alike, so that who scripts it knows a mistake from a lab that cannot be entered.
TEST(LabCommand, WhatWasTypedWrongIsTwo)
{
  test::DataWorld data(test::small_content({}, {}));
  EXPECT_EQ(lab_down(data.world, "no-such-lab"), 2);
  EXPECT_EQ(lab_status(data.world, "no-such-lab"), 2);
  EXPECT_EQ(lab_shell(data.world, {.name = "no-such-lab", .host = "h", .command = {"true"}}), 2);
  EXPECT_EQ(lab_shell(data.world, {.name = "l", .host = "h", .user = "0", .command = {"true"}}), 2);
}

}  // namespace
}  // namespace zonder::app
