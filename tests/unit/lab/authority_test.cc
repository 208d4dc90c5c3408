// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "lab/authority.hh"

namespace zonder::lab {
namespace {

TEST(Authority, IssuesCertificatesThatOpensslBelievesForTheirNamesOnly)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  auto authority = Authority::make("test");
  ASSERT_TRUE(authority);
  const auto certificate = authority->issue({"www.town.example", "town.example"});
  ASSERT_TRUE(certificate);
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto root = folder->path() + "/root.pem";
  const auto leaf = folder->path() + "/leaf.pem";
  ASSERT_TRUE(write_file(root, authority->certificate()));
  ASSERT_TRUE(write_file(leaf, certificate->chain));
  const auto verify = [&](const std::string& name) {
    return run_captured({"openssl", "verify", "-CAfile", root, "-verify_hostname", name, leaf});
  };
  EXPECT_EQ(verify("www.town.example")->status.code, 0) << verify("www.town.example")->err;
  EXPECT_EQ(verify("town.example")->status.code, 0);
  EXPECT_NE(verify("other.example")->status.code, 0);
}

TEST(Authority, HashedNameIsTheOneThatOpensslLooksFor)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  auto authority = Authority::make("test");
  ASSERT_TRUE(authority);
  const auto hash = run_captured(
      {"openssl", "x509", "-hash", "-noout"}, std::chrono::seconds(10), authority->certificate());
  ASSERT_TRUE(hash);
  EXPECT_EQ(authority->hashed_name(), hash->out.substr(0, 8) + ".0");
}

TEST(Authority, KeysOfTwoAuthoritiesDiffer)
{
  EXPECT_NE(Authority::make("one")->certificate(), Authority::make("one")->certificate());
}

TEST(Authority, RefusesACertificateForNobody)
{
  EXPECT_FALSE(Authority::make("test")->issue({}));
}

}  // namespace
}  // namespace zonder::lab
