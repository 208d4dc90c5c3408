// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "wire/capture/first_words.hh"

// The first packets of a QUIC client: "Initial" packets are encrypted with keys that anybody can
// make from what the packet says in the open (RFC 9001 5.2; version 2: RFC 9369), so that only who
// cannot see the packet is kept out. In them lies a ClientHello of TLS, in pieces ("CRYPTO frames")
// that may come in any order over several packets.
namespace zonder::wire::capture {

/// Whether the datagram begins with an Initial packet of a version that can be read.
bool may_be_quic_initial(Bytes datagram);

/// What is known of one client's ClientHello so far.
struct QuicHello {
  std::uint32_t version = 0;
  std::array<std::uint8_t, 20> connection{};  // id that the keys were made from
  std::uint8_t connection_size = 0;
  bool has_keys = false;
  bool found = false;   // the hello with this connection's id was read
  unsigned misses = 0;  // packets with other ids since, that could not be opened
  std::array<std::uint8_t, 16> key{};
  std::array<std::uint8_t, 12> iv{};
  std::array<std::uint8_t, 16> header_key{};
  std::vector<std::uint8_t> message;  // from its start on without a hole
  struct Piece {
    std::size_t offset = 0;
    std::vector<std::uint8_t> bytes;
  };
  std::vector<Piece> pieces;  // that lie behind a hole
};

class QuicInitials {
public:
  QuicInitials();
  ~QuicInitials();
  QuicInitials(const QuicInitials&) = delete;
  QuicInitials& operator=(const QuicInitials&) = delete;
  QuicInitials(QuicInitials&&) = delete;
  QuicInitials& operator=(QuicInitials&&) = delete;

  /// Other: nothing in the datagram could be opened as a client's. Done, once for each connection:
  /// the hello is whole.
  Reading read(Bytes datagram, QuicHello& hello, HelloWords& words);

private:
  struct Ciphers;
  bool make_keys(std::uint32_t version, Bytes connection, unsigned attempt, QuicHello& hello);
  bool open(Bytes packet, std::size_t number_at, const QuicHello& hello);

  std::unique_ptr<Ciphers> ciphers_;
  std::vector<std::uint8_t> header_;
  std::vector<std::uint8_t> plain_;
};

}  // namespace zonder::wire::capture
