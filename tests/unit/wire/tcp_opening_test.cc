// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdint>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "wire/ip/tcp_opening.hh"

namespace zonder::wire::ip {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes from_hex(std::string_view text)
{
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// As Linux sent them.
const Bytes v4_opening = from_hex("4500003c2d0040003e06663aa9fed502c633644dce6800511328e78a00000000"
                                  "a002ffc8071500000204ffc80402080a9f3634e5000000000103030a");

net::Address address(const char* text)
{
  return net::Address::parse(text).value();
}

/// The same as what opens over IPv4, over IPv6.
Bytes v6_opening()
{
  auto packet = from_hex("600000000028063e20010db8000000000000000000000002"
                         "20010db8000000000000000000000001");
  packet.insert(packet.end(), v4_opening.begin() + 20, v4_opening.end());
  return packet;
}

/// RFC 1071: with the checksum in it, all is ones.
std::uint32_t sum_of(const Bytes& bytes, std::size_t from, std::size_t to, std::uint32_t beside = 0)
{
  std::uint32_t total = beside;
  for (std::size_t i = from; i < to; ++i) {
    total += static_cast<std::uint32_t>(bytes.at(i)) << ((i - from) % 2 == 0 ? 8U : 0U);
  }
  while (total >> 16U != 0) {
    total = (total & 0xffffU) + (total >> 16U);
  }
  return total;
}

TEST(TcpOpening, IsRead)
{
  const auto opening = read_tcp_opening(v4_opening);
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->source, address("169.254.213.2"));
  EXPECT_EQ(opening->destination, address("198.51.100.77"));
  EXPECT_EQ(opening->source_port, 0xce68);
  EXPECT_EQ(opening->destination_port, 81);
  EXPECT_EQ(opening->sequence, 0x1328e78aU);
  const auto v6 = read_tcp_opening(v6_opening());
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->source, address("2001:db8::2"));
  EXPECT_EQ(v6->destination, address("2001:db8::1"));
  EXPECT_EQ(v6->destination_port, 81);
}

TEST(TcpOpening, OthersAreNone)
{
  const auto with = [](std::size_t at, std::uint8_t value) {
    auto packet = v4_opening;
    packet.at(at) = value;
    return read_tcp_opening(packet).has_value();
  };
  EXPECT_TRUE(with(0, 0x45));
  EXPECT_FALSE(with(0, 0x44));   // a header too short
  EXPECT_FALSE(with(0, 0x4f));   // and one too long
  EXPECT_FALSE(with(6, 0x20));   // more fragments
  EXPECT_FALSE(with(7, 0x01));   // not the first one
  EXPECT_FALSE(with(9, 17));     // UDP
  EXPECT_FALSE(with(33, 0x12));  // an answer
  EXPECT_FALSE(with(33, 0x04));  // a reset
  EXPECT_TRUE(with(33, 0xc2));   // with congestion notification
  for (std::size_t length = 0; length < 40; ++length) {
    EXPECT_FALSE(read_tcp_opening(std::span(v4_opening).first(length))) << length;
  }
  const auto v6 = v6_opening();
  for (std::size_t length = 0; length < 60; ++length) {
    EXPECT_FALSE(read_tcp_opening(std::span(v6).first(length))) << length;
  }
}

TEST(TcpOpening, IsRefusedInTheOthersName)
{
  const auto packet = refusal_of(*read_tcp_opening(v4_opening));
  ASSERT_EQ(packet.size(), 40U);
  EXPECT_EQ(sum_of(packet, 0, 20), 0xffffU);
  EXPECT_EQ(sum_of(packet, 12, 40, 6 + 20), 0xffffU);  // both addresses, and all of TCP
  EXPECT_EQ(Bytes(packet.begin() + 12, packet.begin() + 20), from_hex("c633644da9fed502"));
  EXPECT_EQ(Bytes(packet.begin() + 20, packet.begin() + 36),
            from_hex("0051ce68000000001328e78b50140000"));
  const auto v6 = refusal_of(*read_tcp_opening(v6_opening()));
  ASSERT_EQ(v6.size(), 60U);
  EXPECT_EQ(sum_of(v6, 8, 60, 6 + 20), 0xffffU);
}

TEST(TcpOpening, ARouterSaysThatThereIsNoWay)
{
  const auto packet = not_passed_on(v4_opening,
                                    *read_tcp_opening(v4_opening),
                                    address("192.0.2.1"),
                                    NotPassedOn::HostUnreachable);
  ASSERT_EQ(packet.size(), 28 + v4_opening.size());
  EXPECT_EQ(sum_of(packet, 0, 20), 0xffffU);
  EXPECT_EQ(sum_of(packet, 20, packet.size()), 0xffffU);
  EXPECT_EQ(Bytes(packet.begin() + 9, packet.begin() + 10), Bytes{1});
  EXPECT_EQ(Bytes(packet.begin() + 12, packet.begin() + 22), from_hex("c0000201a9fed5020301"));
  EXPECT_EQ(Bytes(packet.begin() + 28, packet.end()), v4_opening);

  const auto long_one = v6_opening();
  const auto v6 = not_passed_on(
      long_one, *read_tcp_opening(long_one), address("2001:db8::ffff"), NotPassedOn::NoRoute);
  ASSERT_EQ(v6.size(), 48U + 80U);
  EXPECT_EQ(sum_of(v6, 8, v6.size(), 58 + 88), 0xffffU);
  EXPECT_EQ(Bytes(v6.begin() + 40, v6.begin() + 42), from_hex("0100"));
}

}  // namespace
}  // namespace zonder::wire::ip
