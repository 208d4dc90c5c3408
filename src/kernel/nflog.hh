// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "net/address.hh"

namespace zonder::kernel {

/// What a rule's log step told of one packet.
struct LoggedPacket {
  std::string prefix;  // the rule's
  net::Address source;
  net::Address destination;
  std::uint8_t protocol = 0;
  std::uint16_t source_port = 0;  // 0 where the protocol has none
  std::uint16_t destination_port = 0;
};

/// Reads the beginning of an IPv4 or IPv6 packet; extension headers of IPv6 are stepped over. The
/// prefix stays empty. Nothing: cut off, or not IP.
std::optional<LoggedPacket> read_packet(std::span<const std::uint8_t> bytes);

/// One of the kernel's log groups (nfnetlink_log), read without libnetfilter_log, which brings a
/// library of its own for the same few messages.
class PacketLog {
public:
  /// `socket` is a NETLINK_NETFILTER socket (NftSocket::open_descriptor); asks for the group.
  static Result<PacketLog> over(Descriptor socket, std::uint16_t group);

  /// To poll for reading.
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// Takes all that is there now, without waiting.
  void read(const std::function<void(const LoggedPacket&)>& each);

  /// How often the kernel had to throw messages away since nobody read them in time.
  [[nodiscard]] std::uint64_t overruns() const { return overruns_; }
  /// Messages that could not be understood.
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

private:
  explicit PacketLog(Descriptor socket) : socket_(std::move(socket)) {}
  Descriptor socket_;
  std::uint64_t overruns_ = 0;
  std::uint64_t unreadable_ = 0;
};

}  // namespace zonder::kernel
