// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/uplink_veth.hh"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <thread>

#include <linux/rtnetlink.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/holder.hh"
#include "isolate/rights.hh"
#include "isolate/socket_address.hh"
#include "kernel/host_table.hh"
#include "kernel/namespaces.hh"

namespace zonder::isolate {
namespace {

using kernel::HostTable;

constexpr std::chrono::milliseconds check_patience{2000};

unsigned our_number()
{
  return static_cast<unsigned>(::getpid());
}

/// The links by which the default routes of a family go.
std::set<std::string> default_links(const std::vector<kernel::Route>& routes, net::Family family)
{
  std::set<std::string> links;
  for (const auto& route : routes) {
    if (route.type == RTN_UNICAST && route.destination.length() == 0 && route.link != "lo" &&
        route.destination.family() == family && !route.link.empty()) {
      links.insert(route.link);
    }
  }
  return links;
}

/// Forwarding is a matter of the link that a packet comes in by for IPv4, and of the whole network
/// for IPv6. A new link takes over what "default" says.
std::vector<std::string> sysctls_needed(const RoomPlan& plan,
                                        const std::vector<kernel::Route>& routes)
{
  std::vector<std::string> needed;
  if (plan.machine_has_v4) {
    needed.emplace_back("ipv4/conf/default/forwarding");
    for (const auto& link : default_links(routes, net::Family::V4)) {
      needed.push_back("ipv4/conf/" + link + "/forwarding");
    }
  }
  if (plan.machine_has_v6) {
    needed.emplace_back("ipv6/conf/all/forwarding");
  }
  return needed;
}

/// As sysctl(8) wants it: dots and slashes change places.
std::string as_sysctl(std::string path)
{
  for (auto& letter : path) {
    letter = letter == '/' ? '.' : letter == '.' ? '/' : letter;
  }
  return "net." + path;
}

Result<void> require_forwarding(const std::vector<std::string>& sysctls)
{
  for (const auto& path : sysctls) {
    const auto value = read_file("/proc/sys/net/" + path, 16);
    if (value && value->substr(0, 1) != "0") {
      continue;
    }
    const auto name = as_sysctl(path);
    if (path.starts_with("ipv6/")) {
      return fail(Fault::NotPossible,
                  say("the uplink veth needs {0} to be 1, and zonder changes no sysctl: turn it on "
                      "with \"sysctl -w {0}=1\" (a machine that has its IPv6 route from router "
                      "advertisements then needs accept_ra=2 too), or take another uplink",
                      name));
    }
    return fail(Fault::NotPossible,
                say("the uplink veth needs {0} to be 1, and zonder changes no sysctl: turn it on "
                    "with \"sysctl -w {0}=1\", or take another uplink",
                    name));
  }
  return {};
}

/// The smallest of the links out: then a packet of the room never has to be cut up.
unsigned mtu_out(kernel::Links& links, const std::vector<kernel::Route>& routes, unsigned otherwise)
{
  constexpr unsigned least = 1280;
  unsigned mtu = otherwise;
  const auto all = links.list_links();
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    const auto out = default_links(routes, family);
    for (const auto& link : all ? *all : std::vector<kernel::Link>()) {
      if (out.contains(link.name)) {
        mtu = std::min(mtu, std::max(link.mtu, least));
      }
    }
  }
  return mtu;
}

class VethUplink final : public Uplink {
public:
  VethUplink(HostTable table, kernel::Links links, RoomPlan plan, unsigned number)
      : table_(std::move(table)), links_(std::move(links)), plan_(std::move(plan)),
        link_(HostTable::link_name(number))
  {
  }
  VethUplink(const VethUplink&) = delete;
  VethUplink& operator=(const VethUplink&) = delete;
  VethUplink(VethUplink&&) = delete;
  VethUplink& operator=(VethUplink&&) = delete;
  ~VethUplink() override
  {
    // Before the filter goes. It may be gone already.
    (void)links_.remove(link_);
  }

  Result<void> connect(pid_t gateway)
  {
    const auto network = kernel::open_namespace(gateway, "net");
    if (!network) {
      return fail(network.error());
    }
    ZONDER_TRY(links_.add_veth(link_, plan_.uplink_link, network->get()));
    ZONDER_TRY(links_.set_mtu(link_, plan_.mtu));
    ZONDER_TRY(links_.add_address(link_, plan_.tap_net_v4, plan_.tap_router_v4));
    if (plan_.machine_has_v6) {
      ZONDER_TRY(links_.add_address(link_, plan_.tap_net_v6, plan_.tap_router_v6));
    }
    return links_.set_up(link_);
  }

