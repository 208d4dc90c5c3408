// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "isolate/admission.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "support/namespaces.hh"

// Two devices on a bridge of the gateway's, and somebody outside, in namespaces of our own.
namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;

net::Address address(const std::string& text)
{
  return *net::Address::try_parse(text);
}

net::Prefix net_of(const std::string& text)
{
  return net::Prefix::containing(address(text), address(text).is_v4() ? 24 : 64);
}

/// A network with one link, and its addresses.
struct Place {
  Descriptor space;
  net::MacAddress hardware;

  [[nodiscard]] Descriptor socket(int family, int type) const
  {
    Descriptor made;
    (void)kernel::in_network_namespace(space.get(), [&]() -> Result<void> {
      made = Descriptor(::socket(family, type | SOCK_CLOEXEC, 0));
      return {};
    });
    return made;
  }
};

int family_of(const net::Address& address)
{
  return address.is_v4() ? AF_INET : AF_INET6;
}

/// No duplicate address detection: addresses can be used at once.
Result<void> without_waiting(int space)
{
  return kernel::set_network_option(space, "ipv6/conf/default/accept_dad", "0");
}

class World {
public:
  static constexpr const char* v4[] = {"192.0.2.11", "192.0.2.12"};
  static constexpr const char* v6[] = {"2001:db8:1::11", "2001:db8:1::12"};
  static constexpr const char* gateway_v4 = "192.0.2.1";
  static constexpr const char* gateway_v6 = "2001:db8:1::1";
  static constexpr const char* outside_v4 = "198.51.100.2";
  static constexpr const char* outside_v6 = "2001:db8:2::2";

  /// What is wrong, or nothing.
  std::string make()
  {
    auto own = kernel::open_own_namespace("net");
    auto links = kernel::Links::open();
    if (!own || !without_waiting(own->get()) || !links ||
        !kernel::set_network_option(own->get(), "ipv4/ip_forward", "1") ||
        !kernel::set_network_option(own->get(), "ipv6/conf/all/forwarding", "1") ||
        !links->set_up("lo") || !links->add_bridge("room")) {
      return "no gateway";
    }
    for (std::size_t i = 0; i < devices.size(); ++i) {
      const auto port = "port" + std::to_string(i);
      if (!join(*links, devices.at(i), port, {v4[i], v6[i]}, {gateway_v4, gateway_v6}) ||
          !links->set_master(port, "room") || !links->keep_apart(port)) {
        return "no device";
      }
    }
    if (!add(*links, "room", {gateway_v4, gateway_v6}) ||
        !join(*links,
              outside,
              "uplink",
              {outside_v4, outside_v6},
              {"198.51.100.1", "2001:db8:2::1"}) ||
        !add(*links, "uplink", {"198.51.100.1", "2001:db8:2::1"})) {
      return "no outside";
    }
    return "";
  }

  std::array<Place, 2> devices;
  Place outside;

private:
  static Result<void>
  add(kernel::Links& links, const std::string& link, std::array<std::string, 2> addresses)
  {
    for (const auto& each : addresses) {
      ZONDER_TRY(links.add_address(link, net_of(each), address(each)));
    }
    return links.set_up(link);
  }

  static Result<void> join(kernel::Links& links,
                           Place& place,
                           const std::string& port,
                           const std::array<std::string, 2>& addresses,
                           const std::array<std::string, 2>& routers)
  {
    auto space = kernel::new_network_namespace();
    if (!space) {
      return fail(space.error());
    }
    place.space = std::move(*space);
    ZONDER_TRY(without_waiting(place.space.get()));
    auto there = kernel::Links::open(place.space.get());
    if (!there) {
      return fail(there.error());
    }
    ZONDER_TRY(links.add_veth(port, "eth0", place.space.get()));
    ZONDER_TRY(links.set_up(port));
    ZONDER_TRY(there->set_up("lo"));
    ZONDER_TRY(add(*there, "eth0", addresses));
    const auto all = there->list_links();
    if (!all) {
      return fail(all.error());
    }
    place.hardware = std::ranges::find(*all, "eth0", &kernel::Link::name)->hardware;
    for (const auto& router : routers) {
      ZONDER_TRY(
          there->add_route({.destination = kernel::default_destination(address(router).family()),
                            .gateway = address(router)}));
    }
    return {};
  }
};

