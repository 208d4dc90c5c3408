// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "wire/http/request.hh"

namespace zonder::wire::http {
namespace {

TEST(HttpRequest, TellsHowItIsToBeRefused)
{
  EXPECT_EQ(read_request("POST /tenant/oauth2/v2.0/token?x=/y HTTP/1.1\r\nHost: "
                         "Login.Example:443\r\nAUTHORIZATION:Basic x\r\n\r\ngrant_type=..."),
            RequestRead(Request{.method = "POST",
                                .path = "/tenant/oauth2/v2.0/token",
                                .host = "login.example",
                                .has_authorization = true,
                                .wants_html = false}));
  EXPECT_EQ(read_request("GET http://www.example/a#b HTTP/1.0\nAccept: text/HTML, */*\n\n"),
            RequestRead(Request{.method = "GET",
                                .path = "/a",
                                .host = "",
                                .has_authorization = false,
                                .wants_html = true}));
  EXPECT_EQ(read_request("GET http://www.example HTTP/1.1\r\n\r\n"),
            RequestRead(Request{.method = "GET", .path = "/", .host = ""}));
  EXPECT_EQ(read_request("CONNECT www.example:443 HTTP/1.1\r\nHost: <b>\r\n\r\n"),
            RequestRead(Request{.method = "CONNECT", .path = "www.example:443", .host = ""}));
  for (const std::string host : {".", "..", "a..", "a..b", ".a"}) {
    EXPECT_EQ(read_request("GET / HTTP/1.1\nHost: " + host + "\n\n"),
              RequestRead(Request{.method = "GET", .path = "/", .host = ""}))
        << host;
  }
}

TEST(HttpRequest, IsWaitedForUntilItsHeadIsComplete)
{
  const std::string_view whole = "GET / HTTP/1.1\r\nHost: www.example\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(read_request(whole.substr(0, size)), RequestRead(NoRequest::More)) << size;
  }
}

TEST(HttpRequest, IsToldFromWhatIsNoHttp)
{
  for (const auto& text : {std::string("\x16\x03\x01"),
                           std::string("get / HTTP/1.1\r\n\r\n"),
                           std::string(" GET"),
                           std::string("SSH-2.0-OpenSSH_9.2\r\n"),
                           std::string(17, 'A')}) {
    EXPECT_EQ(read_request(text), RequestRead(NoRequest::NotHttp)) << text;
  }
}

TEST(HttpRequest, IsRefusedAtTheFirstSurprise)
{
  for (const std::string text : {"GET /\r\n\r\n",
                                 "GET / HTTP/2\r\n\r\n",
                                 "GET  HTTP/1.1\r\n\r\n",
                                 "GET /a b HTTP/1.1\r\n\r\n",
                                 "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                 "GET / HTTP/1.1\r\n: x\r\n\r\n",
                                 "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n"}) {
    EXPECT_EQ(read_request(text), RequestRead(NoRequest::Malformed)) << text;
  }
  EXPECT_EQ(read_request("GET / HTTP/1.1\r\nA: " + std::string(longest_head, 'a')),
            RequestRead(NoRequest::Malformed));
}

}  // namespace
}  // namespace zonder::wire::http
