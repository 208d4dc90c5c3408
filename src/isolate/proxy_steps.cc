// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_steps.hh"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "isolate/original_destination.hh"

namespace zonder::isolate {
namespace {

using Phase = ProxyPhase;
using Connection = ProxyConnection;

constexpr std::size_t most_held = 256 * 1024;      // bytes on their way, each direction
constexpr std::chrono::seconds head_patience{60};  // browsers open connections beforehand

std::uint16_t port_of_peer(const Descriptor& socket)
{
  sockaddr_in6 address{};  // the port lies at the same place for IPv4
  socklen_t length = sizeof address;
  const auto got = ::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
  return got == 0 ? ntohs(address.sin6_port) : std::uint16_t{0};
}

std::optional<net::Address> address_of_peer(const Descriptor& socket)
{
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    return std::nullopt;
  }
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return net::Address::v4(ntohl(v4.sin_addr.s_addr));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &storage, sizeof v6);
  return net::Address::from_bytes(net::Family::V6, v6.sin6_addr.s6_addr);
}

}  // namespace

ProxySteps::ProxySteps(const ProxyRelay::Options& given, EventLoop& running)
    : options(given), loop(running), policy(*given.absence, given.own, given.closed),
      names({.known_here = given.known_here,
             .look_up = given.look_up,
             .answers_names = given.answers_names,
             .on_doubt =
                 [this](std::size_t proxy, std::uint64_t requests) {
                   account.of(proxy).by_name_only += requests;
                 },
             .last_patience = given.look_up_patience,
             .kept = given.kept},
            policy,
            running),
      account(given.proxies.size()), armed(given.armed)
{
}

void ProxySteps::take(std::size_t proxy, const net::Address& meant, Descriptor socket)
{
  const auto client = options.direct ? address_of_peer(socket) : std::nullopt;
  const auto device =
      client && options.direct->device ? options.direct->device(*client) : std::nullopt;
  if (connections.size() >= options.most_connections || has_its_share(client, device)) {
    ++account.turned_away;
    reset_at_close(socket);
    return;
  }
  const auto number = next++;
  auto& connection = connections[number];
  connection.proxy = proxy;
  // The one that was meant first, and the others of the same proxy.
  connection.to_try = options.proxies[proxy].addresses;
  const auto first = std::find(connection.to_try.begin(), connection.to_try.end(), meant);
  std::rotate(connection.to_try.begin(), first, connection.to_try.end());
  connection.client = client;
  if (client && options.direct->device) {
    connection.program = device;
  } else if (options.asker) {
    connection.program = options.asker(port_of_peer(socket));
  }
  connection.room.socket = std::move(socket);
  const auto token = loop.watch(
      connection.room.socket.get(),
      EPOLLIN,
      [this, number](EventLoop::Token, std::uint32_t events) { on_room(number, events); });
  if (!token) {
    ++account.turned_away;
    close(number, true);
    return;
  }
  connection.room.token = *token;
  set_deadline(number, head_patience, [this, number] {
    if (connections.at(number).in.empty()) {
      close(number, false);
    } else {
      refuse_misunderstood(number);
    }
  });
}

/// One device that opens more and more leaves the others their own, by however many addresses it
/// comes: it has no more than are free. So k of them end at 1/(k+1) of all each, and as many stay.
bool ProxySteps::has_its_share(const std::optional<net::Address>& client,
                               std::optional<std::size_t> device) const
{
  if (!client) {
    return false;
  }
  const auto open = std::count_if(connections.begin(), connections.end(), [&](const auto& each) {
    return device ? each.second.program == device : each.second.client == client;
  });
  return static_cast<std::size_t>(open) >=
         std::min(options.direct->most_per_client, options.most_connections - connections.size());
}

void ProxySteps::set_deadline(Number number,
                              std::chrono::milliseconds after,
                              std::function<void()> action)
{
  auto& connection = connections.at(number);
  loop.cancel(connection.deadline);
  connection.deadline = action ? loop.after(after, std::move(action)) : EventLoop::Timer{};
}

