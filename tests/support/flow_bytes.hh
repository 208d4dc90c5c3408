// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

// Datagrams and frames, a number at a time.
namespace zonder::test {

/// Numbers in network order, each with how many bytes it takes.
inline std::string big_endian(std::initializer_list<std::pair<std::uint64_t, int>> numbers)
{
  std::string bytes;
  for (const auto& [number, size] : numbers) {
    for (int i = size - 1; i >= 0; --i) {
      bytes += static_cast<char>(number >> (8 * i) & 0xFFU);
    }
  }
  return bytes;
}

/// With its length before it, in four bytes.
inline std::string framed(const std::string& bytes)
{
  return big_endian({{bytes.size(), 4}}) + bytes;
}

/// A set of NetFlow 9 or IPFIX, with its header.
inline std::string flow_set(std::uint16_t id, const std::string& content)
{
  return big_endian({{id, 2}, {content.size() + 4, 2}}) + content;
}

inline std::string netflow9(const std::string& sets)
{
  return big_endian({{9, 2}, {1, 2}, {60'000, 4}, {1'795'000'000, 4}, {1, 4}, {7, 4}}) + sets;
}

inline std::string ipfix(const std::string& sets)
{
  return big_endian({{10, 2}, {sets.size() + 16, 2}, {1'795'000'000, 4}, {1, 4}, {7, 4}}) + sets;
}

/// Of one record: from 10.0.0.5:40000 to 192.0.2.7:443 over TCP, 1,500 bytes.
inline std::string netflow5(std::uint16_t count = 1, std::uint16_t flags = 0x1B)
{
  return big_endian({{5, 2}, {count, 2}, {60'000, 4}, {1'795'000'000, 4}, {0, 4}, {0, 8}}) +
         big_endian({{0x0A000005, 4},
                     {0xC0000207, 4},
                     {0, 8},
                     {3, 4},
                     {1500, 4},
                     {30'000, 4},
                     {40'000, 4},
                     {40'000, 2},
                     {443, 2},
                     {flags, 2},
                     {6, 1},
                     {0, 9}});
}

/// protobuf: a field of bytes, and one of a number.
inline std::string pb_varint(std::uint64_t number)
{
  std::string bytes;
  for (; number >= 128; number >>= 7U) {
    bytes += static_cast<char>(number | 128U);
  }
  return bytes + static_cast<char>(number);
}
inline std::string pb(unsigned tag, const std::string& bytes)
{
  return pb_varint(tag << 3U | 2U) + pb_varint(bytes.size()) + bytes;
}
inline std::string pb(unsigned tag, std::uint64_t number)
{
  return pb_varint(tag << 3U) + pb_varint(number);
}

inline std::string dnstap_start()
{
  const std::string type = "protobuf:dnstap.Dnstap";
  return big_endian({{0, 4}, {type.size() + 12, 4}, {2, 4}, {1, 4}, {type.size(), 4}}) + type;
}
inline std::string dnstap_stop()
{
  return big_endian({{0, 4}, {4, 4}, {3, 4}});
}

/// Who asked (10.0.0.5) in a message of this type: 5 a client's query, 6 its answer.
inline std::string dnstap_frame(unsigned type, const std::string& dns)
{
  const auto message = pb(1, type) + pb(4, big_endian({{0x0A000005, 4}})) +
                       pb(type % 2 == 1 ? 8 : 12, 1'795'000'000) + pb(type % 2 == 1 ? 10 : 14, dns);
  return framed(pb(14, message) + pb(15, 1));
}

/// A DNS message that asks for www.example.nl, with so many answers behind it.
inline std::string dns_bytes(std::uint16_t flags, std::uint16_t answers, const std::string& rest)
{
  return big_endian({{1, 2}, {flags, 2}, {1, 2}, {answers, 2}, {0, 4}}) +
         std::string("\3www\7Example\2nl\0\0\1\0\1", 20) + rest;
}

}  // namespace zonder::test
