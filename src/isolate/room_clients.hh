// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "base/descriptor.hh"
#include "isolate/event_loop.hh"
#include "isolate/listeners.hh"
#include "isolate/tries.hh"
#include "wire/dns/message.hh"

namespace zonder::isolate {

/// The programs in the room as the name server sees them: messages over UDP, and over TCP with
/// their length before them (RFC 7766: several on one connection, answered in any order). Whoever
/// holds a connection and says nothing loses it.
class RoomClients {
public:
  /// Who asked, and how to answer. A connection that is gone by then takes no answer.
  struct Client {
    bool over_tcp = false;
    EventLoop::Token token = 0;  // the listening UDP socket, or the connection
    sockaddr_storage address{};
    socklen_t address_size = 0;
    InternetPlace at;  // the asker

    /// The same for two messages only when the same socket sent them.
    [[nodiscard]] std::string key() const;
  };
  /// False: the bytes are no query; over TCP that ends the connection.
  using OnMessage = std::function<bool(const Client&, std::span<const std::uint8_t>)>;

  RoomClients(EventLoop& loop, OnMessage on_message);
  RoomClients(const RoomClients&) = delete;
  RoomClients& operator=(const RoomClients&) = delete;
  RoomClients(RoomClients&&) = delete;
  RoomClients& operator=(RoomClients&&) = delete;
  ~RoomClients();

  /// Bound sockets. Errors: the kernel's limits.
  Result<void> add_udp(Descriptor socket);
  Result<void> add_tcp(Descriptor listener);

  /// Messages over UDP that came too fast to be taken, and connections over TCP that were ended for
  /// others. Any thread, while sockets are there.
  [[nodiscard]] std::uint64_t not_heard() const;

  /// Whether somebody sent something that was not looked at yet.
  [[nodiscard]] bool has_unread() const;

  /// Over UDP the bytes must fit what the asker takes.
  void answer(const Client& client, const wire::dns::Bytes& bytes);

  /// Nobody is heard or answered any more. Also done by ~RoomClients.
  void close_all();

private:
  using Token = EventLoop::Token;
  struct Connection {
    Descriptor descriptor;
    InternetPlace far;
    wire::dns::Bytes in;
    wire::dns::Bytes out;
    bool asked_all = false;  // it has closed its own side
    EventLoop::Timer idle{};
  };

  void on_udp(Token token);
  void add_connection(Descriptor socket);
  void on_connection(Token token, std::uint32_t events);
  bool receive(Token token, Connection& connection);
  bool take_messages(Token token);
  bool flush(Token token, Connection& connection);
  void keep_alive(Token token, Connection& connection);
  void close(Token token);

  EventLoop& loop_;
  OnMessage on_message_;
  std::map<Token, Descriptor> udp_;
  Listeners listeners_;
  std::map<Token, Connection> connections_;  // the oldest first
  std::atomic<std::uint64_t> ended_for_others_ = 0;
};

}  // namespace zonder::isolate
