// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/dns/answer.hh"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>

#include "base/translate.hh"
#include "wire/dns/knot.hh"

namespace zonder::wire::dns {
namespace {

// What our own answers ask for in EDNS: fits into a packet everywhere (DNS flag day 2020).
constexpr std::uint16_t our_udp_size = 1232;

struct FreeSet {
  void operator()(knot_rrset_t* set) const { knot_rrset_free(set, nullptr); }
};
using RecordSet = std::unique_ptr<knot_rrset_t, FreeSet>;

struct FreeName {
  void operator()(knot_dname_t* name) const { knot_dname_free(name, nullptr); }
};
using Name = std::unique_ptr<knot_dname_t, FreeName>;

/// libknot fails on these calls only when memory is short or the space does not hold the record,
/// and our records are far smaller than the space.
void must(int code)
{
  if (code != KNOT_EOK) {
    throw std::runtime_error(std::string("libknot: ") + knot_strerror(code));
  }
}

Packet new_packet()
{
  Packet packet(knot_pkt_new(nullptr, largest_message, nullptr));
  if (!packet) {
    throw std::bad_alloc();
  }
  return packet;
}

/// Header and question of the answer; the caller puts records and then calls finished().
Packet begin_answer(const knot_pkt_t* query, std::uint16_t rcode)
{
  auto answer = new_packet();
  must(knot_pkt_init_response(answer.get(), query));
  knot_wire_set_ra(answer->wire);
  knot_wire_set_rcode(answer->wire, static_cast<std::uint8_t>(rcode));
  must(knot_pkt_begin(answer.get(), KNOT_ANSWER));
  return answer;
}

Bytes finished(Packet answer, const knot_pkt_t* query)
{
  if (knot_pkt_has_edns(query)) {
    knot_rrset_t edns{};
    must(knot_edns_init(&edns, our_udp_size, 0, 0, nullptr));
    const std::unique_ptr<knot_rrset_t, void (*)(knot_rrset_t*)> owner(
        &edns, [](knot_rrset_t* set) { knot_rrset_clear(set, nullptr); });
    if (knot_edns_do(query->opt_rr)) {
      knot_edns_set_do(&edns);
    }
    must(knot_pkt_begin(answer.get(), KNOT_ADDITIONAL));
    must(knot_pkt_put(answer.get(), KNOT_COMPR_HINT_NONE, &edns, 0));
  }
  return {answer->wire, answer->wire + answer->size};
}

Result<Parsed> parse_query_packet(std::span<const std::uint8_t> query)
{
  ZONDER_TRY(parse_query(query));
  return parse_message(query);
}

Result<Packet> begin_query(std::uint16_t id, const std::string& name, std::uint16_t type)
{
  const Name wire_name(knot_dname_from_str(nullptr, name.c_str(), 0));
  if (!wire_name) {
    return fail(Fault::Usage, say("{} is not a domain name (write it like www.example.nl)", name));
  }
  auto query = new_packet();
  knot_wire_set_id(query->wire, id);
  must(knot_pkt_put_question(query.get(), wire_name.get(), class_in, type));
  return query;
}

// Of service bindings: which parameters must be understood, and the one that hides names.
constexpr std::uint16_t mandatory_key = 0;
constexpr std::uint16_t ech_key = 5;

std::uint16_t u16_at(std::span<const std::uint8_t> bytes, std::size_t at)
{
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

void append_u16(Bytes& to, std::size_t value)
{
  to.push_back(static_cast<std::uint8_t>(value >> 8U & 0xffU));
  to.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

/// The list of parameters that must be understood, without the one that goes.
Bytes mandatory_without_ech(std::span<const std::uint8_t> value)
{
  Bytes kept;
  for (; value.size() >= 2; value = value.subspan(2)) {
    if (u16_at(value, 0) != ech_key) {
      append_u16(kept, u16_at(value, 0));
    }
  }
  return kept;
}

/// The data of a service binding that parse_response() has found sound. Nothing: there is no "ech"
/// in it.
std::optional<Bytes> binding_without_ech(std::span<const std::uint8_t> data)
{
  std::size_t at = 2;  // the priority, then the name of the target
  while (data[at] != 0) {
    at += 1U + data[at];
  }
  ++at;
  Bytes kept(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(at));
  bool found = false;
  for (auto rest = data.subspan(at); !rest.empty();) {
    const auto key = u16_at(rest, 0);
    auto value = rest.subspan(4, u16_at(rest, 2));
    rest = rest.subspan(4 + value.size());
    Bytes shorter;
    if (key == ech_key) {
      found = true;
      continue;
    }
    if (key == mandatory_key) {
      shorter = mandatory_without_ech(value);
      value = shorter;
      if (value.empty()) {
        continue;
      }
    }
    append_u16(kept, key);
    append_u16(kept, value.size());
    kept.insert(kept.end(), value.begin(), value.end());
  }
  return found ? std::optional(kept) : std::nullopt;
}

/// Puts the record into the new message; gives libknot's code, and counts when "ech" went.
int put_without_ech(knot_pkt_t* to, const knot_rrset_t& record, std::size_t& removed)
{
  const bool is_binding = record.type == type::svcb || record.type == type::https;
  const auto shorter = is_binding && record.rclass == class_in
                           ? binding_without_ech({record.rrs.rdata->data, record.rrs.rdata->len})
                           : std::nullopt;
  if (!shorter) {
    return knot_pkt_put(to, KNOT_COMPR_HINT_NONE, &record, KNOT_PF_NOTRUNC);
  }
  const RecordSet copy(
      knot_rrset_new(record.owner, record.type, record.rclass, record.ttl, nullptr));
  if (!copy) {
    throw std::bad_alloc();
  }
  must(knot_rrset_add_rdata(
      copy.get(), shorter->data(), static_cast<std::uint16_t>(shorter->size()), nullptr));
  // The packet keeps what points into the record, until it is freed; its bytes are all we want.
  ++removed;
  return knot_pkt_put(to, KNOT_COMPR_HINT_NONE, copy.get(), KNOT_PF_NOTRUNC);
}

}  // namespace

Result<Bytes> build_query(std::uint16_t id, const std::string& name, std::uint16_t type)
{
  auto query = begin_query(id, name, type);
  if (!query) {
    return fail(query.error());
  }
  knot_wire_set_rd((*query)->wire);
  return Bytes((*query)->wire, (*query)->wire + (*query)->size);
}

Result<Bytes> build_cache_query(std::uint16_t id, const std::string& name, std::uint16_t type)
{
  auto query = begin_query(id, name, type);
  if (!query) {
    return fail(query.error());
  }
  knot_wire_set_cd((*query)->wire);
  return Bytes((*query)->wire, (*query)->wire + (*query)->size);
}

Result<Bytes> answer_empty(std::span<const std::uint8_t> query, Rcode rcode)
{
  const auto parsed = parse_query_packet(query);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* packet = parsed->packet.get();
  return finished(begin_answer(packet, static_cast<std::uint16_t>(rcode)), packet);
}

Result<Bytes>
answer_address(std::span<const std::uint8_t> query, net::Address address, std::uint32_t ttl)
{
  const auto parsed = parse_query_packet(query);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* packet = parsed->packet.get();
  const auto kind = address.is_v4() ? type::a : type::aaaa;
  const RecordSet record(knot_rrset_new(knot_pkt_qname(packet), kind, class_in, ttl, nullptr));
  if (!record) {
    throw std::bad_alloc();
  }
  const auto bytes = address.bytes();
  const auto size = static_cast<std::uint16_t>(width(address.family()) / 8);
  must(knot_rrset_add_rdata(record.get(), bytes.data(), size, nullptr));
  auto answer = begin_answer(packet, static_cast<std::uint16_t>(Rcode::NoError));
  must(knot_pkt_put(answer.get(), KNOT_COMPR_HINT_QNAME, record.get(), 0));
  return finished(std::move(answer), packet);
}

Result<Bytes> answer_truncated(std::span<const std::uint8_t> query)
{
  const auto parsed = parse_query_packet(query);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* packet = parsed->packet.get();
  auto answer = begin_answer(packet, static_cast<std::uint16_t>(Rcode::NoError));
  knot_wire_set_tc(answer->wire);
  return finished(std::move(answer), packet);
}

Result<Bytes> without_additional(std::span<const std::uint8_t> response)
{
  ZONDER_TRY(parse_response(response));
  const auto parsed = parse_message(response);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* rows = knot_pkt_section(parsed->packet.get(), KNOT_ADDITIONAL);
  if (rows->count == 0) {
    return parsed->bytes;
  }
  const auto at = [&](std::uint16_t row) {
    return response.begin() + (row < rows->count ? knot_pkt_rr_offset(rows, row)
                                                 : static_cast<std::ptrdiff_t>(response.size()));
  };
  Bytes shorter(response.begin(), at(0));
  std::uint16_t kept = 0;
  for (std::uint16_t i = 0; i < rows->count; ++i) {
    if (knot_pkt_rr(rows, i)->type == KNOT_RRTYPE_OPT) {
      // EDNS' owner is the root and its data has no names, so that its bytes may be moved.
      shorter.insert(shorter.end(), at(i), at(static_cast<std::uint16_t>(i + 1)));
      ++kept;
    }
  }
  knot_wire_set_arcount(shorter.data(), kept);
  return shorter;
}

Result<Shortened> without_ech(std::span<const std::uint8_t> response)
{
  ZONDER_TRY(parse_response(response));
  const auto parsed = parse_message(response);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* packet = parsed->packet.get();
  auto shorter = new_packet();
  std::copy_n(parsed->bytes.begin(), 4, shorter->wire);  // id and flags; puts do the counts
  must(knot_pkt_put_question(
      shorter.get(), knot_pkt_qname(packet), knot_pkt_qclass(packet), knot_pkt_qtype(packet)));
  std::size_t removed = 0;
  for (const auto section : {KNOT_ANSWER, KNOT_AUTHORITY, KNOT_ADDITIONAL}) {
    must(knot_pkt_begin(shorter.get(), section));
    const auto* rows = knot_pkt_section(packet, section);
    for (std::uint16_t i = 0; i < rows->count; ++i) {
      // Names may be packed less tightly than they were.
      if (put_without_ech(shorter.get(), *knot_pkt_rr(rows, i), removed) != KNOT_EOK) {
        return fail(Fault::Incomplete, say("DNS message: too long to be written anew"));
      }
    }
  }
  if (removed == 0) {
    return Shortened{.bytes = parsed->bytes, .removed = 0};
  }
  knot_wire_clear_ad(shorter->wire);
  return Shortened{.bytes = {shorter->wire, shorter->wire + shorter->size}, .removed = removed};
}

std::uint16_t id_of(std::span<const std::uint8_t> message)
{
  return static_cast<std::uint16_t>(message[0] << 8U | message[1]);
}

void set_id(Bytes& message, std::uint16_t id)
{
  message.at(0) = static_cast<std::uint8_t>(id >> 8U);
  message.at(1) = static_cast<std::uint8_t>(id & 0xffU);
}

}  // namespace zonder::wire::dns
