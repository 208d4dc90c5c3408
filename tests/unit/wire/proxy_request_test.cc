// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "wire/http/chunked_body.hh"
#include "wire/http/proxy_request.hh"

namespace zonder::wire::http {
namespace {

using namespace std::string_literals;

ProxyRequest understood(const std::string& text)
{
  const auto read = read_proxy_request(text);
  EXPECT_TRUE(std::holds_alternative<ProxyRequest>(read)) << text;
  return std::holds_alternative<ProxyRequest>(read) ? std::get<ProxyRequest>(read) : ProxyRequest();
}

bool refused(const std::string& text)
{
  return read_proxy_request(text) == ProxyRequestRead(NoProxyRequest::Malformed);
}

TEST(ProxyRequest, OfATunnelTellsWhereTo)
{
  const auto request = understood("CONNECT WWW.Example.:443 HTTP/1.1\r\nHost: else.example\r\n"
                                  "User-Agent: curl\r\nProxy-Connection: Keep-Alive\r\n\r\n\x16");
  EXPECT_EQ(request.name, "www.example");
  EXPECT_EQ(request.port, 443);
  EXPECT_TRUE(request.opens_tunnel());
  EXPECT_EQ(
      request.head,
      "CONNECT www.example:443 HTTP/1.1\r\nUser-Agent: curl\r\nHost: www.example:443\r\n\r\n");
}

TEST(ProxyRequest, OfATunnelCanBeTurnedToAnAddress)
{
  const auto read = read_proxy_request(
      "CONNECT www.example:443 HTTP/1.1\r\nHost: other\r\nUser-Agent: Host: x\r\n\r\n");
  const auto& request = std::get<ProxyRequest>(read);
  EXPECT_EQ(tunnel_head_to(request, net::Address::v4(0xc0000201)),
            "CONNECT 192.0.2.1:443 HTTP/1.1\r\nUser-Agent: Host: x\r\nHost: 192.0.2.1:443\r\n\r\n");
  const auto v6 = tunnel_head_to(request, net::Address::v6(0x20010db800000000, 1));
  EXPECT_TRUE(v6.starts_with("CONNECT [2001:db8::1]:443 HTTP/1.1\r\n")) << v6;
}

TEST(ProxyRequest, OfADocumentIsWrittenAnewWithOneTargetAndOneEnd)
{
  const auto request = understood("POST HTTP://www.example?x=//absent.example/ HTTP/1.1\r\n"
                                  "Host: absent.example\r\nContent-Length: 3\r\n"
                                  "Connection: keep-alive\r\nUpgrade: h2c\r\nA: b\r\n\r\nabc");
  EXPECT_EQ(request.name, "www.example");
  EXPECT_EQ(request.port, 80);
  EXPECT_EQ(request.body, ProxyRequest::Body::Length);
  EXPECT_EQ(request.length, 3U);
  EXPECT_EQ(request.head,
            "POST http://www.example/?x=//absent.example/ HTTP/1.1\r\nA: b\r\n"
            "Content-Length: 3\r\nHost: www.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(understood("GET ftp://www.example/a HTTP/1.0\r\n\r\n").port, 21);
  EXPECT_EQ(understood("GET https://www.example:8443 HTTP/1.1\r\n\r\n").port, 8443);
}

TEST(ProxyRequest, KnowsAnAddressInEachPlainSpelling)
{
  const std::string end = ":443 HTTP/1.1\r\n\r\n";
  EXPECT_EQ(understood("CONNECT 192.0.2.1" + end).address, net::Address::v4(0xc0000201));
  const auto mapped = understood("CONNECT [::ffff:192.0.2.1]" + end);
  EXPECT_EQ(mapped.address, net::Address::v4(0xc0000201));
  EXPECT_EQ(mapped.head, "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n");
  EXPECT_EQ(understood("CONNECT [2001:DB8::1]" + end).address,
            net::Address::v6(0x20010db800000000, 1));
}

TEST(ProxyRequest, IsWaitedForUntilItsHeadIsComplete)
{
  const std::string_view whole = "CONNECT www.example:443 HTTP/1.1\r\nHost: www.example\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(read_proxy_request(whole.substr(0, size)), ProxyRequestRead(NoProxyRequest::More))
        << size;
  }
}

TEST(ProxyRequest, WhoseTargetIsNotPlainIsRefused)
{
  for (const std::string target : {"0x0d.0x6b.0x01.0x01",
                                   "0xd.107.1",
                                   "3232235777",
                                   "127.1",
                                   "010.0.0.1",
                                   "192.0.2.1.",
                                   "192.0.2.256",
                                   "1.2.3.4.5",
                                   "www.example.0x1f",
                                   "user@www.example",
                                   "user:word@www.example",
                                   "www%2eexample",
                                   "www.ex\xc3\xa4mple",
                                   "www.\xe3\x80\x82"
                                   "example",
                                   "www..example",
                                   ".www.example",
                                   "www.example..",
                                   "[2001:db8::1",
                                   "[2001:db8::1%25eth0]",
                                   "[192.0.2.1]",
                                   "[www.example]",
                                   "2001:db8::1",
                                   "www.example\\absent.example",
                                   "www.example#",
                                   "*",
                                   ""}) {
    EXPECT_TRUE(refused("CONNECT " + target + ":443 HTTP/1.1\r\n\r\n")) << target;
    EXPECT_TRUE(refused("GET http://" + target + ":80/ HTTP/1.1\r\n\r\n")) << target;
  }
  for (const std::string port : {"", ":", ":0", ":0443", ":65536", ":+443", ":443x", ":44 3"}) {
    EXPECT_TRUE(refused("CONNECT www.example" + port + " HTTP/1.1\r\n\r\n")) << port;
  }
  EXPECT_TRUE(refused("CONNECT " + std::string(254, 'a') + ":443 HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(refused("CONNECT http://www.example:443 HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(refused("CONNECT www.example/absent.example:443 HTTP/1.1\r\n\r\n"));
  for (const std::string target : {"/",
                                   "*",
                                   "www.example/",
                                   "gopher://www.example/",
                                   "http:/www",
                                   "http://",
                                   "http:///a",
                                   "http://www.example/a#b",
                                   "http://www.example\\@absent.example/",
                                   "//www.example/"}) {
    EXPECT_TRUE(refused("GET " + target + " HTTP/1.1\r\n\r\n")) << target;
  }
}

TEST(ProxyRequest, WithTwoMeaningsIsRefused)
{
  const std::string start = "POST http://www.example/ HTTP/1.1\r\n";
  for (const std::string& fields : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"s,
                                    "Content-Length: 5\r\nContent-Length: 6\r\n"s,
                                    "Content-Length: 5\r\nContent-Length: 5\r\n"s,
                                    "Content-Length: 5, 5\r\n"s,
                                    "Content-Length: +5\r\n"s,
                                    "Content-Length: 0x5\r\n"s,
                                    "Content-Length:\r\n"s,
                                    "Content-Length: 9999999999999999999\r\n"s,
                                    "Transfer-Encoding: gzip, chunked\r\n"s,
                                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"s,
                                    "Transfer-Encoding: identity\r\n"s,
                                    "Transfer-Encoding : chunked\r\n"s,
                                    "Host: a.example\r\nHost: b.example\r\n"s,
                                    "A: b\r\n folded\r\n"s,
                                    "A: b\r\n\tfolded\r\n"s,
                                    " A: b\r\n"s,
                                    "A: b\nC: d\r\n"s,
                                    "A: b\rC: d\r\n"s,
                                    "A: b\0\r\n"s,
                                    "A\0: b\r\n"s,
                                    "no colon\r\n"s,
                                    ": b\r\n"s}) {
    EXPECT_TRUE(refused(start + fields + "\r\n")) << fields;
  }
  for (const std::string& line : {"GET http://www.example/\r\n"s,
                                  "GET http://www.example/ HTTP/2.0\r\n"s,
                                  "GET http://www.example/ HTTP/1.2\r\n"s,
                                  "GET http://www.example/ http/1.1\r\n"s,
                                  "GET  http://www.example/ HTTP/1.1\r\n"s,
                                  "GET http://www.example/ a HTTP/1.1\r\n"s,
                                  "GET http://www.example/\t HTTP/1.1\r\n"s,
                                  "get http://www.example/ HTTP/1.1\r\n"s,
                                  "\r\nGET http://www.example/ HTTP/1.1\r\n"s,
                                  "GET http://www.example/ HTTP/1.1\n"s,
                                  "PRI * HTTP/2.0\r\n"s}) {
    EXPECT_TRUE(refused(line + "\r\n")) << line;
  }
  EXPECT_TRUE(refused("POST http://www.example/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(refused("CONNECT www.example:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n"));
  EXPECT_TRUE(refused("CONNECT www.example:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(refused(start + "A: " + std::string(longest_proxy_head, 'a')));
  EXPECT_TRUE(refused(start + "A: " + std::string(longest_proxy_head, 'a') + "\r\n\r\n"));
  EXPECT_TRUE(refused("\x16\x03\x01"));
  EXPECT_TRUE(refused("SSH-2.0-OpenSSH_9.2\r\n"));
  EXPECT_TRUE(refused("\x05\x01\x00"s));
}

TEST(ProxyReply, TellsWhatFollows)
{
  EXPECT_EQ(read_proxy_reply("HTTP/1.1 200\r\n\r\nmore"),
            ProxyReplyRead(ProxyReply{.status = 200, .length = {}, .closes = false, .size = 16}));
  const std::string challenge = "HTTP/1.1 407 Who\r\nContent-Length: 3\r\nA: b\r\n\r\n";
  EXPECT_EQ(read_proxy_reply(challenge + "no\n"),
            ProxyReplyRead(
                ProxyReply{.status = 407, .length = 3, .closes = false, .size = challenge.size()}));
  EXPECT_EQ(read_proxy_reply("HTTP/1.1 200 OK\r\n"), ProxyReplyRead(NoProxyRequest::More));
  for (const std::string text :
       {"SSH-2.0\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1\r\n\r\n"}) {
    EXPECT_EQ(read_proxy_reply(text), ProxyReplyRead(NoProxyRequest::Malformed)) << text;
  }
}

TEST(ChunkedBody, EndsWhereItEnds)
{
  const std::string body = "5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n";
  const std::string next = "GET http://absent.example/ HTTP/1.1\r\n\r\n";
  ChunkedBody whole;
  EXPECT_EQ(whole.take(body + next), body.size());
  EXPECT_EQ(whole.state(), ChunkedBody::State::Done);
  EXPECT_EQ(whole.take(next), 0U);
  ChunkedBody in_pieces;
  for (const char c : body) {
    EXPECT_EQ(in_pieces.state(), ChunkedBody::State::More);
    EXPECT_EQ(in_pieces.take({&c, 1}), 1U);
  }
  EXPECT_EQ(in_pieces.state(), ChunkedBody::State::Done);
}

TEST(ChunkedBody, IsRefusedAtTheFirstSurprise)
{
  for (const std::string text : {"x",
                                 "\r\n",
                                 "5;a=b\r\n",
                                 "5\nhello",
                                 " 5\r\n",
                                 "0x5\r\n",
                                 "5\r\nhello0\r\n",
                                 "5\r\nhello\n0\r\n",
                                 "0\r\nTrailer: x\r\n\r\n",
                                 "100000000\r\n"}) {
    ChunkedBody body;
    (void)body.take(text);
    EXPECT_EQ(body.state(), ChunkedBody::State::Malformed) << text;
  }
}

TEST(ProxyRequest, IsPutToAServerWithoutWhatIsForTheProxy)
{
  const auto read = read_proxy_request("POST HTTP://www.europe.example:8080/a?b HTTP/1.1\r\n"
                                       "Host: other.example\r\nProxy-Authorization: Basic eDp5\r\n"
                                       "Proxy-Connection: keep-alive\r\nAccept: */*\r\n"
                                       "Content-Length: 3\r\n\r\na=b");
  EXPECT_EQ(head_for_server(std::get<ProxyRequest>(read)),
            "POST /a?b HTTP/1.1\r\nAccept: */*\r\nContent-Length: 3\r\n"
            "Host: www.europe.example:8080\r\nConnection: close\r\n\r\n");
  for (const auto* other : {"GET https://www.europe.example/ HTTP/1.1\r\n\r\n",
                            "GET ftp://www.europe.example/ HTTP/1.1\r\n\r\n",
                            "CONNECT www.europe.example:443 HTTP/1.1\r\n\r\n"}) {
    EXPECT_FALSE(head_for_server(std::get<ProxyRequest>(read_proxy_request(other)))) << other;
  }
}

}  // namespace
}  // namespace zonder::wire::http
