// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/child_process.hh"
#include "isolate/admission.hh"
#include "isolate/enclosure.hh"
#include "isolate/page_names.hh"
#include "isolate/room_proxy.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

// The proxy that a room offers: what lives is reached by it, the absent is not, whoever judges
// what; and only who is admitted can ask it.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using Signature = model::Signature;

net::Address address(const std::string& text)
{
  return *net::Address::try_parse(text);
}

/// A device at the other end of a cable.
struct Device {
  Descriptor space;
  net::MacAddress hardware;
  net::Address v4 = net::Address::v4(0);
  net::Address v6 = net::Address::v4(0);

  Result<void> plug_in(const std::string& port)
  {
    auto made = kernel::new_network_namespace();
    auto here = kernel::Links::open();
    if (!made || !here) {
      return fail(!made ? made.error() : here.error());
    }
    space = std::move(*made);
    ZONDER_TRY(kernel::set_network_option(space.get(), "ipv6/conf/default/accept_dad", "0"));
    ZONDER_TRY(here->add_veth(port, "eth0", space.get()));
    ZONDER_TRY(here->set_up(port));
    auto there = kernel::Links::open(space.get());
    if (!there) {
      return fail(there.error());
    }
    ZONDER_TRY(there->set_up("eth0"));
    const auto links = there->list_links();
    if (!links) {
      return fail(links.error());
    }
    hardware = std::ranges::find(*links, "eth0", &kernel::Link::name)->hardware;
    return {};
  }

  Result<void> use(const RoomPlan& plan, unsigned number)
  {
    auto links = kernel::Links::open(space.get());
    if (!links) {
      return fail(links.error());
    }
    v4 = net::Address::v4(static_cast<std::uint32_t>(plan.hall->first_v4.low()) + number);
    v6 = net::Address::v6(plan.gateway_v6.high(), 0x77 + number);
    ZONDER_TRY(links->add_address("eth0", plan.room_net_v4, v4));
    ZONDER_TRY(links->add_address("eth0", plan.room_net_v6, v6));
    for (const auto& router : {plan.gateway_v4, plan.gateway_v6}) {
      ZONDER_TRY(links->add_route(
          {.destination = kernel::default_destination(router.family()), .gateway = router}));
    }
    return {};
  }

