// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/frame_rules.hh"

#include <array>
#include <chrono>

#include <netinet/icmp6.h>
#include <netinet/in.h>

namespace zonder::isolate {
namespace {

using kernel::Claim;
using kernel::Hook;
using kernel::NftRule;
using kernel::NftTransaction;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array families = {net::Family::V4, net::Family::V6};
constexpr const char* from_ports = "from_ports";
constexpr const char* to_ports = "to_ports";
constexpr const char* requests = "requests";  // for an address
constexpr int first_of_all = -300;

constexpr std::uint16_t dhcp_server = 67;
constexpr std::uint16_t dhcp_client = 68;
constexpr std::uint16_t dhcp_v6_server = 547;

constexpr std::uint32_t seats_kept = 16384;
constexpr std::uint32_t cards_kept = 16384;  // of who has not joined, with what he took
constexpr std::uint32_t givers_kept = 64;
constexpr minutes seat_kept{2};
constexpr minutes giver_kept{10};
constexpr hours room_lasts{12};  // at the longest

// A device has one address of IPv4, perhaps another from where it was before; and of IPv6 one for
// the link, one that lasts, and some for privacy. Who has joined keeps what he had however often he
// sleeps; who has not is forgotten soon, and gets a new one each minute.
constexpr NftRule::Share member_v4 = {.packets = 6, .in = hours(1), .at_once = 6};
constexpr NftRule::Share member_v6 = {.packets = 16, .in = hours(1), .at_once = 16};
constexpr NftRule::Share stranger_v4 = {.packets = 1, .in = minutes(1), .at_once = 6};
constexpr NftRule::Share stranger_v6 = {.packets = 1, .in = minutes(1), .at_once = 16};
// All together who have not joined: so that neither the kernel's tables of neighbours are full
// (1024 of a family, for this machine's own networks too; each is kept for a minute at least), nor
// ours.
constexpr NftRule::Share strangers_v4 = {.packets = 4, .in = seconds(1), .at_once = 256};
constexpr NftRule::Share strangers_v6 = {.packets = 8, .in = seconds(1), .at_once = 400};
// An address takes two requests and lasts five minutes; there are some 490 of them.
constexpr NftRule::Share requests_of_one = {.packets = 6, .in = minutes(1), .at_once = 12};
constexpr NftRule::Share requests_of_strangers = {.packets = 2, .in = seconds(1), .at_once = 240};

const char* suffix(net::Family family)
{
  return family == net::Family::V4 ? "4" : "6";
}

/// Addresses that somebody has now.
std::string taken_set(net::Family family)
{
  return std::string("taken") + suffix(family);
}

/// Who has joined, with each address that he had.
std::string known_set(net::Family family)
{
  return std::string("known") + suffix(family);
}

std::string members_set(net::Family family)
{
  return std::string("members") + suffix(family);
}

std::string strangers_set(net::Family family)
{
  return std::string("strangers") + suffix(family);
}

NftRule frame()
{
  return NftRule::of_frame();
}

net::Prefix alone(const net::Address& address)
{
  return net::Prefix::containing(address, net::width(address.family()));
}

/// Whose the claimed address is; goes back when it is the sender's.
void add_claim(NftTransaction& to,
               const std::string& chain,
               Claim claim,
               net::Family family,
               const net::Address& gateway)
{
  const auto seats = frames::seat_set(family);
  const auto taken = taken_set(family);
  const auto known = known_set(family);
  const bool v4 = family == net::Family::V4;
  const auto keep = [&](NftRule rule) {
    return rule.keep_seat(seat_kept, seats, claim, family)
        .keep_claimed(seat_kept, taken, claim, family);
  };
  to.add_chain(chain);
  to.add_rule(chain, frame().claims(alone(gateway), claim).count(frames::claimed).drop());
  to.add_rule(chain, keep(frame().from_seat_in(seats, claim, family)).go_back());
  to.add_rule(chain, frame().claims_any_of(taken, claim, family).count(frames::claimed).drop());
  to.add_rule(chain, keep(frame().from_seat_in(known, claim, family)).go_back());
  to.add_rule(chain,
              frame()
                  .from_hardware_in(frames::admitted)
                  .sender_over(v4 ? member_v4 : member_v6, members_set(family), room_lasts)
                  .count(frames::excess)
                  .drop());
  const auto stranger = [] {
    return frame().from_hardware_not_in(frames::admitted);
  };
  to.add_rule(chain,
              stranger()
                  .sender_over(v4 ? stranger_v4 : stranger_v6, strangers_set(family), minutes(10))
                  .count(frames::excess)
                  .drop());
  to.add_rule(chain,
              stranger().over(v4 ? strangers_v4 : strangers_v6).count(frames::excess).drop());
  to.add_rule(
      chain,
      frame().from_hardware_in(frames::admitted).keep_seat(room_lasts, known, claim, family));
  to.add_rule(chain, keep(frame()));
}

/// Nobody but us gives out addresses here, or says that he is a router.
void add_givers(NftTransaction& to)
{
  const auto note = [&](NftRule rule) {
    to.add_rule(from_ports,
                rule.count(frames::given).keep_sender(giver_kept, frames::givers).drop());
    to.add_rule(from_ports, rule.drop());
  };
  const auto udp_from = [](net::Family family, std::uint16_t port) {
    return frame().family(family).protocol(IPPROTO_UDP).from_port(port);
  };
  note(udp_from(net::Family::V4, dhcp_server).port(dhcp_client));
  note(udp_from(net::Family::V6, dhcp_v6_server));
  note(frame().family(net::Family::V6).protocol(IPPROTO_ICMPV6).icmp_type(ND_ROUTER_ADVERT));
}

void add_requests(NftTransaction& to)
{
  const auto request = [] {
    return frame().family(net::Family::V4).protocol(IPPROTO_UDP).port(dhcp_server);
  };
  to.add_rule(
      from_ports,
      request().sender_over(requests_of_one, requests, minutes(10)).count(frames::excess).drop());
  to.add_rule(from_ports,
              request()
                  .from_hardware_not_in(frames::admitted)
                  .over(requests_of_strangers)
                  .count(frames::excess)
                  .drop());
}

void add_sets(NftTransaction& to, const Admission::Options& options)
{
  to.add_timed_set(frames::admitted, NftTransaction::TimedKey::Hardware, options.devices);
  to.add_timed_set(frames::own_cards, NftTransaction::TimedKey::Hardware, 1);
  to.add_hardware_set(frames::givers, givers_kept);
  to.add_hardware_set(requests, cards_kept);
  for (const auto family : families) {
    to.add_seat_set(frames::seat_set(family), family, seats_kept);
    to.add_seat_set(known_set(family), family, seats_kept);
    to.add_source_set(taken_set(family), family, seats_kept);
    to.add_hardware_set(members_set(family), options.devices);
    to.add_hardware_set(strangers_set(family), cards_kept);
  }
}

}  // namespace

std::string frames::seat_set(net::Family family)
{
  return std::string("seats") + suffix(family);
}

kernel::NftTransaction frames::all(const Admission::Options& options)
{
  NftTransaction to(table, table_family);
  to.add_table();
  for (const char* counter : {claimed, excess, kept_back, given}) {
    to.add_counter(counter);
  }
  add_sets(to, options);
  const auto v4 = net::Family::V4;
  const auto v6 = net::Family::V6;
  add_claim(to, "by_arp", Claim::ArpSender, v4, options.gateway_v4);
  add_claim(to, "by_packet4", Claim::Source, v4, options.gateway_v4);
  add_claim(to, "by_packet6", Claim::Source, v6, options.gateway_v6);
  add_claim(to, "by_neighbour", Claim::NeighbourTarget, v6, options.gateway_v6);

  to.add_base_chain(
      {.name = from_ports, .hook = Hook::Prerouting, .priority = first_of_all, .accept = true});
  to.add_rule(from_ports, frame().from_hardware_in(own_cards).accept());
  add_givers(to);
  add_requests(to);
  // What an advertisement claims beside the address that it comes from.
  to.add_rule(from_ports,
              frame()
                  .family(v6)
                  .protocol(IPPROTO_ICMPV6)
                  .icmp_type(ND_NEIGHBOR_ADVERT)
                  .jump("by_neighbour"));
  // Whoever asks for an address, or whether another has it, has none yet.
  const auto none_v4 = alone(net::Address::v4(0));
  to.add_rule(from_ports, frame().claims(none_v4, Claim::ArpSender).accept());
  to.add_rule(from_ports, frame().claims(none_v4, Claim::Source).accept());
  to.add_rule(from_ports, frame().claims(alone(net::Address::v6(0, 0)), Claim::Source).accept());
  to.add_rule(from_ports, frame().is_arp().jump("by_arp"));
  to.add_rule(from_ports, frame().family(v4).jump("by_packet4"));
  to.add_rule(from_ports, frame().family(v6).jump("by_packet6"));

  to.add_base_chain({.name = to_ports, .hook = Hook::Output, .accept = true});
  to.add_rule(
      to_ports,
      frame().is_marked(for_the_admitted).to_hardware_not_in(admitted).count(kept_back).drop());
  return to;
}

}  // namespace zonder::isolate
