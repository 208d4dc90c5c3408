// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/closed.hh"

#include <algorithm>
#include <array>
#include <string_view>

#include <linux/rtnetlink.h>

#include "base/translate.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"

namespace zonder::lab {
namespace {

tl::unexpected<Error> leads_out(const std::string& host, const std::string& what)
{
  return fail(Fault::NotPossible,
              say("the lab has a way out, so not a single packet is sent: {} in {}", what, host));
}

/// Tunnel devices without an other end, which some kernels put into every new namespace. They carry
/// nothing while they are down.
bool is_idle_fallback(const kernel::Link& link)
{
  constexpr std::array<std::string_view, 10> kinds = {
      "sit", "ipip", "ip6tnl", "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "vti", "vti6"};
  return !link.up && std::ranges::find(kinds, link.kind) != kinds.end();
}

/// One namespace under examination, with what it knows of the others.
struct Examined {
  std::string host;
  kernel::Links links;
  std::vector<kernel::Link> list;
};

Result<void> check_peer(Examined& one, const kernel::Link& link, const Namespaces& namespaces)
{
  if (!link.peer_namespace) {
    const bool is_here = std::ranges::any_of(
        one.list, [&](const kernel::Link& other) { return other.index == link.peer_index; });
    return is_here ? Result<void>() : leads_out(one.host, say("link {}", link.name));
  }
  for (const auto& [name, descriptor] : namespaces) {
    const auto number = one.links.number_of(descriptor.get());
    if (!number) {
      return fail(number.error());
    }
    if (*number == link.peer_namespace) {
      return {};
    }
  }
  return leads_out(one.host, say("link {}", link.name));
}

Result<void> check_links(Examined& one, const Namespaces& namespaces)
{
  for (const auto& link : one.list) {
    if (link.loopback || link.kind == "bridge" || is_idle_fallback(link)) {
      continue;
    }
    if (link.kind != "veth") {
      return leads_out(one.host,
                       say("link {} ({})", link.name, link.kind.empty() ? "?" : link.kind));
    }
    ZONDER_TRY(check_peer(one, link, namespaces));
  }
  return {};
}

Result<void> check_routes(Examined& one, const std::set<net::Address>& inside)
{
  const auto routes = one.links.list_routes();
  if (!routes) {
    return fail(routes.error());
  }
  for (const auto& route : *routes) {
    const bool known =
        route.type != RTN_UNICAST ||
        std::ranges::find(one.list, route.link, &kernel::Link::name) != one.list.end();
    if (!known || (route.gateway && !inside.contains(*route.gateway))) {
      return leads_out(one.host, say("the route to {}", route.destination.to_string()));
    }
  }
  return {};
}

}  // namespace

Result<void> check_closed(const Namespaces& namespaces, const std::set<ino_t>& forbidden)
{
  std::vector<Examined> all;
  std::set<net::Address> inside;
  for (const auto& [name, descriptor] : namespaces) {
    const auto id = kernel::namespace_id(descriptor.get());
    if (!id) {
      return fail(id.error());
    }
    if (forbidden.contains(*id)) {
      return leads_out(name, say("the machine's own network"));
    }
    auto links = kernel::Links::open(descriptor.get());
    if (!links) {
      return fail(links.error());
    }
    auto list = links->list_links();
    const auto addresses = links->list_addresses();
    if (!list || !addresses) {
      return fail(!list ? list.error() : addresses.error());
    }
    inside.insert(addresses->begin(), addresses->end());
    all.push_back({.host = name, .links = std::move(*links), .list = std::move(*list)});
  }
  for (auto& one : all) {
    ZONDER_TRY(check_links(one, namespaces));
    ZONDER_TRY(check_routes(one, inside));
  }
  return {};
}

}  // namespace zonder::lab
