// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/gateway_rules.hh"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include "isolate/name_ledger.hh"
#include "isolate/never_forwarded.hh"

namespace zonder::isolate {
namespace {

using kernel::Hook;
using kernel::NftRule;
using kernel::NftTransaction;

constexpr std::array families = {net::Family::V4, net::Family::V6};
constexpr std::uint32_t destinations_kept = 131072;  // per set; more are counted, not listed
constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t private_dns_port = 853;
constexpr std::uint16_t dhcp_port = 67;
constexpr std::uint16_t dhcp_v6_port = 547;
constexpr std::chrono::seconds one_message_per{1};

const char* suffix(net::Family family)
{
  return family == net::Family::V4 ? "4" : "6";
}

std::string seen_set(net::Family family)
{
  return std::string("seen") + suffix(family);
}

/// A chain that writes down where a packet wanted to go, and goes back.
void add_notes(NftTransaction& to,
               const std::string& chain,
               const std::function<std::string(net::Family)>& set,
               const char* log_prefix)
{
  to.add_chain(chain);
  for (const auto family : families) {
    const auto note = [&](const NftRule& match, bool with_port) {
      auto counted = match;
      to.add_rule(chain, counted.count_destination(set(family), family, with_port));
      auto logged = match;
      to.add_rule(chain,
                  logged.once_per(one_message_per, seen_set(family), family, with_port)
                      .log(rules::log_group, log_prefix));
    };
    note(NftRule().family(family).protocol(IPPROTO_TCP), true);
    note(NftRule().family(family).protocol(IPPROTO_UDP), true);
    note(NftRule().family(family).not_protocol(IPPROTO_TCP).not_protocol(IPPROTO_UDP), false);
  }
}

/// What becomes of a packet to a party that is gone.
void add_ending(NftTransaction& to, const std::string& chain, model::Signature signature)
{
  switch (signature) {
  case model::Signature::Refuse:
  case model::Signature::TlsReset:  // what is not taken by zonder itself
  case model::Signature::Denied:
    to.add_rule(chain, NftRule().protocol(IPPROTO_TCP).reset_tcp());
    to.add_rule(chain, NftRule().reject(kernel::Refusal::PortUnreachable));
    break;
  case model::Signature::Unreachable:
    to.add_rule(chain, NftRule().reject(kernel::Refusal::HostUnreachable));
    break;
  case model::Signature::Blackhole:
  case model::Signature::Nxdomain:  // the names do not exist; an address that is known is silent
  case model::Signature::Servfail:
  case model::Signature::Lossy:  // while the gateway is closed, and for what stands for a name
  case model::Signature::Slow:
  case model::Signature::Late:
    break;
  }
  to.add_rule(chain, NftRule().drop());
}

/// What is thrown away of packets to or from a party that is only lossy or slow; those of one that
/// is late take the lane of the links that keeps them a while.
NftRule hindrance(model::Signature signature)
{
  constexpr std::uint32_t burst = 32000;
  switch (signature) {
  case model::Signature::Late:
    return NftRule().into_lane(kernel::late_lane);
  case model::Signature::Slow:
    return NftRule().over_rate(model::slow_bytes_per_second, burst).count(rules::lost).drop();
  default:
    return NftRule().chance(model::lost_of_hundred).count(rules::lost).drop();
  }
}

/// The chains for parties that still answer, badly.
void add_hindrance(NftTransaction& to, const RoomPlan& plan, model::Signature signature)
{
  for (const char* chain : {"hindered", "hindered_back", "hindered_new"}) {
    to.add_chain(chain);
  }
  to.add_rule("hindered_new", NftRule().jump("note_hindered"));
  to.add_rule("hindered_new", NftRule().go_to("hindered"));
  for (const char* chain : {"hindered", "hindered_back"}) {
    to.add_rule(chain, hindrance(signature));
  }
  to.add_rule("hindered", NftRule().to_link(plan.uplink_link).accept());
  const auto answer = [](const std::string& link) {
    return NftRule().to_link(link).flow_is_established_or_related();
  };
  to.add_rule("hindered_back", answer(plan.room_link).accept());
  if (plan.resolver) {
    to.add_rule("hindered_back", answer(plan.resolver->link).accept());
  }
  for (const char* chain : {"hindered", "hindered_back"}) {
    to.add_rule(chain, NftRule().drop());
  }
}

/// What opens something is counted and written down; the rest of a flow is only hindered.
void add_hindering_rules(NftTransaction& to, const RoomPlan& plan)
{
  const auto from_room = [&] {
    return NftRule().from_link(plan.room_link);
  };
  const auto opening = [&] {
    return from_room().flow_is(kernel::FlowState::New);
  };
  const auto back = [&] {
    return NftRule().from_link(plan.uplink_link);
  };
  for (const auto family : families) {
    const auto dead = rules::dead_map(family);
    to.add_rule("forward", opening().count_by_destination(dead, family).go_to("hindered_new"));
    to.add_rule("forward", from_room().to_any_of(dead, family).go_to("hindered"));
    to.add_rule("forward", back().from_any_of(dead, family).go_to("hindered_back"));
  }
  const auto dead_v4 = rules::dead_map(net::Family::V4);
  to.add_rule("forward",
              opening().count_by_destination_behind_nat64(dead_v4).go_to("hindered_new"));
  to.add_rule("forward", from_room().to_any_behind_nat64(dead_v4).go_to("hindered"));
  to.add_rule("forward", back().from_any_behind_nat64(dead_v4).go_to("hindered_back"));
}

/// Ports on which no client begins with TLS or with HTTP: most wait for the server's first word. To
/// be refused is what tells them most.
constexpr std::array<std::uint16_t, 10> never_taken = {
    21, 22, 23, 25, dns_port, 110, 119, 143, 389, 587};
constexpr std::uint16_t http_port = 80;

/// TCP to the absent is taken by zonder itself. Each base chain begins with what is left alone, so
/// that it dies in the forward chain as ever.
void add_reception(NftTransaction& to, const RoomPlan& plan, model::Signature signature)
{
  const auto from_room = [&] {
    return NftRule().from_link(plan.room_link).protocol(IPPROTO_TCP);
  };
  const auto leave_alone = [&](const std::string& chain) {
    for (const auto& address : plan.machine_addresses) {
      const auto alone = net::Prefix::containing(address, net::width(address.family()));
      to.add_rule(chain, from_room().to(alone).accept());
    }
    for (const auto port : never_taken) {
      to.add_rule(chain, from_room().port(port).accept());
    }
    if (signature == model::Signature::TlsReset) {
      to.add_rule(chain, from_room().port(http_port).accept());
    }
  };
  const char* note = signature == model::Signature::Denied ? "note_denied" : "note_blocked";

  // After conntrack has looked, before addresses are rewritten.
  to.add_base_chain(
      {.name = "reception", .hook = Hook::Prerouting, .priority = -150, .accept = true});
  for (const auto& address : {plan.gateway_v4, plan.gateway_v6}) {
    // Nobody comes here by himself.
    const auto alone = net::Prefix::containing(address, net::width(address.family()));
    to.add_rule("reception", from_room().port(rules::reception_port).to(alone).drop());
  }
  leave_alone("reception");
  const auto opening = [&] {
    return from_room().flow_is(kernel::FlowState::New);
  };
  for (const auto family : families) {
    to.add_rule("reception",
                opening().count_by_destination(rules::dead_map(family), family).go_to(note));
  }
  const auto dead_v4 = rules::dead_map(net::Family::V4);
  to.add_rule("reception", opening().count_by_destination_behind_nat64(dead_v4).go_to(note));
  for (const auto& prefix : {synthetic_v4(), synthetic_v6()}) {
    to.add_rule("reception", opening().to(prefix).count(rules::synthetic).go_to(note));
  }

  to.add_base_chain({.name = "receive",
                     .type = "nat",
                     .hook = Hook::Prerouting,
                     .priority = -99,
                     .accept = true});
  leave_alone("receive");
  for (const auto family : families) {
    const auto here = family == net::Family::V4 ? plan.gateway_v4 : plan.gateway_v6;
    to.add_rule("receive",
                from_room()
                    .to_any_of(rules::dead_map(family), family)
                    .send_to(here, rules::reception_port));
    const auto synthetic = family == net::Family::V4 ? synthetic_v4() : synthetic_v6();
    to.add_rule("receive", from_room().to(synthetic).send_to(here, rules::reception_port));
  }
  to.add_rule(
      "receive",
      from_room().to_any_behind_nat64(dead_v4).send_to(plan.gateway_v6, rules::reception_port));
  to.add_rule("input", from_room().port(rules::reception_port).accept());
}

/// Devices get their addresses from it, hear of it as their router, and find the page and the
/// room's proxy on it. Who of them may do what is Admission's.
void add_input_of_hall(NftTransaction& to, const RoomPlan& plan)
{
  const auto from_room = [&](int protocol) {
    return NftRule().from_link(plan.room_link).protocol(static_cast<std::uint8_t>(protocol));
  };
  to.add_rule("input", from_room(IPPROTO_UDP).port(dhcp_port).accept());
  to.add_rule("input", from_room(IPPROTO_UDP).port(dhcp_v6_port).accept());
  to.add_rule("input", from_room(IPPROTO_UDP).port(rules::page_names_port).accept());
  to.add_rule("input", from_room(IPPROTO_TCP).port(rules::page_names_port).accept());
  to.add_rule("input", from_room(IPPROTO_TCP).port(rules::page_port).accept());
  to.add_rule("input", from_room(IPPROTO_TCP).port(rules::relay_port).accept());
  to.add_rule("input", from_room(IPPROTO_ICMPV6).icmp_type(ND_ROUTER_SOLICIT).accept());
}

/// The gateway itself answers name questions, pings from the room, and neighbour discovery.
void add_input(NftTransaction& to, const RoomPlan& plan)
{
  to.add_base_chain({.name = "input", .hook = Hook::Input});
  for (const auto protocol : {IPPROTO_UDP, IPPROTO_TCP}) {
    to.add_rule("input",
                NftRule()
                    .from_link(plan.room_link)
                    .protocol(static_cast<std::uint8_t>(protocol))
                    .port(dns_port)
                    .accept());
  }
  to.add_rule("input", NftRule().from_link(plan.room_link).protocol(IPPROTO_ICMP).accept());
  for (const auto type : {ND_ROUTER_ADVERT, ND_NEIGHBOR_SOLICIT, ND_NEIGHBOR_ADVERT}) {
    to.add_rule(
        "input",
        NftRule().protocol(IPPROTO_ICMPV6).icmp_type(static_cast<std::uint8_t>(type)).accept());
  }
  to.add_rule("input",
              NftRule()
                  .from_link(plan.room_link)
                  .protocol(IPPROTO_ICMPV6)
                  .icmp_type(ICMP6_ECHO_REQUEST)
                  .accept());
  if (plan.hall) {
    add_input_of_hall(to, plan);
  }
  to.add_rule("input", NftRule().flow_is_established_or_related().accept());
}

constexpr std::array neighbour_messages = {
    ND_ROUTER_SOLICIT, ND_ROUTER_ADVERT, ND_NEIGHBOR_SOLICIT, ND_NEIGHBOR_ADVERT};

/// Rules look at where packets go. So nobody in the room may say that a packet comes from another
/// address than the room's own: its answer would go to whoever has that address, and what the room
/// sends there would pass for an answer. Looked at before flows are.
void add_source_check_of(NftTransaction& to,
                         const std::string& link,
                         const std::array<net::Prefix, 2>& own)
{
  const auto from_room = [&] {
    return NftRule().from_link(link);
  };
  for (const auto& prefix : own) {
    to.add_rule("source", from_room().from(prefix).accept());
  }
  // Neighbours find each other by link-local addresses, and by none.
  for (const auto& prefix : {net::Prefix::containing(net::Address::v6(0xfe80ULL << 48U, 0), 10),
                             net::Prefix::containing(net::Address::v6(0, 0), 128)}) {
    for (const auto type : neighbour_messages) {
      to.add_rule("source",
                  from_room()
                      .from(prefix)
                      .protocol(IPPROTO_ICMPV6)
                      .icmp_type(static_cast<std::uint8_t>(type))
                      .accept());
    }
  }
  to.add_rule("source", from_room().drop());
}

net::Prefix alone(const net::Address& address)
{
  return net::Prefix::containing(address, net::width(address.family()));
}

/// A device that has no address yet asks for one (DHCP), or for what there is beside it (DHCPv6).
void add_address_requests(NftTransaction& to, const RoomPlan& plan)
{
  const auto request = [&](const net::Prefix& from, std::uint16_t port) {
    to.add_rule(
        "source",
        NftRule().from_link(plan.room_link).from(from).protocol(IPPROTO_UDP).port(port).accept());
  };
  request(alone(net::Address::v4(0)), dhcp_port);
  request(net::Prefix::containing(net::Address::v6(0xfe80ULL << 48U, 0), 10), dhcp_v6_port);
}

void add_source_check(NftTransaction& to, const RoomPlan& plan)
{
  to.add_base_chain({.name = "source", .hook = Hook::Prerouting, .priority = -300, .accept = true});
  if (plan.hall) {
    add_address_requests(to, plan);
    add_source_check_of(to, plan.room_link, {plan.room_net_v4, plan.room_net_v6});
  } else {
    add_source_check_of(to, plan.room_link, {alone(plan.room_v4), alone(plan.room_v6)});
  }
  if (plan.resolver) {
    add_source_check_of(to,
                        plan.resolver->link,
                        {alone(plan.resolver->inside_v4), alone(plan.resolver->inside_v6)});
  }
}

/// The gateway has nothing to say to the outside for itself, but where it is.
void add_output(NftTransaction& to, const RoomPlan& plan)
{
  to.add_base_chain({.name = "output", .hook = Hook::Output, .accept = true});
  // Who would be told of a shorter way would be told of another's card with it.
  for (const auto& [protocol, type] : {std::pair<int, int>{IPPROTO_ICMP, ICMP_REDIRECT},
                                       std::pair<int, int>{IPPROTO_ICMPV6, ND_REDIRECT}}) {
    to.add_rule("output",
                NftRule()
                    .protocol(static_cast<std::uint8_t>(protocol))
                    .icmp_type(static_cast<std::uint8_t>(type))
                    .drop());
  }
  for (const auto type : neighbour_messages) {
    to.add_rule("output",
                NftRule()
                    .to_link(plan.uplink_link)
                    .protocol(IPPROTO_ICMPV6)
                    .icmp_type(static_cast<std::uint8_t>(type))
                    .accept());
  }
  to.add_rule("output", NftRule().to_link(plan.uplink_link).drop());
}

void add_address_translation(NftTransaction& to, const RoomPlan& plan)
{
  to.add_base_chain({.name = "redirect",
                     .type = "nat",
                     .hook = Hook::Prerouting,
                     .priority = -100,
                     .accept = true});
  // A resolver of the absent is not asked, and not answered for.
  for (const auto protocol : {IPPROTO_UDP, IPPROTO_TCP}) {
    to.add_rule("redirect",
                NftRule()
                    .from_link(plan.room_link)
                    .protocol(static_cast<std::uint8_t>(protocol))
                    .port(dns_port)
                    .to_any_behind_nat64(rules::dead_map(net::Family::V4))
                    .accept());
  }
  for (const auto family : families) {
    const auto resolver = family == net::Family::V4 ? plan.gateway_v4 : plan.gateway_v6;
    for (const auto protocol : {IPPROTO_UDP, IPPROTO_TCP}) {
      to.add_rule("redirect",
                  NftRule()
                      .from_link(plan.room_link)
                      .protocol(static_cast<std::uint8_t>(protocol))
                      .port(dns_port)
                      .to_none_of(rules::dead_map(family), family)
                      .send_to(resolver, dns_port));
    }
  }
  to.add_base_chain({.name = "masquerade",
                     .type = "nat",
                     .hook = Hook::Postrouting,
                     .priority = 100,
                     .accept = true});
  to.add_rule("masquerade", NftRule().to_link(plan.uplink_link).masquerade());
}

/// What neither the room nor the resolver may send anything to, whatever is absent.
void add_never_forwarded(NftTransaction& to, const RoomPlan& plan, const std::string& link)
{
  for (const auto& prefix : never_forwarded()) {
    to.add_rule("forward", NftRule().from_link(link).to(prefix).drop());
  }
  // What the uplink plays on its own link, such as slirp4netns' name server, is a way to a resolver
  // of the user's by another address: to any port of it, also when that resolver is gone.
  for (const auto& net : {plan.tap_net_v4, plan.tap_net_v6}) {
    to.add_rule("forward", NftRule().from_link(link).to(net).reject(kernel::Refusal::Prohibited));
  }
  if (plan.relay) {
    to.add_rule(
        "forward",
        NftRule().from_link(link).to(plan.relay->net_v6).reject(kernel::Refusal::Prohibited));
  }
  // A packet can have more addresses in it than the one where it goes first.
  for (const auto header : {IPPROTO_ROUTING, IPPROTO_DSTOPTS, IPPROTO_MH}) {
    to.add_rule(
        "forward",
        NftRule().from_link(link).extension_header(static_cast<std::uint8_t>(header)).drop());
  }
  for (const auto& address : plan.machine_addresses) {
    const auto alone = net::Prefix::containing(address, net::width(address.family()));
    to.add_rule("forward", NftRule().from_link(link).to(alone).reject(kernel::Refusal::Prohibited));
  }
}

void add_missing_families(NftTransaction& to, const RoomPlan& plan, const std::string& link)
{
  const auto none = [&](net::Family family) {
    to.add_rule("forward",
                NftRule().from_link(link).family(family).reject(kernel::Refusal::NoRoute));
  };
  if (!plan.machine_has_v4) {
    none(net::Family::V4);
  }
  if (!plan.machine_has_v6) {
    none(net::Family::V6);
  }
}

/// What the run's own resolver may do: ask name servers that live.
void add_resolver_rules(NftTransaction& to, const RoomPlan& plan, bool absent_now)
{
  const auto& link = plan.resolver->link;
  const auto from_resolver = [&] {
    return NftRule().from_link(link);
  };
  add_never_forwarded(to, plan, link);
  if (absent_now) {
    for (const auto family : families) {
      to.add_rule(
          "forward",
          from_resolver().to_any_of(rules::dead_map(family), family).go_to("absent_for_resolver"));
    }
    to.add_rule("forward",
                from_resolver()
                    .to_any_behind_nat64(rules::dead_map(net::Family::V4))
                    .go_to("absent_for_resolver"));
  }
  for (const auto& prefix : {synthetic_v4(), synthetic_v6()}) {
    to.add_rule("forward", from_resolver().to(prefix).drop());
  }
  add_missing_families(to, plan, link);
  const auto back = [&] {
    return NftRule().from_link(plan.uplink_link).to_link(link).flow_is_established_or_related();
  };
  to.add_rule("forward", back().accept());
  for (const auto protocol : {IPPROTO_UDP, IPPROTO_TCP}) {
    const auto question = [&] {
      return from_resolver()
          .to_link(plan.uplink_link)
          .protocol(static_cast<std::uint8_t>(protocol))
          .port(dns_port);
    };
    to.add_rule("forward",
                question().flow_is(kernel::FlowState::New).count(rules::resolver_opened).accept());
    to.add_rule("forward", question().flow_is_established_or_related().accept());
  }
  to.add_rule("forward", from_resolver().drop());
}

/// How the absent are dealt with in the forward chain.
enum class Absent { NotYet, Dead, DeadAndOpenFlowsToo, Hindered };

/// The forward chain's rules.
void add_forward_rules(NftTransaction& to, const RoomPlan& plan, Absent absent)
{
  const bool absent_now = absent == Absent::Dead || absent == Absent::DeadAndOpenFlowsToo;
  const bool cut_open_flows = absent == Absent::DeadAndOpenFlowsToo;
  const auto from_room = [&] {
    return NftRule().from_link(plan.room_link);
  };
  add_never_forwarded(to, plan, plan.room_link);
  for (const auto family : families) {
    if (absent_now) {
      to.add_rule(
          "forward",
          from_room().count_by_destination(rules::dead_map(family), family).go_to("absent"));
    }
    if (cut_open_flows) {
      to.add_rule("forward", NftRule().from_any_of(rules::dead_map(family), family).drop());
    }
  }
  const auto dead_v4 = rules::dead_map(net::Family::V4);
  if (absent_now) {
    to.add_rule("forward", from_room().count_by_destination_behind_nat64(dead_v4).go_to("absent"));
  }
  if (cut_open_flows) {
    to.add_rule("forward", NftRule().from_any_behind_nat64(dead_v4).drop());
  }
  if (absent == Absent::Hindered) {
    add_hindering_rules(to, plan);
  }
  for (const auto& prefix : {synthetic_v4(), synthetic_v6()}) {
    to.add_rule("forward", from_room().to(prefix).count(rules::synthetic).go_to("absent"));
  }
  for (const auto protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
    to.add_rule("forward",
                from_room()
                    .protocol(static_cast<std::uint8_t>(protocol))
                    .port(private_dns_port)
                    .count(rules::private_dns)
                    .go_to("private_dns"));
  }
  add_missing_families(to, plan, plan.room_link);
  // Only between the room and the uplink: nothing is turned round on one link.
  to.add_rule("forward",
              from_room().to_link(plan.uplink_link).flow_is_established_or_related().accept());
  to.add_rule("forward",
              NftRule()
                  .from_link(plan.uplink_link)
                  .to_link(plan.room_link)
                  .flow_is_established_or_related()
                  .accept());
  const auto opening = [&] {
    return from_room().to_link(plan.uplink_link).flow_is(kernel::FlowState::New);
  };
  to.add_rule("forward", opening().count(rules::opened).jump("note_passed"));
  to.add_rule("forward", opening().accept());
  if (plan.resolver) {
    add_resolver_rules(to, plan, absent_now);
  }
}

/// What is counted and remembered of the run's own resolver, and how the absent are gone for it.
void add_resolver_notes(NftTransaction& to, model::Signature signature)
{
  to.add_counter(rules::resolver_blocked);
  to.add_counter(rules::resolver_opened);
  to.add_chain("absent_for_resolver");
  to.add_rule("absent_for_resolver", NftRule().count(rules::resolver_blocked));
  for (const auto family : families) {
    to.add_destination_set(rules::resolver_set(family), family, false, destinations_kept);
    for (const auto protocol : {IPPROTO_UDP, IPPROTO_TCP}) {
      to.add_rule("absent_for_resolver",
                  NftRule()
                      .family(family)
                      .protocol(static_cast<std::uint8_t>(protocol))
                      .count_destination(rules::resolver_set(family), family, true));
    }
  }
  add_ending(to, "absent_for_resolver", signature);
}

}  // namespace

std::string rules::party_counter(std::size_t party)
{
  return "party" + std::to_string(party);
}

std::string rules::dead_map(net::Family family)
{
  return std::string("dead") + suffix(family);
}

std::string rules::blocked_set(net::Family family)
{
  return std::string("blocked") + suffix(family);
}

std::string rules::passed_set(net::Family family)
{
  return std::string("passed") + suffix(family);
}

std::string rules::hindered_set(net::Family family)
{
  return std::string("hindered") + suffix(family);
}

std::string rules::resolver_set(net::Family family)
{
  return std::string("resolver") + suffix(family);
}

std::string rules::denied_set(net::Family family)
{
  return std::string("denied") + suffix(family);
}

kernel::NftTransaction
closed_gateway(const RoomPlan& plan, std::size_t parties, model::Signature signature)
{
  NftTransaction to(rules::table);
  to.add_table();
  for (const char* counter : {rules::synthetic,
                              rules::private_dns,
                              rules::opened,
                              rules::guarded,
                              rules::lost,
                              rules::left,
                              rules::closed_proxy}) {
    to.add_counter(counter);
  }
  for (std::size_t i = 0; i < parties; ++i) {
    to.add_counter(rules::party_counter(i));
  }
  for (const auto family : families) {
    to.add_counter_map(rules::dead_map(family), family);
    to.add_destination_set(rules::blocked_set(family), family, false, destinations_kept);
    to.add_destination_set(rules::passed_set(family), family, false, destinations_kept);
    to.add_destination_set(rules::hindered_set(family), family, false, destinations_kept);
    to.add_destination_set(rules::denied_set(family), family, false, destinations_kept);
    to.add_destination_set(seen_set(family), family, true, destinations_kept);
  }
  to.add_base_chain({.name = "guard", .hook = Hook::Forward, .priority = 100});
  to.add_rule("guard", NftRule().count(rules::guarded).drop());
  to.add_base_chain({.name = "forward", .hook = Hook::Forward});
  add_notes(to, "note_blocked", rules::blocked_set, rules::blocked_prefix);
  add_notes(to, "note_passed", rules::passed_set, rules::passed_prefix);
  add_notes(to, "note_hindered", rules::hindered_set, rules::hindered_prefix);
  add_notes(to, "note_denied", rules::denied_set, rules::denied_prefix);
  to.add_chain("absent");
  to.add_rule("absent", NftRule().jump("note_blocked"));
  add_ending(to, "absent", signature);
  to.add_chain("private_dns");
  to.add_rule("private_dns", NftRule().jump("note_blocked"));
  add_ending(to, "private_dns", model::Signature::Refuse);
  if (plan.resolver) {
    add_resolver_notes(to, signature);
  }
  // For the proof both families count as there; nothing leaves anyway.
  auto both_families = plan;
  both_families.machine_has_v4 = true;
  both_families.machine_has_v6 = true;
  add_forward_rules(to, both_families, Absent::Dead);
  if (model::hinders_only(signature)) {
    add_hindrance(to, plan, signature);
  }
  add_source_check(to, plan);
  add_input(to, plan);
  add_output(to, plan);
  add_address_translation(to, plan);
  to.add_base_chain(
      {.name = "leaving", .hook = Hook::Postrouting, .priority = 300, .accept = true});
  to.add_rule("leaving",
              NftRule().from_link(plan.room_link).to_link(plan.uplink_link).count(rules::left));
  return to;
}

kernel::NftTransaction
open_gateway(const RoomPlan& plan, bool absent_now, model::Signature signature)
{
  NftTransaction to(rules::table);
  to.delete_chain("guard");
  to.flush_chain("forward");
  add_forward_rules(to,
                    plan,
                    !absent_now                      ? Absent::NotYet
                    : model::hinders_only(signature) ? Absent::Hindered
                                                     : Absent::Dead);
  if (absent_now && model::is_answered(signature)) {
    add_reception(to, plan, signature);
  }
  return to;
}

kernel::NftTransaction forget_destinations()
{
  NftTransaction to(rules::table);
  for (const auto family : families) {
    to.flush_set(rules::blocked_set(family));
    to.flush_set(rules::passed_set(family));
    to.flush_set(rules::hindered_set(family));
    to.flush_set(rules::denied_set(family));
    to.flush_set(seen_set(family));
  }
  return to;
}

kernel::NftTransaction cut(const RoomPlan& plan, model::Signature signature)
{
  NftTransaction to(rules::table);
  to.flush_chain("forward");
  add_forward_rules(
      to, plan, model::hinders_only(signature) ? Absent::Hindered : Absent::DeadAndOpenFlowsToo);
  if (model::is_answered(signature)) {
    add_reception(to, plan, signature);
  }
  return to;
}

kernel::NftTransaction see_through_proxies(const RoomPlan& plan,
                                           const std::vector<InternetPlace>& seen_through,
                                           const std::vector<InternetPlace>& closed)
{
  NftTransaction to(rules::table);
  const auto to_place = [&](const InternetPlace& place) {
    const auto alone = net::Prefix::containing(place.address, net::width(place.address.family()));
    return NftRule().from_link(plan.room_link).protocol(IPPROTO_TCP).to(alone).port(place.port);
  };
  // Before addresses are rewritten: nobody comes to us by himself.
  to.add_base_chain(
      {.name = "no_way_to_relay", .hook = Hook::Prerouting, .priority = -150, .accept = true});
  for (const auto& address : {plan.gateway_v4, plan.gateway_v6}) {
    to.add_rule("no_way_to_relay",
                to_place({.address = address, .port = rules::relay_port}).drop());
  }
  to.add_base_chain(
      {.name = "relay", .type = "nat", .hook = Hook::Prerouting, .priority = -101, .accept = true});
  for (const auto& place : seen_through) {
    to.add_rule("relay",
                to_place(place).send_to(place.address.is_v4() ? plan.gateway_v4 : plan.gateway_v6,
                                        rules::relay_port));
  }
  to.add_rule(
      "input",
      NftRule().from_link(plan.room_link).protocol(IPPROTO_TCP).port(rules::relay_port).accept());
  to.add_chain("closed_proxy");
  to.add_rule("closed_proxy", NftRule().jump("note_blocked"));
  to.add_rule("closed_proxy", NftRule().protocol(IPPROTO_TCP).reset_tcp());
  to.add_base_chain(
      {.name = "closed_proxies", .hook = Hook::Forward, .priority = -10, .accept = true});
  for (const auto& place : closed) {
    to.add_rule("closed_proxies", to_place(place).count(rules::closed_proxy).go_to("closed_proxy"));
  }
  return to;
}

std::vector<kernel::NftRange> dead_ranges(const model::Absence& absence, net::Family family)
{
  std::vector<kernel::NftRange> ranges;
  for (std::size_t i = 0; i < absence.parties.size(); ++i) {
    const auto counter = rules::party_counter(i);
    for (const auto& range : absence.parties[i].addresses.ranges()) {
      if (range.first.family() == family) {
        ranges.push_back({range, counter});
      }
    }
  }
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) {
    return a.range.first < b.range.first;
  });
  return ranges;
}

}  // namespace zonder::isolate
