// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/descriptor.hh"
#include "isolate/event_loop.hh"
#include "isolate/proxied_names.hh"
#include "isolate/proxy_account.hh"
#include "isolate/proxy_answer.hh"
#include "isolate/proxy_connection.hh"
#include "isolate/proxy_policy.hh"
#include "isolate/proxy_relay.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// How a request for somebody who lives goes further.
enum class ProxyWay {
  AsAsked,
  Pinned,  // to an address that was judged, so that the proxy looks nothing up
  Refused
};

/// The steps of the relay's connections, from what is asked to its end, in the relay's thread. What
/// drives them is in proxy_steps.cc; what is asked and how it is answered, in proxy_asked.cc; the
/// way to the proxy and back, in proxy_passage.cc, or without one, in proxy_direct.cc.
struct ProxySteps {
  using Number = std::uint64_t;

  /// Both outlive it.
  ProxySteps(const ProxyRelay::Options& given, EventLoop& running);

  /// A connection that was meant for that address of the proxy.
  void take(std::size_t proxy, const net::Address& meant, Descriptor socket);
  void cut_everything_absent();

  // proxy_steps.cc
  void on_room(Number number, std::uint32_t events);
  void on_machine(Number number, std::uint32_t events);
  void go_on(Number number);
  bool hear_room(ProxyConnection& connection);
  bool decide(Number number, ProxyConnection& connection);
  bool tell_both(ProxyConnection& connection);
  void watch_further(ProxySide& end, std::uint32_t events);
  [[nodiscard]] bool has_its_share(const std::optional<net::Address>& client,
                                   std::optional<std::size_t> device) const;
  [[nodiscard]] bool room_may_speak(const ProxyConnection& connection) const;
  void cut(Number number);
  void go_over_the_cut(ProxyConnection& connection);
  void set_deadline(Number number, std::chrono::milliseconds after, std::function<void()> action);
  void close(Number number, bool with_reset);
  void count_unread(ProxyConnection& connection);
  void count_all_unread();

  // proxy_asked.cc
  bool read_head(Number number, ProxyConnection& connection);
  void refuse_misunderstood(Number number);
  void judge_request(Number number);
  void judge_name(Number number, const std::string& name);
  [[nodiscard]] ProxyWay way_of(const ProxyConnection& connection) const;
  void refuse_unjudged(Number number);
  void count_doubt(ProxyConnection& connection);
  void count_off_limits(const ProxyConnection& connection, const ProxyJudgement& judgement);
  void settle(Number number, const ProxyJudgement& judgement);
  void look_dead(Number number);
  void answer(Number number, ProxyAnswer which);
  bool spring_trap(Number number, ProxyConnection& connection);
  [[nodiscard]] ProxiedTarget row_of(const ProxyConnection& connection,
                                     model::Verdict verdict) const;
  void note(const ProxyConnection& connection, const ProxiedTarget& row);
  void tell_follower(const ProxyConnection& connection, const ProxiedTarget& row) const;

  // proxy_passage.cc
  void connect(Number number);
  void on_connecting(Number number);
  static void send_request(ProxyConnection& connection);
  void drop_machine(ProxyConnection& connection);
  bool pass_body(ProxyConnection& connection);
  bool take_body(ProxyConnection& connection, std::string& into);
  void throw_away(ProxyConnection& connection);
  void count_extra(ProxyConnection& connection);
  bool hear_machine(Number number, ProxyConnection& connection);
  bool read_reply(Number number, ProxyConnection& connection);
  bool end_challenge(Number number, ProxyConnection& connection);
  bool read_hello(Number number, ProxyConnection& connection);
  [[nodiscard]] ProxiedTarget inner_row_of(const ProxyConnection& connection,
                                           model::Verdict verdict) const;
  void settle_inner(Number number, const ProxyJudgement& judgement);

  // proxy_direct.cc
  void go_directly(Number number);
  void on_connected(ProxyConnection& connection);

  const ProxyRelay::Options& options;
  EventLoop& loop;
  const ProxyPolicy policy;
  ProxiedNames names;
  ProxyAccount account;
  bool armed;
  std::map<Number, ProxyConnection> connections;
  Number next = 1;
};

}  // namespace zonder::isolate
