// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hh"
#include "net/prefix.hh"

namespace zonder::kernel {

/// One row of the kernel's route table, as far as we use it.
struct Route {
  std::optional<net::Prefix> destination;  // nothing: the default route
  std::optional<net::Address> gateway;
  std::string link;           // name of the outgoing link
  std::uint8_t type = 1;      // RTN_UNICAST, RTN_BLACKHOLE, ...
  std::uint32_t table = 254;  // main
};

struct Link {
  int index = 0;
  std::string name;
  std::string kind;  // "veth", "bridge", "tun"; empty for hardware and loopback
  bool up = false;
};

/// Links, addresses and routes of the network namespace in which it was opened (rtnetlink). Open it
/// inside in_network_namespace() to work on another one. All calls are one round trip.
class Links {
public:
  static Result<Links> open();
  Links(Links&&) noexcept;
  Links& operator=(Links&&) noexcept;
  ~Links();

  /// Makes a pair; the far end goes into the namespace `far_namespace` (descriptor) at once.
  Result<void> add_veth(const std::string& name, const std::string& far_name, int far_namespace);
  Result<void> add_bridge(const std::string& name);
  Result<void> set_master(const std::string& link, const std::string& bridge);
  Result<void> set_up(const std::string& link);
  Result<void> set_mtu(const std::string& link, unsigned mtu);
  Result<void> remove(const std::string& link);
  /// The address is usable at once (no duplicate address detection for IPv6).
  Result<void> add_address(const std::string& link, const net::Prefix& net, net::Address address);
  Result<void> add_route(const Route& route);
  Result<std::vector<Link>> list_links();
  Result<std::vector<Route>> list_routes();

private:
  struct State;
  explicit Links(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::kernel
