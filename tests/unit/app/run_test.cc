// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/run.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

TEST(Run, SaysWhichWaysOfLookingUpNamesThereAre)
{
  test::DataWorld data(test::small_content({{.id = "microsoft"}}, {}));
  EXPECT_EQ(run(data.world, {.selector = "microsoft", .dns = "truthful", .command = {"true"}}),
            static_cast<int>(Exit::RunFailed));
  EXPECT_NE(data.err().find("--dns cannot be truthful; it is one of: forward honest"),
            std::string::npos);
}

}  // namespace
}  // namespace zonder::app