/// Who listens for datagrams there, and what came: "-" when nothing does.
class Listener {
public:
  Listener(Descriptor socket, const net::Address& at, std::uint16_t port)
      : socket_(std::move(socket))
  {
    const SocketAddress here(at, port);
    EXPECT_EQ(::bind(socket_.get(), here.get(), here.length), 0);
  }
  std::string hear(milliseconds patience = milliseconds(300))
  {
    pollfd ready = {.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) <= 0) {
      return "-";
    }
    std::array<char, 64> text{};
    const auto got = ::recv(socket_.get(), text.data(), text.size(), MSG_DONTWAIT);
    return got < 0 ? "-" : std::string(text.data(), static_cast<std::size_t>(got));
  }

private:
  Descriptor socket_;
};

void say_to(const Place& who, const std::string& where, std::uint16_t port, const std::string& what)
{
  const auto socket = who.socket(family_of(address(where)), SOCK_DGRAM);
  const SocketAddress there(address(where), port);
  (void)::sendto(socket.get(), what.data(), what.size(), 0, there.get(), there.length);
}

/// Whether everybody can be heard at the gateway: links need up to a second for that.
bool is_ready(const World& world)
{
  constexpr int tries = 50;
  for (const auto* gateway : {World::gateway_v4, World::gateway_v6}) {
    const auto here = address(gateway);
    Listener gate(Descriptor(::socket(family_of(here), SOCK_DGRAM | SOCK_CLOEXEC, 0)), here, 9999);
    for (const auto& device : world.devices) {
      std::string heard = "-";
      for (int i = 0; i < tries && heard == "-"; ++i) {
        say_to(device, gateway, 9999, "ready");
        heard = gate.hear(milliseconds(100));
      }
      while (gate.hear(milliseconds(20)) != "-") {
      }
      if (heard == "-") {
        return false;
      }
    }
  }
  return true;
}

/// In the gateway's network; what is wrong, or nothing.
void with_admission(milliseconds lease, const std::function<std::string(World&, Admission&)>& body)
{
  const auto outside = kernel::own_namespace_id("net");
  ASSERT_TRUE(outside);
  test::in_new_namespaces({.user = true}, [&]() -> std::string {
    World world;
    if (auto wrong = world.make(); !wrong.empty()) {
      return wrong;
    }
    if (!is_ready(world)) {
      return "the links do not work";
    }
    auto socket = kernel::NftSocket::open_descriptor();
    const auto made = kernel::MadeNetwork::of_socket(socket->get(), *outside);
    if (!socket || !made) {
      return "no packet filter";
    }
    auto nft = kernel::NftSocket::over(std::move(*socket), *made);
    auto admission = Admission::close(std::move(*nft),
                                      {.link = "room",
                                       .gateway_v4 = address(World::gateway_v4),
                                       .gateway_v6 = address(World::gateway_v6),
                                       .page_port = 8080,
                                       .names_port = 5353,
                                       .lease = lease});
    return admission ? body(world, *admission) : admission.error().message;
  });
}

constexpr milliseconds long_lease{60000};

std::string wrong(const std::string& what, const std::string& is, const std::string& should_be)
{
  return is == should_be ? "" : what + " is " + is + ", should be " + should_be + "; ";
}