void ProxySteps::close(Number number, bool with_reset)
{
  const auto found = connections.find(number);
  if (found == connections.end()) {
    return;
  }
  auto& connection = found->second;
  count_unread(connection);
  if (with_reset) {
    reset_at_close(connection.room.socket);
  }
  loop.cancel(connection.deadline);
  for (const auto* end : {&connection.room, &connection.machine}) {
    if (end->token != 0) {
      loop.forget(end->token);
    }
  }
  connections.erase(found);
}

/// At its end: what was asked and never judged, or said and never read, may have been for anybody.
void ProxySteps::count_unread(Connection& connection)
{
  switch (connection.phase) {
  case Phase::LookUp:
  case Phase::InnerLookUp: {
    if (!armed) {
      return;
    }
    const bool outer = connection.phase == Phase::LookUp;
    ++account.of(connection.proxy).not_judged;
    note(connection,
         outer ? row_of(connection, model::Verdict::Blocked)
               : inner_row_of(connection, model::Verdict::Blocked));
    return;
  }
  case Phase::Head:
  case Phase::Challenge:
  case Phase::Hello:
    if (!connection.in.empty()) {
      count_extra(connection);
    }
    return;
  case Phase::Connect:
  case Phase::Reply:
  case Phase::Document:
  case Phase::Silent:
  case Phase::Answered:
    throw_away(connection);
    return;
  case Phase::Trap:
  case Phase::Tunnel:
  case Phase::Frozen:
    return;
  }
}

/// Of those that are still there: with what they said last.
void ProxySteps::count_all_unread()
{
  for (auto& [number, connection] : connections) {
    (void)hear_room(connection);
    count_unread(connection);
  }
}

void ProxySteps::on_room(Number number, std::uint32_t events)
{
  if ((events & EPOLLERR) != 0) {
    close(number, true);
    return;
  }
  go_on(number);
}

void ProxySteps::on_machine(Number number, std::uint32_t events)
{
  const auto found = connections.find(number);
  if (found != connections.end() && found->second.phase == Phase::Connect) {
    on_connecting(number);
  } else if ((events & EPOLLERR) != 0) {
    close(number, true);
    return;
  }
  go_on(number);
}

/// Hears and tells what can be heard and told, at both ends.
void ProxySteps::go_on(Number number)
{
  const auto found = connections.find(number);
  if (found == connections.end()) {
    return;
  }
  auto& connection = found->second;
  if (!hear_room(connection)) {
    close(number, true);
    return;
  }
  // A step may end the connection, and says so; or lead to the next one.
  for (auto before = Phase::Frozen; before != connection.phase;) {
    before = connection.phase;
    if (!decide(number, connection)) {
      return;
    }
  }
  if (!hear_machine(number, connection)) {
    return;
  }
  const bool wants_a_tunnel =
      (connection.phase == Phase::Connect || connection.phase == Phase::Reply) &&
      connection.request.opens_tunnel();
  const bool left_alone =
      (is_over(connection.phase) || wants_a_tunnel) && connection.room.heard_all;
  const bool told = tell_both(connection);
  const auto& room = connection.room;
  const auto& machine = connection.machine;
  if (!told || left_alone || (room.told_all && machine.told_all)) {
    close(number, !told);
    return;
  }
  watch_further(connection.room,
                (room_may_speak(connection) ? EPOLLIN : 0U) | (room.out.empty() ? 0U : EPOLLOUT));
  if (connection.phase == Phase::Connect) {
    return;
  }
  const bool machine_may_speak =
      !machine.heard_all && room.out.size() < most_held && connection.reply.size() < most_held;
  watch_further(connection.machine,
                (machine_may_speak ? EPOLLIN : 0U) | (machine.out.empty() ? 0U : EPOLLOUT));
}

/// An end that is over in both directions would report that without end.
void ProxySteps::watch_further(ProxySide& end, std::uint32_t events)
{
  if (end.token == 0) {
    return;
  }
  if (end.heard_all && end.told_all) {
    loop.forget(std::exchange(end.token, 0));
    return;
  }
  loop.change(end.token, events);
}

