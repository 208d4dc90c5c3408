// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "support/namespaces.hh"

namespace zonder::kernel {
namespace {

net::Address address(const char* text)
{
  return *net::Address::try_parse(text);
}

net::Prefix prefix(const char* text)
{
  return net::Prefix::parse(text).value();
}

const Link* find(const std::vector<Link>& links, const std::string& name)
{
  const auto found = std::ranges::find(links, name, &Link::name);
  return found == links.end() ? nullptr : &*found;
}

TEST(Links, VethJoinsTwoNamespacesAndEachKnowsWhereTheOtherEndIs)
{
  test::in_new_namespaces({}, []() -> std::string {
    const auto other = new_network_namespace();
    auto here = Links::open();
    auto there = Links::open(other->get());
    if (!here || !there || !here->add_veth("left", "right", other->get())) {
      return "cannot make a veth pair";
    }
    const auto ours = here->list_links().value();
    const auto theirs = there->list_links().value();
    const auto* left = find(ours, "left");
    const auto* right = find(theirs, "right");
    if (left == nullptr || right == nullptr || left->kind != "veth") {
      return "an end is missing";
    }
    if (left->peer_index != right->index || right->peer_index != left->index) {
      return "the ends do not name each other";
    }
    const auto number = here->number_of(other->get()).value();
    return number && left->peer_namespace == number ? "" : "the far end is said to be elsewhere";
  });
}

TEST(Links, AddressesAreUsableAtOnceInBothFamilies)
{
  test::in_new_namespaces({}, []() -> std::string {
    auto links = Links::open();
    if (!links || !links->set_up("lo") || !links->add_bridge("br0") || !links->set_up("br0")) {
      return "cannot make a bridge";
    }
    for (const char* text : {"203.0.113.7", "2001:db8::7"}) {
      const auto one = address(text);
      if (const auto done =
              links->add_address("br0", net::Prefix::containing(one, one.is_v4() ? 24 : 64), one);
          !done) {
        return done.error().message;
      }
      const auto all = links->list_addresses().value();
      if (std::ranges::find(all, one) == all.end()) {
        return std::string("not listed: ") + text;
      }
    }
    const Descriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 where = {};
    where.sin6_family = AF_INET6;
    std::ranges::copy(address("2001:db8::7").bytes(), std::begin(where.sin6_addr.s6_addr));
    // Duplicate address detection would make this fail for a second.
    return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0
               ? ""
               : "the IPv6 address cannot be used yet";
  });
}

TEST(Links, RoutesByGatewayLinkAndTypeComeBackInTheList)
{
  test::in_new_namespaces({}, []() -> std::string {
    auto links = Links::open();
    if (!links || !links->add_bridge("br0") || !links->set_up("br0") ||
        !links->add_address("br0", prefix("192.0.2.0/24"), address("192.0.2.1")) ||
        !links->add_address("br0", prefix("2001:db8::/64"), address("2001:db8::1"))) {
      return "cannot prepare";
    }
    const std::vector<Route> wanted = {
        {.destination = default_destination(net::Family::V4), .gateway = address("192.0.2.254")},
        {.destination = default_destination(net::Family::V6), .gateway = address("2001:db8::fe")},
        {.destination = prefix("198.51.100.0/24"), .link = "br0"},
        {.destination = prefix("203.0.113.0/24"), .type = RTN_BLACKHOLE},
        {.destination = prefix("2001:db8:1::/48"), .type = RTN_UNREACHABLE, .table = 1000}};
    for (const auto& route : wanted) {
      if (const auto done = links->add_route(route); !done) {
        return done.error().message;
      }
    }
    const auto routes = links->list_routes().value();
    for (const auto& route : wanted) {
      if (!std::ranges::any_of(routes, [&](const Route& row) {
            return row.destination == route.destination && row.gateway == route.gateway &&
                   row.type == route.type && row.table == route.table;
          })) {
        return "not listed: " + route.destination.to_string();
      }
    }
    return "";
  });
}

TEST(Links, BridgeMtuMasterAndRemoval)
{
  test::in_new_namespaces({}, []() -> std::string {
    const auto other = new_network_namespace();
    auto links = Links::open();
    if (!links->add_bridge("br0") || !links->add_veth("port", "far", other->get()) ||
        !links->set_master("port", "br0") || !links->set_mtu("port", 9000) ||
        !links->set_up("port")) {
      return "cannot prepare";
    }
    const auto before = links->list_links().value();
    if (find(before, "port")->mtu != 9000 || !find(before, "port")->up) {
      return "mtu or state was not set";
    }
    if (!links->remove("port")) {
      return "cannot remove";
    }
    return find(links->list_links().value(), "port") == nullptr ? "" : "still there";
  });
}

TEST(Links, ErrorsSayWhatWasAskedAndForWhat)
{
  test::in_new_namespaces({}, []() -> std::string {
    auto links = Links::open();
    const auto missing = links->set_up("nowhere");
    if (missing || missing.error().message != "there is no link nowhere in this namespace") {
      return missing ? "no error" : missing.error().message;
    }
    (void)links->add_bridge("br0");
    const auto twice = links->add_bridge("br0");
    return !twice && twice.error().message == "the kernel refuses bridge br0: File exists"
               ? ""
               : "another message";
  });
}

}  // namespace
}  // namespace zonder::kernel
