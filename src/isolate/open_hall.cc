// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/open_hall.hh"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <netpacket/packet.h>
#include <sys/socket.h>

#include "base/boot_clock.hh"
#include "base/translate.hh"
#include "isolate/address_server.hh"
#include "isolate/call_policy.hh"
#include "isolate/device_names.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/port_in_use.hh"
#include "isolate/proof.hh"
#include "isolate/rights.hh"
#include "kernel/links.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "kernel/nft_socket.hh"
#include "net/domain_name.hh"
#include "wire/dhcp/choice.hh"

namespace zonder::isolate {
Result<void> OpenHall::check(const HallOptions& options)
{
  if (!have_network_rights()) {
    return fail(Fault::NotPossible,
                say("a room takes a network port from this machine, which only root may do: begin "
                    "with sudo"));
  }
  if (model::is_answered(options.signature)) {
    return fail(Fault::Usage,
                say("a room cannot answer in the place of the absent: its devices would not "
                    "believe it; choose another --like"));
  }
  auto machine = kernel::Links::open();
  const auto links =
      machine ? machine->list_links() : Result<std::vector<kernel::Link>>(fail(machine.error()));
  if (!links) {
    return fail(links.error());
  }
  for (const auto& port : options.ports) {
    if (std::ranges::find(*links, port, &kernel::Link::name) == links->end()) {
      return no_such_port(port);
    }
  }
  if (options.access_point) {
    ZONDER_TRY(check_access_point(*options.access_point));
    ZONDER_TRY(find_access_point_programs());
  }
  const auto server = find_address_server();
  return server ? Result<void>() : fail(server.error());
}

Result<std::unique_ptr<OpenHall>> OpenHall::open(const HallOptions& options)
{
  ZONDER_TRY(check(options));
  auto enclosure = Enclosure::plan_for(options, true);
  if (!enclosure) {
    return fail(with_remedy(std::move(enclosure).error(), true));
  }
  auto machine = kernel::Links::open();
  const auto routes =
      machine ? machine->list_routes() : Result<std::vector<kernel::Route>>(fail(machine.error()));
  if (!routes) {
    return fail(routes.error());
  }
  plan_for_hall(enclosure->plan, options.ports, *routes);
  // slirp4netns and pasta reach them by the loopback, where the machine lets everybody in.
  auto own = machine->list_addresses();
  if (!own) {
    return fail(std::move(own).error());
  }
  auto& closed = enclosure->plan.machine_addresses;
  closed.insert(closed.end(), own->begin(), own->end());
  auto server = address_server_command(enclosure->plan);
  if (!server) {
    return fail(std::move(server).error());
  }
  enclosure->plan.hall->address_server = std::move(*server);
  enclosure->plan.hall->access_point = options.access_point;
  std::unique_ptr<OpenHall> hall(new OpenHall(std::move(*enclosure)));
  ZONDER_TRY(hall->build(options));
  return hall;
}

Result<void> OpenHall::build(const HallOptions& options)
{
  patience_ = options.patience;
  auto built = enclosure_.build({});
  if (!built) {
    return fail(std::move(built).error());
  }
  ZONDER_TRY(enclosure_.open(built->probes, true));
  ZONDER_TRY(
      enclosure_.serve(*built,
                       true,
                       {.asker = [this](const NameClient& client) -> std::optional<std::size_t> {
                          const auto device = device_that_asks(client.at.address);
                          return device ? number_of(*device) : std::nullopt;
                        },
                        .on_failed_name = {}}));
  auto machine = kernel::Links::open();
  const auto own = machine ? machine->list_addresses()
                           : Result<std::vector<net::Address>>(fail(machine.error()));
  if (!own) {
    return fail(own.error());
  }
  enclosure_.try_controls(built->probes, *own);
  ZONDER_TRY(judge(enclosure_.proof, options.unproved, options.teller()));
  if (!enclosure_.forwarder) {
    return fail(Fault::NotPossible,
                say("a room needs a name server to ask: {}", enclosure_.no_forwarder));
  }
  const auto& plan = enclosure_.plan;
  if (const auto name = net::DomainName::parse(options.page_name)) {
    enclosure_.forwarder->pin(*name, {plan.gateway_v4, plan.gateway_v6});
  }
  auto names = PageNames::start(plan.gateway_v4,
                                plan.gateway_v6,
                                std::move(built->page_names_udp),
                                std::move(built->page_names_tcp));
  if (!names) {
    return fail(std::move(names).error());
  }
  page_names_ = std::move(*names);
  page_ = std::move(built->page);
  std::optional<net::MacAddress> card;
  if (RoomProxy::is_possible(options.signature)) {
    const auto found = RoomProxy::card(built->guest_network, plan);
    if (!found) {
      return fail(found.error());
    }
    card = *found;
  }
  ZONDER_TRY(close_to_strangers(card));
  if (card) {
    ZONDER_TRY(start_proxy(*built, *own));
  }
  return enclosure_.holder->take_ports();
}

Result<void> OpenHall::start_proxy(Holder::Built& built, const std::vector<net::Address>& own)
{
  auto started =
      RoomProxy::start({.absence = &enclosure_.options.absence,
                        .signature = enclosure_.options.signature,
                        .plan = enclosure_.plan,
                        .network = built.guest_network.get(),
                        .listening = std::move(built.relay),
                        .own = own,
                        .forwarder = enclosure_.forwarder.get(),
                        .device = [this](const net::Address& client) -> std::optional<std::size_t> {
                          const auto device = device_at(client);
                          return device ? number_of(*device) : std::nullopt;
                        }});
  if (!started) {
    return fail(std::move(started).error());
  }
  proxy_ = std::move(*started);
  return {};
}

std::string OpenHall::proxy() const
{
  return proxy_ ? enclosure_.plan.gateway_v4.to_string() + ":" + std::to_string(rules::relay_port)
                : std::string();
}

Result<kernel::NftSocket> OpenHall::rules_socket()
{
  const auto outside = kernel::own_namespace_id("net");
  auto netfilter = enclosure_.holder->netfilter();
  if (!outside || !netfilter) {
    return fail(!outside ? outside.error() : netfilter.error());
  }
  const auto made = kernel::MadeNetwork::of_socket(netfilter->rules.get(), *outside);
  if (!made) {
    return fail(made.error());
  }
  return kernel::NftSocket::over(std::move(netfilter->rules), *made);
}

/// Nobody is there yet; who comes is a stranger until he is admitted.
Result<void> OpenHall::close_to_strangers(const std::optional<net::MacAddress>& proxy)
{
  const Admission::Options options = {.link = enclosure_.plan.room_link,
                                      .gateway_v4 = enclosure_.plan.gateway_v4,
                                      .gateway_v6 = enclosure_.plan.gateway_v6,
                                      .proxy = proxy,
                                      .lease = lease};
  auto socket = rules_socket();
  auto for_lease = rules_socket();
  if (!socket || !for_lease) {
    return fail(!socket ? socket.error() : for_lease.error());
  }
  auto admission = Admission::close(std::move(*socket), options);
  if (!admission) {
    return fail(std::move(admission).error());
  }
  ZONDER_TRY(admission->renew());
  admission_.lock()->emplace(std::move(*admission));
  auto requests = enclosure_.holder->requests();
  if (!requests) {
    return fail(std::move(requests).error());
  }
  requests_ = std::move(*requests);
  // By a socket of its own, for a thread of its own.
  for_lease_.emplace(Admission::beside(std::move(*for_lease), options));
  renewer_ = std::make_unique<Renewer>(Lease::Terms{.lasts = lease, .neglect = neglect},
                                       rhythm,
                                       [this] { return for_lease_->renew(); });
  return {};
}

OpenHall::~OpenHall()
{
  (void)close();
}

std::optional<net::MacAddress> OpenHall::device_at(net::Address address)
{
  std::map<net::Address, net::MacAddress> fresh;
  {
    // Before there is an admission nobody is in, and it is the proof that asks.
    const auto admission = admission_.lock();
    const auto all = *admission
                         ? (*admission)->seats()
                         : Result<std::vector<kernel::NftSeat>>(std::vector<kernel::NftSeat>());
    if (!all) {
      return std::nullopt;
    }
    for (const auto& each : *all) {
      fresh[each.address] = each.sender;
    }
  }
  const auto found = fresh.find(address);
  const auto device = found == fresh.end() ? std::nullopt : std::optional(found->second);
  *seats_.lock() = std::move(fresh);
  return device;
}

std::optional<net::MacAddress> OpenHall::device_that_asks(net::Address address)
{
  {
    const auto known = seats_.lock();
    if (const auto found = known->find(address); found != known->end()) {
      return found->second;
    }
  }
  return device_at(address);
}

std::optional<std::size_t> OpenHall::number_of(const net::MacAddress& device)
{
  const auto all = devices_.lock();
  const auto found = std::ranges::find(*all, device);
  return found == all->end() ? std::nullopt
                             : std::optional(static_cast<std::size_t>(found - all->begin()));
}

Result<std::size_t> OpenHall::admit(const net::MacAddress& device, std::chrono::milliseconds lasts)
{
  ZONDER_TRY((*admission_.lock())->admit(device, lasts));
  if (const auto number = number_of(device)) {
    return *number;
  }
  const auto all = devices_.lock();
  all->push_back(device);
  return all->size() - 1;
}

Result<void> OpenHall::dismiss(const net::MacAddress& device)
{
  return (*admission_.lock())->dismiss(device);
}

Result<void> OpenHall::keep_open()
{
  renewer_->looked_after();
  // An address can be another device's by now.
  seats_.lock()->clear();
  enclosure_.log->read([](const kernel::LoggedPacket&) {});
  if (!enclosure_.has_way_out()) {
    return fail(Fault::NotPossible, say("the uplink ({}) died", uplink()));
  }
  if (enclosure_.resolver && !enclosure_.resolver->works()) {
    return fail(Fault::NotPossible, say("unbound died"));
  }
  ZONDER_TRY(enclosure_.holder->check());
  ZONDER_TRY(look_at_way_out());
  ZONDER_TRY(look_for_givers());
  return look_at_counts();
}

/// By its name servers: whoever is in the room needs them too.
Result<void> OpenHall::look_at_way_out()
{
  const auto now = std::chrono::steady_clock::now();
  if (now - way_out_tried_ < patience_ / 3) {
    return {};
  }
  way_out_tried_ = now;
  if (enclosure_.forwarder->check_upstream()) {
    way_out_seen_ = now;
    return {};
  }
  if (!way_out_seen_ || now - *way_out_seen_ < patience_) {
    return {};
  }
  return fail(
      Fault::NotPossible,
      say("this machine itself is cut off: its name servers have been silent for {} seconds",
          std::chrono::floor<std::chrono::seconds>(now - *way_out_seen_).count()));
}

std::array<int, 2> OpenHall::ended()
{
  return {enclosure_.holder->process().pidfd(), enclosure_.uplink->ended()};
}

Result<void> OpenHall::look_at_counts()
{
  const auto tried = (*admission_.lock())->tried();
  if (!tried) {
    return fail(tried.error());
  }
  const auto now = time_of_day();
  const auto spans = spans_.lock();
  for (const auto& each : *tried) {
    const auto& to = each.destination;
    auto& span = (*spans)[{each.sender, to.address, to.protocol, to.port}];
    if (to.packets > span.packets) {
      span.first = span.packets == 0 ? now : span.first;
      span.last = now;
      span.packets = to.packets;
    }
  }
  return {};
}

Result<void> OpenHall::look_for_givers()
{
  const auto found = (*admission_.lock())->givers();
  if (!found) {
    return fail(found.error());
  }
  for (const auto& card : *found) {
    givers_.lock()->try_emplace(card.to_string(), Giver{.card = card, .first = time_of_day()});
  }
  look_for_choices();
  return {};
}

/// A switch may hand an offer straight to who asked for one; that somebody takes it is said to all.
void OpenHall::look_for_choices()
{
  constexpr int most_at_once = 500;
  constexpr std::size_t most_kept = 64;
  constexpr std::size_t udp_header = 8;
  std::array<std::uint8_t, 1500> packet{};
  for (int i = 0; i < most_at_once; ++i) {
    sockaddr_ll from{};
    socklen_t length = sizeof from;
    const auto got = ::recvfrom(requests_.get(),
                                packet.data(),
                                packet.size(),
                                MSG_DONTWAIT,
                                reinterpret_cast<sockaddr*>(&from),
                                &length);
    if (got < 0) {
      return;
    }
    const std::span whole(packet.data(), static_cast<std::size_t>(got));
    const auto head = whole.empty() ? 0 : std::size_t{4} * (whole[0] & 0x0fU) + udp_header;
    const auto server = head <= whole.size() ? wire::dhcp::read_choice(whole.subspan(head))
                                             : std::optional<net::Address>();
    net::MacAddress taker;
    std::copy_n(std::begin(from.sll_addr), taker.bytes.size(), taker.bytes.begin());
    const auto givers = givers_.lock();
    if (server && *server != enclosure_.plan.gateway_v4 && givers->size() < most_kept &&
        from.sll_pkttype != PACKET_OUTGOING) {
      givers->try_emplace(
          say("{} (an address of his was taken by {})", server->to_string(), taker.to_string()),
          Giver{.card = std::nullopt, .first = time_of_day()});
    }
  }
}

void OpenHall::add_packets(std::vector<model::RoomContact>& contacts)
{
  const auto names = names_by_device(enclosure_.forwarder->questions());
  const auto* forwarder = enclosure_.forwarder.get();
  const CallPolicy policy(enclosure_.options.absence, {}, [forwarder](net::Address address) {
    return forwarder->party_of(address);
  });
  const auto& plan = enclosure_.plan;
  for (const auto& [target, span] : *spans_.lock()) {
    const auto& [sender, address, protocol, port] = target;
    const auto device = number_of(sender);
    const auto decision =
        policy.decide({.address = address, .protocol = protocol, .port = port}, {}, true);
    // What is said to the room itself, and names: those are asked of its own name server, whoever
    // was meant.
    if (!device || decision.fate == Fate::Nowhere || decision.fate == Fate::NameServer ||
        plan.room_net_v4.contains(address) || plan.room_net_v6.contains(address)) {
      continue;
    }
    const auto named = names.find({*device, address});
    model::RoomContact contact{.device = *device,
                               .name = named == names.end() ? std::string() : named->second,
                               .address = address,
                               .port = port,
                               .protocol = protocol_name(protocol),
                               .party = {},
                               .blocked = decision.fate == Fate::Absent,
                               .count = span.packets,
                               .first = span.first,
                               .last = span.last};
    if (decision.party) {
      contact.party = enclosure_.options.absence.parties[*decision.party].id;
    }
    contacts.push_back(std::move(contact));
  }
}

void OpenHall::add_questions(std::vector<model::RoomContact>& contacts)
{
  std::map<std::tuple<std::size_t, std::string, bool>, model::RoomContact> by_name;
  for (const auto& question : enclosure_.forwarder->questions()) {
    for (const auto& share : question.programs) {
      const bool blocked = question.party.has_value();
      auto& contact = by_name[{share.program, question.name, blocked}];
      const bool is_new = contact.count == 0;
      contact.device = share.program;
      contact.name = question.name;
      contact.protocol = "dns";
      contact.blocked = blocked;
      contact.party = blocked ? enclosure_.options.absence.parties[*question.party].id : "";
      contact.count += share.tries;
      contact.first = is_new ? share.first : std::min(contact.first, share.first);
      contact.last = is_new ? share.last : std::max(contact.last, share.last);
    }
  }
  for (auto& [key, contact] : by_name) {
    contacts.push_back(std::move(contact));
  }
}

/// What devices asked the room's proxy for. What was refused for another reason than that it is of
/// the absent says nothing of them: it is counted only.
Result<void> OpenHall::add_proxied(Reached& reached)
{
  if (!proxy_) {
    return {};
  }
  auto attempts = proxy_->attempts();
  if (!attempts) {
    return fail(std::move(attempts).error());
  }
  reached.unlisted += attempts->unlisted;
  for (auto& each : attempts->asked) {
    if (!each.device || (each.blocked && each.party.empty())) {
      reached.unlisted += each.count;
      continue;
    }
    // A name without an address is all that was asked for.
    const bool only_a_name = !each.blocked && !each.address;
    reached.contacts.push_back({.device = *each.device,
                                .name = std::move(each.name),
                                .address = each.address,
                                .port = only_a_name ? std::uint16_t{0} : each.port,
                                .protocol = only_a_name ? "dns" : "proxy",
                                .party = std::move(each.party),
                                .blocked = each.blocked,
                                .count = each.count,
                                .first = each.first,
                                .last = each.last});
  }
  return {};
}

Result<OpenHall::Reached> OpenHall::reached()
{
  // In this order: what comes in between is listed and not counted, never the other way round.
  const auto counts = (*admission_.lock())->counts();
  if (!counts) {
    return fail(counts.error());
  }
  ZONDER_TRY(look_at_counts());
  Reached reached;
  add_packets(reached.contacts);
  add_questions(reached.contacts);
  ZONDER_TRY(add_proxied(reached));
  std::ranges::sort(reached.contacts, {}, [](const model::RoomContact& each) {
    return std::tuple(each.device, each.name, each.protocol, each.address, each.port);
  });
  std::uint64_t listed = 0;
  for (const auto& [target, span] : *spans_.lock()) {
    listed += span.packets;
  }
  reached.unlisted += counts->opened > listed ? counts->opened - listed : 0;
  reached.turned_away = counts->turned_away;
  // Of a room that is closed there is no lease that could lapse.
  reached.lapses = renewer_ ? renewer_->lapses() : std::vector<model::RoomLapse>();
  for (const auto& [who, giver] : *givers_.lock()) {
    reached.givers.push_back({.who = who,
                              .device = giver.card ? number_of(*giver.card) : std::nullopt,
                              .time = giver.first});
  }
  std::ranges::sort(reached.givers, {}, [](const model::RoomGiver& each) {
    return std::tuple(each.time, each.who);
  });
  return reached;
}

Result<void> OpenHall::close()
{
  if (std::exchange(closed_, true) || !enclosure_.holder) {
    return {};
  }
  renewer_.reset();  // ends it
  return enclosure_.holder->give_back_ports();
}

}  // namespace zonder::isolate
