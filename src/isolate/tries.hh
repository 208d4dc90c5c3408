// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "isolate/unix_place.hh"
#include "model/run_record.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// Where a packet would go; the protocol is the number in the IP header.
struct Destination {
  net::Address address;
  std::uint8_t protocol = 0;
  std::uint16_t port = 0;  // 0 where the protocol has none
  auto operator<=>(const Destination&) const = default;
};

/// "tcp", "udp", "icmp", or the number.
std::string protocol_name(std::uint8_t number);

/// What the bytes of a sockaddr name: an internet address (an IPv4 one written as IPv6 is the IPv4
/// one) with its port, the path of a unix socket, or nothing that leads out of the room (abstract
/// and unnamed unix sockets, netlink, packet sockets).
struct InternetPlace {
  net::Address address = net::Address::v4(0);
  std::uint16_t port = 0;
};
using NamedPlace = std::variant<std::monostate, InternetPlace, std::string>;
NamedPlace place_named_by(std::span<const std::uint8_t> sockaddr);

/// Who connected to a unix socket.
struct UsedSocket {
  std::string path;
  bool is_known = true;  // else it could not be looked up what is there
  std::vector<model::Share> programs;
};

/// Who tried what, as the calls told it. Bounded: past `capacity` rows nothing new is kept, only
/// counted.
class Tries {
public:
  explicit Tries(std::size_t capacity = 200000) : capacity_(capacity) {}

  /// `sends`: a packet should follow, as it does not where a datagram socket is only connected.
  void reached_for(const Destination& destination,
                   std::size_t program,
                   model::Moment now,
                   bool sends = true);
  /// To a unix socket that was made outside the room, or may have been.
  void connected(const UnixPlace& socket, std::size_t program, model::Moment now);

  /// By first time; a program once per destination.
  [[nodiscard]] std::vector<model::Share> at(const Destination& destination) const;
  /// Everything that a packet should have gone to.
  [[nodiscard]] std::vector<std::pair<Destination, std::vector<model::Share>>> sent_to() const;
  /// By path.
  [[nodiscard]] std::vector<UsedSocket> outside() const;
  [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

private:
  struct Span {
    std::uint64_t tries = 0;
    bool sent = false;
    model::Moment first;
    model::Moment last;
  };
  using Shares = std::map<std::size_t, Span>;  // by program

  Span* note(Shares& shares, std::size_t program, model::Moment now);

  std::size_t capacity_;
  std::size_t rows_ = 0;
  std::uint64_t not_kept_ = 0;
  std::map<Destination, Shares> destinations_;
  std::map<std::pair<std::string, bool>, Shares> sockets_;  // path, and whether it is known
  std::size_t path_bytes_ = 0;
};

}  // namespace zonder::isolate
