// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>

#include "wire/capture/fragments.hh"
#include "wire/capture/frames.hh"

// From a frame to the IP packets in it: the link's own header, tags (802.1Q, QinQ), MPLS, PPPoE,
// and what is carried in something else: 4in6, 6in4, IP in IP, GRE, VXLAN, GENEVE, Teredo, GTP-U,
// CAPWAP.
namespace zonder::wire::capture {

namespace protocol {
inline constexpr std::uint8_t icmp = 1;
inline constexpr std::uint8_t ipv4 = 4;
inline constexpr std::uint8_t tcp = 6;
inline constexpr std::uint8_t udp = 17;
inline constexpr std::uint8_t ipv6 = 41;
inline constexpr std::uint8_t gre = 47;
inline constexpr std::uint8_t esp = 50;
inline constexpr std::uint8_t ah = 51;
inline constexpr std::uint8_t icmp6 = 58;
inline constexpr std::uint8_t sctp = 132;
inline constexpr std::uint8_t udp_lite = 136;
}  // namespace protocol

/// One IP packet, put together where it came in fragments.
struct Packet {
  bool v6 = false;
  bool quoted = false;  // in a message of ICMP, which sends back the beginning of what it is about
  std::uint8_t protocol = 0;
  const std::uint8_t* source = nullptr;  // 4 or 16 bytes
  const std::uint8_t* destination = nullptr;
  std::uint32_t length = 0;  // on the wire, with its headers
  std::uint32_t frames = 1;
  Bytes payload;                     // what was captured
  std::uint32_t payload_length = 0;  // on the wire
};

class PacketTaker {
public:
  PacketTaker() = default;
  PacketTaker(const PacketTaker&) = delete;
  PacketTaker& operator=(const PacketTaker&) = delete;
  PacketTaker(PacketTaker&&) = delete;
  PacketTaker& operator=(PacketTaker&&) = delete;
  virtual ~PacketTaker() = default;
  virtual void take(const Packet& packet) = 0;
};

struct LayerCounts {
  std::uint64_t without_ip = 0;  // frames of other kinds: ARP, and what is not known
  std::uint64_t malformed = 0;   // headers that are cut off or contradict themselves
  std::uint64_t too_deep = 0;    // carried in more things than anybody means
  std::map<std::uint32_t, std::uint64_t> unknown_links;  // frames by their LINKTYPE_ number
};

class Layers {
public:
  explicit Layers(PacketTaker& taker) : taker_(taker) {}

  /// Gives each packet, the outer before what it carries.
  void frame(std::uint32_t link, Bytes bytes);
  /// What a packet of UDP carries, where it was taken without this.
  void carried(const Packet& packet) { in_udp(packet, 0); }
  void end() { fragments_.end(); }

  [[nodiscard]] const LayerCounts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t lost_fragments() const { return fragments_.lost_frames(); }

private:
  void ethernet(Bytes bytes, unsigned depth);
  void by_type(std::uint16_t type, Bytes bytes, unsigned depth);
  void mpls(Bytes bytes, unsigned depth);
  void ppp(Bytes bytes, unsigned depth);
  void wlan(Bytes bytes, bool from_capwap, unsigned depth);
  void llc(Bytes bytes, unsigned depth);
  void loopback(Bytes bytes, bool big_endian, unsigned depth);
  void any_ip(Bytes bytes, unsigned depth, bool quoted = false);
  void ipv4(Bytes bytes, unsigned depth, bool quoted);
  void ipv6(Bytes bytes, unsigned depth, bool quoted);
  void fragment(Packet& packet, std::uint32_t id, std::size_t offset, bool more, unsigned depth);
  void transport(const Packet& packet, unsigned depth);
  void gre(Bytes bytes, unsigned depth);
  void in_udp(const Packet& packet, unsigned depth);
  void teredo(Bytes bytes, unsigned depth);
  void gtp(Bytes bytes, unsigned depth);
  void capwap(Bytes bytes, unsigned depth);
  void malformed() { ++counts_.malformed; }
  void no_ip() { ++counts_.without_ip; }

  PacketTaker& taker_;
  Fragments fragments_;
  LayerCounts counts_;
};

}  // namespace zonder::wire::capture
