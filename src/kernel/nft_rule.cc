// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/nft_rule.hh"

#include <algorithm>
#include <array>
#include <vector>

#include <netinet/icmp6.h>
#include <netinet/in.h>

// After those of libc, which they make way for.
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

// Every expression is NFTA_LIST_ELEM{NFTA_EXPR_NAME, NFTA_EXPR_DATA{...}}; numbers in network
// order. Registers: most steps use the first. A key of several fields lies in the 4-byte registers
// that begin at the same place, one after the other, each field padded to 4 bytes.
namespace zonder::kernel {
namespace {

// Where an address begins in its header.
constexpr std::uint32_t v4_source = 12;
constexpr std::uint32_t v4_destination = 16;
constexpr std::uint32_t v6_source = 8;
constexpr std::uint32_t v6_destination = 24;

constexpr std::uint32_t arp_sender = 14;       // the IPv4 address; after its hardware address
constexpr std::uint32_t neighbour_target = 8;  // in an ICMPv6 message

constexpr std::uint32_t hardware_destination = 0;  // in an Ethernet header
constexpr std::uint32_t hardware_source = 6;
constexpr std::uint32_t hardware_length = 6;
constexpr std::uint16_t ip_frame = ETH_P_IP;
constexpr std::uint16_t ip_v6_frame = ETH_P_IPV6;
constexpr std::uint16_t arp_frame = ETH_P_ARP;

constexpr std::uint32_t first_register = NFT_REG32_00;
constexpr std::uint32_t hardware_words = 2;  // registers that such an address fills

std::array<std::uint8_t, 4> host_order(std::uint32_t value)
{
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

void put_data(Attributes& out, std::uint16_t type, std::span<const std::uint8_t> value)
{
  const auto nest = out.open(type);
  out.put(NFTA_DATA_VALUE, value);
  out.close(nest);
}

std::array<std::uint8_t, 2> network_order(std::uint16_t value)
{
  return {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xffU)};
}

constexpr std::uint32_t address_words(net::Family family)
{
  return net::width(family) / 32;
}

}  // namespace

void NftRule::step(std::string_view name, const std::function<void(Attributes&)>& fill)
{
  const auto element = expressions_.open(NFTA_LIST_ELEM);
  expressions_.put_text(NFTA_EXPR_NAME, name);
  const auto data = expressions_.open(NFTA_EXPR_DATA);
  fill(expressions_);
  expressions_.close(data);
  expressions_.close(element);
}

void NftRule::meta(std::uint32_t key, std::uint32_t reg)
{
  step("meta", [&](Attributes& out) {
    out.put_u32(NFTA_META_DREG, reg);
    out.put_u32(NFTA_META_KEY, key);
  });
}

void NftRule::load(std::uint32_t base,
                   std::uint32_t offset,
                   std::uint32_t length,
                   std::uint32_t reg)
{
  step("payload", [&](Attributes& out) {
    out.put_u32(NFTA_PAYLOAD_DREG, reg);
    out.put_u32(NFTA_PAYLOAD_BASE, base);
    out.put_u32(NFTA_PAYLOAD_OFFSET, offset);
    out.put_u32(NFTA_PAYLOAD_LEN, length);
  });
}

void NftRule::destination(net::Family family, std::uint32_t reg)
{
  load(NFT_PAYLOAD_NETWORK_HEADER,
       family == net::Family::V4 ? v4_destination : v6_destination,
       net::width(family) / 8,
       reg);
}

/// Goes on only when the IPv6 address at that offset is one of NAT64; the key is then the IPv4
/// address, its last four bytes.
void NftRule::behind_nat64(std::uint32_t address_offset)
{
  constexpr std::array<std::uint8_t, 12> well_known{0x00, 0x64, 0xff, 0x9b};
  family(net::Family::V6);
  load(NFT_PAYLOAD_NETWORK_HEADER, address_offset, well_known.size(), first_register);
  compare(true, well_known);
  load(NFT_PAYLOAD_NETWORK_HEADER,
       address_offset + static_cast<std::uint32_t>(well_known.size()),
       4,
       first_register);
}

void NftRule::destination_key(net::Family family, bool with_port, std::uint32_t begin)
{
  const auto after_address = begin + address_words(family);
  destination(family, begin);
  meta(NFT_META_L4PROTO, after_address);
  if (with_port) {
    load(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, after_address + 1);
  } else {
    immediate(after_address + 1, host_order(0));
  }
}

void NftRule::compare(bool equal, std::span<const std::uint8_t> value)
{
  compare_by(equal ? NFT_CMP_EQ : NFT_CMP_NEQ, value);
}

void NftRule::compare_by(std::uint32_t how, std::span<const std::uint8_t> value)
{
  step("cmp", [&](Attributes& out) {
    out.put_u32(NFTA_CMP_SREG, first_register);
    out.put_u32(NFTA_CMP_OP, how);
    put_data(out, NFTA_CMP_DATA, value);
  });
}

void NftRule::mask(std::span<const std::uint8_t> bits)
{
  const std::vector<std::uint8_t> zero(bits.size());
  step("bitwise", [&](Attributes& out) {
    out.put_u32(NFTA_BITWISE_SREG, first_register);
    out.put_u32(NFTA_BITWISE_DREG, first_register);
    out.put_u32(NFTA_BITWISE_LEN, static_cast<std::uint32_t>(bits.size()));
    put_data(out, NFTA_BITWISE_MASK, bits);
    put_data(out, NFTA_BITWISE_XOR, zero);
  });
}

void NftRule::immediate(std::uint32_t reg, std::span<const std::uint8_t> value)
{
  step("immediate", [&](Attributes& out) {
    out.put_u32(NFTA_IMMEDIATE_DREG, reg);
    put_data(out, NFTA_IMMEDIATE_DATA, value);
  });
}

void NftRule::verdict(std::uint32_t code, std::string_view chain)
{
  step("immediate", [&](Attributes& out) {
    out.put_u32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    const auto data = out.open(NFTA_IMMEDIATE_DATA);
    const auto nest = out.open(NFTA_DATA_VERDICT);
    out.put_u32(NFTA_VERDICT_CODE, code);
    if (!chain.empty()) {
      out.put_text(NFTA_VERDICT_CHAIN, chain);
    }
    out.close(nest);
    out.close(data);
  });
}

void NftRule::look_up(std::string_view set, bool inverted)
{
  step("lookup", [&](Attributes& out) {
    out.put_text(NFTA_LOOKUP_SET, set);
    out.put_u32(NFTA_LOOKUP_SREG, first_register);
    if (inverted) {
      out.put_u32(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
    }
  });
}

void NftRule::link(std::uint32_t key, std::string_view name)
{
  std::array<std::uint8_t, 16> padded{};  // IFNAMSIZ, compared with its zeros
  std::copy_n(name.begin(), std::min(name.size(), padded.size() - 1), padded.begin());
  meta(key, first_register);
  compare(true, padded);
}

NftRule NftRule::of_frame()
{
  NftRule rule;
  rule.frames_ = true;
  return rule;
}

NftRule& NftRule::family(net::Family family)
{
  if (frames_) {
    meta(NFT_META_PROTOCOL, first_register);
    compare(true, network_order(family == net::Family::V4 ? ip_frame : ip_v6_frame));
    return *this;
  }
  meta(NFT_META_NFPROTO, first_register);
  const std::uint8_t number = family == net::Family::V4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
  compare(true, {&number, 1});
  return *this;
}

NftRule& NftRule::from_link(std::string_view name)
{
  link(NFT_META_IIFNAME, name);
  return *this;
}

NftRule& NftRule::to_link(std::string_view name)
{
  link(NFT_META_OIFNAME, name);
  return *this;
}

NftRule& NftRule::protocol(std::uint8_t number)
{
  meta(NFT_META_L4PROTO, first_register);
  compare(true, {&number, 1});
  return *this;
}

NftRule& NftRule::not_protocol(std::uint8_t number)
{
  meta(NFT_META_L4PROTO, first_register);
  compare(false, {&number, 1});
  return *this;
}

NftRule& NftRule::port(std::uint16_t number)
{
  load(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, first_register);
  compare(true, network_order(number));
  return *this;
}

NftRule& NftRule::from_port(std::uint16_t number)
{
  load(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, first_register);
  compare(true, network_order(number));
  return *this;
}

NftRule& NftRule::icmp_type(std::uint8_t number)
{
  load(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, first_register);
  compare(true, {&number, 1});
  return *this;
}

NftRule& NftRule::opens_tcp()
{
  constexpr std::uint32_t flags = 13;  // where they are in the header
  constexpr std::uint8_t fin_syn_rst_ack = 0x17;
  constexpr std::uint8_t syn = 0x02;
  load(NFT_PAYLOAD_TRANSPORT_HEADER, flags, 1, first_register);
  mask({&fin_syn_rst_ack, 1});
  compare(true, {&syn, 1});
  return *this;
}

NftRule& NftRule::extension_header(std::uint8_t number)
{
  family(net::Family::V6);
  step("exthdr", [&](Attributes& out) {
    out.put_u32(NFTA_EXTHDR_DREG, first_register);
    out.put_u8(NFTA_EXTHDR_TYPE, number);
    out.put_u32(NFTA_EXTHDR_OFFSET, 0);
    out.put_u32(NFTA_EXTHDR_LEN, 1);
    out.put_u32(NFTA_EXTHDR_FLAGS, NFT_EXTHDR_F_PRESENT);
  });
  const std::uint8_t present = 1;
  compare(true, {&present, 1});
  return *this;
}

NftRule& NftRule::to(const net::Prefix& prefix)
{
  address_in(prefix, prefix.family() == net::Family::V4 ? v4_destination : v6_destination);
  return *this;
}

NftRule& NftRule::from(const net::Prefix& prefix)
{
  address_in(prefix, prefix.family() == net::Family::V4 ? v4_source : v6_source);
  return *this;
}

void NftRule::address_in(const net::Prefix& prefix, std::uint32_t address_offset)
{
  family(prefix.family());
  load(NFT_PAYLOAD_NETWORK_HEADER, address_offset, net::width(prefix.family()) / 8, first_register);
  is_in(prefix);
}

/// Of the address in the first register.
void NftRule::is_in(const net::Prefix& prefix)
{
  const std::size_t bytes = net::width(prefix.family()) / 8;
  std::vector<std::uint8_t> bits(bytes);
  for (unsigned bit = 0; bit < prefix.length(); ++bit) {
    bits[bit / 8] = static_cast<std::uint8_t>(bits[bit / 8] | (0x80U >> (bit % 8)));
  }
  mask(bits);
  compare(true, {prefix.first().bytes().data(), bytes});
}

NftRule& NftRule::flow_is(FlowState state)
{
  step("ct", [](Attributes& out) {
    out.put_u32(NFTA_CT_KEY, NFT_CT_STATE);
    out.put_u32(NFTA_CT_DREG, first_register);
  });
  mask(host_order(static_cast<std::uint32_t>(state)));
  compare(false, host_order(0));
  return *this;
}

NftRule& NftRule::flow_is_established_or_related()
{
  return flow_is(static_cast<FlowState>(static_cast<std::uint32_t>(FlowState::Established) |
                                        static_cast<std::uint32_t>(FlowState::Related)));
}

NftRule& NftRule::to_none_of(std::string_view set, net::Family family)
{
  this->family(family);
  destination(family, first_register);
  look_up(set, true);
  return *this;
}

NftRule& NftRule::to_any_of(std::string_view set, net::Family family)
{
  this->family(family);
  destination(family, first_register);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::chance(unsigned of_hundred)
{
  step("numgen", [](Attributes& out) {
    out.put_u32(NFTA_NG_DREG, first_register);
    out.put_u32(NFTA_NG_MODULUS, 100);
    out.put_u32(NFTA_NG_TYPE, NFT_NG_RANDOM);
    out.put_u32(NFTA_NG_OFFSET, 0);
  });
  // Less than is decided byte by byte, so the high one must come first.
  step("byteorder", [](Attributes& out) {
    out.put_u32(NFTA_BYTEORDER_SREG, first_register);
    out.put_u32(NFTA_BYTEORDER_DREG, first_register);
    out.put_u32(NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
    out.put_u32(NFTA_BYTEORDER_LEN, 4);
    out.put_u32(NFTA_BYTEORDER_SIZE, 4);
  });
  compare_by(NFT_CMP_LT,
             std::array<std::uint8_t, 4>{0, 0, 0, static_cast<std::uint8_t>(of_hundred)});
  return *this;
}

NftRule& NftRule::into_lane(std::uint32_t traffic_class)
{
  immediate(first_register, host_order(traffic_class));
  step("meta", [](Attributes& out) {
    out.put_u32(NFTA_META_KEY, NFT_META_PRIORITY);
    out.put_u32(NFTA_META_SREG, first_register);
  });
  return *this;
}

NftRule& NftRule::over_rate(std::uint64_t bytes_per_second, std::uint32_t burst)
{
  step("limit", [&](Attributes& out) {
    out.put_u64(NFTA_LIMIT_RATE, bytes_per_second);
    out.put_u64(NFTA_LIMIT_UNIT, 1);
    out.put_u32(NFTA_LIMIT_BURST, burst);
    out.put_u32(NFTA_LIMIT_TYPE, NFT_LIMIT_PKT_BYTES);
    out.put_u32(NFTA_LIMIT_FLAGS, NFT_LIMIT_F_INV);
  });
  return *this;
}

void NftRule::limit(const Share& share)
{
  expressions_.put_u64(NFTA_LIMIT_RATE, share.packets);
  expressions_.put_u64(NFTA_LIMIT_UNIT, static_cast<std::uint64_t>(share.in.count()));
  expressions_.put_u32(NFTA_LIMIT_BURST, share.at_once);
  expressions_.put_u32(NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS);
  expressions_.put_u32(NFTA_LIMIT_FLAGS, NFT_LIMIT_F_INV);
}

NftRule& NftRule::over(const Share& share)
{
  step("limit", [&](Attributes&) { limit(share); });
  return *this;
}

NftRule&
NftRule::sender_over(const Share& share, std::string_view set, std::chrono::milliseconds forget)
{
  load(NFT_PAYLOAD_LL_HEADER, hardware_source, hardware_length, first_register);
  step("dynset", [&](Attributes& out) {
    out.put_text(NFTA_DYNSET_SET_NAME, set);
    out.put_u32(NFTA_DYNSET_OP, NFT_DYNSET_OP_UPDATE);
    out.put_u32(NFTA_DYNSET_SREG_KEY, first_register);
    out.put_u64(NFTA_DYNSET_TIMEOUT, static_cast<std::uint64_t>(forget.count()));
    const auto nest = out.open(NFTA_DYNSET_EXPR);
    out.put_text(NFTA_EXPR_NAME, "limit");
    const auto data = out.open(NFTA_EXPR_DATA);
    limit(share);
    out.close(data);
    out.close(nest);
  });
  return *this;
}

NftRule& NftRule::mark(std::uint32_t mark)
{
  immediate(first_register, host_order(mark));
  step("meta", [](Attributes& out) {
    out.put_u32(NFTA_META_KEY, NFT_META_MARK);
    out.put_u32(NFTA_META_SREG, first_register);
  });
  return *this;
}

NftRule& NftRule::is_marked(std::uint32_t mark)
{
  meta(NFT_META_MARK, first_register);
  compare(true, host_order(mark));
  return *this;
}

NftRule& NftRule::from_any_of(std::string_view set, net::Family family)
{
  this->family(family);
  load(NFT_PAYLOAD_NETWORK_HEADER,
       family == net::Family::V4 ? v4_source : v6_source,
       net::width(family) / 8,
       first_register);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::from_hardware_in(std::string_view set)
{
  load(NFT_PAYLOAD_LL_HEADER, hardware_source, hardware_length, first_register);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::from_hardware_not_in(std::string_view set)
{
  load(NFT_PAYLOAD_LL_HEADER, hardware_source, hardware_length, first_register);
  look_up(set, true);
  return *this;
}

NftRule& NftRule::is_arp()
{
  meta(NFT_META_PROTOCOL, first_register);
  compare(true, network_order(arp_frame));
  return *this;
}

NftRule& NftRule::to_hardware_not_in(std::string_view set)
{
  load(NFT_PAYLOAD_LL_HEADER, hardware_destination, hardware_length, first_register);
  look_up(set, true);
  return *this;
}

NftRule& NftRule::family_not_in(std::string_view set)
{
  meta(NFT_META_NFPROTO, first_register);
  look_up(set, true);
  return *this;
}

NftRule& NftRule::to_any_behind_nat64(std::string_view set)
{
  behind_nat64(v6_destination);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::from_any_behind_nat64(std::string_view set)
{
  behind_nat64(v6_source);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::count(std::string_view counter)
{
  step("objref", [&](Attributes& out) {
    out.put_u32(NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER);
    out.put_text(NFTA_OBJREF_IMM_NAME, counter);
  });
  return *this;
}

NftRule& NftRule::count_by_destination(std::string_view map, net::Family family)
{
  this->family(family);
  destination(family, first_register);
  count_by_key(map);
  return *this;
}

NftRule& NftRule::count_by_destination_behind_nat64(std::string_view map)
{
  behind_nat64(v6_destination);
  count_by_key(map);
  return *this;
}

void NftRule::count_by_key(std::string_view map)
{
  step("objref", [&](Attributes& out) {
    out.put_u32(NFTA_OBJREF_SET_SREG, first_register);
    out.put_text(NFTA_OBJREF_SET_NAME, map);
  });
}

void NftRule::count_key(std::string_view set)
{
  step("dynset", [&](Attributes& out) {
    out.put_text(NFTA_DYNSET_SET_NAME, set);
    out.put_u32(NFTA_DYNSET_OP, NFT_DYNSET_OP_ADD);
    out.put_u32(NFTA_DYNSET_SREG_KEY, first_register);
    const auto nest = out.open(NFTA_DYNSET_EXPR);
    out.put_text(NFTA_EXPR_NAME, "counter");
    out.close(out.open(NFTA_EXPR_DATA));
    out.close(nest);
  });
}

NftRule& NftRule::count_destination(std::string_view set, net::Family family, bool with_port)
{
  destination_key(family, with_port, first_register);
  count_key(set);
  return *this;
}

NftRule&
NftRule::count_sender_and_destination(std::string_view set, net::Family family, bool with_port)
{
  this->family(family);
  load(NFT_PAYLOAD_LL_HEADER, hardware_source, hardware_length, first_register);
  destination_key(family, with_port, first_register + hardware_words);
  count_key(set);
  return *this;
}

void NftRule::is_claim(Claim claim, net::Family family)
{
  switch (claim) {
  case Claim::Source:
    this->family(family);
    break;
  case Claim::ArpSender:
    is_arp();
    break;
  case Claim::NeighbourTarget:
    this->family(net::Family::V6);
    protocol(IPPROTO_ICMPV6);
    icmp_type(ND_NEIGHBOR_ADVERT);
    break;
  }
}

void NftRule::claimed(Claim claim, net::Family family, std::uint32_t into)
{
  switch (claim) {
  case Claim::Source:
    load(NFT_PAYLOAD_NETWORK_HEADER,
         family == net::Family::V4 ? v4_source : v6_source,
         net::width(family) / 8,
         into);
    break;
  case Claim::ArpSender:
    load(NFT_PAYLOAD_NETWORK_HEADER, arp_sender, net::width(net::Family::V4) / 8, into);
    break;
  case Claim::NeighbourTarget:
    load(NFT_PAYLOAD_TRANSPORT_HEADER, neighbour_target, net::width(net::Family::V6) / 8, into);
    break;
  }
}

void NftRule::seat(Claim claim, net::Family family)
{
  is_claim(claim, family);
  load(NFT_PAYLOAD_LL_HEADER, hardware_source, hardware_length, first_register);
  claimed(claim, family, first_register + hardware_words);
}

void NftRule::keep(std::string_view set, std::chrono::milliseconds lasts)
{
  step("dynset", [&](Attributes& out) {
    out.put_text(NFTA_DYNSET_SET_NAME, set);
    out.put_u32(NFTA_DYNSET_OP, NFT_DYNSET_OP_UPDATE);
    out.put_u32(NFTA_DYNSET_SREG_KEY, first_register);
    out.put_u64(NFTA_DYNSET_TIMEOUT, static_cast<std::uint64_t>(lasts.count()));
  });
}

NftRule& NftRule::claims(const net::Prefix& prefix, Claim claim)
{
  is_claim(claim, prefix.family());
  claimed(claim, prefix.family(), first_register);
  is_in(prefix);
  return *this;
}

NftRule& NftRule::from_seat_in(std::string_view set, Claim claim, net::Family family)
{
  seat(claim, family);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::keep_seat(std::chrono::milliseconds lasts,
                            std::string_view set,
                            Claim claim,
                            net::Family family)
{
  seat(claim, family);
  keep(set, lasts);
  return *this;
}

NftRule& NftRule::claims_any_of(std::string_view set, Claim claim, net::Family family)
{
  is_claim(claim, family);
  claimed(claim, family, first_register);
  look_up(set, false);
  return *this;
}

NftRule& NftRule::keep_claimed(std::chrono::milliseconds lasts,
                               std::string_view set,
                               Claim claim,
                               net::Family family)
{
  is_claim(claim, family);
  claimed(claim, family, first_register);
  keep(set, lasts);
  return *this;
}

NftRule& NftRule::keep_sender(std::chrono::milliseconds lasts, std::string_view set)
{
  load(NFT_PAYLOAD_LL_HEADER, hardware_source, hardware_length, first_register);
  keep(set, lasts);
  return *this;
}

NftRule& NftRule::once_per(std::chrono::milliseconds period,
                           std::string_view set,
                           net::Family family,
                           bool with_port)
{
  destination_key(family, with_port, first_register);
  look_up(set, true);
  step("dynset", [&](Attributes& out) {
    out.put_text(NFTA_DYNSET_SET_NAME, set);
    out.put_u32(NFTA_DYNSET_OP, NFT_DYNSET_OP_ADD);
    out.put_u32(NFTA_DYNSET_SREG_KEY, first_register);
    out.put_u64(NFTA_DYNSET_TIMEOUT, static_cast<std::uint64_t>(period.count()));
  });
  return *this;
}

NftRule& NftRule::log(std::uint16_t group, std::string_view prefix)
{
  step("log", [&](Attributes& out) {
    out.put_u16(NFTA_LOG_GROUP, group);
    out.put_text(NFTA_LOG_PREFIX, prefix);
    out.put_u32(NFTA_LOG_SNAPLEN, 128);  // headers only
  });
  return *this;
}

NftRule& NftRule::to_transparent_socket(std::uint16_t port)
{
  const std::array<std::uint8_t, 2> number = {static_cast<std::uint8_t>(port >> 8U),
                                              static_cast<std::uint8_t>(port & 0xffU)};
  immediate(first_register, number);
  step("tproxy", [](Attributes& out) {
    out.put_u32(NFTA_TPROXY_FAMILY, NFPROTO_UNSPEC);
    out.put_u32(NFTA_TPROXY_REG_PORT, first_register);
  });
  return *this;
}

NftRule& NftRule::accept()
{
  verdict(NF_ACCEPT);
  return *this;
}

NftRule& NftRule::drop()
{
  verdict(NF_DROP);
  return *this;
}

NftRule& NftRule::jump(std::string_view chain)
{
  verdict(static_cast<std::uint32_t>(NFT_JUMP), chain);
  return *this;
}

NftRule& NftRule::go_to(std::string_view chain)
{
  verdict(static_cast<std::uint32_t>(NFT_GOTO), chain);
  return *this;
}

NftRule& NftRule::go_back()
{
  verdict(static_cast<std::uint32_t>(NFT_RETURN));
  return *this;
}

NftRule& NftRule::reset_tcp()
{
  step("reject", [](Attributes& out) {
    out.put_u32(NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST);
    out.put_u8(NFTA_REJECT_ICMP_CODE, 0);
  });
  return *this;
}

NftRule& NftRule::reject(Refusal code)
{
  step("reject", [code](Attributes& out) {
    out.put_u32(NFTA_REJECT_TYPE, NFT_REJECT_ICMPX_UNREACH);
    out.put_u8(NFTA_REJECT_ICMP_CODE, static_cast<std::uint8_t>(code));
  });
  return *this;
}

NftRule& NftRule::masquerade()
{
  step("masq", [](Attributes&) {});
  return *this;
}

NftRule& NftRule::send_to(net::Address address, std::uint16_t port)
{
  const auto port_register = first_register + 4;
  const std::array<std::uint8_t, 2> port_bytes = {static_cast<std::uint8_t>(port >> 8U),
                                                  static_cast<std::uint8_t>(port & 0xffU)};
  immediate(first_register, {address.bytes().data(), net::width(address.family()) / 8});
  immediate(port_register, port_bytes);
  step("nat", [&](Attributes& out) {
    out.put_u32(NFTA_NAT_TYPE, NFT_NAT_DNAT);
    out.put_u32(NFTA_NAT_FAMILY, address.is_v4() ? NFPROTO_IPV4 : NFPROTO_IPV6);
    out.put_u32(NFTA_NAT_REG_ADDR_MIN, first_register);
    out.put_u32(NFTA_NAT_REG_PROTO_MIN, port_register);
  });
  return *this;
}

}  // namespace zonder::kernel
