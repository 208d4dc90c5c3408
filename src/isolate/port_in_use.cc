// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/port_in_use.hh"

#include <algorithm>

#include <linux/rtnetlink.h>

#include "base/translate.hh"
#include "kernel/namespaces.hh"

namespace zonder::isolate {
namespace {

tl::unexpected<Error> in_use(const std::string& port, const std::string& why)
{
  return fail(Fault::Usage,
              say("the network port {} is in use: {}; a room needs one of its own", port, why));
}

/// fe80::/10 and ff00::/8, which every link has as soon as it is on.
bool is_made_by_every_link(const net::Address& address)
{
  return !address.is_v4() &&
         (address.high() >> 54U == 0xfe80ULL >> 6U || address.high() >> 56U == 0xffU);
}

}  // namespace

tl::unexpected<Error> no_such_port(const std::string& port)
{
  return fail(
      Fault::Usage,
      say("there is no network port {} on this machine; where another room has taken it, it "
          "comes back when that room ends",
          port));
}

Result<void> refuse_port_in_use(kernel::Links& machine,
                                const kernel::Link& port,
                                const std::vector<kernel::Link>& links)
{
  const auto addresses = machine.list_addresses(port.name);
  const auto routes = machine.list_routes();
  if (!addresses || !routes) {
    return fail(!addresses ? addresses.error() : routes.error());
  }
  for (const auto& each : *addresses) {
    if (!is_made_by_every_link(each)) {
      return in_use(port.name, say("it has the address {}", each.to_string()));
    }
  }
  if (port.loopback) {
    return in_use(port.name, say("it is this machine's loopback"));
  }
  for (const auto& each : links) {
    if (each.index == port.master_index) {
      return in_use(port.name, say("it is a port of {}", each.name));
    }
    const bool stands_on_it = each.peer_index == port.index && !each.peer_namespace &&
                              each.kind != "veth" && each.index != port.index;
    if (stands_on_it || (each.master_index == port.index && port.kind != "bridge")) {
      return in_use(port.name, say("{} stands on it", each.name));
    }
  }
  const auto route = std::ranges::find_if(*routes, [&](const kernel::Route& each) {
    return each.link == port.name && each.table != RT_TABLE_LOCAL && each.type == RTN_UNICAST &&
           !is_made_by_every_link(each.destination.first());
  });
  // A bridge stays where it is, and so do its routes.
  if (route != routes->end() && port.kind != "bridge") {
    return in_use(port.name, say("it has the route {}", route->destination.to_string()));
  }
  return {};
}

Result<void> refuse_bridge_that_heeds_routers(int machine, const kernel::Link& bridge)
{
  if (bridge.kind != "bridge") {
    return {};
  }
  // As the kernel decides it (ipv6_accept_ra): 1 counts where it is no router, 2 always.
  const auto of_bridge = [&](const char* option) {
    return kernel::network_option(machine, "ipv6/conf/" + bridge.name + "/" + option);
  };
  const auto accepts = of_bridge("accept_ra");
  const auto forwards = of_bridge("forwarding");
  const auto off = of_bridge("disable_ipv6");
  if (!accepts || !forwards || !off) {
    return fail(!accepts ? accepts.error() : !forwards ? forwards.error() : off.error());
  }
  const bool heeds = *accepts == "2" || (*accepts == "1" && *forwards == "0");
  return !heeds || *off == "1"
             ? Result<void>()
             : fail(
                   Fault::Usage,
                   say("the bridge {0} would take an address and a way out from the room's router, "
                       "as any device would; turn that off first: "
                       "sysctl net.ipv6.conf.{0}.accept_ra=0",
                       bridge.name));
}

Result<void> refuse_ports_in_use(const std::vector<std::string>& ports)
{
  auto machine = kernel::Links::open();
  const auto own = kernel::open_own_namespace("net");
  const auto links =
      machine ? machine->list_links() : Result<std::vector<kernel::Link>>(fail(machine.error()));
  if (!links || !own) {
    return fail(!links ? links.error() : own.error());
  }
  for (const auto& port : ports) {
    const auto link = std::ranges::find(*links, port, &kernel::Link::name);
    if (link == links->end()) {
      return no_such_port(port);
    }
    ZONDER_TRY(refuse_port_in_use(*machine, *link, *links));
    ZONDER_TRY(refuse_bridge_that_heeds_routers(own->get(), *link));
  }
  return {};
}

}  // namespace zonder::isolate
