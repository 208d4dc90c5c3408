// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/small_servers.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/close_all_but.hh"
#include "base/translate.hh"
#include "kernel/namespaces.hh"

namespace zonder::lab {
namespace {

enum class Kind { EchoTcp, EchoUdp, Peer, Slow, Reply };

/// A port that somebody may knock on.
struct Door {
  Kind kind;
  Descriptor socket;
  const SmallServers* settings;
};

/// An open TCP connection.
struct Guest {
  Kind kind;
  Descriptor socket;
  const SmallServers* settings;
  std::string heard = {};     // HTTP: the request so far
  std::size_t slow_left = 0;  // bytes still to send, one portion each tick
  bool finished = false;
};

constexpr std::size_t most_guests = 500;
constexpr std::size_t slow_size = std::size_t{1} << 20U;
constexpr std::size_t ticks_a_second = 10;

bool is_stream(Kind kind)
{
  return kind == Kind::EchoTcp || kind == Kind::Peer || kind == Kind::Slow;
}

Result<Door> open_door(Kind kind, std::uint16_t port, const Host& host)
{
  const int type = is_stream(kind) ? SOCK_STREAM : SOCK_DGRAM;
  Door door = {.kind = kind,
               .socket = Descriptor(::socket(AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
               .settings = &host.small};
  const int on = 1;
  ::setsockopt(door.socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 where = {};  // the unspecified address takes IPv4 too
  where.sin6_family = AF_INET6;
  where.sin6_port = htons(port);
  if (::bind(door.socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      (is_stream(kind) && ::listen(door.socket.get(), 64) != 0)) {
    return fail(Fault::Internal,
                say("{} cannot listen on port {}: {}", host.name, port, std::strerror(errno)));
  }
  return door;
}

Result<void> open_doors(const Host& host, std::vector<Door>& doors)
{
  const std::array<std::pair<Kind, std::uint16_t>, 5> wanted = {
      {{Kind::EchoTcp, host.small.echo_tcp},
       {Kind::EchoUdp, host.small.echo_udp},
       {Kind::Peer, host.small.peer},
       {Kind::Slow, host.small.slow},
       {Kind::Reply, host.small.reply_udp}}};
  for (const auto& [kind, port] : wanted) {
    if (port == 0) {
      continue;
    }
    auto door = open_door(kind, port, host);
    if (!door) {
      return fail(door.error());
    }
    doors.push_back(std::move(*door));
  }
  return {};
}

void send_all(Guest& guest, std::string_view text)
{
  // A guest who does not read is not waited for.
  if (::send(guest.socket.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
      static_cast<ssize_t>(text.size())) {
    guest.finished = true;
  }
}

void send_head(Guest& guest, std::size_t size)
{
  send_all(guest,
           "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
           "Content-Length: " +
               std::to_string(size) + "\r\n\r\n");
}

std::string peer_of(const Guest& guest)
{
  sockaddr_in6 who = {};
  socklen_t size = sizeof who;
  ::getpeername(guest.socket.get(), reinterpret_cast<sockaddr*>(&who), &size);
  return net::Address::from_bytes(net::Family::V6, who.sin6_addr.s6_addr).to_string() + "\n";
}

void answer_http(Guest& guest, std::string_view heard)
{
  guest.heard.append(heard);
  if (guest.heard.size() > 16384) {
    guest.finished = true;
  }
  if (guest.slow_left != 0 || guest.heard.find("\r\n\r\n") == std::string::npos) {
    return;
  }
  if (guest.kind == Kind::Slow) {
    send_head(guest, slow_size);
    guest.slow_left = slow_size;
    return;
  }
  const auto body = peer_of(guest);
  send_head(guest, body.size());
  send_all(guest, body);
  guest.finished = true;
}

void hear(Guest& guest)
{
  std::array<char, 16384> buffer{};
  const auto count = ::recv(guest.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (count <= 0) {
    guest.finished = true;
    return;
  }
  const std::string_view text(buffer.data(), static_cast<std::size_t>(count));
  if (guest.kind == Kind::EchoTcp) {
    send_all(guest, text);
  } else {
    answer_http(guest, text);
  }
}

void send_portion(Guest& guest)
{
  static const std::string portion(slow_size, '.');
  const auto share = slow_size / (guest.settings->slow_seconds * ticks_a_second) + 1;
  const auto now = std::min(share, guest.slow_left);
  const auto sent = ::send(guest.socket.get(), portion.data(), now, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) {
    guest.slow_left -= static_cast<std::size_t>(sent);
  }
  const bool is_gone = sent < 0 && errno != EAGAIN && errno != EINTR;
  guest.finished = guest.finished || is_gone || guest.slow_left == 0;
}

void answer_datagram(const Door& door)
{
  std::array<char, 65536> buffer{};
  sockaddr_storage who = {};
  socklen_t size = sizeof who;
  const auto count = ::recvfrom(door.socket.get(),
                                buffer.data(),
                                buffer.size(),
                                MSG_DONTWAIT,
                                reinterpret_cast<sockaddr*>(&who),
                                &size);
  if (count < 0) {
    return;
  }
  const std::string_view text =
      door.kind == Kind::Reply ? std::string_view(door.settings->reply_text)
                               : std::string_view(buffer.data(), static_cast<std::size_t>(count));
  ::sendto(door.socket.get(),
           text.data(),
           text.size(),
           MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&who),
           size);
}

void let_in(const Door& door, std::vector<Guest>& guests)
{
  Descriptor socket(::accept4(door.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket && guests.size() < most_guests) {
    guests.push_back({.kind = door.kind, .socket = std::move(socket), .settings = door.settings});
  }
}

constexpr int tick = static_cast<int>(1000 / ticks_a_second);  // milliseconds

/// Waits until somebody wants something, or for the next portion. Doors first, then guests.
std::vector<pollfd> wait_for_anybody(const std::vector<Door>& doors,
                                     const std::vector<Guest>& guests)
{
  std::vector<pollfd> ready;
  ready.reserve(doors.size() + guests.size());
  for (const auto& door : doors) {
    ready.push_back({.fd = door.socket.get(), .events = POLLIN, .revents = 0});
  }
  for (const auto& guest : guests) {
    ready.push_back({.fd = guest.socket.get(), .events = POLLIN, .revents = 0});
  }
  const bool slow = std::ranges::any_of(guests, [](const Guest& g) { return g.slow_left != 0; });
  ::poll(ready.data(), ready.size(), slow ? tick : -1);
  return ready;
}

void open_up(const Door& door, std::vector<Guest>& guests)
{
  if (is_stream(door.kind)) {
    let_in(door, guests);
  } else {
    answer_datagram(door);
  }
}

void send_portions(std::vector<Guest>& guests)
{
  for (auto& guest : guests) {
    if (guest.slow_left != 0) {
      send_portion(guest);
    }
  }
}

[[noreturn]] void serve(const std::vector<Door>& doors)
{
  std::vector<Guest> guests;
  auto next_tick = std::chrono::steady_clock::now();
  for (;;) {
    const auto ready = wait_for_anybody(doors, guests);
    for (std::size_t i = 0; i < guests.size(); ++i) {
      if (ready[doors.size() + i].revents != 0) {
        hear(guests[i]);
      }
    }
    for (std::size_t i = 0; i < doors.size(); ++i) {
      if (ready[i].revents != 0) {
        open_up(doors[i], guests);
      }
    }
    if (const auto now = std::chrono::steady_clock::now(); now >= next_tick) {
      next_tick = now + std::chrono::milliseconds(tick);
      send_portions(guests);
    }
    std::erase_if(guests, [](const Guest& guest) { return guest.finished; });
  }
}

std::vector<int> descriptors_of(const std::vector<Door>& doors)
{
  std::vector<int> all;
  all.reserve(doors.size());
  for (const auto& door : doors) {
    all.push_back(door.socket.get());
  }
  return all;
}

}  // namespace

Result<ChildProcess> start_small_servers(const LabFile& lab, const Namespaces& namespaces)
{
  std::vector<Door> doors;
  for (const auto& host : lab.hosts) {
    if (host.small.any()) {
      ZONDER_TRY(kernel::in_network_namespace(namespaces.at(host.name).get(),
                                              [&] { return open_doors(host, doors); }));
    }
  }
  const pid_t pid = ::fork();
  if (pid < 0) {
    return fail(Fault::Internal, say("cannot start a process: {}", std::strerror(errno)));
  }
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NAME, "lab-servers");
    close_all_but(descriptors_of(doors));
    serve(doors);
  }
  return ChildProcess(pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
}

}  // namespace zonder::lab
