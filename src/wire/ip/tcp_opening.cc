// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/ip/tcp_opening.hh"

#include <algorithm>
#include <cstddef>

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

namespace zonder::wire::ip {
namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

constexpr std::size_t v4_header = 20;  // without options
constexpr std::size_t v6_header = 40;
constexpr std::size_t tcp_header = 20;
constexpr std::size_t icmp_header = 8;
constexpr std::uint8_t hops = 64;

constexpr std::uint8_t fin = 0x01;
constexpr std::uint8_t syn = 0x02;
constexpr std::uint8_t rst = 0x04;
constexpr std::uint8_t ack = 0x10;

std::uint16_t u16(View bytes, std::size_t at)
{
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

std::uint32_t u32(View bytes, std::size_t at)
{
  return static_cast<std::uint32_t>(u16(bytes, at)) << 16U | u16(bytes, at + 2);
}

void put_u16(Bytes& to, std::uint32_t value)
{
  to.push_back(static_cast<std::uint8_t>(value >> 8U & 0xffU));
  to.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

void put_u32(Bytes& to, std::uint32_t value)
{
  put_u16(to, value >> 16U);
  put_u16(to, value & 0xffffU);
}

void put(Bytes& to, View bytes)
{
  to.insert(to.end(), bytes.begin(), bytes.end());
}

Bytes bytes_of(const net::Address& address)
{
  const auto bytes = address.bytes();
  return {bytes.begin(), bytes.begin() + net::width(address.family()) / 8U};
}

std::uint64_t sum(View bytes)
{
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    total += static_cast<std::uint64_t>(bytes[i]) << (i % 2 == 0 ? 8U : 0U);
  }
  return total;
}

/// RFC 1071.
void put_checksum(Bytes& into, std::size_t at, std::uint64_t total)
{
  while (total >> 16U != 0) {
    total = (total & 0xffffU) + (total >> 16U);
  }
  const auto checksum = static_cast<std::uint16_t>(~total & 0xffffU);
  into[at] = static_cast<std::uint8_t>(checksum >> 8U);
  into[at + 1] = static_cast<std::uint8_t>(checksum & 0xffU);
}

/// What TCP and ICMPv6 count beside themselves.
std::uint64_t sum_of_pseudo_header(const net::Address& from,
                                   const net::Address& to,
                                   std::uint8_t protocol,
                                   std::size_t length)
{
  return sum(bytes_of(from)) + sum(bytes_of(to)) + protocol + length;
}

/// An IP header with `payload` behind it.
Bytes packet_with(const net::Address& from,
                  const net::Address& to,
                  std::uint8_t protocol,
                  View payload)
{
  Bytes packet;
  if (from.is_v4()) {
    put_u16(packet, 0x4500);
    put_u16(packet, static_cast<std::uint32_t>(v4_header + payload.size()));
    put_u16(packet, 0);
    put_u16(packet, 0x4000);  // not to be cut up
    packet.push_back(hops);
    packet.push_back(protocol);
    put_u16(packet, 0);
    put(packet, bytes_of(from));
    put(packet, bytes_of(to));
    put_checksum(packet, 10, sum(packet));
  } else {
    put_u32(packet, 0x60000000);
    put_u16(packet, static_cast<std::uint32_t>(payload.size()));
    packet.push_back(protocol);
    packet.push_back(hops);
    put(packet, bytes_of(from));
    put(packet, bytes_of(to));
  }
  put(packet, payload);
  return packet;
}

std::optional<TcpOpening> read_tcp(View tcp, const net::Address& from, const net::Address& to)
{
  if (tcp.size() < tcp_header || (tcp[13] & (fin | syn | rst | ack)) != syn) {
    return std::nullopt;
  }
  return TcpOpening{.source = from,
                    .destination = to,
                    .source_port = u16(tcp, 0),
                    .destination_port = u16(tcp, 2),
                    .sequence = u32(tcp, 4)};
}

std::uint64_t u64(View bytes, std::size_t at)
{
  return static_cast<std::uint64_t>(u32(bytes, at)) << 32U | u32(bytes, at + 4);
}

}  // namespace

std::optional<TcpOpening> read_tcp_opening(View packet)
{
  if (packet.size() >= v4_header && packet[0] >> 4U == 4) {
    const std::size_t header = (packet[0] & 0x0fU) * std::size_t{4};
    const bool fragment = (u16(packet, 6) & 0x3fffU) != 0;
    if (header < v4_header || header > packet.size() || fragment || packet[9] != IPPROTO_TCP) {
      return std::nullopt;
    }
    return read_tcp(packet.subspan(header),
                    net::Address::v4(u32(packet, 12)),
                    net::Address::v4(u32(packet, 16)));
  }
  if (packet.size() >= v6_header && packet[0] >> 4U == 6 && packet[6] == IPPROTO_TCP) {
    return read_tcp(packet.subspan(v6_header),
                    net::Address::v6(u64(packet, 8), u64(packet, 16)),
                    net::Address::v6(u64(packet, 24), u64(packet, 32)));
  }
  return std::nullopt;
}

Bytes refusal_of(const TcpOpening& opening)
{
  Bytes tcp;
  put_u16(tcp, opening.destination_port);
  put_u16(tcp, opening.source_port);
  put_u32(tcp, 0);
  put_u32(tcp, opening.sequence + 1);
  put_u16(tcp, 0x5000U | rst | ack);
  put_u16(tcp, 0);
  put_u32(tcp, 0);
  put_checksum(tcp,
               16,
               sum(tcp) + sum_of_pseudo_header(
                              opening.destination, opening.source, IPPROTO_TCP, tcp.size()));
  return packet_with(opening.destination, opening.source, IPPROTO_TCP, tcp);
}

Bytes not_passed_on(View packet, const TcpOpening& opening, net::Address router, NotPassedOn why)
{
  const bool v4 = opening.source.is_v4();
  Bytes icmp;
  switch (why) {
  case NotPassedOn::NoRoute:
    icmp = v4 ? Bytes{ICMP_DEST_UNREACH, ICMP_NET_UNREACH}
              : Bytes{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOROUTE};
    break;
  case NotPassedOn::HostUnreachable:
    icmp = v4 ? Bytes{ICMP_DEST_UNREACH, ICMP_HOST_UNREACH}
              : Bytes{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADDR};
    break;
  case NotPassedOn::Prohibited:
    icmp = v4 ? Bytes{ICMP_DEST_UNREACH, ICMP_PKT_FILTERED}
              : Bytes{ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN};
    break;
  }
  icmp.resize(icmp_header);
  // The packet's own headers: an IPv4 one with all options that there can be, and TCP's.
  constexpr std::size_t most_told = 60 + tcp_header;
  put(icmp, packet.first(std::min(packet.size(), most_told)));
  const std::uint8_t protocol = v4 ? std::uint8_t{IPPROTO_ICMP} : std::uint8_t{IPPROTO_ICMPV6};
  const auto beside = v4 ? 0 : sum_of_pseudo_header(router, opening.source, protocol, icmp.size());
  put_checksum(icmp, 2, sum(icmp) + beside);
  return packet_with(router, opening.source, protocol, icmp);
}

}  // namespace zonder::wire::ip
