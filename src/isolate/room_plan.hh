// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hh"
#include "isolate/access_point.hh"
#include "kernel/links.hh"
#include "net/address.hh"
#include "net/prefix.hh"

namespace zonder::isolate {

/// The links and addresses of one room and its gateway.
///
///     command -- eth0 [room_v4] === [gateway_v4] room -- gateway -- tap0 [tap_v4] -- uplink
///                                                         |
///     unbound -- eth0 [resolver->inside_v4] === names ----+      only for --dns honest
///
/// An uplink that is a program has a network before it, in which TCP is ended and passed on by
/// zonder itself; then the gateway's tap0 is one end of a pair, and the program's lies there:
///
///     gateway -- tap0 [relay->gateway_v4] === [relay->here_v4] gateway -- relay -- tap0 -- uplink
///                                                                 |
///                                  what opens TCP, to zonder -- opening
struct RoomPlan {
  /// Where devices live instead of one command: the gateway's end is a bridge, with links of the
  /// machine's as its ports. The proof is tried from one more port, which stays.
  ///
  ///     devices -- port --+
  ///                      room [gateway_v4, gateway_v6] -- gateway -- tap0 -- uplink
  ///     proof -- guest ---+
  struct Hall {
    std::vector<std::string> ports;
    std::string guest_link = "guest";
    net::Address first_v4;  // that devices get; the last one is before room_v4
    net::Address last_v4;
    std::vector<std::string> address_server;  // its command line; empty: none
    std::optional<AccessPoint> access_point;
  };
  /// The network of the run's own resolver.
  struct Resolver {
    std::string link = "names";  // the gateway's end; the other is as inside_link
    net::Prefix net_v4;
    net::Address gateway_v4;
    net::Address inside_v4;
    net::Prefix net_v6;
    net::Address gateway_v6;
    net::Address inside_v6;
  };
  /// The network of what passes TCP on; see relay_network.hh.
  struct Relay {
    std::string gateway_link = "gateway";  // its end of the pair
    std::string opening_link = "opening";
    net::Prefix net_v4;
    net::Address gateway_v4;  // the gateway's end
    net::Address here_v4;
    net::Prefix net_v6;
    net::Address gateway_v6;
    net::Address here_v6;
  };
  std::string inside_link = "eth0";
  std::string room_link = "room";
  std::string uplink_link = "tap0";
  net::Prefix room_net_v4;
  net::Address gateway_v4;
  net::Address room_v4;
  net::Prefix room_net_v6;
  net::Address gateway_v6;
  net::Address room_v6;
  net::Prefix tap_net_v4;  // the uplink's own little network
  net::Address tap_v4;
  net::Address tap_router_v4;
  net::Prefix tap_net_v6;
  net::Address tap_v6;
  net::Address tap_router_v6;
  unsigned mtu = 65520;
  std::chrono::milliseconds late{};  // what the links keep the packets of their late lane; 0: none
  bool machine_has_v4 = true;        // a way out for that family; without one, "no route" at once
  bool machine_has_v6 = true;
  /// Closed to the room by the gateway: with an uplink that brings packets to the machine itself.
  std::vector<net::Address> machine_addresses;
  std::optional<Relay> relay;
  std::optional<Resolver> resolver;
  std::optional<Hall> hall;
};

/// Chooses networks that the machine itself has no route to, and looks which families it has.
RoomPlan plan_room(const std::vector<kernel::Route>& machine_routes);

/// The same, with the routes of the network that the calling thread is in.
Result<RoomPlan> plan_for_this_machine();

/// The room becomes one for devices: a network of which the machine has no part, of ordinary
/// private addresses, since devices take others for a disturbance.
void plan_for_hall(RoomPlan& plan,
                   std::vector<std::string> ports,
                   const std::vector<kernel::Route>& machine_routes);

/// Gives the plan a network before the uplink's.
void plan_for_relay(RoomPlan& plan);

/// Gives the plan a network for a resolver beside the room's.
void plan_for_resolver(RoomPlan& plan);

/// The uplink's own network becomes one that no other room of this machine has: a veth pair lies in
/// the machine's own network, where two cannot have the same. `number` is different in each.
void plan_for_veth(RoomPlan& plan,
                   const std::vector<kernel::Route>& machine_routes,
                   unsigned number);

}  // namespace zonder::isolate
