// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The way to the proxy and back.
#include <algorithm>
#include <cerrno>
#include <utility>
#include <variant>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "isolate/listeners.hh"
#include "isolate/proxy_steps.hh"
#include "isolate/socket_address.hh"
#include "wire/http/chunked_body.hh"
#include "wire/http/proxy_request.hh"
#include "wire/tls/client_hello.hh"

namespace zonder::isolate {
namespace {

namespace http = wire::http;
namespace tls = wire::tls;
using Body = http::ProxyRequest::Body;
using Phase = ProxyPhase;
using Connection = ProxyConnection;

constexpr std::size_t most_held = 256 * 1024;         // bytes of the proxy's on their way
constexpr std::chrono::seconds head_patience{60};     // for the request after a challenge
constexpr std::chrono::seconds hello_patience{10};    // from its first byte to the whole message
constexpr std::chrono::seconds connect_patience{30};  // of each of the proxy's addresses
constexpr std::chrono::seconds idle_after_extra{5};

}  // namespace

void ProxySteps::drop_machine(Connection& connection)
{
  if (connection.machine.token != 0) {
    loop.forget(std::exchange(connection.machine.token, 0));
  }
  connection.machine = {};
}

/// To the next of the proxy's addresses.
void ProxySteps::connect(Number number)
{
  auto& connection = connections.at(number);
  connection.phase = Phase::Connect;
  drop_machine(connection);
  bool short_of_means = false;
  while (!connection.to_try.empty()) {
    const auto address = connection.to_try.front();
    connection.to_try.erase(connection.to_try.begin());
    Descriptor socket(::socket(
        address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const SocketAddress there(
        address, options.direct ? connection.request.port : options.proxies[connection.proxy].port);
    if (!socket) {
      short_of_means = short_of_means || is_short_of_means(errno);
      continue;
    }
    if ((::connect(socket.get(), there.get(), there.length) != 0 && errno != EINPROGRESS)) {
      continue;
    }
    const auto token =
        loop.watch(socket.get(), EPOLLOUT, [this, number](EventLoop::Token, std::uint32_t events) {
          on_machine(number, events);
        });
    if (!token) {
      continue;
    }
    connection.machine.socket = std::move(socket);
    connection.machine.token = *token;
    set_deadline(number, connect_patience, [this, number] { connect(number); });
    return;
  }
  ++(short_of_means ? account.turned_away : account.of(connection.proxy).not_reached);
  if (options.direct) {
    answer(number, ProxyAnswer::NotConnected);
    return;
  }
  close(number, true);
}

void ProxySteps::on_connecting(Number number)
{
  auto& connection = connections.at(number);
  int error = 0;
  socklen_t length = sizeof error;
  (void)::getsockopt(connection.machine.socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) {
    connect(number);
    return;
  }
  set_deadline(number, {}, {});
  if (options.direct) {
    on_connected(connection);
    return;
  }
  send_request(connection);
}

void ProxySteps::send_request(Connection& connection)
{
  const auto& request = connection.request;
  connection.machine.out += request.head;
  connection.phase = request.opens_tunnel() ? Phase::Reply : Phase::Document;
}

/// Of the one request: to its end, and no further. What comes behind it is thrown away, so for whom
/// it was is not known; some clients end a body with an empty line. False: it is not plainly one.
bool ProxySteps::take_body(Connection& connection, std::string& into)
{
  std::size_t taken = 0;
  switch (connection.request.body) {
  case Body::None:
    break;
  case Body::Length:
    taken =
        static_cast<std::size_t>(std::min<std::uint64_t>(connection.left, connection.in.size()));
    connection.left -= taken;
    break;
  case Body::Chunked:
    taken = connection.chunks.take(connection.in);
    if (connection.chunks.state() == http::ChunkedBody::State::Malformed) {
      return false;
    }
    break;
  }
  into.append(connection.in, 0, taken);
  if (connection.in.find_first_not_of("\r\n", taken) != std::string::npos) {
    count_extra(connection);
  }
  connection.in.clear();
  return true;
}

bool ProxySteps::pass_body(Connection& connection)
{
  return take_body(connection, connection.machine.out);
}

/// Of a request that goes no further.
void ProxySteps::throw_away(Connection& connection)
{
  std::string nowhere;
  if (!take_body(connection, nowhere)) {
    count_extra(connection);
  }
  connection.in.clear();
}

/// Once a connection.
void ProxySteps::count_extra(Connection& connection)
{
  if (!std::exchange(connection.extra, true)) {
    ++account.of(connection.proxy).not_understood;
  }
}

/// What the proxy said. False: the connection is no more.
bool ProxySteps::hear_machine(Number number, Connection& connection)
{
  if (!connection.machine.socket || is_over(connection.phase) ||
      connection.phase == Phase::Connect || connection.phase == Phase::Trap) {
    return true;
  }
  auto& into = connection.phase == Phase::Reply ? connection.reply : connection.room.out;
  const auto before = into.size();
  if (!hear(connection.machine, into, most_held)) {
    close(number, true);
    return false;
  }
  if (connection.phase == Phase::Reply) {
    return read_reply(number, connection);
  }
  if (connection.phase == Phase::Challenge) {
    const auto more = into.size() - before;
    connection.left -= std::min<std::uint64_t>(connection.left, more);
    if (connection.left > 0 && connection.machine.heard_all) {
      close(number, true);  // less than it said
      return false;
    }
    return connection.left > 0 || end_challenge(number, connection);
  }
  if (connection.phase == Phase::Head && connection.machine.heard_all) {
    close(number, false);
    return false;
  }
  if (connection.phase == Phase::Document && connection.extra) {
    set_deadline(number, idle_after_extra, [this, number] { close(number, false); });
  }
  return true;
}

bool ProxySteps::read_reply(Number number, Connection& connection)
{
  const auto read = http::read_proxy_reply(connection.reply);
  const auto* reply = std::get_if<http::ProxyReply>(&read);
  if (reply == nullptr && !connection.machine.heard_all &&
      std::get<http::NoProxyRequest>(read) == http::NoProxyRequest::More) {
    return true;
  }
  if (reply == nullptr || reply->status < 200) {  // nothing that can be said to CONNECT
    close(number, true);
    return false;
  }
  const auto rest = connection.reply.size() - reply->size;
  connection.room.out += std::exchange(connection.reply, {});
  if (reply->status < 300) {
    connection.phase = Phase::Hello;
    loop.post([this, number] { go_on(number); });  // its first message may be there already
    return true;
  }
  // Some proxies know a client by its connection: then the next request comes on the same one.
  if (reply->status == 407 && !reply->closes && reply->length && *reply->length >= rest) {
    connection.left = *reply->length - rest;
    connection.phase = Phase::Challenge;
    return connection.left > 0 || end_challenge(number, connection);
  }
  // The rest of the answer, and nothing more from the room.
  connection.phase = Phase::Document;
  return true;
}

bool ProxySteps::end_challenge(Number number, Connection& connection)
{
  connection.phase = Phase::Head;
  set_deadline(number, head_patience, [this, number] { close(number, false); });
  loop.post([this, number] { go_on(number); });  // the next one may be there already
  return true;
}

/// Of a tunnel: who is asked for in it. What the room says is held until that is known.
bool ProxySteps::read_hello(Number number, Connection& connection)
{
  const auto* start = reinterpret_cast<const std::uint8_t*>(connection.in.data());
  const auto read = tls::read_client_hello({start, connection.in.size()});
  const auto open = [&] {
    set_deadline(number, {}, {});
    connection.phase = Phase::Tunnel;
    return true;
  };
  if (const auto* hello = std::get_if<tls::ClientHello>(&read)) {
    if (hello->server_name.empty() || hello->server_name == connection.request.name) {
      return open();
    }
    set_deadline(number, {}, {});
    connection.inner = hello->server_name;
    connection.phase = Phase::InnerLookUp;
    judge_name(number, connection.inner);
    return connections.count(number) > 0;
  }
  const auto why_not = std::get<tls::NoHello>(read);
  if (why_not == tls::NoHello::NotTls || (connection.in.empty() && connection.room.heard_all)) {
    return open();
  }
  if (why_not == tls::NoHello::Malformed || connection.room.heard_all) {
    close(number, true);
    return false;
  }
  if (!connection.in.empty() && connection.deadline == EventLoop::Timer{}) {
    set_deadline(number, hello_patience, [this, number] { close(number, true); });
  }
  return true;
}

/// Of the name in the tunnel's TLS.
ProxiedTarget ProxySteps::inner_row_of(const Connection& connection, model::Verdict verdict) const
{
  auto row = row_of(connection, verdict);
  row.name = connection.inner;
  row.address = std::nullopt;
  return row;
}

void ProxySteps::settle_inner(Number number, const ProxyJudgement& judgement)
{
  auto& connection = connections.at(number);
  auto& count = account.of(connection.proxy);
  const bool off_limits = judgement.off_limits && !(judgement.party && armed);
  if (off_limits || (armed && judgement.footing == ProxyFooting::Unanswered)) {
    if (off_limits) {
      count_off_limits(connection, judgement);
    } else {
      ++count.not_judged;
    }
    note(connection, inner_row_of(connection, model::Verdict::Blocked));
    connection.phase = Phase::Frozen;
    close(number, true);
    return;
  }
  if (!judgement.party) {
    if (judgement.footing != ProxyFooting::Known) {
      connection.judgement.footing = judgement.footing;
    } else {
      connection.inside = connection.inner;
    }
    if (armed) {
      count_doubt(connection);
      names.passed(connection.inside, connection.proxy);
    }
    connection.inner.clear();
    connection.phase = Phase::Tunnel;
    return;
  }
  ++count.fronted;
  count.for_absent += connection.judgement.party ? 0U : 1U;
  connection.judgement.party = judgement.party;
  const auto row =
      inner_row_of(connection, armed ? model::Verdict::Blocked : model::Verdict::Passed);
  note(connection, row);
  if (armed) {
    tell_follower(connection, row);
    connection.phase = Phase::Frozen;
    close(number, true);
    return;
  }
  connection.phase = Phase::Tunnel;
}

}  // namespace zonder::isolate
