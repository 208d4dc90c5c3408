// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/dns_bytes.hh"
#include "support/heard.hh"
#include "support/made_frames.hh"
#include "support/made_quic.hh"
#include "support/tls_bytes.hh"
#include "wire/capture/first_words.hh"

namespace zonder::wire::capture {
namespace {

using test::ack;
using test::ether;
using test::heard_in;
using test::in_records;
using test::ip;
using test::joined;
using test::message_of;
using test::Octets;
using test::octets;
using test::part;
using test::syn;
using test::TestHello;
using Lines = std::vector<std::string>;

constexpr std::uint32_t first = 0xfffffff0;  // a sequence number that soon begins anew

Octets
from_client(std::uint32_t sequence, const Octets& bytes, unsigned flags = ack, unsigned port = 443)
{
  return ether(ip("10.0.0.1", "192.0.2.2", 6, test::tcp(40000, port, sequence, bytes, flags)));
}

Octets
from_server(std::uint32_t sequence, const Octets& bytes, unsigned flags = ack, unsigned port = 443)
{
  return ether(ip("192.0.2.2", "10.0.0.1", 6, test::tcp(port, 40000, sequence, bytes, flags)));
}

Octets hello(const std::string& name = "login.example")
{
  return in_records(message_of(TestHello::for_name(name)));
}

const Lines login = {"tls login.example 10.0.0.1>192.0.2.2:443"};

/// The bytes in segments of this size, from sequence number `first` on.
std::vector<Octets> segments(const Octets& bytes, std::size_t size, unsigned port = 443)
{
  std::vector<Octets> all;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    all.push_back(
        from_client(first + static_cast<std::uint32_t>(at), part(bytes, at, size), ack, port));
  }
  return all;
}

TEST(CaptureTls, IsReadFromSegmentsOfAnySize)
{
  for (const std::size_t size : {1U, 2U, 5U, 6U, 50U, 1000U}) {
    EXPECT_EQ(heard_in(segments(hello(), size)), login) << size;
    auto begun = segments(hello(), size);
    begun.insert(begun.begin(), from_client(first - 1, {}, syn));
    EXPECT_EQ(heard_in(begun), login) << size;
  }
}

TEST(CaptureTls, IsReadFromRecordsOfAnySize)
{
  for (const std::size_t size : {1U, 3U, 40U}) {
    const auto bytes = in_records(message_of(TestHello::for_name("login.example")), size);
    EXPECT_EQ(heard_in({from_client(first, bytes)}), login) << size;
    EXPECT_EQ(heard_in(segments(bytes, 30)), login) << size;
  }
}

TEST(CaptureTls, IsReadFromSegmentsInAnyOrder)
{
  auto pieces = segments(hello(), 40);
  std::reverse(pieces.begin(), pieces.end());
  pieces.insert(pieces.begin(), from_client(first - 1, {}, syn));
  EXPECT_EQ(heard_in(pieces), login);
  auto mixed = segments(hello(), 30);
  ASSERT_GE(mixed.size(), 4U);
  std::swap(mixed[1], mixed[3]);
  EXPECT_EQ(heard_in(mixed), login);
}

TEST(CaptureTls, IsReadOnceWhereSegmentsWereSentAgain)
{
  const auto bytes = hello();
  EXPECT_EQ(heard_in({from_client(first, part(bytes, 0, 60)),
                      from_client(first, part(bytes, 0, 60)),
                      from_client(first + 20, part(bytes, 20, 60)),
                      from_client(first + 80, part(bytes, 80)),
                      from_client(first + 80, part(bytes, 80))}),
            login);
}

TEST(CaptureTls, IsReadAgainWhenTheSamePortsBeginAnew)
{
  EXPECT_EQ(heard_in({from_client(99, {}, syn),
                      from_client(100, hello()),
                      from_client(7000099, {}, syn),
                      from_client(7000100, hello("other.example"))}),
            (Lines{login[0], "tls other.example 10.0.0.1>192.0.2.2:443"}));
}

TEST(CaptureTls, IsReadWhereMailAsksForItLater)
{
  const auto mail = [](Octets frame) {
    return frame;
  };
  std::uint32_t at = first;
  std::vector<Octets> frames;
  for (const auto* line : {"EHLO client.example\r\n", "STARTTLS\r\n"}) {
    frames.push_back(mail(from_client(at, octets(line), ack, 587)));
    at += static_cast<std::uint32_t>(std::string_view(line).size());
  }
  frames.push_back(from_client(at, hello(), ack, 587));
  EXPECT_EQ(heard_in(frames), (Lines{"tls login.example 10.0.0.1>192.0.2.2:587"}));
}

TEST(CaptureTls, IsReadBehindWhatAProxyPutsBefore)
{
  const auto line = octets("PROXY TCP4 198.51.100.1 192.0.2.2 56324 443\r\n");
  EXPECT_EQ(heard_in({from_client(first, joined(line, hello()))}), login);
}

TEST(CaptureTls, IsReadAsFarAsItGoesWhereTheCaptureCutIt)
{
  auto bytes = hello();
  bytes.resize(bytes.size() - 4);  // the name stands before the end
  EXPECT_EQ(heard_in(segments(bytes, 60)), login);
}

TEST(CaptureTls, SaysWhoTheClientIsWhateverThePorts)
{
  test::Hearing hearing;
  heard_in({ether(ip("10.0.0.1", "192.0.2.2", 6, test::tcp(443, 50000, 5, hello())))}, hearing);
  EXPECT_EQ(hearing.heard.lines, (Lines{"tls login.example 10.0.0.1>192.0.2.2:50000"}));
  ASSERT_EQ(hearing.heard.flows.size(), 1U);
  EXPECT_EQ(hearing.heard.flows[0].client, ClientEnd::A);
}

TEST(CaptureDtls, IsReadFromPieces)
{
  const auto message = message_of(TestHello::for_name("call.example"));
  // After the session DTLS has a cookie: an empty one.
  const std::size_t session = 4 + 2 + 32 + 1 + 32;
  const auto body = joined(joined(part(message, 4, session - 4), {0}), part(message, session));
  const auto piece = [&](std::size_t offset, std::size_t size) {
    const auto bytes = part(body, offset, size);
    Octets fragment = {1};
    test::add(fragment, body.size(), 3);
    test::add(fragment, 0, 2);
    test::add(fragment, offset, 3);
    test::add(fragment, bytes.size(), 3);
    fragment = joined(fragment, bytes);
    Octets record = {22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0};
    test::add(record, fragment.size(), 2);
    return ether(ip("10.0.0.1", "192.0.2.2", 17, test::udp(40000, 3478, joined(record, fragment))));
  };
  const Lines expected = {"dtls call.example 10.0.0.1>192.0.2.2:3478"};
  EXPECT_EQ(heard_in({piece(0, 10000)}), expected);
  EXPECT_EQ(heard_in({piece(60, 10000), piece(0, 60)}), expected);
}

Octets quic(const Octets& packet)
{
  return ether(ip("10.0.0.1", "192.0.2.2", 17, test::udp(40000, 443, packet)));
}

const Lines video = {"quic video.example 10.0.0.1>192.0.2.2:443"};
const Octets id = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};

