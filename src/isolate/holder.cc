// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/holder.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/translate.hh"
#include "isolate/address_server.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/hall_ports.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "kernel/nft_socket.hh"
#include "kernel/socket_table.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t tcp_probes_per_family = 8;
constexpr std::uint16_t dns_port = 53;
// Of a holder that has a word to answer: it has little to do.
constexpr std::chrono::seconds patience{10};

Result<Descriptor> open_socket(net::Family family, int type)
{
  Descriptor socket(
      ::socket(family == net::Family::V4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0));
  if (!socket) {
    return fail(Fault::NotPossible, say("cannot open a socket: {}", std::strerror(errno)));
  }
  return socket;
}

Result<Descriptor> bind_in_gateway(net::Address address, std::uint16_t port, int type)
{
  auto socket = open_socket(address.family(), type | SOCK_NONBLOCK);
  if (!socket) {
    return socket;
  }
  if (type == SOCK_DGRAM) {
    // As much as the system allows: programs ask for many names at once.
    const int wanted = 8 << 20U;
    (void)::setsockopt(socket->get(), SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  }
  const SocketAddress here(address, port);
  if (::bind(socket->get(), here.get(), here.length) != 0 ||
      (type == SOCK_STREAM && ::listen(socket->get(), 128) != 0)) {
    return fail(Fault::NotPossible,
                say("cannot open port {} on the gateway ({}): {}",
                    port,
                    address.to_string(),
                    std::strerror(errno)));
  }
  return socket;
}

/// The steps inside, in the holder process. Each is asked for by one word.
class Inside {
public:
  /// The three channels are to the controller: from us, from the room, from the resolver.
  Inside(const RoomPlan& plan,
         Descriptor machine_network,
         const RoomOrder& order,
         const ResolverOrder& resolver_order,
         Channel& controller,
         Channel& room,
         Channel& resolver)
      : plan_(plan), order_(order), resolver_order_(resolver_order), controller_(controller),
        room_(room), resolver_(resolver)
  {
    if (plan.hall) {
      ports_.emplace(plan, std::move(machine_network));
    }
  }

  int serve()
  {
    for (;;) {
      const auto notice = controller_.receive(std::chrono::hours(24 * 365));
      if (!notice) {
        (void)give_back_ports();
        return 0;
      }
      Result<void> done;
      if (notice->word == "netfilter") {
        done = give_netfilter();
      } else if (notice->word == "build") {
        done = build();
      } else if (notice->word == "relay") {
        done = make_relay();
      } else if (notice->word == "uplink") {
        done = connect_uplink();
      } else if (notice->word == "requests") {
        done = hear_requests();
      } else if (notice->word == "take") {
        done = take_ports();
      } else if (notice->word == "look") {
        done = look();
      } else if (notice->word == "release") {
        done = give_back_ports();
        if (done) {
          done = controller_.send("released");
        }
      }
      if (!done && !controller_.send("error", done.error().message)) {
        // It ended while we worked for it, perhaps with ports in our hands.
        (void)give_back_ports();
        return 0;
      }
    }
  }

private:
  Result<void> give_netfilter()
  {
    const auto rules = kernel::NftSocket::open_descriptor();
    const auto log = kernel::NftSocket::open_descriptor();
    if (!rules || !log) {
      return fail(rules ? log.error() : rules.error());
    }
    return controller_.send("netfilter", {}, {rules->get(), log->get()});
  }

  Result<void> build_resolver_links()
  {
    auto space = kernel::new_network_namespace();
    if (!space) {
      return fail(space.error());
    }
    resolver_network_ = std::move(*space);
    auto gateway = kernel::Links::open();
    auto inside = kernel::Links::open(resolver_network_.get());
    if (!gateway || !inside) {
      return fail(!gateway ? gateway.error() : inside.error());
    }
    const auto& plan = *plan_.resolver;
    const auto& link = plan_.inside_link;
    (void)kernel::set_network_option(resolver_network_.get(), "ipv6/conf/default/accept_ra", "0");
    ZONDER_TRY(gateway->add_veth(plan.link, link, resolver_network_.get()));
    ZONDER_TRY(gateway->add_address(plan.link, plan.net_v4, plan.gateway_v4));
    ZONDER_TRY(gateway->add_address(plan.link, plan.net_v6, plan.gateway_v6));
    ZONDER_TRY(gateway->set_up(plan.link));
    ZONDER_TRY(inside->set_up("lo"));
    ZONDER_TRY(inside->add_address(link, plan.net_v4, plan.inside_v4));
    ZONDER_TRY(inside->add_address(link, plan.net_v6, plan.inside_v6));
    ZONDER_TRY(inside->set_up(link));
    ZONDER_TRY(inside->add_route({.destination = kernel::default_destination(net::Family::V4),
                                  .gateway = plan.gateway_v4,
                                  .link = link}));
    return inside->add_route({.destination = kernel::default_destination(net::Family::V6),
                              .gateway = plan.gateway_v6,
                              .link = link});
  }

  Result<void> start_resolver()
  {
    ZONDER_TRY(build_resolver_links());
    auto process = kernel::start_in_new_namespaces({.mount = true, .pid = true}, [this]() -> int {
      controller_.close();
      room_.close();
      if (const auto entered = kernel::enter_namespace(resolver_network_.get()); !entered) {
        (void)resolver_.send("error", entered.error().message);
        return 1;
      }
      return keep_resolver(resolver_order_, std::move(resolver_));
    });
    if (!process) {
      return fail(process.error());
    }
    processes_.push_back(std::move(*process));
    return {};
  }

  Result<void> add_late_lane(kernel::Links& links, const std::string& link)
  {
    return plan_.late.count() > 0 ? links.add_late_lane(link, plan_.late) : Result<void>();
  }

  Result<void> add_room_link(kernel::Links& gateway)
  {
    if (!plan_.hall) {
      return gateway.add_veth(plan_.room_link, plan_.inside_link, room_network_.get());
    }
    const auto& guest = plan_.hall->guest_link;
    ZONDER_TRY(gateway.add_bridge(plan_.room_link));
    ZONDER_TRY(gateway.add_veth(guest, plan_.inside_link, room_network_.get()));
    ZONDER_TRY(HallPorts::join(gateway, guest, plan_.room_link));
    return gateway.set_up(guest);
  }

  /// Before it hears anything the filter is there: UDP of IPv4 to port 67, of which this is the
  /// beginning.
  Result<void> hear_requests()
  {
    std::array<sock_filter, 9> steps = {{BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
                                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
                                         BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
                                         BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),
                                         BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
                                         BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
                                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 67, 0, 1),
                                         BPF_STMT(BPF_RET | BPF_K, 1500),
                                         BPF_STMT(BPF_RET | BPF_K, 0)}};
    const sock_fprog filter = {.len = steps.size(), .filter = steps.data()};
    // With protocol 0 it hears nothing until it is bound.
    const Descriptor socket(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_ll at{};
    at.sll_family = AF_PACKET;
    at.sll_protocol = htons(ETH_P_IP);
    at.sll_ifindex = static_cast<int>(::if_nametoindex(plan_.room_link.c_str()));
    if (!socket || at.sll_ifindex == 0 ||
        ::setsockopt(socket.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0 ||
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
      return fail(Fault::NotPossible, say("cannot open a socket: {}", std::strerror(errno)));
    }
    return controller_.send("requests", {}, {socket.get()});
  }

  Result<void> take_ports()
  {
    ZONDER_TRY(ports_->take());
    return controller_.send("taken");
  }

  Result<void> give_back_ports() { return ports_ ? ports_->give_back() : Result<void>(); }

  Result<void> look()
  {
    const auto ended = [](ChildProcess& process) {
      return process.wait_for(std::chrono::milliseconds(0)).has_value();
    };
    const bool on_air = ports_ && ports_->access_point();
    if (std::ranges::any_of(processes_, ended) || (on_air && ended(*ports_->access_point()))) {
      return fail(Fault::NotPossible,
                  say("a program that the room needs has ended: dnsmasq (addresses) or hostapd "
                      "(Wi-Fi)"));
    }
    return controller_.send("well");
  }

  Result<void> build_links()
  {
    auto space = kernel::new_network_namespace();
    if (!space) {
      return fail(space.error());
    }
    room_network_ = std::move(*space);
    auto own = kernel::open_own_namespace("net");
    auto gateway = kernel::Links::open();
    auto inside = kernel::Links::open(room_network_.get());
    if (!own || !gateway || !inside) {
      return fail(!own ? own.error() : !gateway ? gateway.error() : inside.error());
    }
    // Before there is a link: forwarding turns off what router advertisements would do to routes.
    ZONDER_TRY(kernel::set_network_option(own->get(), "ipv4/ip_forward", "1"));
    (void)kernel::set_network_option(own->get(), "ipv6/conf/all/forwarding", "1");
    (void)kernel::set_network_option(room_network_.get(), "ipv6/conf/default/accept_ra", "0");

    ZONDER_TRY(gateway->set_up("lo"));
    ZONDER_TRY(add_room_link(*gateway));
    ZONDER_TRY(gateway->set_mtu(plan_.room_link, plan_.mtu));
    ZONDER_TRY(gateway->add_address(plan_.room_link, plan_.room_net_v4, plan_.gateway_v4));
    ZONDER_TRY(gateway->add_address(plan_.room_link, plan_.room_net_v6, plan_.gateway_v6));
    ZONDER_TRY(add_late_lane(*gateway, plan_.room_link));
    ZONDER_TRY(gateway->set_up(plan_.room_link));

    ZONDER_TRY(inside->set_up("lo"));
    ZONDER_TRY(inside->set_mtu(plan_.inside_link, plan_.mtu));
    ZONDER_TRY(inside->add_address(plan_.inside_link, plan_.room_net_v4, plan_.room_v4));
    ZONDER_TRY(inside->add_address(plan_.inside_link, plan_.room_net_v6, plan_.room_v6));
    ZONDER_TRY(inside->set_up(plan_.inside_link));
    ZONDER_TRY(inside->add_route({.destination = kernel::default_destination(net::Family::V4),
                                  .gateway = plan_.gateway_v4,
                                  .link = plan_.inside_link}));
    return inside->add_route({.destination = kernel::default_destination(net::Family::V6),
                              .gateway = plan_.gateway_v6,
                              .link = plan_.inside_link});
  }

  Result<void> open_dns(std::vector<Descriptor>& sockets, std::uint16_t port)
  {
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
      for (const auto& address : {plan_.gateway_v4, plan_.gateway_v6}) {
        auto socket = bind_in_gateway(address, port, type);
        if (!socket) {
          return fail(socket.error());
        }
        sockets.push_back(std::move(*socket));
      }
    }
    return {};
  }

  Result<void> open_reception(std::vector<Descriptor>& sockets, std::uint16_t port)
  {
    for (const auto& address : {plan_.gateway_v4, plan_.gateway_v6}) {
      auto socket = bind_in_gateway(address, port, SOCK_STREAM);
      if (!socket) {
        return fail(socket.error());
      }
      sockets.push_back(std::move(*socket));
    }
    return {};
  }

  Result<void> open_probes(std::vector<Descriptor>& sockets)
  {
    return kernel::in_network_namespace(room_network_.get(), [&]() -> Result<void> {
      for (const auto family : {net::Family::V4, net::Family::V6}) {
        for (std::size_t i = 0; i <= tcp_probes_per_family; ++i) {
          auto socket = open_socket(family, (i == 0 ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK);
          if (!socket) {
            return fail(socket.error());
          }
          sockets.push_back(std::move(*socket));
        }
      }
      return {};
    });
  }

  Result<void> open_table(std::vector<Descriptor>& sockets)
  {
    return kernel::in_network_namespace(room_network_.get(), [&]() -> Result<void> {
      sockets.push_back(kernel::open_unix_table());
      return sockets.back()
                 ? Result<void>()
                 : fail(Fault::NotPossible, say("cannot open a socket: {}", std::strerror(errno)));
    });
  }

  /// Where a service of the machine's loopback seems to be, on the room's.
  Result<void> open_host_ports(std::vector<Descriptor>& sockets)
  {
    return kernel::in_network_namespace(room_network_.get(), [&]() -> Result<void> {
      for (const auto port : order_.allowed_host_ports) {
        for (const auto& address : {net::Address::v4(0x7f000001), net::Address::v6(0, 1)}) {
          ZONDER_TRY(open_on_loopback(address, port, sockets));
        }
      }
      for (const auto& proxy : order_.loopback_proxies) {
        ZONDER_TRY(open_on_loopback(proxy.address, proxy.port, sockets));
      }
      return {};
    });
  }

  static Result<void>
  open_on_loopback(net::Address address, std::uint16_t port, std::vector<Descriptor>& sockets)
  {
    auto socket = open_socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK);
    const SocketAddress here(address, port);
    if (!socket || ::bind(socket->get(), here.get(), here.length) != 0 ||
        ::listen(socket->get(), 128) != 0) {
      return fail(
          Fault::NotPossible,
          say("cannot open port {} on the room's loopback: {}", port, std::strerror(errno)));
    }
    sockets.push_back(std::move(*socket));
    return {};
  }

  Result<void> start_room()
  {
    auto process = kernel::start_in_new_namespaces({.mount = true, .pid = true}, [this]() -> int {
      controller_.close();
      resolver_.close();
      if (const auto entered = kernel::enter_namespace(room_network_.get()); !entered) {
        (void)room_.send("error", entered.error().message);
        return 1;
      }
      return live_in_room(order_, std::move(room_));
    });
    if (!process) {
      return fail(process.error());
    }
    processes_.push_back(std::move(*process));
    room_.close();
    return {};
  }

  Result<void> serve_addresses()
  {
    if (plan_.hall->address_server.empty()) {
      return {};
    }
    auto server = start_address_server(plan_.hall->address_server);
    if (!server) {
      return fail(server.error());
    }
    processes_.push_back(std::move(*server));
    return {};
  }

  Result<void> build()
  {
    ZONDER_TRY(build_links());
    if (plan_.resolver) {
      ZONDER_TRY(start_resolver());
    }
    // Only its keeper has this end now, so that the controller sees when it has ended.
    resolver_.close();
    ZONDER_TRY(plan_.hall ? serve_addresses() : start_room());
    std::vector<Descriptor> sockets;
    ZONDER_TRY(open_dns(sockets, dns_port));
    ZONDER_TRY(open_reception(sockets, rules::reception_port));
    ZONDER_TRY(open_reception(sockets, rules::relay_port));
    ZONDER_TRY(open_probes(sockets));
    ZONDER_TRY(open_table(sockets));
    ZONDER_TRY(open_host_ports(sockets));
    if (plan_.hall) {
      ZONDER_TRY(open_dns(sockets, rules::page_names_port));
      ZONDER_TRY(open_reception(sockets, rules::page_port));
    }
    std::vector<int> numbers;
    for (const auto& socket : sockets) {
      numbers.push_back(socket.get());
    }
    if (plan_.hall) {
      numbers.push_back(room_network_.get());
    }
    return controller_.send("built", {}, numbers);
  }

  Result<void> make_relay()
  {
    auto made = make_relay_network(plan_);
    if (!made) {
      return fail(made.error());
    }
    relay_network_ = std::move(made->network);
    return controller_.send("relay",
                            {},
                            {relay_network_.get(),
                             made->rules.get(),
                             made->opening.get(),
                             made->listener_v4.get(),
                             made->listener_v6.get()});
  }

  Result<void> connect_uplink()
  {
    auto links = kernel::Links::open();
    if (!links) {
      return fail(links.error());
    }
    const auto& out = plan_.uplink_link;
    const auto& relay = plan_.relay;
    ZONDER_TRY(links->set_mtu(out, plan_.mtu));
    ZONDER_TRY(links->add_address(
        out, relay ? relay->net_v4 : plan_.tap_net_v4, relay ? relay->gateway_v4 : plan_.tap_v4));
    ZONDER_TRY(links->add_address(
        out, relay ? relay->net_v6 : plan_.tap_net_v6, relay ? relay->gateway_v6 : plan_.tap_v6));
    ZONDER_TRY(add_late_lane(*links, out));
    ZONDER_TRY(links->set_up(out));
    // By hand: a link that forwards takes no router advertisement.
    ZONDER_TRY(links->add_route({.destination = kernel::default_destination(net::Family::V4),
                                 .gateway = relay ? relay->here_v4 : plan_.tap_router_v4,
                                 .link = out}));
    ZONDER_TRY(links->add_route({.destination = kernel::default_destination(net::Family::V6),
                                 .gateway = relay ? relay->here_v6 : plan_.tap_router_v6,
                                 .link = out}));
    if (relay) {
      ZONDER_TRY(connect_relay_network(plan_, relay_network_.get()));
    }
    return controller_.send("connected");
  }

  const RoomPlan& plan_;
  std::optional<HallPorts> ports_;  // of a hall
  const RoomOrder& order_;
  const ResolverOrder& resolver_order_;
  Channel& controller_;
  Channel& room_;
  Channel& resolver_;
  Descriptor room_network_;
  Descriptor resolver_network_;
  Descriptor relay_network_;
  std::vector<ChildProcess> processes_;  // the first ones of the room and of the resolver's; or
                                         // who gives devices their addresses
};

}  // namespace

