// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.hh"

// Frames and capture files by hand, from the inside out: ether(ip("10.0.0.1", "10.0.0.2",
// udp(...))).
namespace zonder::test {

using Octets = std::vector<std::uint8_t>;

inline void add(Octets& to, std::uint64_t value, std::size_t width)
{
  for (std::size_t i = width; i-- > 0;) {
    to.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xffU));
  }
}

inline Octets joined(Octets first, const Octets& second)
{
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline Octets octets(std::string_view text)
{
  return {text.begin(), text.end()};
}

inline Octets part(const Octets& bytes, std::size_t from, std::size_t count = std::string::npos)
{
  const auto start = std::min(from, bytes.size());
  const auto size = std::min(count, bytes.size() - start);
  return {bytes.begin() + static_cast<std::ptrdiff_t>(start),
          bytes.begin() + static_cast<std::ptrdiff_t>(start + size)};
}

inline Octets udp(unsigned from, unsigned to, const Octets& payload)
{
  Octets bytes;
  add(bytes, from, 2);
  add(bytes, to, 2);
  add(bytes, payload.size() + 8, 2);
  add(bytes, 0, 2);
  return joined(bytes, payload);
}

inline constexpr unsigned syn = 2;
inline constexpr unsigned ack = 16;

inline Octets
tcp(unsigned from, unsigned to, std::uint32_t sequence, const Octets& payload, unsigned flags = ack)
{
  Octets bytes;
  add(bytes, from, 2);
  add(bytes, to, 2);
  add(bytes, sequence, 4);
  add(bytes, 0, 4);
  add(bytes, 0x50, 1);
  add(bytes, flags, 1);
  add(bytes, 0xffff, 2);
  add(bytes, 0, 4);
  return joined(bytes, payload);
}

struct IpOptions {
  unsigned id = 0;
  std::size_t offset = 0;
  bool more = false;
  std::size_t told_length = 0;  // 0: as it is
};

/// IPv4 or IPv6, as the addresses are. A fragment where an offset is given, or more follow.
inline Octets ip(const std::string& from,
                 const std::string& to,
                 unsigned protocol,
                 const Octets& payload,
                 const IpOptions& options = {})
{
  const auto source = net::Address::parse(from).value();
  const auto destination = net::Address::parse(to).value();
  const auto put_address = [](Octets& bytes, net::Address address) {
    const auto raw = address.bytes();
    bytes.insert(bytes.end(), raw.begin(), raw.begin() + (address.is_v4() ? 4 : 16));
  };
  Octets bytes;
  const bool fragment = options.offset != 0 || options.more;
  if (source.is_v4()) {
    add(bytes, 0x4500, 2);
    add(bytes, options.told_length != 0 ? options.told_length : payload.size() + 20, 2);
    add(bytes, options.id, 2);
    add(bytes, (options.more ? 0x2000U : 0U) | options.offset / 8, 2);
    add(bytes, 64, 1);
    add(bytes, protocol, 1);
    add(bytes, 0, 2);
    put_address(bytes, source);
    put_address(bytes, destination);
    return joined(bytes, payload);
  }
  add(bytes, 0x60000000, 4);
  add(bytes, payload.size() + (fragment ? 8 : 0), 2);
  add(bytes, fragment ? 44 : protocol, 1);
  add(bytes, 64, 1);
  put_address(bytes, source);
  put_address(bytes, destination);
  if (fragment) {
    add(bytes, protocol, 1);
    add(bytes, 0, 1);
    add(bytes, options.offset | (options.more ? 1U : 0U), 2);
    add(bytes, options.id, 4);
  }
  return joined(bytes, payload);
}

inline Octets ether_type(unsigned type, const Octets& payload)
{
  Octets bytes(12, 2);
  add(bytes, type, 2);
  return joined(bytes, payload);
}

inline Octets ether(const Octets& packet)
{
  return ether_type(packet.at(0) >> 4U == 4 ? 0x0800 : 0x86dd, packet);
}

/// A capture of one kind of link. All of this in the order of bytes asked for.
struct FileOptions {
  bool big_endian = false;
  bool nanoseconds = false;
  std::uint32_t link = 1;
};

inline void put(Octets& to, std::uint64_t value, std::size_t width, bool big_endian)
{
  for (std::size_t i = 0; i < width; ++i) {
    const auto at = big_endian ? width - 1 - i : i;
    to.push_back(static_cast<std::uint8_t>(value >> (8 * at) & 0xffU));
  }
}

/// One frame a second from 1,750,000,000 on, each with 5 of the fraction's units.
inline Octets pcap(const std::vector<Octets>& frames, const FileOptions& options = {})
{
  Octets file;
  const auto number = [&](std::uint64_t value, std::size_t width) {
    put(file, value, width, options.big_endian);
  };
  number(options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4);
  number(2, 2);
  number(4, 2);
  number(0, 8);
  number(65535, 4);
  number(options.link, 4);
  std::uint32_t second = 1750000000;
  for (const auto& frame : frames) {
    number(second++, 4);
    number(5, 4);
    number(frame.size(), 4);
    number(frame.size(), 4);
    file.insert(file.end(), frame.begin(), frame.end());
  }
  return file;
}

inline Octets block(std::uint32_t type, Octets body, bool big_endian = false)
{
  body.resize((body.size() + 3) / 4 * 4);
  Octets bytes;
  put(bytes, type, 4, big_endian);
  put(bytes, body.size() + 12, 4, big_endian);
  bytes.insert(bytes.end(), body.begin(), body.end());
  put(bytes, body.size() + 12, 4, big_endian);
  return bytes;
}

inline Octets section(bool big_endian = false)
{
  Octets body;
  put(body, 0x1a2b3c4d, 4, big_endian);
  put(body, 1, 2, big_endian);
  put(body, 0, 2, big_endian);
  put(body, ~std::uint64_t{0}, 8, big_endian);
  return block(0x0a0d0d0a, body, big_endian);
}

/// `resolution`: 0 leaves the option out.
inline Octets interface(unsigned link, unsigned resolution = 0, bool big_endian = false)
{
  Octets body;
  put(body, link, 2, big_endian);
  put(body, 0, 2, big_endian);
  put(body, 0, 4, big_endian);
  if (resolution != 0) {
    put(body, 9, 2, big_endian);
    put(body, 1, 2, big_endian);
    put(body, resolution, 1, big_endian);
    body.resize(body.size() + 3);
    put(body, 0, 4, big_endian);
  }
  return block(1, body, big_endian);
}

inline Octets
packet_block(unsigned which, std::uint64_t ticks, const Octets& frame, bool big_endian = false)
{
  Octets body;
  put(body, which, 4, big_endian);
  put(body, ticks >> 32U, 4, big_endian);
  put(body, ticks & 0xffffffffU, 4, big_endian);
  put(body, frame.size(), 4, big_endian);
  put(body, frame.size(), 4, big_endian);
  body.insert(body.end(), frame.begin(), frame.end());
  return block(6, body, big_endian);
}

}  // namespace zonder::test
