// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "app/run.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

RunOptions without_cloud()
{
  RunOptions options;
  options.selector = "cloud";
  options.command = {"/nonexistent/must-not-be-started"};
  return options;
}

/// What is said of options that are refused before anything is started.
std::string refusal_of(const RunOptions& options)
{
  test::DataWorld data(test::small_content({{.id = "cloud"}}, {}));
  EXPECT_EQ(run(data.world, options), static_cast<int>(Exit::RunFailed));
  return data.err();
}

TEST(RunCommand, RevokedNeedsTheUsersWordForItsAuthority)
{
  auto options = without_cloud();
  options.mode = "revoked";
  const auto said = refusal_of(options);
  EXPECT_NE(said.find("needs --lab-ca"), std::string::npos) << said;
  EXPECT_NE(said.find("certificate authority for this one run"), std::string::npos) << said;
  options.lab_ca = true;
  options.like = "refuse";
  EXPECT_NE(refusal_of(options).find("leave it out with --mode revoked"), std::string::npos);
}

TEST(RunCommand, AuthorityIsForTheRevokedOnly)
{
  auto options = without_cloud();
  options.lab_ca = true;
  EXPECT_NE(refusal_of(options).find("--lab-ca is for --mode revoked only"), std::string::npos);
}

TEST(RunCommand, DeniedIsNoWayOfBeingGone)
{
  auto options = without_cloud();
  options.like = "denied";
  EXPECT_NE(refusal_of(options).find("--like cannot be denied"), std::string::npos);
  options.like = "";
  options.mode = "frozen";
  EXPECT_NE(refusal_of(options).find("frozen is not there yet"), std::string::npos);
}

}  // namespace
}  // namespace zonder::app