  [[nodiscard]] std::string name() const override { return "veth"; }
  Result<void> wait_until_ready() override { return {}; }
  [[nodiscard]] int ended() const override { return -1; }
  [[nodiscard]] bool works() override
  {
    const auto all = links_.list_links();
    return all && std::any_of(all->begin(), all->end(), [this](const kernel::Link& link) {
             return link.name == link_;
           });
  }

  Result<void> check(Probes& probes) override
  {
    const auto routes = links_.list_routes();
    if (!routes) {
      return fail(routes.error());
    }
    for (const auto family : {net::Family::V4, net::Family::V6}) {
      // Without a default route the test address has no way, whatever a filter says.
      const bool possible = family == net::Family::V4 ? plan_.machine_has_v4 : plan_.machine_has_v6;
      if (possible && !default_links(*routes, family).empty()) {
        ZONDER_TRY(check_family(family == net::Family::V4 ? probes.udp_v4 : probes.udp_v6, family));
      }
    }
    return {};
  }

private:
  Result<void> check_family(const Descriptor& probe, net::Family family)
  {
    constexpr std::uint16_t discard_port = 9;
    const SocketAddress there(HostTable::test_address(family), discard_port);
    const auto until = std::chrono::steady_clock::now() + check_patience;
    do {
      (void)!::sendto(probe.get(), "", 0, 0, there.get(), there.length);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const auto arrived = table_.arrived(family);
      if (!arrived) {
        return fail(arrived.error());
      }
      if (*arrived > 0) {
        return {};
      }
    } while (std::chrono::steady_clock::now() < until);
    return fail(
        Fault::NotPossible,
        say("this machine does not pass on {} packets that come from the link {}: a "
            "forward chain with policy drop in its own packet filter (\"nft list ruleset\", "
            "\"iptables -S FORWARD\"), which zonder leaves as it is; let that link "
            "through there, or take another uplink",
            family == net::Family::V4 ? "IPv4" : "IPv6",
            link_));
  }

  HostTable table_;
  kernel::Links links_;
  RoomPlan plan_;
  std::string link_;
};

}  // namespace

Result<void> prepare_veth(RoomPlan& plan)
{
  if (!have_network_rights()) {
    return fail(Fault::NotPossible,
                say("the uplink veth adds to this machine's network, which needs root; slirp4netns "
                    "and pasta do not"));
  }
  auto links = kernel::Links::open();
  if (!links) {
    return fail(links.error());
  }
  const auto routes = links->list_routes();
  auto addresses = links->list_addresses();
  if (!routes || !addresses) {
    return fail(routes ? addresses.error() : routes.error());
  }
  ZONDER_TRY(require_forwarding(sysctls_needed(plan, *routes)));
  plan_for_veth(plan, *routes, our_number());
  plan.machine_addresses = std::move(*addresses);
  plan.machine_addresses.push_back(plan.tap_router_v4);
  plan.machine_addresses.push_back(plan.tap_router_v6);
  plan.mtu = mtu_out(*links, *routes, plan.mtu);
  return {};
}

Result<std::unique_ptr<Uplink>> start_veth(const RoomPlan& plan, pid_t gateway, const Tell& tell)
{
  const auto number = our_number();
  tell(say("adding to this machine's network, until the run ends: the link {} ({}) and the nft "
           "table inet {}, which masquerades for it and keeps it from this machine itself; the "
           "kernel takes both away when zonder ends, however it ends",
           HostTable::link_name(number),
           plan.tap_net_v4.to_string(),
           HostTable::table_name(number)));
  // The filter first: there is never a link without it.
  auto table = HostTable::create(number);
  auto links = kernel::Links::open();
  if (!table || !links) {
    return fail(table ? links.error() : table.error());
  }
  auto uplink = std::make_unique<VethUplink>(std::move(*table), std::move(*links), plan, number);
  ZONDER_TRY(uplink->connect(gateway));
  return uplink;
}

}  // namespace zonder::isolate