  /// 0, or the errno of a connection.
  [[nodiscard]] int connect_to(const net::Address& where, std::uint16_t port) const
  {
    Descriptor socket;
    (void)kernel::in_network_namespace(space.get(), [&]() -> Result<void> {
      socket =
          Descriptor(::socket(where.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
      return {};
    });
    const timeval limit = {.tv_sec = 2, .tv_usec = 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const SocketAddress to(where, port);
    return ::connect(socket.get(), to.get(), to.length) == 0 ? 0 : errno;
  }

  /// What comes by the proxy: "body|status|status of CONNECT".
  [[nodiscard]] std::string
  fetch(const net::Address& proxy, const std::string& url, std::vector<std::string> more = {}) const
  {
    const auto host = proxy.is_v4() ? proxy.to_string() : "[" + proxy.to_string() + "]";
    std::vector<std::string> command = {"curl",
                                        "-s",
                                        "-g",
                                        "--max-time",
                                        "15",
                                        "-x",
                                        "http://" + host + ":3128",
                                        "-w",
                                        "|%{http_code}|%{http_connect}",
                                        url};
    command.insert(command.end(), more.begin(), more.end());
    std::string said;
    (void)kernel::in_network_namespace(space.get(), [&]() -> Result<void> {
      const auto ran = run_captured(command, std::chrono::seconds(20));
      said = ran ? ran->out : ran.error().message;
      return {};
    });
    return said;
  }
  [[nodiscard]] std::string tunnel(const net::Address& proxy, const std::string& url) const
  {
    return fetch(proxy, url, {"-p"});
  }
};

/// A room with two devices at its ports; the first is admitted.
struct Room {
  CutOptions options;
  Device first;
  Device second;
  std::optional<Enclosure> enclosure;
  std::optional<Holder::Built> built;
  std::unique_ptr<PageNames> names;
  std::optional<Admission> admission;
  std::unique_ptr<RoomProxy> proxy;

  /// `judged`: by which absence the proxy goes; null: by the room's own.
  Result<void> open(Signature signature, const model::Absence* judged = nullptr)
  {
    options.absence = test::microsoft_absence();
    options.signature = signature;
    ZONDER_TRY(first.plug_in("lan0"));
    ZONDER_TRY(second.plug_in("lan1"));
    auto planned = Enclosure::plan_for(options, true);
    if (!planned) {
      return fail(planned.error());
    }
    enclosure.emplace(std::move(*planned));
    auto links = kernel::Links::open();
    plan_for_hall(enclosure->plan, {"lan0", "lan1"}, *links->list_routes());
    auto made = enclosure->build({});
    if (!made) {
      return fail(made.error());
    }
    built.emplace(std::move(*made));
    ZONDER_TRY(enclosure->open(built->probes, true));
    ZONDER_TRY(enclosure->serve(*built, true, {}));
    ZONDER_TRY(close_doors());
    ZONDER_TRY(admission->renew());
    ZONDER_TRY(admission->admit(first.hardware, std::chrono::minutes(5)));
    ZONDER_TRY(start_proxy(judged));
    ZONDER_TRY(enclosure->holder->take_ports());
    ZONDER_TRY(first.use(enclosure->plan, 0));
    ZONDER_TRY(second.use(enclosure->plan, 1));
    return wait_for_links();
  }

  [[nodiscard]] const net::Address& gateway() const { return enclosure->plan.gateway_v4; }

private:
  Result<void> close_doors()
  {
    const auto& plan = enclosure->plan;
    const auto outside = kernel::own_namespace_id("net");
    auto netfilter = enclosure->holder->netfilter();
    const auto card = RoomProxy::card(built->guest_network, plan);
    if (!netfilter || !card) {
      return fail(!card ? card.error() : netfilter.error());
    }
    const auto network = kernel::MadeNetwork::of_socket(netfilter->rules.get(), *outside);
    auto socket = kernel::NftSocket::over(std::move(netfilter->rules), *network);
    auto closed = Admission::close(std::move(*socket),
                                   {.link = plan.room_link,
                                    .gateway_v4 = plan.gateway_v4,
                                    .gateway_v6 = plan.gateway_v6,
                                    .proxy = *card,
                                    .lease = std::chrono::minutes(5)});
    auto answering = PageNames::start(plan.gateway_v4,
                                      plan.gateway_v6,
                                      std::move(built->page_names_udp),
                                      std::move(built->page_names_tcp));
    if (!closed || !answering) {
      return fail(!closed ? closed.error() : answering.error());
    }
    admission.emplace(std::move(*closed));
    names = std::move(*answering);
    return {};
  }

  Result<void> start_proxy(const model::Absence* judged)
  {
    auto started = RoomProxy::start(
        {.absence = judged != nullptr ? judged : &options.absence,
         .signature = options.signature,
         .plan = enclosure->plan,
         .network = built->guest_network.get(),
         .listening = std::move(built->relay),
         .own = {address("192.168.50.2")},
         .forwarder = enclosure->forwarder.get(),
         .device = [this](const net::Address& client) -> std::optional<std::size_t> {
           if (client == first.v4 || client == first.v6) {
             return 0;
           }
           return client == second.v4 ? std::optional<std::size_t>(1) : std::nullopt;
         },
         .silence = std::chrono::milliseconds(300)});
    if (!started) {
      return fail(started.error());
    }
    proxy = std::move(*started);
    return {};
  }

  /// Ports of a bridge, and the proxy's own link, need a moment.
  Result<void> wait_for_links()
  {
    for (int i = 0; i < 100; ++i) {
      if (first.connect_to(enclosure->plan.gateway_v6, 3128) == 0 &&
          first.connect_to(gateway(), 3128) == 0 && second.connect_to(gateway(), 80) == 0) {
        return {};
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return fail(Fault::Internal, "the links do not work");
  }
};

void in_room(Signature signature,
             const std::function<std::string(Room&)>& body,
             const model::Absence* judged = nullptr)
{
  in_mini_internet({}, [&](Arrivals&) -> std::string {
    Room room;
    if (const auto opened = room.open(signature, judged); !opened) {
      return opened.error().message;
    }
    return body(room);
  });
}

const std::string europe = test::europe_v4;
const std::string from_europe = "this is " + europe + "\n";

TEST(HallProxy, ReachesWhatLives)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    const auto& device = room.first;
    const auto v6 = room.enclosure->plan.gateway_v6;
    const auto here = room.gateway();
    auto all = differs("plain",
                       device.fetch(here, "http://www.europe.example/a?b"),
                       from_europe + "|200|000") +
               differs("a form",
                       device.fetch(here, "http://www.europe.example/", {"--data", "name=x"}),
                       from_europe + "|200|000") +
               differs("by IPv6",
                       device.fetch(v6, "http://www.europe.example/"),
                       from_europe + "|200|000") +
               differs("a tunnel",
                       device.tunnel(here, "http://www.europe.example:443/"),
                       from_europe + "|200|200") +
               differs("an address",
                       device.tunnel(here, "http://" + europe + ":80/"),
                       from_europe + "|200|200");
    const auto tried = room.admission->tried();
    const auto counts = room.admission->counts();
    return all + differs("counted as a device's", tried ? tried->size() : 99, std::size_t{0}) +
           differs("counted", counts ? counts->opened : 99, std::uint64_t{0});
  });
}

TEST(HallProxy, RefusesTheAbsentInItsOwnWords)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    const auto& device = room.first;
    const auto here = room.gateway();
    const std::string words = "This is an exercise: zonder answers in the proxy's place, as if it "
                              "could not reach this host.\n|503|000";
    std::string all;
    for (const auto& host : {std::string("login.microsoft.example"),
                             std::string("hosted.europe.example"),  // all of it is of the absent
                             std::string("cdn.microsoft.example"),
                             std::string(test::microsoft_v4),
                             "[" + std::string(test::microsoft_v6) + "]"}) {
      all += differs(host.c_str(), device.fetch(here, "http://" + host + "/"), words);
      all += differs(
          host.c_str(), device.tunnel(here, "http://" + host + ":443/"), std::string("|000|503"));
    }
    return all;
  });
}

