// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_clients.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/epoll.h>

namespace zonder::isolate {
namespace {

namespace dns = wire::dns;

constexpr std::size_t most_connections = 64;
constexpr int most_at_once = 64;
constexpr std::size_t length_prefix = 2;
constexpr std::chrono::seconds longest_silence{10};
// Answers that somebody does not fetch: past this the connection ends.
constexpr std::size_t most_unsent = std::size_t{1} << 20U;

bool set_nonblocking(int descriptor)
{
  const int flags = fcntl(descriptor, F_GETFL);
  return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0;
}

InternetPlace place_of(const sockaddr_storage& address, socklen_t size)
{
  const auto named = place_named_by({reinterpret_cast<const std::uint8_t*>(&address), size});
  const auto* place = std::get_if<InternetPlace>(&named);
  return place != nullptr ? *place : InternetPlace{};
}

InternetPlace far_end(int socket)
{
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0
             ? place_of(address, size)
             : InternetPlace{};
}

tl::unexpected<Error> cannot_listen()
{
  return fail(Fault::NotPossible, std::strerror(errno));
}

}  // namespace

std::string RoomClients::Client::key() const
{
  std::string key = std::to_string(token) + '/';
  key.append(reinterpret_cast<const char*>(&address), address_size);
  return key;
}

RoomClients::RoomClients(EventLoop& loop, OnMessage on_message)
    : loop_(loop), on_message_(std::move(on_message)), listeners_(loop)
{
}

RoomClients::~RoomClients()
{
  close_all();
}

void RoomClients::close_all()
{
  listeners_.close();
  while (!connections_.empty()) {
    close(connections_.begin()->first);
  }
  for (const auto& [token, socket] : udp_) {
    loop_.forget(token);
  }
  udp_.clear();
}

Result<void> RoomClients::add_udp(Descriptor socket)
{
  if (!set_nonblocking(socket.get())) {
    return cannot_listen();
  }
  const auto token =
      loop_.watch(socket.get(), EPOLLIN, [this](Token self, std::uint32_t) { on_udp(self); });
  if (!token) {
    return fail(token.error());
  }
  udp_.emplace(*token, std::move(socket));
  return {};
}

Result<void> RoomClients::add_tcp(Descriptor listener)
{
  return listeners_.add(std::move(listener),
                        [this](Descriptor socket) { add_connection(std::move(socket)); });
}

std::uint64_t RoomClients::not_heard() const
{
  std::uint64_t dropped = ended_for_others_;
  for (const auto& [token, socket] : udp_) {
    std::array<std::uint32_t, SK_MEMINFO_VARS> numbers{};
    socklen_t size = sizeof numbers;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_MEMINFO, numbers.data(), &size) == 0) {
      dropped += numbers[SK_MEMINFO_DROPS];
    }
  }
  return dropped;
}

bool RoomClients::has_unread() const
{
  std::vector<pollfd> all = listeners_.to_poll();
  for (const auto& [token, socket] : udp_) {
    all.push_back({.fd = socket.get(), .events = POLLIN, .revents = 0});
  }
  for (const auto& [token, connection] : connections_) {
    if (!connection.asked_all) {
      all.push_back({.fd = connection.descriptor.get(), .events = POLLIN, .revents = 0});
    }
  }
  return ::poll(all.data(), all.size(), 0) > 0;
}

void RoomClients::on_udp(Token token)
{
  dns::Bytes buffer(dns::largest_message);
  for (int i = 0; i < most_at_once; ++i) {
    Client client{.over_tcp = false, .token = token};
    client.address_size = sizeof client.address;
    const auto got = recvfrom(udp_.at(token).get(),
                              buffer.data(),
                              buffer.size(),
                              MSG_DONTWAIT,
                              reinterpret_cast<sockaddr*>(&client.address),
                              &client.address_size);
    if (got < 0) {
      return;
    }
    client.at = place_of(client.address, client.address_size);
    on_message_(client, {buffer.data(), static_cast<std::size_t>(got)});
  }
}

