// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/relay_network.hh"

#include <array>
#include <cerrno>
#include <cstring>

#include <linux/rtnetlink.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/translate.hh"
#include "isolate/never_forwarded.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "kernel/nft_socket.hh"
#include "kernel/tun.hh"

namespace zonder::isolate {
namespace {

using kernel::Hook;
using kernel::NftRule;

constexpr std::array families = {net::Family::V4, net::Family::V6};
constexpr std::uint16_t port = 3128;
constexpr int queue = 4096;

// Marks of packets, and the tables of routes that they go by.
constexpr std::uint32_t to_zonder = 1;
constexpr std::uint32_t to_own_sockets = 2;

Result<Descriptor> listen_for(net::Family family)
{
  const bool v4 = family == net::Family::V4;
  Descriptor socket(
      ::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  const SocketAddress anywhere(v4 ? net::Address::v4(0) : net::Address::v6(0, 0), port);
  const auto set = [&](int level, int option) {
    return ::setsockopt(socket.get(), level, option, &on, sizeof on) == 0;
  };
  if (!socket || !(v4 ? set(SOL_IP, IP_TRANSPARENT) : set(SOL_IPV6, IPV6_TRANSPARENT)) ||
      (!v4 && !set(SOL_IPV6, IPV6_V6ONLY)) ||
      ::bind(socket.get(), anywhere.get(), anywhere.length) != 0 ||
      ::listen(socket.get(), queue) != 0) {
    return fail(Fault::NotPossible,
                say("cannot open a transparent socket: {}", std::strerror(errno)));
  }
  return socket;
}

Result<void> open_sockets(const RoomPlan& plan, RelayNetwork& made)
{
  auto rules = kernel::NftSocket::open_descriptor();
  auto opening = kernel::open_tun(plan.relay->opening_link);
  auto v4 = listen_for(net::Family::V4);
  auto v6 = listen_for(net::Family::V6);
  if (!rules || !opening || !v4 || !v6) {
    return fail(!rules     ? rules.error()
                : !opening ? opening.error()
                : !v4      ? v4.error()
                           : v6.error());
  }
  made.rules = std::move(*rules);
  made.opening = std::move(*opening);
  made.listener_v4 = std::move(*v4);
  made.listener_v6 = std::move(*v6);
  return {};
}

/// What comes back by "opening" comes from where answers go by another link.
/// An answer that there is no way is in our own name.
Result<void> set_options(int network)
{
  ZONDER_TRY(kernel::set_network_option(network, "ipv4/ip_forward", "1"));
  ZONDER_TRY(kernel::set_network_option(network, "ipv4/conf/all/accept_local", "1"));
  for (const char* conf : {"all", "default"}) {
    ZONDER_TRY(
        kernel::set_network_option(network, std::string("ipv4/conf/") + conf + "/rp_filter", "0"));
    (void)kernel::set_network_option(
        network, std::string("ipv6/conf/") + conf + "/forwarding", "1");
  }
  return {};
}

Result<void> add_ways(kernel::Links& links, const RoomPlan::Relay& relay)
{
  for (const auto family : families) {
    ZONDER_TRY(links.add_rule(family, to_zonder, to_zonder));
    ZONDER_TRY(links.add_rule(family, to_own_sockets, to_own_sockets));
    ZONDER_TRY(links.add_route({.destination = kernel::default_destination(family),
                                .link = relay.opening_link,
                                .table = to_zonder}));
    ZONDER_TRY(links.add_route({.destination = kernel::default_destination(family),
                                .link = "lo",
                                .type = RTN_LOCAL,
                                .table = to_own_sockets}));
  }
  return {};
}

void add_steering(kernel::NftTransaction& to, const RoomPlan::Relay& relay)
{
  to.add_base_chain(
      {.name = "steering", .hook = Hook::Prerouting, .priority = -150, .accept = true});
  const auto tcp_from = [](const std::string& link) {
    return NftRule().from_link(link).protocol(IPPROTO_TCP);
  };
  to.add_rule("steering", tcp_from(relay.gateway_link).opens_tcp().mark(to_zonder).accept());
  for (const auto family : families) {
    const auto take = [family](NftRule from) {
      return from.family(family).to_transparent_socket(port).mark(to_own_sockets).accept();
    };
    to.add_rule("steering", take(tcp_from(relay.gateway_link)));
    to.add_rule("steering", take(tcp_from(relay.opening_link).opens_tcp()));
  }
  // Of a connection that is over: the kernel says so.
  to.add_rule("steering", tcp_from(relay.gateway_link).mark(to_own_sockets).accept());
}

}  // namespace

Result<RelayNetwork> make_relay_network(const RoomPlan& plan)
{
  const auto& relay = *plan.relay;
  auto space = kernel::new_network_namespace();
  if (!space) {
    return fail(space.error());
  }
  RelayNetwork made = {.network = std::move(*space)};
  const int network = made.network.get();
  ZONDER_TRY(set_options(network));
  ZONDER_TRY(kernel::in_network_namespace(network, [&] { return open_sockets(plan, made); }));
  auto gateway = kernel::Links::open();
  auto inside = kernel::Links::open(network);
  if (!gateway || !inside) {
    return fail(!gateway ? gateway.error() : inside.error());
  }
  ZONDER_TRY(gateway->add_veth(plan.uplink_link, relay.gateway_link, network));
  ZONDER_TRY(inside->set_up("lo"));
  ZONDER_TRY(inside->set_mtu(relay.gateway_link, plan.mtu));
  ZONDER_TRY(inside->set_mtu(relay.opening_link, plan.mtu));
  ZONDER_TRY(inside->add_address(relay.gateway_link, relay.net_v4, relay.here_v4));
  ZONDER_TRY(inside->add_address(relay.gateway_link, relay.net_v6, relay.here_v6));
  ZONDER_TRY(inside->set_up(relay.gateway_link));
  ZONDER_TRY(inside->set_up(relay.opening_link));
  ZONDER_TRY(add_ways(*inside, relay));
  return made;
}

Result<void> connect_relay_network(const RoomPlan& plan, int network)
{
  auto links = kernel::Links::open(network);
  if (!links) {
    return fail(links.error());
  }
  ZONDER_TRY(links->set_mtu(plan.uplink_link, plan.mtu));
  ZONDER_TRY(links->add_address(plan.uplink_link, plan.tap_net_v4, plan.tap_v4));
  ZONDER_TRY(links->add_address(plan.uplink_link, plan.tap_net_v6, plan.tap_v6));
  ZONDER_TRY(links->set_up(plan.uplink_link));
  // By hand: a link that forwards takes no router advertisement.
  ZONDER_TRY(links->add_route({.destination = kernel::default_destination(net::Family::V4),
                               .gateway = plan.tap_router_v4,
                               .link = plan.uplink_link}));
  return links->add_route({.destination = kernel::default_destination(net::Family::V6),
                           .gateway = plan.tap_router_v6,
                           .link = plan.uplink_link});
}

kernel::NftTransaction relay_rules(const RoomPlan& plan, bool ends_tcp)
{
  const auto& relay = *plan.relay;
  kernel::NftTransaction to("zonder");
  to.add_table();
  if (ends_tcp) {
    add_steering(to, relay);
  }
  const auto there = [&](const std::string& from, const std::string& onto) {
    return NftRule().from_link(from).to_link(onto);
  };
  to.add_base_chain({.name = "forward", .hook = Hook::Forward});
  for (const auto& prefix : never_forwarded()) {
    to.add_rule("forward", NftRule().to(prefix).from_link(relay.gateway_link).drop());
  }
  for (const auto& net : {plan.tap_net_v4, plan.tap_net_v6}) {
    to.add_rule("forward", NftRule().to(net).from_link(relay.gateway_link).drop());
  }
  to.add_rule("forward", there(relay.gateway_link, plan.uplink_link).accept());
  to.add_rule(
      "forward",
      there(plan.uplink_link, relay.gateway_link).flow_is_established_or_related().accept());
  to.add_rule("forward", there(relay.gateway_link, relay.opening_link).accept());
  to.add_rule("forward", there(relay.opening_link, relay.gateway_link).accept());

  to.add_base_chain({.name = "input", .hook = Hook::Input});
  for (const auto& link : {relay.gateway_link, relay.opening_link}) {
    to.add_rule("input", NftRule().from_link(link).protocol(IPPROTO_TCP).accept());
  }
  for (const auto type : {ND_ROUTER_ADVERT, ND_NEIGHBOR_SOLICIT, ND_NEIGHBOR_ADVERT}) {
    to.add_rule(
        "input",
        NftRule().protocol(IPPROTO_ICMPV6).icmp_type(static_cast<std::uint8_t>(type)).accept());
  }
  to.add_rule("input", NftRule().flow_is_established_or_related().accept());

  to.add_base_chain({.name = "masquerade",
                     .type = "nat",
                     .hook = Hook::Postrouting,
                     .priority = 100,
                     .accept = true});
  to.add_rule("masquerade", NftRule().to_link(plan.uplink_link).masquerade());
  return to;
}

}  // namespace zonder::isolate
