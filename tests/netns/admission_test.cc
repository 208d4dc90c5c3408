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
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/child_process.hh"
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

// What somebody outside goes on to send in a flow that was opened to him.
TEST(Admission, WhatComesBackEndsWithTheAdmissionToo)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    const auto& device = world.devices[0];
    std::string all;
    for (const auto* outside : {World::outside_v4, World::outside_v6}) {
      const auto there = address(outside);
      const auto here = address(there.is_v4() ? World::v4[0] : World::v6[0]);
      if (!admission.renew() || !admission.admit(device.hardware, long_lease)) {
        return "not admitted";
      }
      auto own = device.socket(family_of(there), SOCK_DGRAM);
      const SocketAddress from(here, 5555);
      const SocketAddress to(there, 7777);
      const auto service = world.outside.socket(family_of(there), SOCK_DGRAM);
      if (::bind(own.get(), from.get(), from.length) != 0 ||
          ::bind(service.get(), to.get(), to.length) != 0 ||
          ::sendto(own.get(), "open", 4, 0, to.get(), to.length) != 4) {
        return "no flow";
      }
      // Where it comes from, for who answers: whatever the gateway makes of it.
      std::array<char, 64> text{};
      sockaddr_storage peer{};
      socklen_t length = sizeof peer;
      const auto got = ::recvfrom(
          service.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&peer), &length);
      const auto answer = [&](const std::string& what) {
        (void)::sendto(service.get(),
                       what.data(),
                       what.size(),
                       0,
                       reinterpret_cast<const sockaddr*>(&peer),
                       length);
        pollfd ready = {.fd = own.get(), .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, 300) <= 0) {
          return std::string("-");
        }
        const auto heard = ::recv(own.get(), text.data(), text.size(), MSG_DONTWAIT);
        return heard < 0 ? std::string("-")
                         : std::string(text.data(), static_cast<std::size_t>(heard));
      };
      all += wrong("opened", std::to_string(got), "4");
      all += wrong("while it is in", answer("one"), "one");
      if (!admission.dismiss(device.hardware)) {
        return "not dismissed";
      }
      all += wrong("dismissed", answer("two"), "-");
      if (!admission.admit(device.hardware, milliseconds(700))) {
        return "not admitted again";
      }
      all += wrong("again", answer("three"), "three");
      std::this_thread::sleep_for(milliseconds(1000));
      all += wrong("after its time", answer("four"), "-");
    }
    const auto counts = admission.counts();
    return all + wrong("kept back", std::to_string(counts ? counts->kept_back : 0), "4");
  });
}

/// Frames of a test's own making, by eth0.
void send_frame(const Place& who, const std::vector<std::uint8_t>& frame)
{
  const auto socket = who.socket(AF_PACKET, SOCK_RAW);
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  (void)kernel::in_network_namespace(who.space.get(), [&]() -> Result<void> {
    at.sll_ifindex = static_cast<int>(::if_nametoindex("eth0"));
    return {};
  });
  EXPECT_EQ(
      ::sendto(
          socket.get(), frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&at), sizeof at),
      static_cast<ssize_t>(frame.size()));
}

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& to, const net::MacAddress& hardware)
{
  to.insert(to.end(), hardware.bytes.begin(), hardware.bytes.end());
}

void append(Bytes& to, const net::Address& address)
{
  const auto bytes = address.bytes();
  to.insert(to.end(), bytes.begin(), bytes.begin() + net::width(address.family()) / 8);
}

