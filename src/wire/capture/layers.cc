// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/layers.hh"

#include <algorithm>

namespace zonder::wire::capture {
namespace {

/// https://www.tcpdump.org/linktypes.html
namespace link {
constexpr std::uint32_t null = 0;
constexpr std::uint32_t ethernet = 1;
constexpr std::uint32_t ppp = 9;
constexpr std::uint32_t raw_bsd = 12;
constexpr std::uint32_t raw_openbsd = 14;
constexpr std::uint32_t ppp_hdlc = 50;
constexpr std::uint32_t ppp_ether = 51;
constexpr std::uint32_t raw = 101;
constexpr std::uint32_t wlan = 105;
constexpr std::uint32_t loop = 108;
constexpr std::uint32_t linux_cooked = 113;
constexpr std::uint32_t prism = 119;
constexpr std::uint32_t radiotap = 127;
constexpr std::uint32_t avs = 163;
constexpr std::uint32_t ppp_direction = 204;
constexpr std::uint32_t ipv4 = 228;
constexpr std::uint32_t ipv6 = 229;
constexpr std::uint32_t linux_cooked_2 = 276;
}  // namespace link

/// https://www.iana.org/assignments/ieee-802-numbers
namespace ether {
constexpr std::uint16_t ipv4 = 0x0800;
constexpr std::uint16_t bridged = 0x6558;
constexpr std::uint16_t tag = 0x8100;
constexpr std::uint16_t ppp = 0x880b;
constexpr std::uint16_t ipv6 = 0x86dd;
constexpr std::uint16_t mpls = 0x8847;
constexpr std::uint16_t mpls_multicast = 0x8848;
constexpr std::uint16_t pppoe_session = 0x8864;
constexpr std::uint16_t service_tag = 0x88a8;
constexpr std::uint16_t erspan = 0x88be;
constexpr std::uint16_t old_service_tag = 0x9100;
constexpr std::uint16_t least = 0x0600;  // below it is a length
}  // namespace ether

namespace port {
constexpr std::uint16_t gtp_user = 2152;
constexpr std::uint16_t teredo = 3544;
constexpr std::uint16_t vxlan = 4789;
constexpr std::uint16_t capwap_data = 5247;
constexpr std::uint16_t geneve = 6081;
constexpr std::uint16_t old_vxlan = 8472;
}  // namespace port

/// What is carried in what is carried in what: further down nobody looks.
constexpr unsigned deepest = 10;
constexpr unsigned most_extension_headers = 16;

}  // namespace

void Layers::frame(std::uint32_t link, Bytes bytes)
{
  switch (link) {
  case link::ethernet:
    return ethernet(bytes, 0);
  case link::null:
    return loopback(bytes, false, 0);
  case link::loop:
    return loopback(bytes, true, 0);
  case link::raw:
  case link::raw_bsd:
  case link::raw_openbsd:
  case link::ipv4:
  case link::ipv6:
    return any_ip(bytes, 0);
  case link::linux_cooked:
    return bytes.size() < 16 ? malformed() : by_type(number16(&bytes[14]), bytes.subspan(16), 0);
  case link::linux_cooked_2:
    return bytes.size() < 20 ? malformed() : by_type(number16(&bytes[0]), bytes.subspan(20), 0);
  case link::ppp:
  case link::ppp_hdlc:
    return ppp(bytes, 0);
  case link::ppp_direction:
    return ppp(after(bytes, 1), 0);
  case link::ppp_ether:
    return by_type(ether::pppoe_session, bytes, 0);
  case link::wlan:
    return wlan(bytes, false, 0);
  case link::radiotap:
    return bytes.size() < 4 ? malformed()
                            : wlan(after(bytes, number16(&bytes[2], false)), false, 0);
  case link::prism:
    return bytes.size() < 8 ? malformed()
                            : wlan(after(bytes, number32(&bytes[4], false)), false, 0);
  case link::avs:
    return bytes.size() < 8 ? malformed() : wlan(after(bytes, number32(&bytes[4])), false, 0);
  default:
    ++counts_.unknown_links[link];
  }
}

void Layers::ethernet(Bytes bytes, unsigned depth)
{
  if (bytes.size() < 14) {
    return malformed();
  }
  const auto type = number16(&bytes[12]);
  if (type < ether::least) {
    return llc(bytes.subspan(14), depth);
  }
  by_type(type, bytes.subspan(14), depth);
}

void Layers::by_type(std::uint16_t type, Bytes bytes, unsigned depth)
{
  for (unsigned tags = 0; tags < deepest; ++tags) {
    switch (type) {
    case ether::ipv4:
      return ipv4(bytes, depth, false);
    case ether::ipv6:
      return ipv6(bytes, depth, false);
    case ether::tag:
    case ether::service_tag:
    case ether::old_service_tag:
      if (bytes.size() < 4) {
        return malformed();
      }
      type = number16(&bytes[2]);
      bytes = bytes.subspan(4);
      continue;
    case ether::mpls:
    case ether::mpls_multicast:
      return mpls(bytes, depth);
    case ether::pppoe_session:
      return bytes.size() < 6 ? malformed() : ppp(bytes.subspan(6), depth);
    case ether::ppp:
      return ppp(bytes, depth);
    case ether::bridged:
      return depth >= deepest ? void(++counts_.too_deep) : ethernet(bytes, depth + 1);
    default:
      return type < ether::least ? llc(bytes, depth) : no_ip();
    }
  }
  ++counts_.too_deep;
}

/// Labels say nothing of what they carry: an IP version shows, and so do four zero bits before a
/// frame of Ethernet (RFC 4448).
void Layers::mpls(Bytes bytes, unsigned depth)
{
  bool last = false;
  while (!last) {
    if (bytes.size() < 5) {
      return malformed();
    }
    last = (bytes[2] & 1U) != 0;
    bytes = bytes.subspan(4);
  }
  if (bytes[0] >> 4U == 0 && depth < deepest) {
    return ethernet(after(bytes, 4), depth + 1);
  }
  any_ip(bytes, depth);
}

void Layers::ppp(Bytes bytes, unsigned depth)
{
  if (bytes.size() >= 2 && bytes[0] == 0xff && bytes[1] == 3) {
    bytes = bytes.subspan(2);
  }
  if (bytes.size() < 2) {
    return malformed();
  }
  const bool short_form = (bytes[0] & 1U) != 0;
  const unsigned type = short_form ? bytes[0] : number16(bytes.data());
  bytes = bytes.subspan(short_form ? 1 : 2);
  switch (type) {
  case 0x0021:
    return ipv4(bytes, depth, false);
  case 0x0057:
    return ipv6(bytes, depth, false);
  case 0x0281:
    return mpls(bytes, depth);
  default:
    return no_ip();
  }
}

/// Data frames that are not encrypted. Controllers of access points send their first two bytes
/// the other way round.
void Layers::wlan(Bytes bytes, bool from_capwap, unsigned depth)
{
  if (bytes.size() < 24) {
    return malformed();
  }
  const bool swapped = from_capwap && (bytes[0] & 3U) != 0;
  const unsigned control = swapped ? bytes[1] : bytes[0];
  const unsigned flags = swapped ? bytes[0] : bytes[1];
  const bool data = (control & 0x0fU) == 0x08 && (control & 0x40U) == 0;
  const bool encrypted = (flags & 0x40U) != 0;
  if (!data || (encrypted && !from_capwap)) {
    return no_ip();
  }
  std::size_t header = 24;
  header += (flags & 3U) == 3 ? 6U : 0U;
  if ((control & 0x80U) != 0) {
    header += (flags & 0x80U) != 0 ? 6U : 2U;
  }
  llc(after(bytes, header), depth);
}

void Layers::llc(Bytes bytes, unsigned depth)
{
  const bool snap = bytes.size() >= 8 && bytes[0] == 0xaa && bytes[1] == 0xaa && bytes[2] == 3;
  if (!snap) {
    return no_ip();
  }
  const auto type = number16(&bytes[6]);
  if (type < ether::least) {
    return no_ip();
  }
  by_type(type, bytes.subspan(8), depth);
}

/// The family has the number that it has on the machine which captured, in that machine's order.
void Layers::loopback(Bytes bytes, bool big_endian, unsigned depth)
{
  if (bytes.size() < 4) {
    return malformed();
  }
  auto family = number32(bytes.data(), big_endian);
  family = family > 0xffff ? __builtin_bswap32(family) : family;
  switch (family) {
  case 2:
    return ipv4(bytes.subspan(4), depth, false);
  case 10:
  case 24:
  case 28:
  case 30:
    return ipv6(bytes.subspan(4), depth, false);
  default:
    return no_ip();
  }
}

void Layers::any_ip(Bytes bytes, unsigned depth, bool quoted)
{
  if (bytes.empty()) {
    return malformed();
  }
  switch (bytes[0] >> 4U) {
  case 4:
    return ipv4(bytes, depth, quoted);
  case 6:
    return ipv6(bytes, depth, quoted);
  default:
    return no_ip();
  }
}

void Layers::ipv4(Bytes bytes, unsigned depth, bool quoted)
{
  if (bytes.size() < 20 || bytes[0] >> 4U != 4) {
    return malformed();
  }
  const std::size_t header = (bytes[0] & 0x0fU) * std::size_t{4};
  // A card that cuts packets up itself gives them away with no length.
  const std::size_t told = number16(&bytes[2]);
  const std::size_t length = told == 0 ? bytes.size() : told;
  if (header < 20 || header > bytes.size() || header > length) {
    return malformed();
  }
  Packet packet{.v6 = false,
                .quoted = quoted,
                .protocol = bytes[9],
                .source = &bytes[12],
                .destination = &bytes[16],
                .length = static_cast<std::uint32_t>(length)};
  packet.payload_length = static_cast<std::uint32_t>(length - header);
  packet.payload = bytes.subspan(header, std::min(length, bytes.size()) - header);
  const unsigned place = number16(&bytes[6]);
  if ((place & 0x3fffU) != 0) {
    return fragment(
        packet, number16(&bytes[4]), (place & 0x1fffU) * 8U, (place & 0x2000U) != 0, depth);
  }
  transport(packet, depth);
}

void Layers::ipv6(Bytes bytes, unsigned depth, bool quoted)
{
  constexpr std::size_t header = 40;
  if (bytes.size() < header || bytes[0] >> 4U != 6) {
    return malformed();
  }
  const std::size_t told = number16(&bytes[4]);
  const std::size_t length = told == 0 ? bytes.size() - header : told;
  Packet packet{.v6 = true,
                .quoted = quoted,
                .protocol = bytes[6],
                .source = &bytes[8],
                .destination = &bytes[24],
                .length = static_cast<std::uint32_t>(length + header)};
  packet.payload_length = static_cast<std::uint32_t>(length);
  packet.payload = bytes.subspan(header, std::min(length, bytes.size() - header));

  // Extension headers, each with the kind of the next and its own length (RFC 8200).
  for (unsigned i = 0; i < most_extension_headers; ++i) {
    constexpr std::uint8_t hop_by_hop = 0;
    constexpr std::uint8_t routing = 43;
    constexpr std::uint8_t fragment_header = 44;
    constexpr std::uint8_t destination_options = 60;
    constexpr std::uint8_t mobility = 135;
    switch (packet.protocol) {
    case hop_by_hop:
    case routing:
    case destination_options:
    case mobility:
    case fragment_header:
      break;
    default:
      return transport(packet, depth);
    }
    const auto payload = packet.payload;
    if (payload.size() < 8) {
      return quoted ? void() : malformed();
    }
    const bool is_fragment = packet.protocol == fragment_header;
    const std::size_t size = is_fragment ? 8 : (payload[1] + 1U) * 8U;
    if (size > packet.payload_length) {
      return malformed();
    }
    packet.protocol = payload[0];
    packet.payload = after(payload, size);
    packet.payload_length -= static_cast<std::uint32_t>(size);
    if (is_fragment) {
      const unsigned place = number16(&payload[2]);
      if ((place & 0xfff9U) != 0) {
        return fragment(packet, number32(&payload[4]), place & 0xfff8U, (place & 1U) != 0, depth);
      }
    }
  }
  ++counts_.too_deep;
}

void Layers::fragment(
    Packet& packet, std::uint32_t id, std::size_t offset, bool more, unsigned depth)
{
  if (packet.quoted) {
    return;  // only its beginning is there
  }
  if (offset == 0 && packet.payload.size() < packet.payload_length) {
    // The capture cut it, so it never becomes whole; what is there still tells something.
    return transport(packet, depth);
  }
  DatagramKey key{.addresses = {}, .id = id, .protocol = packet.protocol};
  const std::size_t size = packet.v6 ? 16 : 4;
  std::copy_n(packet.source, size, key.addresses.begin());
  std::copy_n(packet.destination, size, key.addresses.begin() + 16);
  const auto whole = fragments_.add(key,
                                    {.bytes = packet.payload,
                                     .length = packet.payload_length,
                                     .offset = offset,
                                     .more = more,
                                     .ip_bytes = packet.length});
  if (whole) {
    packet.payload = whole->payload;
    packet.payload_length = static_cast<std::uint32_t>(whole->payload.size());
    packet.length = whole->ip_bytes;
    packet.frames = whole->frames;
    transport(packet, depth);
  }
}

void Layers::transport(const Packet& packet, unsigned depth)
{
  if (packet.protocol == protocol::tcp) {
    return taker_.take(packet);
  }
  taker_.take(packet);
  if (depth >= deepest) {
    ++counts_.too_deep;
    return;
  }
  const auto payload = packet.payload;
  switch (packet.protocol) {
  case protocol::udp:
    return in_udp(packet, depth);
  case protocol::ipv4:
    return ipv4(payload, depth + 1, packet.quoted);
  case protocol::ipv6:
    return ipv6(payload, depth + 1, packet.quoted);
  case protocol::gre:
    return packet.quoted ? void() : gre(payload, depth + 1);
  case protocol::ah:
    // As an extension header of IPv6, but counted in other units (RFC 4302).
    if (payload.size() >= 12) {
      Packet inner = packet;
      const std::size_t size = (payload[1] + 2U) * 4U;
      inner.protocol = payload[0];
      inner.payload = after(payload, size);
      inner.payload_length -=
          std::min<std::uint32_t>(inner.payload_length, static_cast<std::uint32_t>(size));
      transport(inner, depth + 1);
    }
    return;
  case protocol::icmp:
  case protocol::icmp6: {
    // Errors send back the beginning of what they are about.
    const bool is_error =
        !payload.empty() && (packet.protocol == protocol::icmp6
                                 ? payload[0] >= 1 && payload[0] <= 4
                                 : payload[0] == 3 || payload[0] == 4 || payload[0] == 5 ||
                                       payload[0] == 11 || payload[0] == 12);
    if (is_error && payload.size() > 8 && !packet.quoted) {
      any_ip(payload.subspan(8), depth + 1, true);
    }
    return;
  }
  default:
    return;
  }
}

/// RFC 2784 and 2890; version 1 carries PPP (RFC 2637).
void Layers::gre(Bytes bytes, unsigned depth)
{
  if (bytes.size() < 4) {
    return malformed();
  }
  const unsigned flags = bytes[0];
  const bool is_pptp = (bytes[1] & 7U) == 1;
  const auto type = number16(&bytes[2]);
  std::size_t header = 4;
  header += (flags & 0x80U) != 0 ? 4U : 0U;
  header += (flags & 0x20U) != 0 ? 4U : 0U;
  header += (flags & 0x10U) != 0 ? 4U : 0U;
  header += is_pptp && (bytes[1] & 0x80U) != 0 ? 4U : 0U;
  if (type == ether::erspan) {
    // With a sequence number it is of type II, with 8 bytes before the frame.
    return ethernet(after(bytes, header + ((flags & 0x10U) != 0 ? 8U : 0U)), depth);
  }
  if (header >= bytes.size()) {
    return;  // PPTP's acknowledgements carry nothing
  }
  by_type(type, bytes.subspan(header), depth);
}

void Layers::in_udp(const Packet& packet, unsigned depth)
{
  if (packet.payload.size() < 8 || packet.quoted) {
    return;
  }
  const auto source = number16(packet.payload.data());
  const auto destination = number16(&packet.payload[2]);
  const auto inner = packet.payload.subspan(8);
  if (source == port::teredo || destination == port::teredo) {
    return teredo(inner, depth + 1);
  }
  switch (destination) {
  case port::vxlan:
  case port::old_vxlan:
    // The flag says that there is a network's number (RFC 7348).
    return inner.size() >= 22 && (inner[0] & 0x08U) != 0 ? ethernet(inner.subspan(8), depth + 1)
                                                         : void();
  case port::geneve:
    if (inner.size() >= 8 && inner[0] >> 6U == 0) {
      by_type(number16(&inner[2]), after(inner, 8 + (inner[0] & 0x3fU) * 4U), depth + 1);
    }
    return;
  case port::gtp_user:
    return gtp(inner, depth + 1);
  default:
    break;
  }
  if (source == port::capwap_data || destination == port::capwap_data) {
    capwap(inner, depth + 1);
  }
}

/// RFC 4380: an authentication header and an origin may stand before the packet.
void Layers::teredo(Bytes bytes, unsigned depth)
{
  if (bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 1) {
    bytes = after(bytes, std::size_t{13} + bytes[2] + bytes[3]);
  }
  if (bytes.size() >= 8 && bytes[0] == 0 && bytes[1] == 0) {
    bytes = bytes.subspan(8);
  }
  if (bytes.size() >= 40 && bytes[0] >> 4U == 6) {
    ipv6(bytes, depth, false);
  }
}

/// 3GPP TS 29.281: a packet of a user is message 255 of version 1.
void Layers::gtp(Bytes bytes, unsigned depth)
{
  if (bytes.size() < 8 || (bytes[0] & 0xf0U) != 0x30 || bytes[1] != 255) {
    return;
  }
  const unsigned flags = bytes[0] & 7U;
  std::size_t header = 8;
  if (flags != 0) {
    if (bytes.size() < 12) {
      return malformed();
    }
    header = 12;
    std::uint8_t next = (flags & 4U) != 0 ? bytes[11] : std::uint8_t{0};
    while (next != 0) {
      const std::size_t size = header < bytes.size() ? bytes[header] * std::size_t{4} : 0;
      if (size == 0 || size > bytes.size() - header) {
        return malformed();
      }
      header += size;
      next = bytes[header - 1];
    }
  }
  const auto inner = after(bytes, header);
  if (!inner.empty() && (inner[0] >> 4U == 4 || inner[0] >> 4U == 6)) {
    any_ip(inner, depth);
  }
}

/// RFC 5415: a header whose length is told in units of 4, then a frame of IEEE 802.11 or, without
/// the flag T, of Ethernet. Fragments of its own and what is encrypted are left.
void Layers::capwap(Bytes bytes, unsigned depth)
{
  if (bytes.size() < 8 || bytes[0] != 0) {
    return;
  }
  const std::size_t header = (bytes[1] >> 3U) * std::size_t{4};
  const bool native = (bytes[2] & 1U) != 0;
  const bool fragment = (bytes[3] & 0x80U) != 0;
  if (header < 8 || header > bytes.size() || fragment) {
    return;
  }
  native ? wlan(bytes.subspan(header), true, depth) : ethernet(bytes.subspan(header), depth);
}

}  // namespace zonder::wire::capture
