// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hh"
#include "net/mac_address.hh"
#include "net/prefix.hh"

namespace zonder::kernel {

/// One row of the kernel's route table, as far as we use it. 0.0.0.0/0 and ::/0 are default routes.
struct Route {
  net::Prefix destination;
  std::optional<net::Address> gateway = std::nullopt;
  std::string link = {};  // name of the outgoing link; empty: the kernel finds it by the gateway
  std::uint8_t type = 1;  // RTN_UNICAST, RTN_BLACKHOLE, ...
  std::uint32_t table = 254;  // main
};

/// The traffic class 1:1 of a link, see Links::add_late_lane().
inline constexpr std::uint32_t late_lane = 0x00010001;

/// 0.0.0.0/0 or ::/0.
net::Prefix default_destination(net::Family family);

struct Link {
  int index = 0;
  std::string name;
  std::string kind;  // "veth", "bridge", "tun"; empty for hardware and loopback
  net::MacAddress hardware;
  bool loopback = false;
  bool up = false;
  bool carrier = false;  // a cable with something at its other end; never while it is off
  unsigned mtu = 0;
  int master_index = 0;  // of the bridge or bond that it is a port of; 0: none
  int peer_index = 0;    // of the link that it stands on (VLAN, macvlan); veth: index of the other
                         // end, in its own namespace
  std::optional<int> peer_namespace;  // as in Links::number_of(); nothing: our own namespace
};

/// Links, addresses and routes of the network namespace in which it was opened (rtnetlink), from
/// whatever thread it is used. All calls are one round trip. Errors say what was asked and the
/// kernel's words.
class Links {
public:
  /// Of the calling thread's namespace, or of the one behind a descriptor.
  static Result<Links> open();
  static Result<Links> open(int network_namespace);
  Links(Links&&) noexcept;
  Links& operator=(Links&&) noexcept;
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;
  ~Links();

  /// Makes a pair; the far end goes into the namespace `far_namespace` (descriptor) at once.
  Result<void> add_veth(const std::string& name, const std::string& far_name, int far_namespace);
  Result<void> add_bridge(const std::string& name);
  Result<void> set_master(const std::string& link, const std::string& bridge);
  /// Of a bridge's links those that are kept apart reach the others, and not each other.
  Result<void> keep_apart(const std::string& link);
  /// To another network namespace (descriptor). The link loses its addresses and routes, and is
  /// off there. `index`: the number that it gets there, when nobody has it; 0: any.
  Result<void> move_to(const std::string& link, int other_namespace, int index = 0);
  Result<void> set_up(const std::string& link);
  Result<void> set_down(const std::string& link);
  Result<void> set_mtu(const std::string& link, unsigned mtu);
  /// What leaves by the link with the priority `late_lane` (NftRule::into_lane) leaves so much
  /// later; all else is not touched. Errors (not possible): the kernel has no netem.
  Result<void> add_late_lane(const std::string& link, std::chrono::milliseconds late);
  Result<void> remove(const std::string& link);
  /// The address is usable at once (no duplicate address detection for IPv6).
  Result<void> add_address(const std::string& link, const net::Prefix& net, net::Address address);
  Result<void> add_route(const Route& route);
  /// Packets of the family with this mark (NftRule::mark) go by the routes of that table.
  Result<void> add_rule(net::Family family, std::uint32_t mark, std::uint32_t table);
  Result<std::vector<Link>> list_links();
  /// Of all tables, the kernel's own (local, 255) too; a route with several ways is several rows.
  Result<std::vector<Route>> list_routes();
  Result<std::vector<net::Address>> list_addresses();
  Result<std::vector<net::Address>> list_addresses(const std::string& link);
  /// The number by which this namespace knows another, for Link::peer_namespace; nothing when it
  /// knows none.
  Result<std::optional<int>> number_of(int other_namespace);

private:
  struct State;
  explicit Links(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::kernel
