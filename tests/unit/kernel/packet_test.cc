// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "kernel/nflog.hh"

namespace zonder::kernel {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes ipv4_tcp()
{
  return {0x45, 0, 0,  40,  0,   0, 0x40, 0,    64,   6,    0, 0, 100, 64,
          0,    2, 20, 190, 128, 1, 0x9c, 0x40, 0x01, 0xbb, 0, 0, 0,   0};
}

Bytes ipv6_header(std::uint8_t next)
{
  Bytes bytes = {0x60, 0, 0, 0, 0, 20, next, 64};
  bytes.resize(40);
  bytes[8] = 0xfd;
  bytes[24] = 0x26;
  bytes[25] = 0x03;
  bytes[39] = 1;
  return bytes;
}

TEST(LoggedPacket, TellsAddressesAndPortsOfIpv4)
{
  const auto packet = read_packet(ipv4_tcp());
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->source.to_string(), "100.64.0.2");
  EXPECT_EQ(packet->destination.to_string(), "20.190.128.1");
  EXPECT_EQ(packet->protocol, 6);
  EXPECT_EQ(packet->source_port, 40000);
  EXPECT_EQ(packet->destination_port, 443);
}

TEST(LoggedPacket, HasNoPortsInALaterFragment)
{
  auto bytes = ipv4_tcp();
  bytes[7] = 1;
  EXPECT_EQ(read_packet(bytes)->destination_port, 0);
}

TEST(LoggedPacket, StepsOverIpv6ExtensionHeaders)
{
  auto bytes = ipv6_header(0);  // hop-by-hop, then UDP
  bytes.insert(bytes.end(), {17, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x00, 0x35, 0, 8, 0, 0});
  const auto packet = read_packet(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->protocol, 17);
  EXPECT_EQ(packet->destination_port, 53);
  EXPECT_EQ(packet->destination.to_string(), "2603::1");
}

TEST(LoggedPacket, RefusesWhatIsCutOffOrNotIp)
{
  EXPECT_FALSE(read_packet(Bytes{}));
  EXPECT_FALSE(read_packet(Bytes{0x45}));
  EXPECT_FALSE(read_packet(Bytes(19, 0x45)));
  EXPECT_FALSE(read_packet(Bytes(39, 0x60)));
  EXPECT_FALSE(read_packet(Bytes(60, 0x10)));
}

TEST(LoggedPacket, HeaderThatIsLongerThanThePacketHasNoPorts)
{
  auto bytes = ipv4_tcp();
  bytes[0] = 0x4f;
  EXPECT_EQ(read_packet(bytes)->destination_port, 0);
}

}  // namespace
}  // namespace zonder::kernel
