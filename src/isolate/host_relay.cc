// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/host_relay.hh"

#include <array>
#include <cerrno>
#include <cstddef>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/listeners.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_held = 256 * 1024;  // bytes on their way, each direction
constexpr std::size_t most_connections = 1000;

/// One end of a connection that is passed on, and what is still to be written to it.
struct End {
  Descriptor socket;
  EventLoop::Token token = 0;
  std::string out;
  bool heard_all = false;  // it says nothing more
  bool told_all = false;   // we say nothing more to it
};
struct Pair {
  End room;
  End machine;
  bool connected = false;
};

net::Address loopback(net::Family family)
{
  return family == net::Family::V4 ? net::Address::v4(0x7f000001) : net::Address::v6(0, 1);
}

/// Closing then resets the connection, as a port on which nothing listens would.
void refuse(const Descriptor& socket)
{
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool must_wait(int error)
{
  return error == EAGAIN || error == EINTR || error == ENOTCONN;
}

/// Takes what the end says; false: the connection is broken.
bool hear(End& from, std::string& into)
{
  std::array<char, 65536> bytes;
  while (!from.heard_all && into.size() < most_held) {
    const auto got = ::recv(from.socket.get(), bytes.data(), bytes.size(), 0);
    if (got < 0) {
      return must_wait(errno);
    }
    if (got == 0) {
      from.heard_all = true;
    }
    into.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return true;
}

/// Says what is to be said, and that nothing follows when `from` says nothing more.
bool tell(End& to, const End& from)
{
  while (!to.out.empty()) {
    const auto sent = ::send(to.socket.get(), to.out.data(), to.out.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return must_wait(errno);
    }
    to.out.erase(0, static_cast<std::size_t>(sent));
  }
  if (from.heard_all && !to.told_all) {
    to.told_all = true;
    (void)::shutdown(to.socket.get(), SHUT_WR);
  }
  return true;
}

std::uint32_t wishes(const End& end, const End& other)
{
  const bool listen = !end.heard_all && other.out.size() < most_held;
  return (listen ? EPOLLIN : 0U) | (end.out.empty() ? 0U : EPOLLOUT);
}

}  // namespace

struct HostRelay::State {
  explicit State(EventLoop opened) : loop(std::move(opened)), listeners(loop) {}

  Result<void> listen_at(HostPort port);
  void take_in(net::Family family, std::uint16_t port, Descriptor room);
  void on_event(std::uint64_t number);
  bool pass_on(Pair& pair);
  void watch_further(End& end, const End& other);
  void close(std::uint64_t number);

  EventLoop loop;
  Listeners listeners;
  std::map<std::uint64_t, Pair> pairs;
  std::uint64_t next = 1;
  std::thread thread;
};

Result<void> HostRelay::State::listen_at(HostPort port)
{
  return listeners.add(std::move(port.listener),
                       [this, family = port.family, number = port.port](Descriptor room) {
                         take_in(family, number, std::move(room));
                       });
}

void HostRelay::State::take_in(net::Family family, std::uint16_t port, Descriptor room)
{
  Pair pair;
  pair.room.socket = std::move(room);
  pair.machine.socket = Descriptor(::socket(family == net::Family::V4 ? AF_INET : AF_INET6,
                                            SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                                            0));
  const SocketAddress there(loopback(family), port);
  if (pairs.size() >= most_connections || !pair.machine.socket ||
      (::connect(pair.machine.socket.get(), there.get(), there.length) != 0 &&
       errno != EINPROGRESS)) {
    refuse(pair.room.socket);
    return;
  }
  const auto number = next++;
  const auto wake = [this, number](EventLoop::Token, std::uint32_t) {
    on_event(number);
  };
  const auto machine = loop.watch(pair.machine.socket.get(), EPOLLOUT, wake);
  const auto inside = loop.watch(pair.room.socket.get(), 0, wake);
  if (machine) {
    pair.machine.token = *machine;
  }
  if (inside) {
    pair.room.token = *inside;
  }
  pairs.emplace(number, std::move(pair));
  if (!machine || !inside) {
    close(number);
  }
}

void HostRelay::State::on_event(std::uint64_t number)
{
  const auto found = pairs.find(number);
  if (found == pairs.end()) {
    return;
  }
  auto& pair = found->second;
  if (!pair.connected) {
    int error = 0;
    socklen_t length = sizeof error;
    (void)::getsockopt(pair.machine.socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
      refuse(pair.room.socket);
      close(number);
      return;
    }
    pair.connected = true;
  }
  if (!pass_on(pair) || (pair.room.told_all && pair.machine.told_all)) {
    close(number);
    return;
  }
  watch_further(pair.room, pair.machine);
  watch_further(pair.machine, pair.room);
}

/// An end that is over in both directions would report that without end.
void HostRelay::State::watch_further(End& end, const End& other)
{
  if (end.token == 0) {
    return;
  }
  if (end.heard_all && end.told_all) {
    loop.forget(std::exchange(end.token, 0));
    return;
  }
  loop.change(end.token, wishes(end, other));
}

bool HostRelay::State::pass_on(Pair& pair)
{
  return hear(pair.room, pair.machine.out) && hear(pair.machine, pair.room.out) &&
         tell(pair.machine, pair.room) && tell(pair.room, pair.machine);
}

void HostRelay::State::close(std::uint64_t number)
{
  const auto found = pairs.find(number);
  if (found == pairs.end()) {
    return;
  }
  for (const auto* end : {&found->second.room, &found->second.machine}) {
    if (end->token != 0) {
      loop.forget(end->token);
    }
  }
  pairs.erase(found);
}

HostRelay::HostRelay(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<HostRelay>> HostRelay::start(std::vector<HostPort> ports)
{
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(std::move(*loop));
  for (auto& port : ports) {
    ZONDER_TRY(state->listen_at(std::move(port)));
  }
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->loop.run(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that passes on to this machine: {}", problem.what()));
  }
  return std::unique_ptr<HostRelay>(new HostRelay(std::move(state)));
}

HostRelay::~HostRelay()
{
  state_->loop.stop();
  state_->thread.join();
}

}  // namespace zonder::isolate
