// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/dns/answer.hh"

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

}  // namespace

Result<Bytes> build_query(std::uint16_t id, const std::string& name, std::uint16_t type)
{
  const Name wire_name(knot_dname_from_str(nullptr, name.c_str(), 0));
  if (!wire_name) {
    return fail(Fault::Usage, say("{} is not a domain name (write it like www.example.nl)", name));
  }
  auto query = new_packet();
  knot_wire_set_id(query->wire, id);
  knot_wire_set_rd(query->wire);
  must(knot_pkt_put_question(query.get(), wire_name.get(), class_in, type));
  return Bytes(query->wire, query->wire + query->size);
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
