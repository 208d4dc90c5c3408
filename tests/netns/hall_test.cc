// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/address_server.hh"
#include "isolate/admission.hh"
#include "isolate/enclosure.hh"
#include "isolate/open_hall.hh"
#include "isolate/page_names.hh"
#include "isolate/port_in_use.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "support/mini_internet.hh"
#include "support/room_device.hh"
#include "support/run_checks.hh"

// A port of the machine's becomes a room: devices on it reach what lives, and nothing of the
// absent.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;

net::Address address(const std::string& text)
{
  return *net::Address::try_parse(text);
}

std::string printed(std::vector<std::string> command)
{
  const auto ran = run_captured(std::move(command), std::chrono::seconds(10));
  return ran ? ran->out : ran.error().message;
}

std::optional<kernel::Link> link_named(const std::string& name)
{
  auto links = kernel::Links::open();
  const auto all = links->list_links();
  const auto found = std::ranges::find(*all, name, &kernel::Link::name);
  return found == all->end() ? std::nullopt : std::optional(*found);
}

Result<Admission> admission_in(Enclosure& enclosure)
{
  const auto outside = kernel::own_namespace_id("net");
  auto netfilter = enclosure.holder->netfilter();
  if (!netfilter) {
    return fail(netfilter.error());
  }
  const auto made = kernel::MadeNetwork::of_socket(netfilter->rules.get(), *outside);
  auto socket = kernel::NftSocket::over(std::move(netfilter->rules), *made);
  if (!socket) {
    return fail(socket.error());
  }
  return Admission::close(std::move(*socket),
                          {.link = enclosure.plan.room_link,
                           .gateway_v4 = enclosure.plan.gateway_v4,
                           .gateway_v6 = enclosure.plan.gateway_v6});
}

class Hall : public testing::Test {
protected:
  /// Everything up to the moment that devices are taken in.
  static Result<Holder::Built> build(Enclosure& enclosure)
  {
    auto links = kernel::Links::open();
    const auto routes = links->list_routes();
    plan_for_hall(enclosure.plan, {"lan0"}, *routes);
    if (const auto server = address_server_command(enclosure.plan)) {
      enclosure.plan.hall->address_server = *server;
    }
    auto built = enclosure.build({});
    if (!built) {
      return fail(built.error());
    }
    ZONDER_TRY(enclosure.open(built->probes, true));
    ZONDER_TRY(enclosure.serve(*built, true, {}));
    return built;
  }
};

TEST_F(Hall, DevicesGetTheirAddressesAndHearOfTheirRouter)
{
  if (!find_program("dnsmasq") || !find_program("udhcpc")) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    CutOptions options;
    options.absence = test::microsoft_absence();
    options.signature = model::Signature::Refuse;
    auto enclosure = Enclosure::plan_for(options, true);
    if (!enclosure) {
      return enclosure.error().message;
    }
    if (const auto built = build(*enclosure); !built) {
      return built.error().message;
    }
    auto admission = admission_in(*enclosure);
    if (!admission || !admission->renew() ||
        !admission->admit(device.hardware(), std::chrono::minutes(5))) {
      return "not admitted";
    }
    if (const auto taken = enclosure->holder->take_ports(); !taken) {
      return taken.error().message;
    }
    const auto leased = device.ask_for_addresses();
    const auto router = enclosure->plan.gateway_v4.to_string();
    auto all =
        differs("router and name server",
                leased.find(" " + router + " " + router + "\n") != std::string::npos ? "" : leased,
                std::string());
    all += differs("Europe by IPv6", device.comes_to(test::europe_v6, 80), true);
    all += differs("Europe", device.connect_to(test::europe_v4, 80), 0);
    all += differs("Microsoft", device.connect_to(test::microsoft_v4, 80), ECONNREFUSED);
    return all +
           differs("Microsoft by IPv6", device.connect_to(test::microsoft_v6, 80), ECONNREFUSED);
  });
}