Result<Holder> Holder::start(const RoomPlan& plan,
                             const RoomOrder& room,
                             bool as_root,
                             const ResolverOrder& resolver)
{
  auto steering = Channel::make_pair();
  auto to_room = Channel::make_pair();
  auto to_resolver = Channel::make_pair();
  if (!steering || !to_room || !to_resolver) {
    return fail(!steering ? steering.error() : !to_room ? to_room.error() : to_resolver.error());
  }
  auto machine = plan.hall ? kernel::open_own_namespace("net") : Result<Descriptor>(Descriptor());
  if (!machine) {
    return fail(machine.error());
  }
  // Who holds ports of the machine's gives them back when we have ended, and so must outlive us.
  const kernel::NewNamespaces spaces = {
      .user = !as_root, .network = true, .die_with_parent = !plan.hall.has_value()};
  auto process = kernel::start_in_new_namespaces(spaces, [&]() -> int {
    // We stay in the terminal's foreground process group, as the command is our descendant; what
    // the terminal sends is for the command, which gets its signal mask back.
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    steering->first.close();
    to_room->first.close();
    to_resolver->first.close();
    return Inside(plan,
                  std::move(*machine),
                  room,
                  resolver,
                  steering->second,
                  to_room->second,
                  to_resolver->second)
        .serve();
  });
  if (!process) {
    return fail(process.error());
  }
  return Holder(std::move(*process),
                std::move(steering->first),
                std::move(to_room->first),
                std::move(to_resolver->first),
                room,
                plan.hall.has_value());
}