TEST(HallProxy, IsAsSilentAsTheAbsent)
{
  in_room(Signature::Blackhole, [](Room& room) -> std::string {
    return differs("silence",
                   room.first.tunnel(room.gateway(), "http://login.microsoft.example:443/"),
                   std::string("|000|504"));
  });
}

TEST(HallProxy, EndsInTlsWhereTheAbsentDo)
{
  in_room(Signature::TlsReset, [](Room& room) -> std::string {
    const auto absent = address(test::microsoft_v4);
    return differs("a tunnel",
                   room.first.tunnel(room.gateway(), "http://login.microsoft.example:443/"),
                   std::string("|000|200")) +
           differs("plain",
                   room.first.fetch(room.gateway(), "http://login.microsoft.example/")
                       .ends_with("|503|000"),
                   true) +
           // In the place of the absent only who has joined is answered.
           differs("who joined", room.first.connect_to(absent, 443), 0) +
           differs("who did not", room.second.connect_to(absent, 443) != 0, true);
  });
}

TEST(HallProxy, ReachesNothingOfTheAbsentHoweverItIsJudged)
{
  const model::Absence nobody;
  in_room(
      Signature::Refuse,
      [](Room& room) -> std::string {
        const auto words =
            std::string("The room's proxy could not connect to this host.\n|502|000");
        const auto here = room.gateway();
        auto all =
            differs("by address",
                    room.first.fetch(here, "http://" + std::string(test::microsoft_v4) + "/"),
                    words) +
            differs("by a name that leads there",
                    room.first.fetch(here, "http://hosted.europe.example/"),
                    words) +
            differs(
                "a tunnel",
                room.first.tunnel(here, "http://[" + std::string(test::microsoft_v6) + "]:443/"),
                std::string("|000|502"));
        return all + differs("what lives",
                             room.first.fetch(here, "http://www.europe.example/"),
                             from_europe + "|200|000");
      },
      &nobody);
}

TEST(HallProxy, OpensNoWayToTheRoomOrTheMachine)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    const auto& plan = room.enclosure->plan;
    std::string all;
    for (const auto& host : {std::string("192.168.50.2"),
                             std::string("127.0.0.1"),
                             std::string("localhost"),
                             std::string("169.254.169.254"),
                             plan.gateway_v4.to_string(),
                             "[" + plan.gateway_v6.to_string() + "]",
                             room.second.v4.to_string(),
                             plan.tap_router_v4.to_string()}) {
      all += differs(host.c_str(),
                     room.first.tunnel(room.gateway(), "http://" + host + ":80/"),
                     std::string("|000|403"));
    }
    return all;
  });
}

TEST(HallProxy, SaysWhatItCannotDo)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    const auto here = room.gateway();
    return differs("no such name",
                   room.first.fetch(here, "http://nowhere.europe.example/"),
                   std::string("The room's proxy found no address for this name.\n|502|000")) +
           differs("nobody listens",
                   room.first.fetch(here, "http://www.europe.example:4711/"),
                   std::string("The room's proxy could not connect to this host.\n|502|000")) +
           differs("no proxy's business",
                   room.first
                           .fetch(here,
                                  "http://www.europe.example/",
                                  {"--request-target", "https://www.europe.example/"})
                           .find("|400|") != std::string::npos,
                   true);
  });
}

