// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/plain_frame.hh"

namespace zonder::wire::capture {

End end_of(const std::uint8_t* address, bool v6, std::uint16_t port)
{
  return v6 ? End{.high = number64(address), .low = number64(address + 8), .port = port}
            : End{.high = 0, .low = number32(address), .port = port};
}

void find_place(const Packet& packet,
                std::uint16_t source,
                std::uint16_t destination,
                FlowPlace& place)
{
  const auto from = end_of(packet.source, packet.v6, source);
  const auto to = end_of(packet.destination, packet.v6, destination);
  place.by_b = to < from;
  place.hash = place.by_b ? place.key.set(to, from, packet.protocol, packet.v6)
                          : place.key.set(from, to, packet.protocol, packet.v6);
}

bool read_plain(const Frame& frame, PlainFrame& plain)
{
  constexpr std::size_t link = 14;
  constexpr std::size_t smallest = link + 40 + 20;
  if (frame.link != 1 || frame.bytes.size() < smallest) {
    return false;
  }
  const auto* bytes = frame.bytes.data();
  const auto* ip = bytes + link;
  const auto available = frame.bytes.size() - link;
  std::size_t header = 0;
  std::size_t length = 0;
  Packet& packet = plain.packet;
  const auto type = number16(bytes + 12);
  if (type == 0x0800) {
    header = 20;
    length = number16(ip + 2);
    packet.protocol = ip[9];
    packet.source = ip + 12;
    packet.destination = ip + 16;
    if (ip[0] != 0x45 || (number16(ip + 6) & 0x3fffU) != 0) {
      return false;
    }
  } else if (type == 0x86dd && ip[0] >> 4U == 6) {
    header = 40;
    length = header + number16(ip + 4);
    packet.protocol = ip[6];
    packet.source = ip + 8;
    packet.destination = ip + 24;
  } else {
    return false;
  }
  const bool known = packet.protocol == protocol::tcp || packet.protocol == protocol::udp;
  if (!known || length > available || length < header + 8) {
    return false;
  }
  packet.v6 = header == 40;
  packet.length = static_cast<std::uint32_t>(length);
  packet.payload = {ip + header, length - header};
  packet.payload_length = static_cast<std::uint32_t>(length - header);
  find_place(packet, number16(ip + header), number16(ip + header + 2), plain.flow);
  return true;
}

}  // namespace zonder::wire::capture