TEST(CaptureQuic, HelloIsDecrypted)
{
  const auto message = message_of(TestHello::for_name("video.example"));
  EXPECT_EQ(heard_in({quic(test::quic_initial(id, 0, {{0, message}}))}), video);
  const test::QuicOptions version_2 = {.version = 0x6b3343cf,
                                       .salt = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6,
                                                0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26,
                                                0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
                                       .prefix = "quicv2",
                                       .type = 1};
  EXPECT_EQ(heard_in({quic(test::quic_initial(id, 0, {{0, message}}, version_2))}), video);
}

TEST(CaptureQuic, HelloMayLieInPiecesOverPacketsInAnyOrder)
{
  const auto message = message_of(TestHello::for_name("video.example"));
  const auto one =
      test::quic_initial(id, 0, {{100, part(message, 100)}, {0, part(message, 0, 30)}});
  const auto two =
      test::quic_initial(id, 1, {{50, part(message, 50, 50)}, {30, part(message, 30, 25)}});
  EXPECT_EQ(heard_in({quic(one), quic(two)}), video);
  EXPECT_EQ(heard_in({quic(two), quic(two), quic(one), quic(one)}), video) << "told once";
  EXPECT_EQ(heard_in({quic(joined(one, two))}), video) << "in one datagram";
  const auto renamed =
      test::quic_initial({1, 2, 3, 4, 5}, 1, {{30, part(message, 30, 70)}}, {.key_id = id});
  EXPECT_EQ(heard_in({quic(one), quic(renamed)}), video) << "the server chose another id meanwhile";
}

TEST(CaptureQuic, PacketThatCannotBeOpenedSaysNothing)
{
  auto packet = test::quic_initial(id, 0, {{0, message_of(TestHello::for_name("video.example"))}});
  packet[200] ^= 1U;
  EXPECT_TRUE(heard_in({quic(packet)}).empty());
  EXPECT_TRUE(heard_in({quic(part(packet, 0, 300))}).empty());
}

