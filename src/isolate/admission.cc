// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/admission.hh"

#include <array>
#include <utility>

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

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
constexpr const char* claimed_counter = "claimed";
constexpr std::uint32_t destinations_kept = 32768;
constexpr std::uint32_t seats_kept = 16384;
constexpr std::chrono::minutes seat_kept{2};
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

std::string seat_set(net::Family family)
{
  return family == net::Family::V4 ? "seats4" : "seats6";
}

std::string source_set(net::Family family)
{
  return family == net::Family::V4 ? "sources4" : "sources6";
}

std::string tried_set(net::Family family)
{
  return family == net::Family::V4 ? "tried4" : "tried6";
}

/// In the gateway's forward hook: who is not admitted, or comes when the lease has ended, is told
/// so at once.
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
}

/// Whoever first sends from an address has it, until he has opened nothing for a while.
void add_seats(NftTransaction& to, const Admission::Options& options)
{
  const auto opening = [&] {
    return NftRule().from_link(options.link).flow_is(kernel::FlowState::New);
  };
  for (const auto family : families) {
    const auto seats = seat_set(family);
    const auto sources = source_set(family);
    const auto keep = [&](NftRule rule) {
      to.add_rule("noted",
                  rule.keep_seat(seat_kept, seats, family).keep_source(seat_kept, sources, family));
    };
    keep(opening().from_seat_in(seats, family));
    to.add_rule("noted",
                opening()
                    .from_seat_not_in(seats, family)
                    .from_any_of(sources, family)
                    .count(claimed_counter)
                    .drop());
    keep(opening().from_seat_not_in(seats, family));
  }
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
  add_seats(to, options);
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
  to.add_counter(claimed_counter);
  to.add_timed_set(admitted, NftTransaction::TimedKey::Hardware, options.devices);
  to.add_timed_set(own_cards, NftTransaction::TimedKey::Hardware, 1);
  to.add_timed_set(lease, NftTransaction::TimedKey::Family, families.size());
  for (const auto family : families) {
    to.add_sender_set(tried_set(family), family, destinations_kept);
    to.add_seat_set(seat_set(family), family, seats_kept);
    to.add_source_set(source_set(family), family, seats_kept);
  }
  add_door(to, options);
  add_notes(to, options);
  add_own_door(to, options);
  add_way_to_page(to, options);
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
    for (const char* set : {admitted, own_cards}) {
      to.put(set, options_.proxy->bytes, options_.lease);
    }
  }
  return socket_.commit(to);
}

Result<void> Admission::admit(const net::MacAddress& device, std::chrono::milliseconds lasts)
{
  NftTransaction to(table);
  to.put(admitted, device.bytes, lasts);
  return socket_.commit(to);
}

Result<void> Admission::dismiss(const net::MacAddress& device)
{
  NftTransaction to(table);
  to.take_out(admitted, device.bytes);
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
    auto some = socket_.read_seats(table, seat_set(family), family);
    if (!some) {
      return some;
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Result<Admission::Counts> Admission::counts()
{
  const auto counters = socket_.read_counters(table);
  if (!counters) {
    return fail(counters.error());
  }
  const auto of = [&](const char* name) {
    const auto found = counters->find(name);
    return found == counters->end() ? 0 : found->second.packets;
  };
  return Counts{.opened = of(opened_counter),
                .claimed = of(claimed_counter),
                .turned_away = of(turned_away_counter)};
}

}  // namespace zonder::isolate
