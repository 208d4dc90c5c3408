// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/http_refusal.hh"

namespace zonder::isolate {
namespace {

bool has(const HttpRefusal& refusal, const std::string& text)
{
  return refusal.response.find(text) != std::string::npos;
}

TEST(HttpRefusal, IsForbiddenWhereNothingElseIsKnown)
{
  const auto refusal = refuse_request({.method = "GET", .path = "/token", .host = ""});
  EXPECT_EQ(refusal.status, 403U);
  EXPECT_TRUE(has(refusal, "HTTP/1.1 403 Forbidden\r\n"));
  EXPECT_TRUE(has(refusal, "Content-Type: application/json"));
  EXPECT_TRUE(refusal.response.ends_with("\r\n\r\n{\"error\":\"access_denied\"}\n"));
}

TEST(HttpRefusal, SaysThatCredentialsAreNoLongerGood)
{
  const auto refusal =
      refuse_request({.method = "GET", .path = "/", .host = "", .has_authorization = true});
  EXPECT_EQ(refusal.status, 401U);
  EXPECT_TRUE(has(refusal, "\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n"));
  EXPECT_TRUE(has(refusal, "{\"error\":\"invalid_token\"}"));
}

TEST(HttpRefusal, IssuesNoTokensWhoeverAsks)
{
  const auto refusal = refuse_request({.method = "POST",
                                       .path = "/tenant/oauth2/v2.0/token",
                                       .host = "",
                                       .has_authorization = true,
                                       .wants_html = true});
  EXPECT_EQ(refusal.status, 400U);
  EXPECT_TRUE(has(refusal, "{\"error\":\"access_denied\"}"));
  EXPECT_TRUE(has(refusal, "\r\nCache-Control: no-store\r\n"));
  EXPECT_FALSE(has(refusal, "WWW-Authenticate"));
}

TEST(HttpRefusal, TellsAPersonThatThisIsAnExercise)
{
  const auto refusal =
      refuse_request({.method = "GET", .path = "/", .host = "", .wants_html = true});
  EXPECT_TRUE(has(refusal, "Content-Type: text/html"));
  EXPECT_TRUE(has(refusal, "exercise"));
}

TEST(HttpRefusal, HasNoBodyWhereNoneIsWanted)
{
  EXPECT_TRUE(
      refuse_request({.method = "HEAD", .path = "/", .host = ""}).response.ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace zonder::isolate