Result<Holder::Netfilter> Holder::netfilter()
{
  ZONDER_TRY(channel_.send("netfilter"));
  auto notice = channel_.expect("netfilter");
  if (!notice) {
    return fail(notice.error());
  }
  if (notice->descriptors.size() != 2) {
    return fail(Fault::Internal, say("a helper process of zonder ended too early"));
  }
  return Netfilter{.rules = std::move(notice->descriptors[0]),
                   .log = std::move(notice->descriptors[1])};
}

Result<RelayNetwork> Holder::make_relay()
{
  ZONDER_TRY(channel_.send("relay"));
  auto notice = channel_.expect("relay");
  if (!notice) {
    return fail(notice.error());
  }
  auto& given = notice->descriptors;
  if (given.size() != 5) {
    return fail(Fault::Internal, say("a helper process of zonder ended too early"));
  }
  return RelayNetwork{.network = std::move(given[0]),
                      .rules = std::move(given[1]),
                      .opening = std::move(given[2]),
                      .listener_v4 = std::move(given[3]),
                      .listener_v6 = std::move(given[4])};
}

Result<Holder::Built> Holder::build()
{
  ZONDER_TRY(channel_.send("build"));
  auto notice = channel_.expect("built");
  if (!notice) {
    return fail(notice.error());
  }
  constexpr std::size_t dns_sockets = 4;
  constexpr std::size_t reception_sockets = 2;
  constexpr std::size_t relay_sockets = 2;
  constexpr std::size_t page_sockets = 2;
  const std::size_t expected = dns_sockets + reception_sockets + relay_sockets +
                               2 * (1 + tcp_probes_per_family) + 1 +
                               2 * allowed_host_ports_.size() + loopback_proxies_ +
                               (is_hall_ ? dns_sockets + page_sockets + 1 : 0);
  auto& sockets = notice->descriptors;
  if (sockets.size() != expected) {
    return fail(Fault::Internal, say("a helper process of zonder ended too early"));
  }
  Built built;
  std::size_t next = 0;
  const auto take = [&] {
    return std::move(sockets[next++]);
  };
  built.dns_udp.push_back(take());
  built.dns_udp.push_back(take());
  built.dns_tcp.push_back(take());
  built.dns_tcp.push_back(take());
  built.reception.push_back(take());
  built.reception.push_back(take());
  built.relay.push_back(take());
  built.relay.push_back(take());
  built.probes.udp_v4 = take();
  for (std::size_t i = 0; i < tcp_probes_per_family; ++i) {
    built.probes.tcp_v4.push_back(take());
  }
  built.probes.udp_v6 = take();
  for (std::size_t i = 0; i < tcp_probes_per_family; ++i) {
    built.probes.tcp_v6.push_back(take());
  }
  built.unix_table = take();
  for (const auto port : allowed_host_ports_) {
    for (const auto family : {net::Family::V4, net::Family::V6}) {
      built.host_ports.push_back({.port = port, .family = family, .listener = take()});
    }
  }
  for (std::size_t i = 0; i < loopback_proxies_; ++i) {
    built.loopback_proxies.push_back(take());
  }
  if (is_hall_) {
    built.page_names_udp.push_back(take());
    built.page_names_udp.push_back(take());
    built.page_names_tcp.push_back(take());
    built.page_names_tcp.push_back(take());
    built.page.push_back(take());
    built.page.push_back(take());
    built.guest_network = take();
  }
  return built;
}

