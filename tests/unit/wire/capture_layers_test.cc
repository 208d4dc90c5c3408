// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/dns_bytes.hh"
#include "support/heard.hh"
#include "support/made_frames.hh"

namespace zonder::wire::capture {
namespace {

using test::ether;
using test::ether_type;
using test::heard_in;
using test::ip;
using test::joined;
using test::Octets;
using test::udp;

constexpr unsigned udp_protocol = 17;

Octets question(const std::string& name = "a.example")
{
  return test::write({.flags = 0x0100, .name = name});
}

/// A question in an IPv4 or IPv6 packet: what all below wrap in something.
Octets packet(const std::string& from = "10.0.0.1", const std::string& to = "10.0.0.2")
{
  return ip(from, to, udp_protocol, udp(40000, 53, question()));
}

const std::vector<std::string> found = {"dns a.example 10.0.0.1>10.0.0.2:53"};
const std::vector<std::string> found_6 = {"dns a.example 2001:db8::1>2001:db8::2:53"};

Octets packet_6()
{
  return packet("2001:db8::1", "2001:db8::2");
}

TEST(CaptureLayers, AreTakenOffEveryKindOfLink)
{
  const auto bare = packet();
  EXPECT_EQ(heard_in({ether(bare)}, 1), found);
  EXPECT_EQ(heard_in({joined({2, 0, 0, 0}, bare)}, 0), found);
  EXPECT_EQ(heard_in({joined({0, 0, 0, 2}, bare)}, 0), found) << "captured in the other order";
  EXPECT_EQ(heard_in({joined({0, 0, 0, 2}, bare)}, 108), found);
  EXPECT_EQ(heard_in({joined({30, 0, 0, 0}, packet_6())}, 0), found_6);
  for (const std::uint32_t raw : {12U, 14U, 101U, 228U}) {
    EXPECT_EQ(heard_in({bare}, raw), found);
  }
  EXPECT_EQ(heard_in({packet_6()}, 229), found_6);
  Octets cooked(14, 0);
  test::add(cooked, 0x0800, 2);
  EXPECT_EQ(heard_in({joined(cooked, bare)}, 113), found);
  Octets cooked_2;
  test::add(cooked_2, 0x0800, 2);
  cooked_2.resize(20);
  EXPECT_EQ(heard_in({joined(cooked_2, bare)}, 276), found);
  EXPECT_EQ(heard_in({joined({0x00, 0x21}, bare)}, 9), found);
  EXPECT_EQ(heard_in({joined({0xff, 0x03, 0x00, 0x21}, bare)}, 50), found);
  EXPECT_EQ(heard_in({joined({0x11, 0, 0, 1, 0, 0, 0x00, 0x57}, packet_6())}, 51), found_6);
}

TEST(CaptureLayers, OfWifiAreTakenOffDataThatIsNotEncrypted)
{
  const Octets snap = {0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
  const auto data = [&](Octets control, std::size_t header) {
    control.resize(header);
    return joined(joined(control, snap), packet());
  };
  EXPECT_EQ(heard_in({data({0x08, 0x01}, 24)}, 105), found);
  EXPECT_EQ(heard_in({data({0x88, 0x01}, 26)}, 105), found) << "with its quality of service";
  EXPECT_EQ(heard_in({data({0x08, 0x03}, 30)}, 105), found) << "from one access point to another";
  EXPECT_EQ(heard_in({joined({0, 0, 8, 0, 0, 0, 0, 0}, data({0x08, 0x01}, 24))}, 127), found);
  EXPECT_TRUE(heard_in({data({0x08, 0x41}, 24)}, 105).empty()) << "encrypted";
  EXPECT_TRUE(heard_in({data({0x80, 0x00}, 24)}, 105).empty()) << "a beacon";
}

TEST(CaptureLayers, OfTagsLabelsAndPppoeAreTakenOff)
{
  Octets tagged = {0, 5, 0x08, 0x00};
  EXPECT_EQ(heard_in({ether_type(0x8100, joined(tagged, packet()))}), found);
  Octets twice = {0, 6, 0x81, 0x00, 0, 5, 0x08, 0x00};
  EXPECT_EQ(heard_in({ether_type(0x88a8, joined(twice, packet()))}), found);
  const Octets labels = {0, 1, 0, 64, 0, 2, 1, 64};
  EXPECT_EQ(heard_in({ether_type(0x8847, joined(labels, packet()))}), found);
  EXPECT_EQ(heard_in({ether_type(0x8847, joined(joined(labels, {0, 0, 0, 0}), ether(packet())))}),
            found)
      << "a line of Ethernet over MPLS";
  const Octets session = {0x11, 0, 0, 1, 0, 0, 0x00, 0x21};
  EXPECT_EQ(heard_in({ether_type(0x8864, joined(session, packet()))}), found);
}

TEST(CaptureLayers, OfTunnelsGiveThePacketThatIsCarried)
{
  const auto over_4 = [](unsigned protocol, const Octets& payload) {
    return ether(ip("192.0.2.1", "192.0.2.2", protocol, payload));
  };
  const auto over_6 = [](unsigned protocol, const Octets& payload) {
    return ether(ip("2001:db8:f::1", "2001:db8:f::2", protocol, payload));
  };
  EXPECT_EQ(heard_in({over_4(4, packet())}), found) << "IP in IP";
  EXPECT_EQ(heard_in({over_4(41, packet_6())}), found_6) << "6in4";
  EXPECT_EQ(heard_in({over_6(4, packet())}), found) << "4in6";
  EXPECT_EQ(heard_in({over_6(41, packet_6())}), found_6);
  EXPECT_EQ(heard_in({over_4(47, joined({0, 0, 8, 0}, packet()))}), found) << "GRE";
  EXPECT_EQ(
      heard_in({over_4(47, joined({0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1}, packet()))}),
      found)
      << "GRE with a checksum, a key and a number";
  EXPECT_EQ(heard_in({over_4(47, joined({0, 0, 0x65, 0x58}, ether(packet())))}), found);
  EXPECT_EQ(heard_in({over_4(47,
                             joined({0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1},
                                    joined({0xff, 3, 0, 0x21}, packet())))}),
            found)
      << "PPTP";
  const auto over_udp = [&](unsigned port, const Octets& head, const Octets& payload) {
    return over_4(udp_protocol, udp(50000, port, joined(head, payload)));
  };
  EXPECT_EQ(heard_in({over_udp(4789, {8, 0, 0, 0, 0, 0, 7, 0}, ether(packet()))}), found)
      << "VXLAN";
  EXPECT_EQ(heard_in({over_udp(6081, {1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 4}, ether(packet()))}),
            found)
      << "GENEVE with an option";
  EXPECT_EQ(heard_in({over_udp(3544, {}, packet_6())}), found_6) << "Teredo";
  const Octets origin = {0, 0, 1, 2, 3, 4, 5, 6};
  EXPECT_EQ(heard_in({over_udp(3544, origin, packet_6())}), found_6);
  const Octets authentication = {0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0};
  EXPECT_EQ(heard_in({over_udp(3544, joined(authentication, origin), packet_6())}), found_6);
  EXPECT_EQ(heard_in({over_udp(2152, {0x30, 255, 0, 0, 0, 0, 0, 1}, packet())}), found) << "GTP-U";
  EXPECT_EQ(heard_in({over_udp(
                2152, {0x34, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 9, 9, 0}, packet())}),
            found)
      << "GTP-U with an extension header";
  EXPECT_EQ(
      heard_in({over_4(
          51,
          joined(
              {udp_protocol, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
              udp(40000, 53, question())))}),
      (std::vector<std::string>{"dns a.example 192.0.2.1>192.0.2.2:53"}))
      << "an authentication header";
}

TEST(CaptureLayers, OfAControllerOfAccessPointsAreTakenOff)
{
  const Octets capwap = {0, 0x10, 0x03, 0x00, 0, 0, 0, 0};  // 8 bytes of header, IEEE 802.11 inside
  Octets swapped = {0x01, 0x08};
  swapped.resize(24);
  const Octets snap = {0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
  const auto inner = joined(joined(swapped, snap), packet());
  EXPECT_EQ(heard_in({ether(ip(
                "192.0.2.1", "192.0.2.2", udp_protocol, udp(5247, 50000, joined(capwap, inner))))}),
            found);
}

TEST(CaptureLayers, OfSixAreTakenOffWithTheirExtensionHeaders)
{
  const auto inner = udp(40000, 53, question());
  // Hop by hop, then routing of 16 bytes, then options for the destination.
  Octets chain = {43, 0, 1, 4, 0, 0, 0, 0};
  chain = joined(chain, {60, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  chain = joined(chain, {udp_protocol, 0, 1, 4, 0, 0, 0, 0});
  EXPECT_EQ(heard_in({ether(ip("2001:db8::1", "2001:db8::2", 0, joined(chain, inner)))}), found_6);
}

TEST(CaptureLayers, OfOurDepthHaveAnEnd)
{
  auto nested = packet();
  for (int i = 0; i < 100; ++i) {
    nested = ip("192.0.2.1", "192.0.2.2", 4, nested);
  }
  test::Hearing hearing;
  EXPECT_TRUE(heard_in({ether(nested)}, hearing).empty());
  EXPECT_EQ(hearing.layers.too_deep, 1U);
}

/// The question, long enough for several fragments.
Octets long_question()
{
  return udp(
      40000, 53, question("a-name-that-is-rather-long.and-goes-on.in-several-labels.example"));
}

const std::string long_name = "a-name-that-is-rather-long.and-goes-on.in-several-labels.example";

TEST(CaptureFragments, AreNotNeededInOrder)
{
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"10.0.0.1", "10.0.0.2"},
                                 {"2001:db8::1", "2001:db8::2"}}) {
    const auto datagram = long_question();
    std::vector<Octets> pieces;
    for (std::size_t at = 0; at < datagram.size(); at += 16) {
      pieces.push_back(ether(ip(from,
                                to,
                                udp_protocol,
                                test::part(datagram, at, 16),
                                {.id = 7, .offset = at, .more = at + 16 < datagram.size()})));
    }
    const std::vector<std::string> expected = {fmt::format("dns {} {}>{}:53", long_name, from, to)};
    EXPECT_EQ(heard_in(pieces), expected);
    std::reverse(pieces.begin(), pieces.end());
    EXPECT_EQ(heard_in(pieces), expected);
    auto twice = pieces;
    twice.insert(twice.begin() + 2, pieces[0]);
    test::Hearing hearing;
    EXPECT_EQ(heard_in(twice, hearing), expected) << "one of them came twice";
    ASSERT_EQ(hearing.heard.flows.size(), 1U);
    EXPECT_EQ(hearing.heard.flows[0].sides[0].packets + hearing.heard.flows[0].sides[1].packets,
              twice.size());
    EXPECT_EQ(hearing.counts.lost_fragments, 0U);
  }
}

TEST(CaptureFragments, OfWhichOneIsMissingAreCounted)
{
  const auto datagram = long_question();
  test::Hearing hearing;
  EXPECT_TRUE(heard_in({ether(ip("10.0.0.1",
                                 "10.0.0.2",
                                 udp_protocol,
                                 test::part(datagram, 0, 16),
                                 {.id = 7, .more = true}))},
                       hearing)
                  .empty());
  EXPECT_EQ(hearing.counts.lost_fragments, 1U);
}

TEST(CaptureFragments, TakeBoundedMemory)
{
  Fragments fragments;
  const Octets piece(1400, 1);
  for (std::uint32_t id = 0; id < 10000; ++id) {
    fragments.add({.addresses = {}, .id = id, .protocol = udp_protocol},
                  {.bytes = piece, .length = piece.size(), .offset = 56000, .more = true});
  }
  EXPECT_GT(fragments.lost_frames(), 10000U - Fragments::most_datagrams);
  fragments.end();
  EXPECT_EQ(fragments.lost_frames(), 10000U);
}

TEST(CaptureLayers, CountWhatIsNotUnderstood)
{
  test::Hearing hearing;
  EXPECT_TRUE(heard_in({packet(), packet()}, hearing, 147).empty());
  ASSERT_EQ(hearing.layers.unknown_links.size(), 1U);
  EXPECT_EQ(hearing.layers.unknown_links.at(147), 2U);

  test::Hearing others;
  EXPECT_TRUE(heard_in({ether_type(0x0806, Octets(28, 0)), ether({0x45, 0, 0}), {1, 2, 3}}, others)
                  .empty());
  EXPECT_EQ(others.layers.without_ip, 1U);
  EXPECT_EQ(others.layers.malformed, 2U);
  EXPECT_EQ(others.counts.first_malformed, 2U);
}

TEST(CaptureLayers, ReadWhatAMessageOfIcmpSendsBack)
{
  const auto answer = test::write({.name = "b.example"});
  const auto quoted = ip("10.0.0.2", "10.0.0.1", udp_protocol, udp(53, 40000, answer));
  const Octets unreachable = {3, 3, 0, 0, 0, 0, 0, 0};
  test::Hearing hearing;
  EXPECT_EQ(heard_in({ether(ip("10.0.0.1", "10.0.0.2", 1, joined(unreachable, quoted)))}, hearing),
            (std::vector<std::string>{"dns-again b.example 10.0.0.1>10.0.0.2:53"}));
  EXPECT_EQ(hearing.heard.flows.size(), 1U) << "the message's own only";
}

}  // namespace
}  // namespace zonder::wire::capture