TEST(CaptureHttp, NamesTheHostOfEachRequest)
{
  const auto one = octets("GET / HTTP/1.1\r\nUser-Agent: a\r\nHOST: One.Example:8080\r\n\r\n");
  const auto two = octets("POST /x HTTP/1.1\nHost:two.example.\n\n");
  const Lines both = {"http one.example 10.0.0.1>192.0.2.2:8081",
                      "http two.example 10.0.0.1>192.0.2.2:8081"};
  EXPECT_EQ(heard_in({from_client(first, joined(one, two), ack, 8081)}), both);
  EXPECT_EQ(heard_in(segments(joined(one, two), 9, 8081)), both);
  EXPECT_EQ(heard_in({from_client(first, one, ack, 8081),
                      from_server(1, octets("HTTP/1.1 200 OK\r\n\r\n"), ack, 8081),
                      from_client(first + static_cast<std::uint32_t>(one.size()), two, ack, 8081)}),
            both);
}

TEST(CaptureHttp, NamesWhomAProxyIsAskedFor)
{
  const auto connect = octets("CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n\r\n");
  EXPECT_EQ(heard_in({from_client(first, connect, ack, 3128),
                      from_server(1, octets("HTTP/1.1 200 OK\r\n\r\n"), ack, 3128),
                      from_client(first + static_cast<std::uint32_t>(connect.size()),
                                  hello("far.example"),
                                  ack,
                                  3128)}),
            (Lines{"http far.example 10.0.0.1>192.0.2.2:3128",
                   "tls far.example 10.0.0.1>192.0.2.2:3128"}));
  EXPECT_EQ(
      heard_in(
          {from_client(first,
                       octets("GET http://u@page.example:80/x HTTP/1.0\r\nHost: cache\r\n\r\n"),
                       ack,
                       80)}),
      (Lines{"http cache 10.0.0.1>192.0.2.2:80", "target page.example 10.0.0.1>192.0.2.2:80"}));
}

TEST(CaptureHttp, HostWithAnEmptyLabelIsNone)
{
  for (const auto* host : {"a..example", ".example", "a.example..", "."}) {
    EXPECT_EQ(host_text(host), "") << host;
  }
  EXPECT_EQ(host_text("A.example.:80"), "a.example");
  EXPECT_EQ(host_text("[2001:DB8::1]:80"), "2001:db8::1");
}

TEST(CaptureHttp, IsNotSeenInWhatOnlyBeginsLikeIt)
{
  EXPECT_TRUE(
      heard_in({from_client(first, octets("GET lost\r\nHost: no.example\r\n\r\n"))}).empty());
  EXPECT_TRUE(heard_in({from_client(first, octets("QUIT\r\n"))}).empty());
}

TEST(CaptureDns, TellsQuestionsAndWhereNamesLead)
{
  const auto answer =
      test::write({.name = "Www.Example",
                   .answers = {{"www.example", 5, test::name_data("cdn.example")},
                               {"cdn.example", 1, test::address_data("192.0.2.9")},
                               {"cdn.example", 28, test::address_data("2001:db8::9")}}});
  const auto question = test::write({.flags = 0x0100, .name = "Www.Example"});
  EXPECT_EQ(heard_in({ether(ip("10.0.0.1", "10.0.0.53", 17, test::udp(5000, 53, question))),
                      ether(ip("10.0.0.53", "10.0.0.1", 17, test::udp(53, 5000, answer)))}),
            (Lines{"dns www.example 10.0.0.1>10.0.0.53:53",
                   "dns-again www.example 10.0.0.1>10.0.0.53:53",
                   "answer5 www.example=cdn.example 10.0.0.1>10.0.0.53:53",
                   "answer1 cdn.example=192.0.2.9 10.0.0.1>10.0.0.53:53",
                   "answer28 cdn.example=2001:db8::9 10.0.0.1>10.0.0.53:53"}));
}

TEST(CaptureDns, OverTcpMayLieInPiecesAndSeveralInOne)
{
  Octets stream;
  for (const auto* name : {"one.example", "two.example"}) {
    const auto message = test::write({.flags = 0x0100, .name = name});
    test::add(stream, message.size(), 2);
    stream = joined(stream, message);
  }
  const Lines both = {"dns one.example 10.0.0.1>192.0.2.2:53",
                      "dns two.example 10.0.0.1>192.0.2.2:53"};
  EXPECT_EQ(heard_in({from_client(first, stream, ack, 53)}), both);
  for (const std::size_t size : {1U, 3U, 20U}) {
    EXPECT_EQ(heard_in(segments(stream, size, 53)), both) << size;
  }
}

TEST(CaptureDns, OfTheLinkIsKeptApart)
{
  const auto question = test::write({.flags = 0, .name = "printer.local"});
  EXPECT_EQ(heard_in({ether(ip("10.0.0.1", "224.0.0.251", 17, test::udp(5353, 5353, question))),
                      ether(ip("10.0.0.1", "224.0.0.252", 17, test::udp(50000, 5355, question)))}),
            (Lines{"mdns printer.local 10.0.0.1>224.0.0.251:5353",
                   "llmnr printer.local 10.0.0.1>224.0.0.252:5355"}));
}