Result<Descriptor> Holder::requests()
{
  ZONDER_TRY(channel_.send("requests"));
  auto notice = channel_.expect("requests");
  if (!notice) {
    return fail(notice.error());
  }
  if (notice->descriptors.size() != 1) {
    return fail(Fault::Internal, say("a helper process of zonder ended too early"));
  }
  return std::move(notice->descriptors.front());
}

Result<void> Holder::take_ports()
{
  ZONDER_TRY(channel_.send("take"));
  const auto notice = channel_.expect("taken");
  return notice ? Result<void>() : fail(notice.error());
}

Result<void> Holder::give_back_ports()
{
  process_.send(SIGCONT);
  ZONDER_TRY(channel_.send("release"));
  // It may first answer what was asked before.
  const auto until = std::chrono::steady_clock::now() + patience;
  Result<Notice> notice = fail(Fault::Internal, std::string());
  do {
    const auto rest =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    notice = channel_.receive(std::max(rest, std::chrono::milliseconds(0)));
  } while (notice && notice->word != "released");
  if (!notice && process_.running()) {
    process_.send(SIGKILL);
    process_.wait();
  }
  return notice ? Result<void>() : fail(notice.error());
}

Result<void> Holder::check()
{
  ZONDER_TRY(channel_.send("look"));
  const auto notice = channel_.expect("well", patience);
  return notice ? Result<void>() : fail(notice.error());
}

Result<void> Holder::connect_uplink()
{
  ZONDER_TRY(channel_.send("uplink"));
  const auto notice = channel_.expect("connected");
  return notice ? Result<void>() : fail(notice.error());
}

}  // namespace zonder::isolate