constexpr net::MacAddress everybody = {.bytes = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/// An answer that nobody asked for: "I have this address".
Bytes arp_claim(const net::MacAddress& who, const net::Address& claimed, const net::Address& told)
{
  Bytes frame;
  append(frame, everybody);
  append(frame, who);
  for (const auto byte : {0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 2}) {
    frame.push_back(static_cast<std::uint8_t>(byte));
  }
  append(frame, who);
  append(frame, claimed);
  append(frame, everybody);
  append(frame, told);
  return frame;
}

std::uint16_t sum_of(const Bytes& bytes)
{
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    sum += static_cast<std::uint32_t>(bytes[i] << 8U) + bytes[i + 1];
  }
  while (sum >> 16U != 0) {
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(~sum);
}

/// ICMPv6 from one's own address to all nodes.
Bytes icmp_frame(const net::MacAddress& who, const net::Address& from, Bytes message)
{
  const auto all_nodes = address("ff02::1");
  Bytes pseudo;
  append(pseudo, from);
  append(pseudo, all_nodes);
  for (const auto byte : {std::size_t{0},
                          std::size_t{0},
                          std::size_t{0},
                          message.size(),
                          std::size_t{0},
                          std::size_t{0},
                          std::size_t{0},
                          std::size_t{58}}) {
    pseudo.push_back(static_cast<std::uint8_t>(byte));
  }
  pseudo.insert(pseudo.end(), message.begin(), message.end());
  const auto sum = sum_of(pseudo);
  message[2] = static_cast<std::uint8_t>(sum >> 8U);
  message[3] = static_cast<std::uint8_t>(sum & 0xffU);
  Bytes frame = {0x33, 0x33, 0, 0, 0, 1};
  append(frame, who);
  for (const auto byte : {std::size_t{0x86},
                          std::size_t{0xdd},
                          std::size_t{0x60},
                          std::size_t{0},
                          std::size_t{0},
                          std::size_t{0},
                          std::size_t{0},
                          message.size(),
                          std::size_t{58},
                          std::size_t{255}}) {
    frame.push_back(static_cast<std::uint8_t>(byte));
  }
  append(frame, from);
  append(frame, all_nodes);
  frame.insert(frame.end(), message.begin(), message.end());
  return frame;
}

Bytes neighbour_claim(const net::MacAddress& who,
                      const net::Address& from,
                      const net::Address& claimed)
{
  Bytes message = {136, 0, 0, 0, 0x20, 0, 0, 0};  // override
  append(message, claimed);
  message.insert(message.end(), {2, 1});
  append(message, who);
  return icmp_frame(who, from, message);
}

Bytes router_claim(const net::MacAddress& who, const net::Address& from)
{
  return icmp_frame(who, from, {134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0});
}

/// A datagram that nobody takes, so that the kernel's table of neighbours stays as it is.
Bytes packet_from(const net::MacAddress& who, const net::Address& from)
{
  Bytes frame = {0x02, 0, 0, 0, 0, 0x99};
  append(frame, who);
  Bytes head = {0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0};
  append(head, from);
  append(head, address("198.51.100.99"));
  const auto sum = sum_of(head);
  head[10] = static_cast<std::uint8_t>(sum >> 8U);
  head[11] = static_cast<std::uint8_t>(sum & 0xffU);
  frame.insert(frame.end(), {0x08, 0});
  frame.insert(frame.end(), head.begin(), head.end());
  frame.insert(frame.end(), {0x10, 0, 0, 9, 0, 8, 0, 0});
  return frame;
}

/// By which card the gateway would send to an address; "" when it knows none.
std::string card_known_for(const std::string& address)
{
  const auto said = run_captured({"ip", "neigh", "show", "to", address}, std::chrono::seconds(5));
  const auto at = said ? said->out.find("lladdr ") : std::string::npos;
  return at == std::string::npos ? "" : said->out.substr(at + 7, 17);
}

TEST(Admission, TheGatewayBelievesNobodyWhoClaimsAnothersAddress)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    const auto& [victim, other] = world.devices;
    std::string all;
    for (std::size_t i = 0; i < 2; ++i) {
      say_to(world.devices.at(i), World::gateway_v4, 80, "here I am");
      say_to(world.devices.at(i), World::gateway_v6, 80, "here I am");
    }
    // The kernel takes no other card for a second after one.
    std::this_thread::sleep_for(milliseconds(1200));
    for (int i = 0; i < 3; ++i) {
      send_frame(other,
                 arp_claim(other.hardware, address(World::v4[0]), address(World::gateway_v4)));
      send_frame(other,
                 neighbour_claim(other.hardware, address(World::v6[1]), address(World::v6[0])));
    }
    all += wrong("by ARP", card_known_for(World::v4[0]), victim.hardware.to_string());
    all += wrong("as a neighbour", card_known_for(World::v6[0]), victim.hardware.to_string());
    const auto counts = admission.counts();
    all += wrong("claimed", std::to_string(counts ? counts->claimed : 0), "6");
    // What is one's own is believed: the frames are well made.
    const auto own = address("192.0.2.13");
    const auto own_v6 = address("2001:db8:1::13");
    if (!run_captured({"ip",
                       "neigh",
                       "replace",
                       own.to_string(),
                       "lladdr",
                       "02:00:00:00:00:77",
                       "dev",
                       "room",
                       "nud",
                       "stale"},
                      std::chrono::seconds(5)) ||
        !run_captured({"ip",
                       "neigh",
                       "replace",
                       own_v6.to_string(),
                       "lladdr",
                       "02:00:00:00:00:77",
                       "dev",
                       "room",
                       "nud",
                       "stale"},
                      std::chrono::seconds(5))) {
      return "no ip";
    }
    std::this_thread::sleep_for(milliseconds(1200));
    send_frame(other, arp_claim(other.hardware, own, address(World::gateway_v4)));
    send_frame(other, neighbour_claim(other.hardware, address(World::v6[1]), own_v6));
    all += wrong("one's own by ARP", card_known_for(own.to_string()), other.hardware.to_string());
    return all + wrong("one's own as a neighbour",
                       card_known_for(own_v6.to_string()),
                       other.hardware.to_string());
  });
}

