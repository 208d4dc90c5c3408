// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/wiring.hh"

#include <algorithm>

#include "kernel/links.hh"
#include "kernel/namespaces.hh"

namespace zonder::lab {
namespace {

/// A link's name has at most 15 characters, so the router's are numbered.
std::string bridge_name(std::size_t network)
{
  return "net" + std::to_string(network);
}

std::string port_name(std::size_t host)
{
  return "port" + std::to_string(host);
}

std::size_t network_number(const LabFile& lab, const Host& host)
{
  const auto found = std::ranges::find(lab.networks, host.network, &Network::name);
  return static_cast<std::size_t>(found - lab.networks.begin());
}

const net::Prefix& prefix_for(const Network& network, net::Address address)
{
  return *std::ranges::find_if(
      network.prefixes, [address](const net::Prefix& prefix) { return prefix.contains(address); });
}

Result<void>
switch_bridge_on(kernel::Links& links, const std::string& bridge, const Network& network)
{
  ZONDER_TRY(links.set_up(bridge));
  for (const auto& prefix : network.prefixes) {
    ZONDER_TRY(links.add_address(bridge, prefix, gateway_of(prefix)));
  }
  return {};
}

Result<void> switch_router_on(const LabFile& lab, const Descriptor& space)
{
  auto links = kernel::Links::open(space.get());
  if (!links) {
    return fail(links.error());
  }
  for (const auto* option : {"ipv4/ip_forward", "ipv6/conf/all/forwarding"}) {
    ZONDER_TRY(kernel::set_network_option(space.get(), option, "1"));
  }
  ZONDER_TRY(links->set_up("lo"));
  for (std::size_t i = 0; i < lab.networks.size(); ++i) {
    ZONDER_TRY(switch_bridge_on(*links, bridge_name(i), lab.networks[i]));
  }
  for (std::size_t i = 0; i < lab.hosts.size(); ++i) {
    ZONDER_TRY(links->set_up(port_name(i)));
  }
  return {};
}

Result<void> switch_host_on(const LabFile& lab, const Host& host, const Descriptor& space)
{
  auto links = kernel::Links::open(space.get());
  if (!links) {
    return fail(links.error());
  }
  ZONDER_TRY(kernel::set_network_option(space.get(), "ipv6/conf/all/accept_ra", "0"));
  ZONDER_TRY(kernel::set_network_option(space.get(), "ipv6/conf/default/accept_ra", "0"));
  // So that `ping` works without privileges, as on an ordinary machine.
  (void)kernel::set_network_option(space.get(), "ipv4/ping_group_range", "0 0");
  ZONDER_TRY(links->set_up("lo"));
  ZONDER_TRY(links->set_up("eth0"));
  const auto& network = *lab.network(host.network);
  for (const auto& address : host.addresses) {
    const auto& prefix = prefix_for(network, address);
    ZONDER_TRY(links->add_address("eth0", prefix, address));
    ZONDER_TRY(links->add_route({.destination = kernel::default_destination(address.family()),
                                 .gateway = gateway_of(prefix)}));
  }
  return {};
}

}  // namespace

Result<Namespaces> lay_cables(const LabFile& lab)
{
  Namespaces namespaces;
  auto middle = kernel::new_network_namespace();
  if (!middle) {
    return fail(middle.error());
  }
  auto links = kernel::Links::open(middle->get());
  if (!links) {
    return fail(links.error());
  }
  for (std::size_t i = 0; i < lab.networks.size(); ++i) {
    ZONDER_TRY(links->add_bridge(bridge_name(i)));
  }
  for (std::size_t i = 0; i < lab.hosts.size(); ++i) {
    auto space = kernel::new_network_namespace();
    if (!space) {
      return fail(space.error());
    }
    ZONDER_TRY(links->add_veth(port_name(i), "eth0", space->get()));
    ZONDER_TRY(links->set_master(port_name(i), bridge_name(network_number(lab, lab.hosts[i]))));
    namespaces.emplace(lab.hosts[i].name, std::move(*space));
  }
  namespaces.emplace(router, std::move(*middle));
  return namespaces;
}

Result<void> switch_on(const LabFile& lab, const Namespaces& namespaces)
{
  ZONDER_TRY(switch_router_on(lab, namespaces.at(router)));
  for (const auto& host : lab.hosts) {
    ZONDER_TRY(switch_host_on(lab, host, namespaces.at(host.name)));
  }
  return {};
}

}  // namespace zonder::lab