TEST(Admission, WhoIsNotAdmittedGetsNothingButThePage)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    if (!admission.renew() || !admission.admit(world.devices[1].hardware, long_lease)) {
      return "not renewed";
    }
    std::string all;
    for (const char* outside : {World::outside_v4, World::outside_v6}) {
      const auto there = address(outside);
      const bool v4 = there.is_v4();
      const auto here = address(v4 ? World::gateway_v4 : World::gateway_v6);
      Listener service(world.outside.socket(family_of(there), SOCK_DGRAM), there, 7777);
      Listener names(world.outside.socket(family_of(there), SOCK_DGRAM), there, 53);
      Listener own_names(Descriptor(::socket(family_of(here), SOCK_DGRAM, 0)), here, 5353);
      say_to(world.devices[0], outside, 7777, "stranger");
      all += wrong("of a stranger", service.hear(), "-");
      say_to(world.devices[0], outside, 53, "question");
      all += wrong("the question outside", names.hear(), "-");
      all += wrong("the question here", own_names.hear(), "question");
      say_to(world.devices[1], outside, 7777, "member");
      all += wrong("of a member", service.hear(), "member");
    }
    const auto turned_away = admission.counts();
    return all +
           wrong("turned away", std::to_string(turned_away ? turned_away->turned_away : 0), "2");
  });
}

TEST(Admission, EndsAtOnceForWhatIsOpenToo)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    const auto there = address(World::outside_v4);
    Listener service(world.outside.socket(AF_INET, SOCK_DGRAM), there, 7777);
    const auto socket = world.devices[0].socket(AF_INET, SOCK_DGRAM);
    const SocketAddress to(there, 7777);
    const auto say = [&](const std::string& what) {
      (void)::sendto(socket.get(), what.data(), what.size(), 0, to.get(), to.length);
      return service.hear();
    };
    const auto& device = world.devices[0].hardware;
    if (!admission.renew() || !admission.admit(device, long_lease)) {
      return "not admitted";
    }
    auto all = wrong("first", say("one"), "one");
    if (!admission.dismiss(device)) {
      return "not dismissed";
    }
    all += wrong("dismissed", say("two"), "-");
    if (!admission.admit(device, milliseconds(700))) {
      return "not admitted again";
    }
    all += wrong("again", say("three"), "three");
    std::this_thread::sleep_for(milliseconds(1000));
    return all + wrong("after its time", say("four"), "-");
  });
}

TEST(Admission, WithoutALeaseTheRoomIsClosed)
{
  with_admission(milliseconds(700), [](World& world, Admission& admission) -> std::string {
    const auto there = address(World::outside_v6);
    Listener service(world.outside.socket(AF_INET6, SOCK_DGRAM), there, 7777);
    const auto say = [&](const std::string& what) {
      say_to(world.devices[0], World::outside_v6, 7777, what);
      return service.hear(milliseconds(200));
    };
    if (!admission.admit(world.devices[0].hardware, long_lease)) {
      return "not admitted";
    }
    auto all = wrong("before the lease", say("one"), "-");
    for (int i = 0; i < 5; ++i) {
      if (!admission.renew()) {
        return "not renewed";
      }
      std::this_thread::sleep_for(milliseconds(300));
      all += wrong("with a lease", say("two"), "two");
    }
    std::this_thread::sleep_for(milliseconds(1000));
    return all + wrong("after the lease", say("three"), "-");
  });
}

TEST(Admission, TellsWhoTriedWhat)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    for (const auto& device : world.devices) {
      if (!admission.renew() || !admission.admit(device.hardware, long_lease)) {
        return "not admitted";
      }
    }
    say_to(world.devices[0], World::outside_v4, 7777, "a");
    say_to(world.devices[1], World::outside_v4, 7777, "b");
    say_to(world.devices[1], World::outside_v6, 443, "c");
    const auto tried = admission.tried();
    if (!tried) {
      return tried.error().message;
    }
    std::vector<std::string> said;
    for (const auto& each : *tried) {
      const auto who = each.sender == world.devices[0].hardware ? "first" : "second";
      said.push_back(std::string(each.sender == world.devices[1].hardware ? "second" : who) + " " +
                     each.destination.address.to_string() + " " +
                     std::to_string(each.destination.protocol) + " " +
                     std::to_string(each.destination.port) + " " +
                     std::to_string(each.destination.packets) + ";");
    }
    std::ranges::sort(said);
    std::string all;
    for (const auto& each : said) {
      all += each;
    }
    return wrong("tried",
                 all,
                 "first 198.51.100.2 17 7777 1;second 198.51.100.2 17 7777 1;"
                 "second 2001:db8:2::2 17 443 1;");
  });
}