void RoomClients::add_connection(Descriptor socket)
{
  if (connections_.size() >= most_connections) {
    ++ended_for_others_;
    close(connections_.begin()->first);
  }
  const auto token = loop_.watch(socket.get(), EPOLLIN, [this](Token self, std::uint32_t events) {
    on_connection(self, events);
  });
  if (!token) {
    return;
  }
  auto& connection = connections_[*token];
  connection.far = far_end(socket.get());
  connection.descriptor = std::move(socket);
  keep_alive(*token, connection);
}

void RoomClients::keep_alive(Token token, Connection& connection)
{
  loop_.cancel(connection.idle);
  connection.idle = loop_.after(longest_silence, [this, token] { close(token); });
}

void RoomClients::on_connection(Token token, std::uint32_t events)
{
  const auto found = connections_.find(token);
  if (found == connections_.end()) {
    return;
  }
  const bool alive =
      ((events & EPOLLOUT) == 0 || flush(token, found->second)) &&
      ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0 || receive(token, found->second));
  if (!alive || !take_messages(token)) {
    close(token);
  }
}

/// False: the other side is done, or gone.
bool RoomClients::receive(Token token, Connection& connection)
{
  dns::Bytes buffer(length_prefix + dns::largest_message);
  const auto got = recv(connection.descriptor.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got == 0 && !connection.asked_all) {
    // It may have closed its own side only, and still wait for answers.
    connection.asked_all = true;
    loop_.change(token, connection.out.empty() ? 0U : EPOLLOUT);
    return true;
  }
  if (got <= 0) {
    return got < 0 && (errno == EAGAIN || errno == EINTR);
  }
  connection.in.insert(connection.in.end(), buffer.begin(), buffer.begin() + got);
  keep_alive(token, connection);
  return true;
}

/// Hands on the messages that are complete. False: one of them was no query.
bool RoomClients::take_messages(Token token)
{
  for (;;) {
    // Looked up anew: what a message sets off may close the connection.
    const auto found = connections_.find(token);
    if (found == connections_.end() || found->second.in.size() < length_prefix) {
      return true;
    }
    auto& in = found->second.in;
    const auto size = static_cast<std::size_t>(in[0] << 8U | in[1]);
    if (in.size() - length_prefix < size) {
      return true;
    }
    const auto end = in.begin() + static_cast<std::ptrdiff_t>(length_prefix + size);
    const dns::Bytes message(in.begin() + length_prefix, end);
    in.erase(in.begin(), end);
    if (!on_message_({.over_tcp = true, .token = token, .at = found->second.far}, message)) {
      return false;
    }
  }
}

/// Sends what can be sent without waiting. False: the connection is over.
bool RoomClients::flush(Token token, Connection& connection)
{
  while (!connection.out.empty()) {
    const auto sent = send(
        connection.descriptor.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      return false;
    }
    if (sent < 0) {
      break;
    }
    connection.out.erase(connection.out.begin(), connection.out.begin() + sent);
  }
  loop_.change(token,
               (connection.asked_all ? 0U : EPOLLIN) | (connection.out.empty() ? 0U : EPOLLOUT));
  return connection.out.size() <= most_unsent;
}

void RoomClients::answer(const Client& client, const dns::Bytes& bytes)
{
  if (!client.over_tcp) {
    const auto socket = udp_.find(client.token);
    if (socket != udp_.end()) {
      // Lost when the buffer is full, as any datagram may be: the asker asks again.
      sendto(socket->second.get(),
             bytes.data(),
             bytes.size(),
             MSG_DONTWAIT | MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&client.address),
             client.address_size);
    }
    return;
  }
  const auto found = connections_.find(client.token);
  if (found == connections_.end()) {
    return;
  }
  auto& connection = found->second;
  connection.out.push_back(static_cast<std::uint8_t>(bytes.size() >> 8U));
  connection.out.push_back(static_cast<std::uint8_t>(bytes.size() & 0xffU));
  connection.out.insert(connection.out.end(), bytes.begin(), bytes.end());
  if (!flush(client.token, connection)) {
    close(client.token);
  }
}

void RoomClients::close(Token token)
{
  const auto found = connections_.find(token);
  if (found != connections_.end()) {
    loop_.cancel(found->second.idle);
    loop_.forget(token);
    connections_.erase(found);
  }
}

}  // namespace zonder::isolate
