// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/host_table.hh"

#include <array>

#include <netinet/icmp6.h>
#include <netinet/in.h>

#include "base/translate.hh"
#include "kernel/namespaces.hh"

namespace zonder::kernel {
namespace {

constexpr std::array families = {net::Family::V4, net::Family::V6};
constexpr int before_others = -10;
constexpr int source_nat = 100;
constexpr int after_all = 300;

ino_t forbidden_network = 0;

std::string counter_of(net::Family family)
{
  return family == net::Family::V4 ? "arrived4" : "arrived6";
}

NftTransaction all_of_it(const std::string& table, const std::string& link)
{
  NftTransaction to(table);
  to.add_owned_table();
  for (const auto family : families) {
    to.add_counter(counter_of(family));
  }
  // This machine's own services, also those that listen on all addresses, are not for the room. It
  // is told at once, as by a firewall.
  to.add_base_chain(
      {.name = "input", .hook = Hook::Input, .priority = before_others, .accept = true});
  for (const auto type : {ND_NEIGHBOR_SOLICIT, ND_NEIGHBOR_ADVERT}) {
    to.add_rule("input",
                NftRule()
                    .from_link(link)
                    .protocol(IPPROTO_ICMPV6)
                    .icmp_type(static_cast<std::uint8_t>(type))
                    .accept());
  }
  to.add_rule("input", NftRule().from_link(link).reject(Refusal::Prohibited));

  // Whoever sends this machine packets to pass on gets nothing into the room.
  to.add_base_chain(
      {.name = "forward", .hook = Hook::Forward, .priority = before_others, .accept = true});
  to.add_rule("forward", NftRule().to_link(link).flow_is_established_or_related().accept());
  to.add_rule("forward", NftRule().to_link(link).drop());

  to.add_base_chain({.name = "masquerade",
                     .type = "nat",
                     .hook = Hook::Postrouting,
                     .priority = source_nat,
                     .accept = true});
  to.add_rule("masquerade", NftRule().from_link(link).masquerade());

  to.add_base_chain(
      {.name = "leaving", .hook = Hook::Postrouting, .priority = after_all, .accept = true});
  for (const auto family : families) {
    const auto address = HostTable::test_address(family);
    to.add_rule("leaving",
                NftRule()
                    .from_link(link)
                    .to(net::Prefix::containing(address, net::width(family)))
                    .count(counter_of(family))
                    .drop());
  }
  return to;
}

}  // namespace

Result<HostTable> HostTable::create(unsigned number)
{
  const auto here = own_namespace_id("net");
  if (!here) {
    return fail(here.error());
  }
  if (*here == forbidden_network) {
    return fail(Fault::Internal, say("refusing to load rules into this network: it is forbidden"));
  }
  auto descriptor = NftSocket::open_descriptor();
  if (!descriptor) {
    return fail(descriptor.error());
  }
  NftSocket socket(std::move(*descriptor));
  socket.grow_buffers(NftSocket::largest_send_buffer);
  ZONDER_TRY(socket.commit(all_of_it(table_name(number), link_name(number))));
  return HostTable(std::move(socket), table_name(number));
}

net::Address HostTable::test_address(net::Family family)
{
  constexpr std::uint32_t test_net_2 = 0xc6336401;  // 198.51.100.1
  constexpr std::uint64_t documentation = 0x20010db800000000;
  return family == net::Family::V4 ? net::Address::v4(test_net_2)
                                   : net::Address::v6(documentation, 1);
}

Result<std::uint64_t> HostTable::arrived(net::Family family)
{
  const auto counters = socket_.read_counters(table_);
  if (!counters) {
    return fail(counters.error());
  }
  const auto found = counters->find(counter_of(family));
  return found == counters->end() ? 0 : found->second.packets;
}

void HostTable::forbid_in(ino_t network)
{
  forbidden_network = network;
}

}  // namespace zonder::kernel
