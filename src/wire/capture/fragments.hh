// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <bitset>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "wire/capture/bytes.hh"

namespace zonder::wire::capture {

/// Which datagram a fragment is of.
struct DatagramKey {
  std::array<std::uint8_t, 32> addresses{};  // source, destination
  std::uint32_t id = 0;
  std::uint8_t protocol = 0;
  auto operator<=>(const DatagramKey&) const = default;
};

/// Puts IP datagrams together from their fragments, in any order, each byte as it first came. Keeps
/// so many datagrams and bytes at most; the one that began first goes first, and is counted.
class Fragments {
public:
  static constexpr std::size_t most_datagrams = 256;
  static constexpr std::size_t most_bytes = std::size_t{4} << 20U;
  static constexpr std::size_t longest_datagram = 65535;

  struct Piece {
    Bytes bytes;               // what was captured of it
    std::size_t length = 0;    // that it had on the wire
    std::size_t offset = 0;    // in the datagram, a multiple of 8
    bool more = false;         // it is not the last
    std::size_t ip_bytes = 0;  // with its headers
  };
  struct Whole {
    std::vector<std::uint8_t> payload;
    std::uint32_t frames = 0;
    std::uint32_t ip_bytes = 0;
  };
  /// The datagram, when this piece was the last that it lacked.
  std::optional<Whole> add(const DatagramKey& key, const Piece& piece);

  /// Frames of datagrams that were given up, or that never became whole, so far.
  [[nodiscard]] std::uint64_t lost_frames() const { return lost_frames_; }
  /// Nothing comes any more.
  void end();

private:
  struct Parts {
    std::vector<std::uint8_t> bytes;
    std::bitset<longest_datagram / 8 + 1> have;  // of each 8 bytes, whether they came
    std::size_t size = 0;                        // 0: the last piece has not come
    std::uint64_t since = 0;
    std::uint32_t frames = 0;
    std::uint32_t ip_bytes = 0;
  };
  void forget(std::map<DatagramKey, Parts>::iterator which);
  void make_room(std::size_t bytes);

  std::map<DatagramKey, Parts> parts_;
  std::map<std::uint64_t, DatagramKey> by_age_;
  std::uint64_t counter_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t lost_frames_ = 0;
};

}  // namespace zonder::wire::capture
