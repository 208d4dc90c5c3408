// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include <sys/types.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/channel.hh"
#include "isolate/honest_resolver.hh"
#include "isolate/host_relay.hh"
#include "isolate/relay_network.hh"
#include "isolate/room.hh"
#include "isolate/room_plan.hh"

namespace zonder::isolate {

/// Sockets that live in the room's network, for the proof.
struct Probes {
  Descriptor udp_v4;
  Descriptor udp_v6;
  std::vector<Descriptor> tcp_v4;  // not connected, non-blocking; each is good for one attempt
  std::vector<Descriptor> tcp_v6;
};

/// The process that holds the gateway's namespaces (and has all rights in them, and nowhere else).
/// It does what must be done from within; we steer it step by step. It and all that it made end
/// with us, however we end.
class Holder {
public:
  struct Netfilter {
    Descriptor rules;  // netlink sockets in the gateway's network
    Descriptor log;
  };
  struct Built {
    std::vector<Descriptor> dns_udp;  // bound in the gateway, on the room's side
    std::vector<Descriptor> dns_tcp;
    std::vector<Descriptor> reception;  // bound in the gateway, for what is meant for the absent
    std::vector<Descriptor> relay;      // the same, for proxies that are seen through
    std::vector<Descriptor> loopback_proxies;  // on the room's loopback, as in RoomOrder
    Probes probes;
    std::vector<HostPort> host_ports;        // the room's ends of --allow-host
    Descriptor unix_table;                   // tells of the room's unix sockets
    std::vector<Descriptor> page_names_udp;  // of a hall: for devices that have not joined
    std::vector<Descriptor> page_names_tcp;
    std::vector<Descriptor> page;  // http, for everybody
    Descriptor guest_network;      // the namespace that the proof's probes are in
  };

  /// Makes the namespaces. `room` tells what the room's first process shall do, `resolver` what the
  /// run's own resolver is, for a plan that has a place for one. `as_root`: without a user
  /// namespace.
  static Result<Holder> start(const RoomPlan& plan,
                              const RoomOrder& room,
                              bool as_root,
                              const ResolverOrder& resolver = {});

  Result<Netfilter> netfilter();
  /// For a plan that has a place for it: the network before the uplink's.
  Result<RelayNetwork> make_relay();
  /// Makes the room's network, links and addresses, and starts the room's first process. Only when
  /// the gateway is closed.
  Result<Built> build();
  /// Gives the gateway's link to the outside its addresses and routes, and the uplink's, where that
  /// is another; they must be there.
  Result<void> connect_uplink();
  /// In a hall: a socket that hears what devices say to all of the addresses that they want, as IP
  /// packets. When it is built.
  Result<Descriptor> requests();
  /// In a hall: takes the ports from the machine, which is what devices come by; and gives them
  /// back, which is done when the controller ends, too, however it does. A holder that was stopped
  /// (SIGSTOP) is woken for that; one that does not come to it in some seconds is killed, whereupon
  /// the kernel gives back what is a card. Errors: a port is in use, or not there.
  Result<void> take_ports();
  Result<void> give_back_ports();
  /// Errors: what gives devices their addresses has ended; or it does not answer in some seconds.
  Result<void> check();

  /// The room's first process, which waits for its own "go".
  [[nodiscard]] Channel& room() { return room_; }
  /// The keeper of the run's own resolver; it starts with build().
  Channel take_resolver() { return std::move(resolver_); }
  [[nodiscard]] pid_t pid() const { return process_.pid(); }
  [[nodiscard]] ChildProcess& process() { return process_; }

private:
  Holder(ChildProcess process,
         Channel channel,
         Channel room,
         Channel resolver,
         const RoomOrder& order,
         bool is_hall)
      : process_(std::move(process)), channel_(std::move(channel)), room_(std::move(room)),
        resolver_(std::move(resolver)), allowed_host_ports_(order.allowed_host_ports),
        loopback_proxies_(order.loopback_proxies.size()), is_hall_(is_hall)
  {
  }
  ChildProcess process_;
  Channel channel_;
  Channel room_;
  Channel resolver_;
  std::vector<std::uint16_t> allowed_host_ports_;
  std::size_t loopback_proxies_;
  bool is_hall_;
};

}  // namespace zonder::isolate
