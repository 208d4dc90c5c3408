// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "lab/closed.hh"
#include "support/namespaces.hh"

namespace zonder::lab {
namespace {

/// Two hosts and a cable between them; "a" has 192.0.2.1, "b" has 192.0.2.2.
Namespaces two_hosts()
{
  Namespaces hosts;
  hosts.emplace("a", std::move(*kernel::new_network_namespace()));
  hosts.emplace("b", std::move(*kernel::new_network_namespace()));
  auto a = kernel::Links::open(hosts.at("a").get());
  auto b = kernel::Links::open(hosts.at("b").get());
  const auto net = net::Prefix::parse("192.0.2.0/24").value();
  (void)a->add_veth("eth0", "eth0", hosts.at("b").get());
  (void)a->add_address("eth0", net, *net::Address::try_parse("192.0.2.1"));
  (void)b->add_address("eth0", net, *net::Address::try_parse("192.0.2.2"));
  (void)a->set_up("eth0");
  (void)b->set_up("eth0");
  return hosts;
}

std::string verdict(const Namespaces& hosts, const std::set<ino_t>& forbidden = {})
{
  const auto checked = check_closed(hosts, forbidden);
  return checked ? "closed" : checked.error().message;
}

constexpr const char* sentence = "the lab has a way out, so not a single packet is sent: ";

std::string compare(const std::string& got, const std::string& wanted)
{
  return got == wanted ? "" : "got: " + got;
}

TEST(Closed, HostsThatSeeOnlyEachOtherAreClosed)
{
  test::in_new_namespaces({}, [] {
    const auto hosts = two_hosts();
    auto a = kernel::Links::open(hosts.at("a").get());
    (void)a->add_route({.destination = kernel::default_destination(net::Family::V4),
                        .gateway = net::Address::try_parse("192.0.2.2")});
    return compare(verdict(hosts), "closed");
  });
}

TEST(Closed, CableToSomewhereElseIsAWayOut)
{
  test::in_new_namespaces({}, [] {
    auto hosts = two_hosts();
    const auto elsewhere = std::move(hosts.at("b"));  // b is no longer one of them
    hosts.erase("b");
    return compare(verdict(hosts), std::string(sentence) + "link eth0 in a");
  });
}

TEST(Closed, GatewayThatNobodyHasIsAWayOut)
{
  test::in_new_namespaces({}, [] {
    const auto hosts = two_hosts();
    auto a = kernel::Links::open(hosts.at("a").get());
    (void)a->add_route({.destination = kernel::default_destination(net::Family::V4),
                        .gateway = net::Address::try_parse("192.0.2.99")});
    return compare(verdict(hosts), std::string(sentence) + "the route to 0.0.0.0/0 in a");
  });
}

TEST(Closed, MachinesOwnNetworkIsAWayOut)
{
  test::in_new_namespaces({}, [] {
    const auto hosts = two_hosts();
    const auto id = kernel::namespace_id(hosts.at("b").get()).value();
    return compare(verdict(hosts, {id}), std::string(sentence) + "the machine's own network in b");
  });
}

TEST(Closed, LinkOfAnyOtherKindIsAWayOut)
{
  test::in_new_namespaces({}, []() -> std::string {
    const auto hosts = two_hosts();
    std::string answer;
    (void)kernel::in_network_namespace(hosts.at("a").get(), [&]() -> Result<void> {
      const auto made = run_captured({"ip", "link", "add", "other0", "type", "ifb"});
      answer = made && made->status == ExitStatus{} ? "" : "skip";
      return {};
    });
    if (answer == "skip") {
      return "skip: this kernel has no ifb link to try it with";
    }
    return compare(verdict(hosts), std::string(sentence) + "link other0 (ifb) in a");
  });
}

}  // namespace
}  // namespace zonder::lab
