// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_plan.hh"

#include <algorithm>
#include <array>

#include <linux/rtnetlink.h>

namespace zonder::isolate {
namespace {

constexpr std::array room_candidates = {net::Address::v4(0x64400000),   // 100.64.0.0
                                        net::Address::v4(0x647ffffc),   // 100.127.255.252
                                        net::Address::v4(0x0ad54d00),   // 10.213.77.0
                                        net::Address::v4(0xac1fd500)};  // 172.31.213.0
constexpr std::array tap_candidates = {net::Address::v4(0x0a000200),    // 10.0.2.0
                                       net::Address::v4(0x0ad54e00),    // 10.213.78.0
                                       net::Address::v4(0xac1fd600),    // 172.31.214.0
                                       net::Address::v4(0xc0a8d500)};   // 192.168.213.0

constexpr std::array hall_candidates = {net::Address::v4(0x0ad55000),   // 10.213.80.0
                                        net::Address::v4(0xac1fd800),   // 172.31.216.0
                                        net::Address::v4(0xc0a8d600)};  // 192.168.214.0
constexpr unsigned ethernet_mtu = 1500;

/// Neither this machine nor the way to anywhere: loopback, link-local, multicast.
bool goes_nowhere(const net::Prefix& destination)
{
  const auto address = destination.first();
  if (address.is_v4()) {
    return address.low() >> 24U == 127 || address.low() >> 28U == 14 ||
           address.low() >> 16U == 0xa9fe;
  }
  return address.high() >> 54U == 0xfe80ULL >> 6U || address.high() >> 56U == 0xff ||
         (address.high() == 0 && destination.length() == 128);
}

bool leads_out(const kernel::Route& route)
{
  return route.type == RTN_UNICAST && route.table != RT_TABLE_LOCAL &&
         !goes_nowhere(route.destination) && route.link != "lo";
}

bool overlaps(const kernel::Route& route, const net::Prefix& wanted)
{
  return route.destination.length() > 0 && leads_out(route) &&
         (route.destination.contains(wanted) || wanted.contains(route.destination));
}

template <std::size_t Count>
net::Prefix choose(const std::array<net::Address, Count>& candidates,
                   unsigned length,
                   const std::vector<kernel::Route>& routes)
{
  for (const auto& candidate : candidates) {
    const auto wanted = net::Prefix::containing(candidate, length);
    if (std::none_of(routes.begin(), routes.end(), [&](const kernel::Route& route) {
          return overlaps(route, wanted);
        })) {
      return wanted;
    }
  }
  // Everything is in use: a program in the room cannot reach those few addresses of the machine's.
  return net::Prefix::containing(candidates.front(), length);
}

net::Address host(const net::Prefix& prefix, std::uint32_t number)
{
  return net::Address::v4(static_cast<std::uint32_t>(prefix.first().low()) + number);
}

constexpr std::uint64_t room_v6_high = 0xfd007a6f6e640001ULL;  // fd00:7a6f:6e64:1::/64
constexpr std::uint64_t veth_v6_high = 0xfd007a6f00000000ULL;  // fd00:7a6f:<number>::/64
constexpr std::uint64_t tap_v6_high = 0xfd00000000000000ULL;   // fd00::/64 is slirp's own

}  // namespace

RoomPlan plan_room(const std::vector<kernel::Route>& machine_routes)
{
  const auto room = choose(room_candidates, 30, machine_routes);
  const auto tap = choose(tap_candidates, 24, machine_routes);
  const auto has = [&](net::Family family) {
    return std::any_of(
        machine_routes.begin(), machine_routes.end(), [family](const kernel::Route& route) {
          return route.destination.family() == family && leads_out(route);
        });
  };
  return {.room_net_v4 = room,
          .gateway_v4 = host(room, 1),
          .room_v4 = host(room, 2),
          .room_net_v6 = net::Prefix::containing(net::Address::v6(room_v6_high, 0), 64),
          .gateway_v6 = net::Address::v6(room_v6_high, 1),
          .room_v6 = net::Address::v6(room_v6_high, 2),
          .tap_net_v4 = tap,
          .tap_v4 = host(tap, 100),
          .tap_router_v4 = host(tap, 2),
          .tap_net_v6 = net::Prefix::containing(net::Address::v6(tap_v6_high, 0), 64),
          .tap_v6 = net::Address::v6(tap_v6_high, 0x100),
          .tap_router_v6 = net::Address::v6(tap_v6_high, 2),
          .machine_has_v4 = has(net::Family::V4),
          .machine_has_v6 = has(net::Family::V6)};
}

Result<RoomPlan> plan_for_this_machine()
{
  auto links = kernel::Links::open();
  if (!links) {
    return fail(links.error());
  }
  const auto routes = links->list_routes();
  if (!routes) {
    return fail(routes.error());
  }
  return plan_room(*routes);
}

void plan_for_hall(RoomPlan& plan,
                   std::vector<std::string> ports,
                   const std::vector<kernel::Route>& machine_routes)
{
  constexpr unsigned length = 23;  // some hundreds of devices
  constexpr std::uint32_t size = 1U << (32 - length);
  constexpr std::uint32_t kept = 10;  // for what is not a device's
  const auto room = choose(hall_candidates, length, machine_routes);
  plan.room_net_v4 = room;
  plan.gateway_v4 = host(room, 1);
  plan.room_v4 = host(room, size - 2);
  plan.mtu = ethernet_mtu;
  plan.hall = RoomPlan::Hall{
      .ports = std::move(ports), .first_v4 = host(room, kept), .last_v4 = host(room, size - kept)};
}

void plan_for_relay(RoomPlan& plan)
{
  // Nothing is ever forwarded to such addresses, so that they are in nobody's way.
  const auto own = net::Prefix::containing(net::Address::v4(0xa9fed500), 30);  // 169.254.213.0
  const auto high = room_v6_high + 2;
  plan.relay = RoomPlan::Relay{.net_v4 = own,
                               .gateway_v4 = host(own, 2),
                               .here_v4 = host(own, 1),
                               .net_v6 = net::Prefix::containing(net::Address::v6(high, 0), 64),
                               .gateway_v6 = net::Address::v6(high, 2),
                               .here_v6 = net::Address::v6(high, 1)};
}

void plan_for_resolver(RoomPlan& plan)
{
  // The other half of the /29 that the room's /30 is in: private wherever that is.
  const auto base = static_cast<std::uint32_t>(plan.room_net_v4.first().low()) ^ 4U;
  const auto own = net::Prefix::containing(net::Address::v4(base), 30);
  const auto high = room_v6_high + 1;
  plan.resolver =
      RoomPlan::Resolver{.net_v4 = own,
                         .gateway_v4 = host(own, 1),
                         .inside_v4 = host(own, 2),
                         .net_v6 = net::Prefix::containing(net::Address::v6(high, 0), 64),
                         .gateway_v6 = net::Address::v6(high, 1),
                         .inside_v6 = net::Address::v6(high, 2)};
}

void plan_for_veth(RoomPlan& plan,
                   const std::vector<kernel::Route>& machine_routes,
                   unsigned number)
{
  // 64 pairs of addresses in each candidate; which one we begin with makes rooms that start
  // together choose differently.
  constexpr unsigned pairs = 64;
  const auto is_free = [&](const net::Prefix& wanted) {
    return std::none_of(machine_routes.begin(),
                        machine_routes.end(),
                        [&](const kernel::Route& route) { return overlaps(route, wanted); });
  };
  auto chosen = net::Prefix::containing(host(plan.tap_net_v4, number % pairs * 4), 30);
  for (unsigned i = 0; i < tap_candidates.size() * pairs; ++i) {
    const auto base =
        static_cast<std::uint32_t>(tap_candidates.at(i / pairs).low()) + (number + i) % pairs * 4;
    const auto wanted = net::Prefix::containing(net::Address::v4(base), 30);
    if (is_free(wanted)) {
      chosen = wanted;
      break;
    }
  }
  plan.tap_net_v4 = chosen;
  plan.tap_router_v4 = host(chosen, 1);
  plan.tap_v4 = host(chosen, 2);
  const auto high = veth_v6_high | (number & 0xffffffffU);
  plan.tap_net_v6 = net::Prefix::containing(net::Address::v6(high, 0), 64);
  plan.tap_router_v6 = net::Address::v6(high, 1);
  plan.tap_v6 = net::Address::v6(high, 2);
}

}  // namespace zonder::isolate