TEST_F(Hall, DevicesReachWhatLivesAndNothingOfTheAbsent)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    CutOptions options;
    options.absence = test::microsoft_absence();
    options.signature = model::Signature::Refuse;
    auto enclosure = Enclosure::plan_for(options, true);
    if (!enclosure) {
      return "plan: " + enclosure.error().message;
    }
    if (const auto built = build(*enclosure); !built) {
      return "build: " + built.error().message;
    }
    auto admission = admission_in(*enclosure);
    const auto lasts = std::chrono::minutes(5);
    if (!admission || !admission->renew() || !admission->admit(device.hardware(), lasts)) {
      return "not admitted";
    }
    if (const auto taken = enclosure->holder->take_ports(); !taken) {
      return "take: " + taken.error().message;
    }
    auto all = differs("the port is gone from the machine", link_named("lan0").has_value(), false);
    if (const auto used = device.use(enclosure->plan); !used) {
      return used.error().message;
    }
    all += differs("Europe", device.connect_to(test::europe_v4, 80), 0) +
           differs("Europe by IPv6", device.connect_to(test::europe_v6, 80), 0) +
           differs("Microsoft", device.connect_to(test::microsoft_v4, 80), ECONNREFUSED) +
           differs("Microsoft by IPv6", device.connect_to(test::microsoft_v6, 443), ECONNREFUSED);
    const auto tried = admission->tried();
    all += differs("what it tried", tried ? tried->size() : 0, std::size_t{4});
    if (!admission->dismiss(device.hardware())) {
      return "not dismissed";
    }
    all += differs("Europe for who left", device.connect_to(test::europe_v4, 443), ECONNREFUSED);
    if (!all.empty()) {
      return all;
    }
    if (const auto back = enclosure->holder->give_back_ports(); !back) {
      return "back: " + back.error().message;
    }
    const auto port = link_named("lan0");
    return all + differs("the port is back", port.has_value(), true) +
           differs("and on", port && port->up, true);
  });
}

TEST_F(Hall, WhoHasNotJoinedHearsOfNothingButThePage)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    CutOptions options;
    options.absence = test::microsoft_absence();
    options.signature = model::Signature::Refuse;
    auto enclosure = Enclosure::plan_for(options, true);
    if (!enclosure) {
      return enclosure.error().message;
    }
    auto built = build(*enclosure);
    if (!built) {
      return built.error().message;
    }
    const auto& plan = enclosure->plan;
    const auto names = PageNames::start(plan.gateway_v4,
                                        plan.gateway_v6,
                                        std::move(built->page_names_udp),
                                        std::move(built->page_names_tcp));
    auto admission = admission_in(*enclosure);
    if (!names || !admission || !admission->renew() || !enclosure->holder->take_ports() ||
        !device.use(plan)) {
      return "no room";
    }
    const auto gateway = plan.gateway_v4.to_string();
    std::string all;
    all += differs("a name", device.address_of("www.europe.example", gateway), gateway);
    all += differs("of the absent", device.address_of("login.microsoft.example", gateway), gateway);
    all += differs("by another name server",
                   device.address_of("www.europe.example", test::europe_v4),
                   gateway);
    all += differs("http", device.connect_to(test::europe_v4, 80), 0);
    pollfd page = {.fd = built->page.front().get(), .events = POLLIN, .revents = 0};
    all += differs("is the page's", ::poll(&page, 1, 1000), 1);
    all += differs("https", device.connect_to(test::europe_v4, 443), ECONNREFUSED);
    if (!admission->admit(device.hardware(), std::chrono::minutes(5))) {
      return "not admitted";
    }
    all += differs("a name for who joined",
                   device.address_of("www.europe.example", gateway),
                   std::string(test::europe_v4));
    all += differs("https for who joined", device.connect_to(test::europe_v4, 443), 0);
    return all + differs("absent for who joined",
                         device.connect_to(test::microsoft_v4, 443),
                         ECONNREFUSED);
  });
}

TEST_F(Hall, APortInUseIsRefusedAndStays)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    auto links = kernel::Links::open();
    const auto own = address("192.0.2.7");
    CutOptions options;
    options.absence = test::microsoft_absence();
    auto enclosure = Enclosure::plan_for(options, true);
    if (!links->add_address("lan0", net::Prefix::containing(own, 24), own) || !enclosure ||
        !build(*enclosure)) {
      return "no room";
    }
    const auto taken = enclosure->holder->take_ports();
    return differs("why not",
                   taken ? "taken" : taken.error().message,
                   std::string("the network port lan0 is in use: it has the address 192.0.2.7; a "
                               "room needs one of its own")) +
           differs("the port is there", link_named("lan0").has_value(), true);
  });
}