TEST(CaptureDns, IsKnownOnOtherPortsWhereItCanHardlyBeAnythingElse)
{
  const auto question = test::write({.flags = 0x0100, .name = "a.example"});
  const auto over = [](const Octets& payload) {
    return ether(ip("10.0.0.1", "10.0.0.2", 17, test::udp(5000, 5300, payload)));
  };
  EXPECT_EQ(heard_in({over(question)}), (Lines{"dns a.example 10.0.0.1>10.0.0.2:5300"}));
  EXPECT_TRUE(heard_in({over(joined(question, {0}))}).empty());
}

TEST(CaptureDns, GivesWhatStandsBeforeAFault)
{
  auto message = test::write(
      {.name = "a.example", .answers = {{"a.example", 1, test::address_data("192.0.2.9")}}});
  message.resize(message.size() - 2);
  test::Hearing hearing;
  EXPECT_EQ(
      heard_in({ether(ip("10.0.0.53", "10.0.0.1", 17, test::udp(53, 5000, message)))}, hearing),
      (Lines{"dns-again a.example 10.0.0.1>10.0.0.53:53"}));
  EXPECT_EQ(hearing.counts.malformed_dns, 1U);
}

TEST(CaptureDns, EndsWhereNamesPointInACircle)
{
  Octets message = test::write({.flags = 0x0100, .name = "a.example"});
  message[12] = 0xc0;
  message[13] = 12;
  test::Hearing hearing;
  EXPECT_TRUE(
      heard_in({ether(ip("10.0.0.1", "10.0.0.53", 17, test::udp(5000, 53, message)))}, hearing)
          .empty());
  EXPECT_EQ(hearing.counts.malformed_dns, 1U);
}

TEST(CaptureFlows, AreCountedExactlyInBothDirections)
{
  test::Hearing hearing;
  heard_in({from_server(1, octets("late"), ack),
            from_client(first, {}, syn),
            from_client(first + 1, octets("abc")),
            ether(ip("10.0.0.1", "10.0.0.53", 17, test::udp(443, 40000, {}))),
            ether(ip("2001:db8::1", "2001:db8::2", 6, test::tcp(40000, 443, 1, octets("x"))))},
           hearing);
  ASSERT_EQ(hearing.heard.flows.size(), 3U);
  const auto& flow = hearing.heard.flows[0];
  EXPECT_EQ(flow.key.address(false).to_string(), "10.0.0.1");
  EXPECT_EQ(flow.key.port(false), 40000);
  EXPECT_EQ(flow.sides[0].packets, 2U);
  EXPECT_EQ(flow.sides[0].bytes, 40U + 43U);
  EXPECT_EQ(flow.sides[1].packets, 1U);
  EXPECT_EQ(flow.sides[1].bytes, 44U);
  EXPECT_EQ(flow.first, 1000);
  EXPECT_EQ(flow.last, 3000);
  EXPECT_EQ(flow.client, ClientEnd::A);
  EXPECT_EQ(hearing.heard.flows[2].sides[0].bytes, 61U);
}

TEST(CaptureFlows, LeaveWhenThereAreTooManyAndAreAllCounted)
{
  std::vector<Octets> frames;
  for (unsigned i = 0; i < 3000; ++i) {
    frames.push_back(
        ether(ip("10.0.0.1", "192.0.2.2", 17, test::udp(1024 + i % 1500, 9999, {1, 2, 3}))));
  }
  test::Hearing hearing;
  heard_in(frames, hearing, 1, {.flows = 64});
  EXPECT_EQ(hearing.counts.flows_evicted, 3000U - 64U);
  std::uint64_t packets = 0;
  for (const auto& flow : hearing.heard.flows) {
    packets += flow.sides[0].packets + flow.sides[1].packets;
  }
  EXPECT_EQ(packets, 3000U);

  test::Hearing all;
  heard_in(frames, all, 1, {.flows = 5000});
  EXPECT_EQ(all.counts.flows_evicted, 0U);
  EXPECT_EQ(all.heard.flows.size(), 1500U);
}

TEST(CaptureWords, TakeBoundedMemory)
{
  // Clients that begin to speak TLS and never go on.
  std::vector<Octets> frames;
  for (unsigned i = 0; i < 2000; ++i) {
    frames.push_back(
        ether(ip("10.0.0.1", "192.0.2.2", 6, test::tcp(1024 + i, 443, 1, part(hello(), 0, 50)))));
  }
  test::Hearing hearing;
  EXPECT_TRUE(heard_in(frames, hearing, 1, {.conversations = 16, .kept_bytes = 4096}).empty());
  EXPECT_GE(hearing.counts.words_given_up, 2000U - 16U);
}

}  // namespace
}  // namespace zonder::wire::capture
