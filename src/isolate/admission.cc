// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/admission.hh"

#include <array>
#include <map>
#include <utility>

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include "isolate/frame_rules.hh"
#include "isolate/gateway_rules.hh"

namespace zonder::isolate {
namespace {

using kernel::Hook;
using kernel::NftRule;
using kernel::NftTransaction;

constexpr const char* table = "zonder_admission";
constexpr const char* admitted = "admitted";
constexpr const char* own_cards = "own";  // of the room's own proxy: admitted, and no device
constexpr const char* lease = "lease";
constexpr const char* turned_away_counter = "turned_away";
constexpr const char* opened_counter = "opened";
constexpr std::uint32_t destinations_kept = 32768;
constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t dhcp_port = 67;
constexpr std::uint16_t dhcp_v6_port = 547;
constexpr std::array families = {net::Family::V4, net::Family::V6};
// Before the gateway's own chains at the same hooks.
constexpr int before_forward = -20;
constexpr int before_input = -20;
constexpr int before_redirect = -110;
constexpr int before_rewriting = -160;  // and after conntrack has looked

std::string tried_set(net::Family family)
{
  return family == net::Family::V4 ? "tried4" : "tried6";
}

/// In the gateway's forward hook: who is not admitted, or comes when the lease has ended, is told
/// so at once. What goes to the room is marked, for the rules that see to whose card it goes; and
/// so is what the room's proxy sends in what is open to it, who refuses somebody else's excepted.
void add_door(NftTransaction& to, const Admission::Options& options)
{
  const auto from_room = [&] {
    return NftRule().from_link(options.link);
  };
  to.add_chain("closed");
  to.add_rule("closed", NftRule().count(turned_away_counter));
  to.add_rule("closed", NftRule().protocol(IPPROTO_TCP).reset_tcp());
  to.add_rule("closed", NftRule().reject(kernel::Refusal::Prohibited));
  to.add_base_chain(
      {.name = "door", .hook = Hook::Forward, .priority = before_forward, .accept = true});
  to.add_rule("door", from_room().from_hardware_not_in(admitted).go_to("closed"));
  to.add_rule("door", NftRule().family_not_in(lease).drop());
  to.add_rule("door", NftRule().to_link(options.link).mark(frames::for_the_admitted));

  to.add_base_chain({.name = "answers", .hook = Hook::Output, .accept = true});
  const auto of_proxy = [&] {
    return NftRule()
        .to_link(options.link)
        .protocol(IPPROTO_TCP)
        .from_port(options.proxy_port)
        .flow_is(kernel::FlowState::Established);
  };
  to.add_rule("answers", of_proxy().family_not_in(lease).drop());
  to.add_rule("answers", of_proxy().mark(frames::for_the_admitted));
}

/// What an admitted device opens, or tries to, is written down with who it was: before addresses
/// are rewritten, whatever becomes of it. What it says to the gateway itself is no business of
/// others.
void add_notes(NftTransaction& to, const Admission::Options& options)
{
  to.add_base_chain(
      {.name = "noted", .hook = Hook::Prerouting, .priority = before_rewriting, .accept = true});
  const auto opening = [&] {
    return NftRule()
        .from_link(options.link)
        .from_hardware_in(admitted)
        .flow_is(kernel::FlowState::New);
  };
  to.add_rule("noted", NftRule().from_link(options.link).from_hardware_in(own_cards).accept());
  // Whoever asks for an address has none yet.
  for (const auto& none : {net::Address::v4(0), net::Address::v6(0, 0)}) {
    to.add_rule("noted",
                NftRule().from(net::Prefix::containing(none, net::width(none.family()))).accept());
  }
  for (const auto& here : {options.gateway_v4, options.gateway_v6}) {
    to.add_rule("noted",
                NftRule().to(net::Prefix::containing(here, net::width(here.family()))).accept());
  }
  to.add_rule("noted", opening().count(opened_counter));
  for (const auto family : families) {
    for (const auto protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
      to.add_rule("noted",
                  opening()
                      .protocol(static_cast<std::uint8_t>(protocol))
                      .count_sender_and_destination(tried_set(family), family, true));
    }
    to.add_rule("noted",
                opening()
                    .not_protocol(IPPROTO_TCP)
                    .not_protocol(IPPROTO_UDP)
                    .count_sender_and_destination(tried_set(family), family, false));
  }
}

/// In the gateway's input hook, before its own rules, which must let it in as well.
void add_own_door(NftTransaction& to, const Admission::Options& options)
{
  constexpr const char* chain = "own_door";
  const auto accept = [&](int protocol, std::uint16_t port) {
    to.add_rule(chain,
                NftRule()
                    .from_link(options.link)
                    .protocol(static_cast<std::uint8_t>(protocol))
                    .port(port)
                    .accept());
  };
  const auto accept_icmp = [&](int protocol, std::uint8_t type) {
    to.add_rule(chain,
                NftRule()
                    .from_link(options.link)
                    .protocol(static_cast<std::uint8_t>(protocol))
                    .icmp_type(type)
                    .accept());
  };
  to.add_chain("not_here");
  to.add_rule("not_here", NftRule().protocol(IPPROTO_TCP).reset_tcp());
  to.add_rule("not_here", NftRule().reject(kernel::Refusal::Prohibited));
  to.add_base_chain({.name = chain, .hook = Hook::Input, .priority = before_input, .accept = true});
  for (const auto type : {ND_ROUTER_SOLICIT, ND_NEIGHBOR_SOLICIT, ND_NEIGHBOR_ADVERT}) {
    accept_icmp(IPPROTO_ICMPV6, static_cast<std::uint8_t>(type));
  }
  // Before an address is given to somebody it is tried whether another has it.
  accept_icmp(IPPROTO_ICMP, ICMP_ECHOREPLY);
  accept(IPPROTO_UDP, dhcp_port);
  accept(IPPROTO_UDP, dhcp_v6_port);
  accept(IPPROTO_UDP, options.names_port);
  accept(IPPROTO_TCP, options.names_port);
  accept(IPPROTO_TCP, options.page_port);

  const auto from_room = [&] {
    return NftRule().from_link(options.link);
  };
  to.add_rule(chain, from_room().from_hardware_not_in(admitted).go_to("not_here"));
  to.add_rule(chain, from_room().family_not_in(lease).drop());
  accept(IPPROTO_UDP, dns_port);
  accept(IPPROTO_TCP, dns_port);
  accept(IPPROTO_TCP, options.proxy_port);
  accept(IPPROTO_TCP, rules::reception_port);  // the gateway's rules leave only what was led there
  accept_icmp(IPPROTO_ICMP, ICMP_ECHO);
  accept_icmp(IPPROTO_ICMPV6, ICMP6_ECHO_REQUEST);
  to.add_rule(chain, from_room().flow_is(kernel::FlowState::Related).accept());
  to.add_rule(chain, from_room().go_to("not_here"));
}

/// Who is not admitted comes to the page, whatever was typed, and hears no name of the world.
void add_way_to_page(NftTransaction& to, const Admission::Options& options)
{
  to.add_base_chain({.name = "to_page",
                     .type = "nat",
                     .hook = Hook::Prerouting,
                     .priority = before_redirect,
                     .accept = true});
  const auto send = [&](int protocol, std::uint16_t port, std::uint16_t to_port) {
    for (const auto& here : {options.gateway_v4, options.gateway_v6}) {
      to.add_rule("to_page",
                  NftRule()
                      .from_link(options.link)
                      .from_hardware_not_in(admitted)
                      .family(here.family())
                      .protocol(static_cast<std::uint8_t>(protocol))
                      .port(port)
                      .send_to(here, to_port));
    }
  };
  send(IPPROTO_UDP, dns_port, options.names_port);
  send(IPPROTO_TCP, dns_port, options.names_port);
  send(IPPROTO_TCP, http_port, options.page_port);
}

}  // namespace

Result<Admission> Admission::close(kernel::NftSocket socket, Options options)
{
  NftTransaction to(table);
  to.add_table();
  to.add_counter(turned_away_counter);
  to.add_counter(opened_counter);
  to.add_timed_set(admitted, NftTransaction::TimedKey::Hardware, options.devices);
  to.add_timed_set(own_cards, NftTransaction::TimedKey::Hardware, 1);
  to.add_timed_set(lease, NftTransaction::TimedKey::Family, families.size());
  for (const auto family : families) {
    to.add_sender_set(tried_set(family), family, destinations_kept);
  }
  add_door(to, options);
  add_notes(to, options);
  add_own_door(to, options);
  add_way_to_page(to, options);
  to.append(frames::all(options));
  ZONDER_TRY(socket.commit(to));
  return Admission(std::move(socket), std::move(options));
}

Result<void> Admission::renew()
{
  NftTransaction to(table);
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    to.put(lease, {&family, 1}, options_.lease);
  }
  if (options_.proxy) {
    NftTransaction of_frames(frames::table, frames::table_family);
    for (auto* each : {&to, &of_frames}) {
      each->put(admitted, options_.proxy->bytes, options_.lease);
      each->put(own_cards, options_.proxy->bytes, options_.lease);
    }
    to.append(std::move(of_frames));
  }
  return socket_.commit(to);
}