TEST(Admission, PortsThatAreKeptApartDoNotReachEachOther)
{
  with_admission(long_lease, [](World& world, Admission&) -> std::string {
    Listener other(world.devices[1].socket(AF_INET, SOCK_DGRAM), address(World::v4[1]), 7777);
    say_to(world.devices[0], World::v4[1], 7777, "neighbour");
    return wrong("of a neighbour", other.hear(), "-");
  });
}

/// The errno of a connection to the gateway; 0: it is there.
int connect_to(const Place& who, const char* where, std::uint16_t port)
{
  const auto there = address(where);
  const auto socket = who.socket(family_of(there), SOCK_STREAM);
  const timeval limit = {.tv_sec = 2, .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const SocketAddress to(there, port);
  return ::connect(socket.get(), to.get(), to.length) == 0 ? 0 : errno;
}

Descriptor listening(const net::Address& at, std::uint16_t port)
{
  Descriptor socket(::socket(family_of(at), SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress here(at, port);
  EXPECT_EQ(::bind(socket.get(), here.get(), here.length), 0);
  EXPECT_EQ(::listen(socket.get(), 8), 0);
  return socket;
}

std::string reached(const World& world, std::size_t who, const char* gateway, std::uint16_t port)
{
  return std::to_string(connect_to(world.devices.at(who), gateway, port));
}

TEST(Admission, OfTheGatewayItselfEachReachesItsOwn)
{
  with_admission(milliseconds(1500), [](World& world, Admission& admission) -> std::string {
    if (!admission.renew() || !admission.admit(world.devices[1].hardware, long_lease)) {
      return "not renewed";
    }
    const auto refused = std::to_string(ECONNREFUSED);
    std::string all;
    for (const char* gateway : {World::gateway_v4, World::gateway_v6}) {
      const auto here = address(gateway);
      const auto page = listening(here, 8080);
      const auto proxy = listening(here, 3128);
      const auto other = listening(here, 9999);
      Listener names(Descriptor(::socket(family_of(here), SOCK_DGRAM, 0)), here, 53);
      Listener addresses(
          Descriptor(::socket(family_of(here), SOCK_DGRAM, 0)), here, here.is_v4() ? 67 : 547);
      Listener own(Descriptor(::socket(family_of(here), SOCK_DGRAM, 0)), here, 7777);
      all += wrong("the page for a stranger", reached(world, 0, gateway, 8080), "0");
      all += wrong("the proxy for a stranger", reached(world, 0, gateway, 3128), refused);
      all += wrong("a port for a stranger", reached(world, 0, gateway, 9999), refused);
      all += wrong("the page for a member", reached(world, 1, gateway, 8080), "0");
      all += wrong("the proxy for a member", reached(world, 1, gateway, 3128), "0");
      all += wrong("a port for a member", reached(world, 1, gateway, 9999), refused);
      for (const std::size_t who : {std::size_t{0}, std::size_t{1}}) {
        say_to(world.devices.at(who), gateway, here.is_v4() ? 67 : 547, "lease?");
        all += wrong("who wants an address", addresses.hear(), "lease?");
        say_to(world.devices.at(who), gateway, 7777, "hello");
        all += wrong("another port", own.hear(), "-");
        say_to(world.devices.at(who), gateway, 53, "name?");
        all += wrong("the name server", names.hear(), who == 0 ? "-" : "name?");
      }
      if (!admission.renew()) {
        return "not renewed";
      }
    }
    const auto proxy = listening(address(World::gateway_v4), 3128);
    std::this_thread::sleep_for(milliseconds(1700));
    return all + wrong("the proxy after the lease",
                       reached(world, 1, World::gateway_v4, 3128) == "0" ? "there" : "not there",
                       "not there");
  });
}

TEST(Admission, OfWhomNobodyAdmittedCannotBeDismissed)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    return admission.dismiss(world.devices[0].hardware) ? "it can" : "";
  });
}

}  // namespace
}  // namespace zonder::isolate
