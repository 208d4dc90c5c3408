// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "trust/authority.hh"

namespace zonder::trust {
namespace {

constexpr std::chrono::hours a_day{24};

TEST(Authority, IssuesCertificatesThatOpensslBelievesForTheirNamesOnly)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  auto authority = Authority::make("test", a_day);
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
  auto authority = Authority::make("test", a_day);
  ASSERT_TRUE(authority);
  const auto hash = run_captured(
      {"openssl", "x509", "-hash", "-noout"}, std::chrono::seconds(10), authority->certificate());
  ASSERT_TRUE(hash);
  EXPECT_EQ(authority->hashed_name(), hash->out.substr(0, 8) + ".0");
}

TEST(Authority, IssuesForAddressesAndReadsNoNameAsMoreThanOne)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  auto authority = Authority::make("test", a_day);
  ASSERT_TRUE(authority);
  const auto certificate =
      authority->issue({"192.0.2.1", "2001:db8::1", "a.example,DNS:b.example"});
  ASSERT_TRUE(certificate);
  const auto names = run_captured({"openssl", "x509", "-noout", "-ext", "subjectAltName"},
                                  std::chrono::seconds(10),
                                  certificate->chain);
  ASSERT_TRUE(names);
  EXPECT_NE(names->out.find("IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1"),
            std::string::npos)
      << names->out;
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto root = folder->path() + "/root.pem";
  const auto leaf = folder->path() + "/leaf.pem";
  ASSERT_TRUE(write_file(root, authority->certificate()));
  ASSERT_TRUE(write_file(leaf, certificate->chain));
  EXPECT_NE(
      run_captured({"openssl", "verify", "-CAfile", root, "-verify_hostname", "b.example", leaf})
          ->status.code,
      0);
}

TEST(Authority, IsOverAfterItsTime)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  auto authority = Authority::make("test", a_day);
  ASSERT_TRUE(authority);
  const auto lasts = [&](int seconds) {
    return run_captured({"openssl", "x509", "-noout", "-checkend", std::to_string(seconds)},
                        std::chrono::seconds(10),
                        authority->certificate())
        ->status.code;
  };
  EXPECT_EQ(lasts(23 * 3600), 0);
  EXPECT_EQ(lasts(24 * 3600 + 60), 1);
}

TEST(Authority, KeysOfTwoAuthoritiesDiffer)
{
  EXPECT_NE(Authority::make("one", a_day)->certificate(),
            Authority::make("one", a_day)->certificate());
}

TEST(Authority, RefusesACertificateForNobody)
{
  EXPECT_FALSE(Authority::make("test", a_day)->issue({}));
}

TEST(Authority, IsKnownByThePinOfItsKey)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  const auto authority = Authority::make("test", a_day);
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(authority && folder);
  ASSERT_TRUE(write_file(folder->path() + "/root.pem", authority->certificate()));
  const auto pin = run_captured({"sh",
                                 "-c",
                                 "openssl x509 -pubkey -noout -in \"$1\" | openssl pkey -pubin "
                                 "-outform der | openssl dgst -sha256 -binary | openssl base64 -A",
                                 "sh",
                                 folder->path() + "/root.pem"});
  ASSERT_TRUE(pin);
  EXPECT_EQ(authority->pin(), pin->out);
  EXPECT_EQ(authority->pin().size(), 44U);
}

}  // namespace
}  // namespace zonder::trust
