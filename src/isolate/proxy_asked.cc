// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What is asked of a proxy, and how it is answered.
#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include <sys/epoll.h>

#include "base/boot_clock.hh"
#include "isolate/proxy_answer.hh"
#include "isolate/proxy_steps.hh"
#include "wire/http/proxy_request.hh"
#include "wire/tls/client_hello.hh"

namespace zonder::isolate {
namespace {

namespace http = wire::http;
namespace tls = wire::tls;
using Phase = ProxyPhase;
using Connection = ProxyConnection;

constexpr std::chrono::seconds hello_patience{10};  // until a tunnel that ends in TLS has begun it
constexpr std::chrono::seconds drained_for{2};

}  // namespace

bool ProxySteps::read_head(Number number, Connection& connection)
{
  const auto& proxy = options.proxies[connection.proxy];
  if (armed && proxy.party && !connection.in.empty()) {
    note(connection,
         {.party = proxy.party,
          .name = proxy.host,
          .address = {},
          .port = proxy.port,
          .verdict = model::Verdict::Blocked});
    connection.phase = Phase::Frozen;
    if (options.signature != model::Signature::Blackhole) {
      close(number, true);
      return false;
    }
    return true;
  }
  auto read = http::read_proxy_request(connection.in);
  if (auto* request = std::get_if<http::ProxyRequest>(&read)) {
    connection.request = std::move(*request);
    connection.in.erase(0, connection.request.size);
    judge_request(number);
    return connections.count(number) > 0;
  }
  if (std::get<http::NoProxyRequest>(read) == http::NoProxyRequest::Malformed) {
    refuse_misunderstood(number);
  } else if (connection.room.heard_all) {
    close(number, false);
    return false;
  }
  return connections.count(number) > 0;
}

void ProxySteps::refuse_misunderstood(Number number)
{
  count_extra(connections.at(number));
  answer(number, ProxyAnswer::NotUnderstood);
}

void ProxySteps::judge_request(Number number)
{
  auto& connection = connections.at(number);
  ++account.of(connection.proxy).requests;
  connection.phase = Phase::LookUp;
  set_deadline(number, {}, {});
  const auto& request = connection.request;
  connection.left = request.length;
  if (request.address) {
    settle(number, *policy.at_once("", request.address));
  } else {
    judge_name(number, request.name);
  }
}

/// Settles now, or when the name was looked up and the connection still waits for that.
void ProxySteps::judge_name(Number number, const std::string& name)
{
  const auto now = std::make_shared<bool>(true);
  const bool here = options.proxies[connections.at(number).proxy].on_this_machine;
  names.judge(name, here, [this, number, name, now](const ProxyJudgement& judgement) {
    const auto found = connections.find(number);
    if (found == connections.end()) {
      return;
    }
    if (found->second.phase == Phase::LookUp && found->second.request.name == name) {
      settle(number, judgement);
    } else if (found->second.phase == Phase::InnerLookUp && found->second.inner == name) {
      settle_inner(number, judgement);
    }
    if (!*now) {
      go_on(number);
    }
  });
  *now = false;
}

/// A proxy looks a name up again, and may be led elsewhere by it. One on this machine reaches this
/// machine's own services, so there a name is passed on only where none can be meant.
ProxyWay ProxySteps::way_of(const Connection& connection) const
{
  const auto& request = connection.request;
  const auto& allowed = options.allowed_ports;
  const auto& judgement = connection.judgement;
  const bool unanswered = judgement.footing == ProxyFooting::Unanswered;
  if (armed && unanswered) {
    return ProxyWay::Refused;
  }
  const bool may_be_here = options.proxies[connection.proxy].on_this_machine && !judgement.party &&
                           !request.address &&
                           std::find(allowed.begin(), allowed.end(), request.port) == allowed.end();
  if (!may_be_here) {
    return ProxyWay::AsAsked;
  }
  if (unanswered || judgement.footing == ProxyFooting::NameOnly) {
    return ProxyWay::Refused;
  }
  if (!options.listens_here || !options.listens_here(request.port)) {
    return ProxyWay::AsAsked;
  }
  // Not for http://, where a proxy tells the server the name of the target and no other.
  return request.opens_tunnel() && judgement.living ? ProxyWay::Pinned : ProxyWay::Refused;
}

void ProxySteps::refuse_unjudged(Number number)
{
  auto& connection = connections.at(number);
  ++account.of(connection.proxy).not_judged;
  note(connection, row_of(connection, model::Verdict::Blocked));
  const bool unanswered = connection.judgement.footing == ProxyFooting::Unanswered;
  answer(number, armed && unanswered ? ProxyAnswer::NotLookedUp : ProxyAnswer::PerhapsHere);
}

/// Whether what is passed on leads to the absent is not known: once a request.
void ProxySteps::count_doubt(Connection& connection)
{
  if (connection.judgement.footing != ProxyFooting::Known && !connection.in_doubt) {
    connection.in_doubt = true;
    ++account.of(connection.proxy).by_name_only;
  }
}

/// Whoever is also of the absent, or may be, is not for this machine alone.
void ProxySteps::count_off_limits(const Connection& connection, const ProxyJudgement& judgement)
{
  auto& count = account.of(connection.proxy);
  ++count.off_limits;
  count.not_judged += armed && judgement.footing != ProxyFooting::Known ? 1U : 0U;
}

void ProxySteps::settle(Number number, const ProxyJudgement& judgement)
{
  auto& connection = connections.at(number);
  auto& count = account.of(connection.proxy);
  connection.judgement = judgement;
  connection.pinned = false;
  count.for_absent += judgement.party ? 1U : 0U;
  if (judgement.party && armed) {
    const auto row = row_of(connection, model::Verdict::Blocked);
    note(connection, row);
    tell_follower(connection, row);
    look_dead(number);
    return;
  }
  if (judgement.off_limits) {
    count_off_limits(connection, judgement);
    note(connection, row_of(connection, model::Verdict::Blocked));
    answer(number, options.direct ? ProxyAnswer::TheRoomItself : ProxyAnswer::OffLimits);
    return;
  }
  if (options.direct) {
    go_directly(number);
    return;
  }
  const auto way = way_of(connection);
  if (way == ProxyWay::Refused) {
    refuse_unjudged(number);
    return;
  }
  if (way == ProxyWay::Pinned) {
    connection.request.head = http::tunnel_head_to(connection.request, *judgement.living);
    connection.judgement.footing = ProxyFooting::Known;
    connection.pinned = true;
  } else if (armed && judgement.footing == ProxyFooting::Known) {
    names.passed(connection.request.name, connection.proxy);
  }
  connection.in_doubt = false;
  if (armed) {
    count_doubt(connection);
  }
  note(connection, row_of(connection, model::Verdict::Passed));
  if (connection.machine.socket) {
    send_request(connection);  // the proxy asked for credentials on the same connection
    return;
  }
  connect(number);
}

void ProxySteps::look_dead(Number number)
{
  auto& connection = connections.at(number);
  drop_machine(connection);  // a challenge on the same connection was for somebody who lives
  const auto end = how_a_proxy_ends(
      options.signature, connection.request.address.has_value(), connection.request.opens_tunnel());
  switch (end) {
  case ProxyEnd::AtOnce:
    answer(number, ProxyAnswer::NotReached);
    return;
  case ProxyEnd::AfterSilence:
    connection.phase = Phase::Silent;
    set_deadline(
        number, options.silence, [this, number] { answer(number, ProxyAnswer::NotReachedInTime); });
    return;
  case ProxyEnd::InTls:
    connection.phase = Phase::Trap;
    connection.room.out += "HTTP/1.1 200 Connection established\r\n\r\n";
    set_deadline(number, hello_patience, [this, number] { close(number, true); });
    return;
  }
}

/// In the proxy's place.
void ProxySteps::answer(Number number, ProxyAnswer which)
{
  auto& connection = connections.at(number);
  drop_machine(connection);
  connection.room.out += proxy_answer(which, connection.request.method != "HEAD");
  connection.phase = Phase::Answered;
  set_deadline(number, drained_for, [this, number] { close(number, false); });
  if (!tell(connection.room, true)) {
    close(number, true);
    return;
  }
  watch_further(connection.room, EPOLLIN | (connection.room.out.empty() ? 0U : EPOLLOUT));
}

bool ProxySteps::spring_trap(Number number, Connection& connection)
{
  const auto* start = reinterpret_cast<const std::uint8_t*>(connection.in.data());
  const auto read = tls::read_client_hello({start, connection.in.size()});
  const bool wait = std::holds_alternative<tls::NoHello>(read) &&
                    std::get<tls::NoHello>(read) == tls::NoHello::More;
  if (wait && !connection.room.heard_all) {
    return true;
  }
  close(number, true);
  return false;
}

ProxiedTarget ProxySteps::row_of(const Connection& connection, model::Verdict verdict) const
{
  return {.party = connection.judgement.party,
          .name = connection.request.name,
          .address = connection.request.address,
          .port = connection.request.port,
          .verdict = verdict};
}

void ProxySteps::note(const Connection& connection, const ProxiedTarget& row)
{
  account.note(row, connection.program);
}

/// Of an attempt at somebody absent, in the moment that it is made.
void ProxySteps::tell_follower(const Connection& connection, const ProxiedTarget& row) const
{
  if (options.on_attempt && row.party) {
    options.on_attempt({.time = time_of_day(),
                        .party = *row.party,
                        .name = row.name,
                        .address = row.address,
                        .port = row.port,
                        .protocol = "proxy",
                        .program = {}},
                       connection.program);
  }
}

}  // namespace zonder::isolate