bool ProxySteps::room_may_speak(const Connection& connection) const
{
  return !connection.room.heard_all &&
         connection.in.size() + connection.machine.out.size() < most_held;
}

/// False: the connection is broken.
bool ProxySteps::hear_room(Connection& connection)
{
  const auto room_for = connection.machine.out.size() < most_held
                            ? most_held - connection.machine.out.size()
                            : std::size_t{0};
  return hear(connection.room, connection.in, room_for);
}

/// What is done with what the room said. False: the connection is no more.
bool ProxySteps::decide(Number number, Connection& connection)
{
  switch (connection.phase) {
  case Phase::Head:
    return read_head(number, connection);
  case Phase::Trap:
    return spring_trap(number, connection);
  case Phase::Hello:
    return read_hello(number, connection);
  case Phase::Tunnel:
    connection.machine.out += std::exchange(connection.in, {});
    return true;
  case Phase::Document:
    if (!pass_body(connection)) {
      count_extra(connection);
      close(number, true);
      return false;
    }
    return true;
  case Phase::Silent:
  case Phase::Answered:
    throw_away(connection);
    return true;
  case Phase::Frozen:
    connection.in.clear();
    return true;
  case Phase::LookUp:
  case Phase::Connect:
  case Phase::Reply:
  case Phase::Challenge:
  case Phase::InnerLookUp:
    return true;
  }
  return true;
}

/// False: one of them is broken.
bool ProxySteps::tell_both(Connection& connection)
{
  auto& room = connection.room;
  auto& machine = connection.machine;
  const bool room_is_done =
      connection.phase == Phase::Answered || (hears_proxy(connection.phase) && machine.heard_all);
  if (!tell(room, room_is_done)) {
    return false;
  }
  const bool passes_end = connection.phase == Phase::Tunnel || connection.phase == Phase::Document;
  return !machine.socket || connection.phase == Phase::Connect ||
         tell(machine, passes_end && room.heard_all);
}

/// The absent fall away: what is open to them is as silent as they are, or is reset.
void ProxySteps::cut(Number number)
{
  auto& connection = connections.at(number);
  const auto& proxy = options.proxies[connection.proxy];
  if (proxy.party) {
    connection.judgement.party = proxy.party;
  }
  const bool to_be_judged = connection.phase == Phase::LookUp && !proxy.party;
  if (connection.phase == Phase::Head || to_be_judged || is_over(connection.phase)) {
    return;
  }
  if (!connection.judgement.party) {
    go_over_the_cut(connection);
    return;
  }
  const auto row = connection.inner.empty() ? row_of(connection, model::Verdict::Blocked)
                                            : inner_row_of(connection, model::Verdict::Blocked);
  note(connection, row);
  tell_follower(connection, row);
  const bool silent = options.signature == model::Signature::Blackhole ||
                      options.signature == model::Signature::Nxdomain ||
                      options.signature == model::Signature::Servfail;
  connection.phase = Phase::Frozen;
  if (!silent) {
    close(number, true);
    return;
  }
  drop_machine(connection);
  connection.room.out.clear();
  connection.in.clear();
  set_deadline(number, {}, {});
  watch_further(connection.room, EPOLLIN);
}

/// From now on as one that was passed on after the cut.
void ProxySteps::go_over_the_cut(Connection& connection)
{
  count_doubt(connection);
  if (connection.judgement.footing == ProxyFooting::Known && !connection.pinned) {
    names.passed(connection.request.name, connection.proxy);
  }
  if (connection.judgement.footing == ProxyFooting::Known) {
    names.passed(connection.inside, connection.proxy);
  }
}

void ProxySteps::cut_everything_absent()
{
  armed = true;
  std::vector<Number> numbers;
  for (const auto& [number, connection] : connections) {
    numbers.push_back(number);
  }
  for (const auto number : numbers) {
    cut(number);
  }
}

}  // namespace zonder::isolate