std::size_t seats_of(Admission& admission, const net::MacAddress& card)
{
  const auto seats = admission.seats();
  return static_cast<std::size_t>(std::ranges::count_if(*seats, [&](const kernel::NftSeat& each) {
    return each.sender == card && each.address.is_v4();
  }));
}

TEST(Admission, OneCardHasSomeAddressesAndLeavesTheOthers)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    std::string all;
    const auto& [greedy, other] = world.devices;
    for (const bool joined : {false, true}) {
      if (joined && (!admission.renew() || !admission.admit(greedy.hardware, long_lease))) {
        return "not admitted";
      }
      for (std::uint32_t i = 0; i < 100; ++i) {
        const auto wanted = net::Address::v4(0xc0000240U + i);  // 192.0.2.64 and on
        send_frame(greedy, packet_from(greedy.hardware, wanted));
      }
      // It had one when the room closed to strangers; joined it has its share once more.
      const auto has = seats_of(admission, greedy.hardware);
      all += wrong(joined ? "joined" : "not joined",
                   has >= 5 && has <= (joined ? 13U : 7U) ? "some" : std::to_string(has),
                   "some");
    }
    send_frame(other, packet_from(other.hardware, address("192.0.2.200")));
    const auto seats = admission.seats();
    const bool seated = std::ranges::any_of(*seats, [&](const kernel::NftSeat& each) {
      return each.sender == other.hardware && each.address == address("192.0.2.200");
    });
    return all + wrong("the other's", seated ? "his" : "nobody's", "his");
  });
}

TEST(Admission, CardsThatAreMadeUpLeaveRoomForWhoHasJoined)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    const auto& [member, other] = world.devices;
    if (!admission.renew() || !admission.admit(member.hardware, long_lease)) {
      return "not admitted";
    }
    net::MacAddress card = {.bytes = {0x02, 0, 0, 0, 0, 0}};
    for (std::uint32_t i = 0; i < 400; ++i) {
      card.bytes[4] = static_cast<std::uint8_t>(i >> 8U);
      card.bytes[5] = static_cast<std::uint8_t>(i);
      send_frame(other, packet_from(card, net::Address::v4(0xc6120000U + i)));  // 198.18.0.0/15
    }
    send_frame(member, packet_from(member.hardware, address("192.0.2.201")));
    const auto seats = admission.seats();
    const auto counts = admission.counts();
    const bool seated = std::ranges::any_of(*seats, [&](const kernel::NftSeat& each) {
      return each.sender == member.hardware && each.address == address("192.0.2.201");
    });
    return wrong("the member's", seated ? "his" : "nobody's", "his") +
           wrong(
               "all", seats->size() < 350 ? "bounded" : std::to_string(seats->size()), "bounded") +
           wrong("told", counts && counts->excess > 50 ? "yes" : "no", "yes");
  });
}

TEST(Admission, OneCardAsksForSomeAddressesOnly)
{
  with_admission(long_lease, [](World& world, Admission&) -> std::string {
    Listener server(Descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
                    address(World::gateway_v4),
                    67);
    for (int i = 0; i < 60; ++i) {
      say_to(world.devices[0], World::gateway_v4, 67, "lease?");
    }
    int heard = 0;
    while (server.hear() != "-") {
      ++heard;
    }
    say_to(world.devices[1], World::gateway_v4, 67, "and I?");
    return wrong("one", heard >= 12 && heard <= 14 ? "some" : std::to_string(heard), "some") +
           wrong("another", server.hear(), "and I?");
  });
}

TEST(Admission, TellsWhoElseGivesOutAddresses)
{
  with_admission(long_lease, [](World& world, Admission& admission) -> std::string {
    const auto& [by_dhcp, by_router] = world.devices;
    const auto before = admission.givers();
    auto all = wrong("before", std::to_string(before ? before->size() : 9), "0");
    const auto offer = by_dhcp.socket(AF_INET, SOCK_DGRAM);
    const SocketAddress from(address(World::v4[0]), 67);
    const SocketAddress to(address(World::gateway_v4), 68);
    if (::bind(offer.get(), from.get(), from.length) != 0) {
      return "no server";
    }
    (void)::sendto(offer.get(), "offer", 5, 0, to.get(), to.length);
    const auto one = admission.givers();
    all += wrong("DHCP",
                 one && one->size() == 1 ? one->front().to_string() : "nobody",
                 by_dhcp.hardware.to_string());
    send_frame(by_router, router_claim(by_router.hardware, address("fe80::77")));
    const auto two = admission.givers();
    return all + wrong("a router too", std::to_string(two ? two->size() : 9), "2");
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
