// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/nft_transaction.hh"

#include <iterator>
#include <utility>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

namespace zonder::kernel {
namespace {

// The types that nft itself prints; the kernel only keeps them.
constexpr std::uint32_t type_ipv4_address = 7;
constexpr std::uint32_t type_ipv6_address = 8;
constexpr std::uint32_t type_nf_proto = 2;
constexpr std::uint32_t type_ether_address = 9;
constexpr std::uint32_t type_inet_protocol = 12;
constexpr std::uint32_t type_inet_service = 13;
constexpr std::uint32_t bits_per_type = 6;

constexpr std::uint16_t create = NLM_F_CREATE;

std::uint32_t address_type(net::Family family)
{
  return family == net::Family::V4 ? type_ipv4_address : type_ipv6_address;
}

void put_key(Attributes& out, net::Address address)
{
  const auto bytes = address.bytes();
  const auto key = out.open(NFTA_SET_ELEM_KEY);
  out.put(NFTA_DATA_VALUE, {bytes.data(), net::width(address.family()) / 8});
  out.close(key);
}

void put_interval_end(Attributes& out, net::Address address)
{
  const auto element = out.open(NFTA_LIST_ELEM);
  put_key(out, address);
  out.put_u32(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
  out.close(element);
}

void put_range(Attributes& out, const NftRange& range)
{
  const auto element = out.open(NFTA_LIST_ELEM);
  put_key(out, range.range.first);
  if (!range.counter.empty()) {
    out.put_text(NFTA_SET_ELEM_OBJREF, range.counter);
  }
  out.close(element);
  // A range up to the last address of all has no end.
  if (const auto after = range.range.last.next()) {
    put_interval_end(out, *after);
  }
}

}  // namespace

Attributes& NftTransaction::start(std::uint16_t type, std::uint16_t flags, std::string what)
{
  messages_.push_back(
      {.type = type, .flags = flags, .family = family_, .what = std::move(what), .body = {}});
  return messages_.back().body;
}

void NftTransaction::append(NftTransaction other)
{
  messages_.insert(messages_.end(),
                   std::make_move_iterator(other.messages_.begin()),
                   std::make_move_iterator(other.messages_.end()));
}

void NftTransaction::add_table()
{
  auto& body = start(NFT_MSG_NEWTABLE, create, "table " + table_);
  body.put_text(NFTA_TABLE_NAME, table_);
}

void NftTransaction::add_owned_table()
{
  auto& body = start(NFT_MSG_NEWTABLE, create | NLM_F_EXCL, "table " + table_);
  body.put_text(NFTA_TABLE_NAME, table_);
  body.put_u32(NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
}

void NftTransaction::add_chain(const std::string& name)
{
  auto& body = start(NFT_MSG_NEWCHAIN, create, "chain " + name);
  body.put_text(NFTA_CHAIN_TABLE, table_);
  body.put_text(NFTA_CHAIN_NAME, name);
}

void NftTransaction::add_base_chain(const NftBaseChain& chain)
{
  auto& body = start(NFT_MSG_NEWCHAIN, create, "chain " + chain.name);
  body.put_text(NFTA_CHAIN_TABLE, table_);
  body.put_text(NFTA_CHAIN_NAME, chain.name);
  body.put_text(NFTA_CHAIN_TYPE, chain.type);
  const auto hook = body.open(NFTA_CHAIN_HOOK);
  body.put_u32(NFTA_HOOK_HOOKNUM, static_cast<std::uint32_t>(chain.hook));
  body.put_u32(NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(chain.priority));
  body.close(hook);
  body.put_u32(NFTA_CHAIN_POLICY, chain.accept ? NF_ACCEPT : NF_DROP);
}

void NftTransaction::delete_chain(const std::string& name)
{
  flush_chain(name);
  auto& body = start(NFT_MSG_DELCHAIN, 0, "chain " + name);
  body.put_text(NFTA_CHAIN_TABLE, table_);
  body.put_text(NFTA_CHAIN_NAME, name);
}

void NftTransaction::flush_chain(const std::string& name)
{
  auto& body = start(NFT_MSG_DELRULE, 0, "rules of chain " + name);
  body.put_text(NFTA_RULE_TABLE, table_);
  body.put_text(NFTA_RULE_CHAIN, name);
}

void NftTransaction::add_counter(const std::string& name)
{
  auto& body = start(NFT_MSG_NEWOBJ, create, "counter " + name);
  body.put_text(NFTA_OBJ_TABLE, table_);
  body.put_text(NFTA_OBJ_NAME, name);
  body.put_u32(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
  body.close(body.open(NFTA_OBJ_DATA));
}

void NftTransaction::add_set(const std::string& name,
                             std::uint32_t flags,
                             std::uint32_t key_type,
                             std::uint32_t key_length,
                             std::uint32_t size)
{
  auto& body = start(NFT_MSG_NEWSET, create, "set " + name);
  body.put_text(NFTA_SET_TABLE, table_);
  body.put_text(NFTA_SET_NAME, name);
  body.put_u32(NFTA_SET_FLAGS, flags);
  body.put_u32(NFTA_SET_KEY_TYPE, key_type);
  body.put_u32(NFTA_SET_KEY_LEN, key_length);
  body.put_u32(NFTA_SET_ID, ++last_set_);
  if ((flags & NFT_SET_OBJECT) != 0) {
    body.put_u32(NFTA_SET_OBJ_TYPE, NFT_OBJECT_COUNTER);
  }
  if (size != 0) {
    const auto description = body.open(NFTA_SET_DESC);
    body.put_u32(NFTA_SET_DESC_SIZE, size);
    body.close(description);
  }
}

void NftTransaction::add_counter_map(const std::string& name, net::Family family)
{
  add_set(name, NFT_SET_INTERVAL | NFT_SET_OBJECT, address_type(family), net::width(family) / 8, 0);
}

void NftTransaction::add_destination_set(const std::string& name,
                                         net::Family family,
                                         bool forgets,
                                         std::uint32_t size)
{
  const std::uint32_t type =
      (((address_type(family) << bits_per_type) | type_inet_protocol) << bits_per_type) |
      type_inet_service;
  const std::uint32_t length = net::width(family) / 8 + 4 + 4;  // each field fills 4 bytes
  add_set(name, forgets ? NFT_SET_EVAL | NFT_SET_TIMEOUT : NFT_SET_EVAL, type, length, size);
}

void NftTransaction::add_sender_set(const std::string& name, net::Family family, std::uint32_t size)
{
  const std::uint32_t type =
      (((((type_ether_address << bits_per_type) | address_type(family)) << bits_per_type) |
        type_inet_protocol)
       << bits_per_type) |
      type_inet_service;
  const std::uint32_t length = 8 + net::width(family) / 8 + 4 + 4;  // each field fills 4 bytes
  add_set(name, NFT_SET_EVAL, type, length, size);
}

void NftTransaction::add_seat_set(const std::string& name, net::Family family, std::uint32_t size)
{
  add_set(name,
          NFT_SET_EVAL | NFT_SET_TIMEOUT,
          (type_ether_address << bits_per_type) | address_type(family),
          8 + net::width(family) / 8,
          size);
}

void NftTransaction::add_source_set(const std::string& name, net::Family family, std::uint32_t size)
{
  add_set(name, NFT_SET_EVAL | NFT_SET_TIMEOUT, address_type(family), net::width(family) / 8, size);
}

void NftTransaction::add_hardware_set(const std::string& name, std::uint32_t size)
{
  add_set(name, NFT_SET_EVAL | NFT_SET_TIMEOUT, type_ether_address, 6, size);
}

void NftTransaction::add_timed_set(const std::string& name, TimedKey key, std::uint32_t size)
{
  const bool hardware = key == TimedKey::Hardware;
  add_set(
      name, NFT_SET_TIMEOUT, hardware ? type_ether_address : type_nf_proto, hardware ? 6 : 1, size);
}

void NftTransaction::change_element(std::uint16_t type,
                                    const std::string& set,
                                    std::span<const std::uint8_t> key,
                                    std::chrono::milliseconds lasts)
{
  auto& body = start(type, type == NFT_MSG_NEWSETELEM ? create : 0, "an element of set " + set);
  body.put_text(NFTA_SET_ELEM_LIST_TABLE, table_);
  body.put_text(NFTA_SET_ELEM_LIST_SET, set);
  const auto elements = body.open(NFTA_SET_ELEM_LIST_ELEMENTS);
  const auto element = body.open(NFTA_LIST_ELEM);
  const auto value = body.open(NFTA_SET_ELEM_KEY);
  body.put(NFTA_DATA_VALUE, key);
  body.close(value);
  if (type == NFT_MSG_NEWSETELEM) {
    body.put_u64(NFTA_SET_ELEM_TIMEOUT, static_cast<std::uint64_t>(lasts.count()));
  }
  body.close(element);
  body.close(elements);
}

/// Kernels before 6.12 keep the old end of what is there already. So it is put in, taken out, which
/// then never fails, and put in again: within one transaction nobody sees it gone.
void NftTransaction::put(const std::string& set,
                         std::span<const std::uint8_t> key,
                         std::chrono::milliseconds lasts)
{
  change_element(NFT_MSG_NEWSETELEM, set, key, lasts);
  change_element(NFT_MSG_DELSETELEM, set, key, lasts);
  change_element(NFT_MSG_NEWSETELEM, set, key, lasts);
}

void NftTransaction::take_out(const std::string& set, std::span<const std::uint8_t> key)
{
  change_element(NFT_MSG_DELSETELEM, set, key, {});
}

void NftTransaction::flush_set(const std::string& name)
{
  auto& body = start(NFT_MSG_DELSETELEM, 0, "elements of set " + name);
  body.put_text(NFTA_SET_ELEM_LIST_TABLE, table_);
  body.put_text(NFTA_SET_ELEM_LIST_SET, name);
}

void NftTransaction::add_rule(const std::string& chain, const NftRule& rule)
{
  auto& body = start(NFT_MSG_NEWRULE, create | NLM_F_APPEND, "a rule of chain " + chain);
  body.put_text(NFTA_RULE_TABLE, table_);
  body.put_text(NFTA_RULE_CHAIN, chain);
  const auto expressions = body.open(NFTA_RULE_EXPRESSIONS);
  body.append(rule.expressions());
  body.close(expressions);
}

void NftTransaction::add_ranges(const std::string& set,
                                std::span<const NftRange> ranges,
                                bool first_of_set)
{
  // An attribute's length is 16 bits, so one message holds some hundreds of ranges.
  constexpr std::size_t message_limit = 60000;
  bool first = first_of_set;
  for (std::size_t i = 0; i < ranges.size();) {
    auto& body = start(NFT_MSG_NEWSETELEM, create, "elements of set " + set);
    body.put_text(NFTA_SET_ELEM_LIST_TABLE, table_);
    body.put_text(NFTA_SET_ELEM_LIST_SET, set);
    const auto elements = body.open(NFTA_SET_ELEM_LIST_ELEMENTS);
    if (first && ranges[i].range.first.previous()) {
      // The kernel wants to be told that the set does not begin at address 0.
      const auto& address = ranges[i].range.first;
      put_interval_end(body, address.is_v4() ? net::Address::v4(0) : net::Address::v6(0, 0));
    }
    first = false;
    for (; i < ranges.size() && body.size() < message_limit; ++i) {
      put_range(body, ranges[i]);
    }
    body.close(elements);
  }
}

}  // namespace zonder::kernel