TEST_F(Hall, APortOnWhichSomethingStandsIsRefused)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    test::RoomDevice other;
    test::RoomDevice third;
    if (auto wrong = device.plug_in("lan0") + other.plug_in("lan1") + third.plug_in("lan2");
        !wrong.empty()) {
      return wrong;
    }
    auto free = differs("free", refuse_ports_in_use({"lan0", "lan1", "lan2"}).has_value(), true);
    (void)printed({"ip", "route", "add", "198.51.100.0/24", "dev", "lan2"});
    (void)printed({"ip", "link", "add", "br7", "type", "bridge"});
    (void)printed({"ip", "link", "set", "lan0", "master", "br7"});
    (void)printed({"ip", "link", "add", "link", "lan1", "name", "over", "type", "macvlan"});
    auto all = std::move(free);
    for (const auto& [port, why] : {std::pair{"lan0", "it is a port of br7"},
                                    std::pair{"lan1", "over stands on it"},
                                    std::pair{"lan2", "it has the route 198.51.100.0/24"}}) {
      CutOptions options;
      options.absence = test::microsoft_absence();
      auto enclosure = Enclosure::plan_for(options, true);
      auto links = kernel::Links::open();
      plan_for_hall(enclosure->plan, {port}, *links->list_routes());
      if (!enclosure->build({})) {
        return "no room";
      }
      const auto sentence = std::string("the network port ") + port + " is in use: " + why +
                            "; a room needs one of its own";
      const auto before = refuse_ports_in_use({port});
      all += differs("before", before ? "free" : before.error().message, sentence);
      const auto taken = enclosure->holder->take_ports();
      all += differs(port, taken ? "taken" : taken.error().message, sentence);
    }
    return all;
  });
}

TEST_F(Hall, APortComesBackWithItsOwnSettings)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    (void)printed({"sh",
                   "-c",
                   "cd /proc/sys/net; echo 0 >ipv6/conf/lan0/accept_ra; echo 1 "
                   ">ipv4/conf/lan0/rp_filter; echo 77 >ipv4/neigh/lan0/gc_stale_time; ip link set "
                   "lan0 mtu 1400 alias 'the other port' txqueuelen 77"});
    const auto settings = [] {
      return printed(
          {"sh",
           "-c",
           "cd /proc/sys/net; grep -s . ipv?/conf/lan0/* ipv?/neigh/lan0/*; ip link show "
           "lan0 | sed 's/^[0-9]*//'"});
    };
    const auto before = settings();
    CutOptions options;
    options.absence = test::microsoft_absence();
    auto enclosure = Enclosure::plan_for(options, true);
    if (!enclosure || !build(*enclosure) || !enclosure->holder->take_ports() ||
        !enclosure->holder->give_back_ports()) {
      return "no room";
    }
    auto after = settings();
    for (int i = 0; i < 40 && after != before; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      after = settings();
    }
    return differs("the settings", after, before) +
           differs("of which there are", before.find("the other port") != std::string::npos, true);
  });
}