TEST(HallProxy, IsNotThereForWhoHasNotJoined)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    const auto& plan = room.enclosure->plan;
    const auto& stranger = room.second;
    auto all = differs("its port", stranger.connect_to(plan.gateway_v4, 3128), ECONNREFUSED) +
               differs("by IPv6", stranger.connect_to(plan.gateway_v6, 3128), ECONNREFUSED) +
               differs("the page", stranger.connect_to(plan.gateway_v4, 80), 0) +
               differs("what it fetches",
                       stranger.fetch(room.gateway(), "http://www.europe.example/"),
                       std::string("|000|000"));
    if (!room.admission->admit(stranger.hardware, std::chrono::minutes(5)) ||
        !room.admission->dismiss(room.first.hardware)) {
      return "not admitted";
    }
    return all + differs("for who joined", stranger.connect_to(plan.gateway_v4, 3128), 0) +
           differs("for who left", room.first.connect_to(plan.gateway_v4, 3128), ECONNREFUSED);
  });
}

TEST(HallProxy, TellsWhichDeviceAskedForWhat)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    if (!room.admission->admit(room.second.hardware, std::chrono::minutes(5))) {
      return "not admitted";
    }
    const auto here = room.gateway();
    (void)room.first.fetch(here, "http://www.europe.example/");
    (void)room.first.fetch(room.enclosure->plan.gateway_v6, "http://www.europe.example/");
    (void)room.first.tunnel(here, "http://login.microsoft.example:443/");
    (void)room.second.tunnel(here, "http://login.microsoft.example:443/");
    (void)room.second.fetch(room.enclosure->plan.gateway_v6, "http://hosted.europe.example/");
    (void)room.second.fetch(here, "http://" + std::string(test::microsoft_v4) + "/");
    const auto told = [&]() -> std::string {
      const auto attempts = room.proxy->attempts();
      std::string text;
      for (const auto& each : attempts ? attempts->asked : std::vector<RoomProxy::Asked>()) {
        text += (each.device ? std::to_string(*each.device) : "?") + " " + each.name + " " +
                (each.address ? each.address->to_string() : "-") + ":" + std::to_string(each.port) +
                " " + each.party + (each.blocked ? " blocked " : " passed ") +
                std::to_string(each.count) + (each.first <= each.last ? "; " : " no time; ");
      }
      return text;
    };
    const std::string all = "? hosted.europe.example -:80 microsoft blocked 1; "
                            "0 www.europe.example 193.0.6.139:80  passed 2; "
                            "0 login.microsoft.example -:443 microsoft blocked 1; "
                            "1  20.190.128.1:80 microsoft blocked 1; "
                            "1 login.microsoft.example -:443 microsoft blocked 1; ";
    auto wrong = differs("asked", told(), all);
    room.proxy->stop();
    return wrong + differs("asked, when it has stopped", told(), all) +
           differs("requests", room.proxy->counts().requests, std::uint64_t{6});
  });
}

TEST(HallProxy, LeavesEveryDeviceItsShare)
{
  in_room(Signature::Refuse, [](Room& room) -> std::string {
    if (!room.admission->admit(room.second.hardware, std::chrono::minutes(5))) {
      return "not admitted";
    }
    std::vector<Descriptor> held;
    // By as many addresses as it has: it is one device.
    const std::array to = {SocketAddress(room.gateway(), 3128),
                           SocketAddress(room.enclosure->plan.gateway_v6, 3128)};
    for (std::size_t i = 0; i < 250; ++i) {
      (void)kernel::in_network_namespace(room.first.space.get(), [&]() -> Result<void> {
        const auto& there = to.at(i % 2);
        held.emplace_back(::socket(there.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        (void)::connect(held.back().get(), there.get(), there.length);
        return {};
      });
    }
    const auto all = differs("the other's",
                             room.second.fetch(room.gateway(), "http://www.europe.example/"),
                             from_europe + "|200|000");
    const auto attempts = room.proxy->attempts();
    return all + differs("turned away", attempts ? attempts->turned_away : 0, std::uint64_t{50});
  });
}

TEST(HallProxy, DoesNotBeginWhereItCannotBe)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    const auto absence = test::microsoft_absence();
    const auto start = [&](Signature signature) {
      return RoomProxy::start(
          {.absence = &absence, .signature = signature, .plan = plan_room({}), .network = -1});
    };
    const auto nowhere = start(Signature::Refuse);
    const auto lossy = start(Signature::Lossy);
    return differs("no network", nowhere.has_value(), false) +
           differs("lossy",
                   lossy ? "begun" : lossy.error().message,
                   std::string("lossy cannot be made through a proxy: this room has none"));
  });
}

}  // namespace
}  // namespace zonder::isolate