Result<void> Admission::admit(const net::MacAddress& device, std::chrono::milliseconds lasts)
{
  NftTransaction to(table);
  to.put(admitted, device.bytes, lasts);
  NftTransaction of_frames(frames::table, frames::table_family);
  of_frames.put(frames::admitted, device.bytes, lasts);
  to.append(std::move(of_frames));
  return socket_.commit(to);
}

Result<void> Admission::dismiss(const net::MacAddress& device)
{
  NftTransaction to(table);
  to.take_out(admitted, device.bytes);
  NftTransaction of_frames(frames::table, frames::table_family);
  of_frames.take_out(frames::admitted, device.bytes);
  to.append(std::move(of_frames));
  return socket_.commit(to);
}

Result<std::vector<kernel::NftSent>> Admission::tried()
{
  std::vector<kernel::NftSent> all;
  for (const auto family : families) {
    auto some = socket_.read_senders(table, tried_set(family), family);
    if (!some) {
      return some;
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Result<std::vector<kernel::NftSeat>> Admission::seats()
{
  std::vector<kernel::NftSeat> all;
  for (const auto family : families) {
    auto some =
        socket_.read_seats(frames::table, frames::seat_set(family), family, frames::table_family);
    if (!some) {
      return some;
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Result<std::vector<net::MacAddress>> Admission::givers()
{
  return socket_.read_hardware(frames::table, frames::givers, frames::table_family);
}

Result<Admission::Counts> Admission::counts()
{
  const auto packets = socket_.read_counters(table);
  const auto frames = socket_.read_counters(frames::table, frames::table_family);
  if (!packets || !frames) {
    return fail(!packets ? packets.error() : frames.error());
  }
  const auto of = [](const std::map<std::string, kernel::NftCount>& counters, const char* name) {
    const auto found = counters.find(name);
    return found == counters.end() ? 0 : found->second.packets;
  };
  return Counts{.opened = of(*packets, opened_counter),
                .claimed = of(*frames, frames::claimed),
                .excess = of(*frames, frames::excess),
                .kept_back = of(*frames, frames::kept_back),
                .turned_away = of(*packets, turned_away_counter)};
}

}  // namespace zonder::isolate