TEST_F(Hall, EndsWhenTheMachineItselfIsCutOff)
{
  if (!find_program("dnsmasq")) {
    GTEST_SKIP() << "dnsmasq is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    HallOptions options;
    options.absence = test::microsoft_absence();
    options.ports = {"lan0"};
    options.page_name = "zonder.internal";
    options.patience = std::chrono::seconds(3);
    auto hall = OpenHall::open(options);
    if (!hall) {
      return hall.error().message;
    }
    std::string all;
    for (int i = 0; i < 3; ++i) {
      const auto kept = (*hall)->keep_open();
      all += differs("while all is well", kept ? "" : kept.error().message, std::string());
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    (void)printed({"ip", "link", "set", "out", "down"});
    std::string why;
    for (int i = 0; i < 30 && why.empty(); ++i) {
      const auto kept = (*hall)->keep_open();
      why = kept ? "" : kept.error().message;
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    return all + differs("why",
                         why.substr(0, why.find(':')),
                         std::string("this machine itself is cut off"));
  });
}

/// Stands in for a program: writes down its arguments and the network that it is in.
void stand_in_for(const std::string& program, const std::string& then)
{
  (void)write_file("/mnt/scratch/bin/" + program,
                   "#!/bin/sh\necho \"$0 $*\" >>/mnt/scratch/called\n" + then,
                   0755);
}

// Without a wireless card: what iw and hostapd are asked for, and where.
TEST_F(Hall, ARadioGoesIntoTheRoomAndComesBack)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    (void)::mkdir("/mnt/scratch/bin", 0755);
    stand_in_for("iw", "readlink /proc/$5/ns/net >>/mnt/scratch/networks\n");
    stand_in_for("hostapd",
                 "readlink /proc/self/ns/net >>/mnt/scratch/networks\n"
                 "grep -c '^bridge=room$' $1 >>/mnt/scratch/called\n"
                 "echo wlan9: AP-ENABLED\nexec sleep 60\n");
    const std::string path = ::getenv("PATH");
    ::setenv("PATH", ("/mnt/scratch/bin:" + path).c_str(), 1);
    CutOptions options;
    options.absence = test::microsoft_absence();
    auto enclosure = Enclosure::plan_for(options, true);
    auto links = kernel::Links::open();
    plan_for_hall(enclosure->plan, {}, *links->list_routes());
    enclosure->plan.hall->access_point =
        AccessPoint{.name = "zonder", .password = {}, .link = "wlan9", .radio = "phy9"};
    if (!enclosure->build({})) {
      return "not built";
    }
    if (const auto taken = enclosure->holder->take_ports(); !taken) {
      return "take: " + taken.error().message;
    }
    auto all = differs("what runs is looked at", enclosure->holder->check().has_value(), true);
    if (const auto back = enclosure->holder->give_back_ports(); !back) {
      return "back: " + back.error().message;
    }
    const auto room =
        printed({"readlink", "/proc/" + std::to_string(enclosure->holder->pid()) + "/ns/net"});
    const auto own = printed({"readlink", "/proc/self/ns/net"});
    all += differs("into the room, in it, and back",
                   read_file("/mnt/scratch/networks", 1000).value_or(""),
                   room + room + own);
    const auto called = read_file("/mnt/scratch/called", 1000).value_or("");
    all += differs("iw", called.find("iw phy phy9 set netns ") != std::string::npos, true);
    return all + differs("the bridge", called.find("\n1\n") != std::string::npos, true);
  });
}

TEST_F(Hall, ACardForWiFiThatIsInUseIsRefusedAndStays)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    (void)::mkdir("/mnt/scratch/bin", 0755);
    stand_in_for("iw", "");
    const std::string path = ::getenv("PATH");
    ::setenv("PATH", ("/mnt/scratch/bin:" + path).c_str(), 1);
    test::RoomDevice card;
    auto links = kernel::Links::open();
    const auto own = address("192.0.2.7");
    if (!card.plug_in("wlan9").empty() ||
        !links->add_address("wlan9", net::Prefix::containing(own, 24), own)) {
      return "no card";
    }
    CutOptions options;
    options.absence = test::microsoft_absence();
    auto enclosure = Enclosure::plan_for(options, true);
    plan_for_hall(enclosure->plan, {}, *links->list_routes());
    enclosure->plan.hall->access_point =
        AccessPoint{.name = "zonder", .password = {}, .link = "wlan9", .radio = "phy9"};
    if (!enclosure->build({})) {
      return "not built";
    }
    const auto taken = enclosure->holder->take_ports();
    return differs("why not",
                   taken ? "taken" : taken.error().message,
                   std::string("the network port wlan9 is in use: it has the address 192.0.2.7; a "
                               "room needs one of its own")) +
           differs("nothing was moved",
                   read_file("/mnt/scratch/called", 1000).value_or("").empty(),
                   true);
  });
}

TEST_F(Hall, APortThatIsABridgeStaysAndGetsOneMore)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    auto links = kernel::Links::open();
    test::RoomDevice device;
    if (!links->add_bridge("lan0") || !links->set_up("lan0") ||
        !device.plug_into_switch("lan0", "port0").empty()) {
      return "no bridge";
    }
    const auto own = kernel::open_own_namespace("net");
    const auto heeds = [&](const char* option, const char* value) {
      (void)kernel::set_network_option(own->get(), std::string("ipv6/conf/lan0/") + option, value);
      const auto refused = refuse_ports_in_use({"lan0"});
      return refused ? std::string("free") : refused.error().message;
    };
    // It would take an address from the room as any device would.
    const std::string sentence =
        "the bridge lan0 would take an address and a way out from the room's router, as any device "
        "would; turn that off first: sysctl net.ipv6.conf.lan0.accept_ra=0";
    std::string refusals;
    for (const auto& [option, value, said] :
         {std::tuple("forwarding", "0", sentence),  // as with most laptops
          std::tuple("disable_ipv6", "1", std::string("free")),
          std::tuple("disable_ipv6", "0", sentence),
          std::tuple("forwarding", "1", std::string("free")),  // a router heeds no other
          std::tuple("accept_ra", "2", sentence),
          std::tuple("accept_ra", "0", std::string("free"))}) {
      refusals += differs((std::string(option) + " " + value).c_str(), heeds(option, value), said);
    }
    if (!refusals.empty()) {
      return refusals;
    }
    CutOptions options;
    options.absence = test::microsoft_absence();
    options.signature = model::Signature::Refuse;
    auto enclosure = Enclosure::plan_for(options, true);
    if (!enclosure || !build(*enclosure)) {
      return "no room";
    }
    auto admission = admission_in(*enclosure);
    if (!admission || !admission->renew() ||
        !admission->admit(device.hardware(), std::chrono::minutes(5))) {
      return "not admitted";
    }
    if (const auto taken = enclosure->holder->take_ports(); !taken) {
      return taken.error().message;
    }
    auto all = differs("the bridge is there", link_named("lan0").has_value(), true);
    if (const auto used = device.use(enclosure->plan); !used) {
      return used.error().message;
    }
    all += differs("Europe", device.connect_to(test::europe_v4, 443), 0);
    all += differs("Microsoft", device.connect_to(test::microsoft_v4, 443), ECONNREFUSED);
    const auto count = links->list_links()->size();
    all += differs("given back", enclosure->holder->give_back_ports().has_value(), true);
    all += differs("one port less", links->list_links()->size(), count - 1);
    return all + differs("and no way", device.connect_to(test::europe_v4, 443) != 0, true);
  });
}

std::string all_routes()
{
  return printed({"ip", "route", "show", "table", "all"});
}

/// A link makes its own addresses and routes in its own time, when it comes and when it comes back.
std::string routes_with_own(const std::string& link)
{
  const auto has_own = [&](const std::string& routes) {
    const auto at = routes.find("local fe80");
    return at != std::string::npos &&
           routes.find("dev " + link + " table local", at) != std::string::npos;
  };
  auto routes = all_routes();
  for (int i = 0; i < 200 && !has_own(routes); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    routes = all_routes();
  }
  std::this_thread::sleep_for(std::chrono::seconds(2));
  return all_routes();
}

TEST_F(Hall, PortsComeBackWhenZonderIsKilled)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    test::RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    const auto before = test::processes();
    const auto routes_before = routes_with_own("lan0");
    const auto rules_before = printed({"nft", "list", "ruleset"});
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0) {
      return "no pipe";
    }
    const auto holding = ::fork();
    if (holding == 0) {
      CutOptions options;
      options.absence = test::microsoft_absence();
      auto enclosure = Enclosure::plan_for(options, true);
      const bool held = enclosure && build(*enclosure) && enclosure->holder->take_ports();
      (void)!::write(ready[1], &held, 1);
      for (;;) {
        ::pause();
      }
    }
    bool held = false;
    (void)!::read(ready[0], &held, 1);
    auto all = differs("held", held, true) +
               differs("the port is gone from the machine", link_named("lan0").has_value(), false);
    const auto killed = std::chrono::steady_clock::now();
    ::kill(holding, SIGKILL);
    ::waitpid(holding, nullptr, 0);
    while (!link_named("lan0") &&
           std::chrono::steady_clock::now() - killed < std::chrono::seconds(5)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const auto took = std::chrono::steady_clock::now() - killed;
    all += differs("back within a second", took < std::chrono::seconds(1), true);
    auto routes = all_routes();
    for (int i = 0; i < 200 && routes != routes_before; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      routes = all_routes();
    }
    all += differs("routes", routes, routes_before);
    all += differs("rules", printed({"nft", "list", "ruleset"}), rules_before);
    return all + test::left_behind(before);
  });
}

}  // namespace
}  // namespace zonder::isolate
