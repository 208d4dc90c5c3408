// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/dns/message.hh"

#include <algorithm>
#include <array>
#include <cstdio>
#include <new>

#include "base/translate.hh"
#include "wire/dns/knot.hh"

namespace zonder::wire::dns {
namespace {

constexpr std::uint16_t no_svcb_key = 0xffff;
constexpr std::uint16_t ipv4hint = 4;
constexpr std::uint16_t ipv6hint = 6;

bool is_plain(std::uint8_t byte)
{
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

std::uint8_t lowered(std::uint8_t byte)
{
  return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte - 'A' + 'a') : byte;
}

void append_byte(std::string& text, std::uint8_t byte)
{
  if (is_plain(byte)) {
    text.push_back(static_cast<char>(byte));
    return;
  }
  std::array<char, 5> escaped{};
  std::snprintf(escaped.data(), escaped.size(), "\\%03u", static_cast<unsigned>(byte));
  text += escaped.data();
}

/// A name without compression, as libknot keeps it. Nothing when it runs past the bytes given.
struct NameAtStart {
  std::string text;
  std::size_t size = 0;
};
std::optional<NameAtStart> read_name(std::span<const std::uint8_t> bytes)
{
  NameAtStart name;
  for (;;) {
    if (name.size >= bytes.size() || name.size > KNOT_DNAME_MAXLEN) {
      return std::nullopt;
    }
    const std::size_t length = bytes[name.size++];
    if (length == 0) {
      break;
    }
    if (length > KNOT_DNAME_MAXLABELLEN || length > bytes.size() - name.size) {
      return std::nullopt;
    }
    if (!name.text.empty()) {
      name.text.push_back('.');
    }
    for (const auto byte : bytes.subspan(name.size, length)) {
      append_byte(name.text, lowered(byte));
    }
    name.size += length;
  }
  if (name.text.empty()) {
    name.text = ".";
  }
  return name;
}

std::string name_text(const knot_dname_t* name)
{
  const auto read = read_name({name, knot_dname_size(name)});
  return read ? read->text : std::string(".");
}

std::uint16_t read_u16(std::span<const std::uint8_t> bytes)
{
  return static_cast<std::uint16_t>(bytes[0] << 8U | bytes[1]);
}

bool read_address(std::span<const std::uint8_t> data, net::Family family, Record& record)
{
  if (data.size() != width(family) / 8) {
    return false;
  }
  record.addresses.push_back(net::Address::from_bytes(family, data.data()));
  return true;
}

/// The name that stands `skip` bytes into the data; when `whole`, nothing may follow it.
bool read_target(std::span<const std::uint8_t> data, std::size_t skip, bool whole, Record& record)
{
  if (data.size() < skip) {
    return false;
  }
  const auto name = read_name(data.subspan(skip));
  if (!name || (whole && skip + name->size != data.size())) {
    return false;
  }
  record.target = name->text;
  return true;
}

bool read_hints(std::span<const std::uint8_t> value, net::Family family, Record& record)
{
  const std::size_t size = width(family) / 8;
  if (value.empty() || value.size() % size != 0) {
    return false;
  }
  for (; !value.empty(); value = value.subspan(size)) {
    record.addresses.push_back(net::Address::from_bytes(family, value.data()));
  }
  return true;
}

// RFC 9460, 2.2: priority, target, then keys in strictly increasing order, each with its length.
bool read_service_binding(std::span<const std::uint8_t> data, Record& record)
{
  if (!read_target(data, 2, false, record)) {
    return false;
  }
  auto rest = data.subspan(2 + read_name(data.subspan(2))->size);
  for (int previous = -1; !rest.empty();) {
    if (rest.size() < 4) {
      return false;
    }
    const auto key = read_u16(rest);
    const std::size_t length = read_u16(rest.subspan(2));
    rest = rest.subspan(4);
    if (key <= previous || key == no_svcb_key || length > rest.size()) {
      return false;
    }
    const auto value = rest.first(length);
    if ((key == ipv4hint && !read_hints(value, net::Family::V4, record)) ||
        (key == ipv6hint && !read_hints(value, net::Family::V6, record))) {
      return false;
    }
    rest = rest.subspan(length);
    previous = key;
  }
  return true;
}

/// Whether the data is what the type says; what we need of it goes into the record.
bool read_data(std::span<const std::uint8_t> data, Record& record)
{
  switch (record.type) {
  case type::a:
    return read_address(data, net::Family::V4, record);
  case type::aaaa:
    return read_address(data, net::Family::V6, record);
  case type::cname:
  case type::dname:
  case type::ns:
  case type::ptr:
    return read_target(data, 0, true, record);
  case type::mx:
    return read_target(data, 2, true, record);
  case type::srv:
    return read_target(data, 6, true, record);
  case type::soa:
    return read_target(data, 0, false, record);
  case type::svcb:
  case type::https:
    return read_service_binding(data, record);
  default:
    return true;
  }
}

tl::unexpected<Error> refused(std::string why)
{
  return fail(Fault::Incomplete, std::move(why));
}

Question read_question(const knot_pkt_t* packet)
{
  return {.name = name_text(knot_pkt_qname(packet)),
          .type = knot_pkt_qtype(packet),
          .class_code = knot_pkt_qclass(packet)};
}

Result<void> read_section(const knot_pkt_t* packet, Section section, std::vector<Record>& records)
{
  static constexpr std::array knot_sections = {KNOT_ANSWER, KNOT_AUTHORITY, KNOT_ADDITIONAL};
  const auto* rows = knot_pkt_section(packet, knot_sections[static_cast<std::size_t>(section)]);
  for (std::uint16_t i = 0; i < rows->count; ++i) {
    const auto* row = knot_pkt_rr(rows, i);
    if (row->type == KNOT_RRTYPE_OPT) {
      continue;
    }
    Record record{.section = section,
                  .owner = name_text(row->owner),
                  .type = row->type,
                  .ttl = row->ttl,
                  .addresses = {},
                  .target = {}};
    const auto* data = row->rrs.count > 0 ? row->rrs.rdata : nullptr;
    if (row->rclass == class_in &&
        (data == nullptr || !read_data({data->data, data->len}, record))) {
      return refused(
          say("DNS message: the data of {} {} is malformed", record.owner, type_name(record.type)));
    }
    records.push_back(std::move(record));
  }
  return {};
}

/// Steps over a name that libknot has found sound, to what follows it. False: a part of it is taken
/// from the header, so that it would be another name when the id or a count changes.
bool skip_name(std::span<const std::uint8_t> wire, std::size_t& at)
{
  bool jumped = false;
  for (auto from = at;;) {
    const std::size_t length = wire[from];
    if (knot_wire_is_pointer(&wire[from]) != 0) {
      at = jumped ? at : from + 2;
      jumped = true;
      from = knot_wire_get_pointer(&wire[from]);
      if (from < smallest_message) {
        return false;
      }
      continue;
    }
    from += 1 + length;
    at = jumped ? at : from;
    if (length == 0) {
      return true;
    }
  }
}

/// The names in the data of one record, as libknot knows them by type.
bool names_in_data_stand_alone(std::span<const std::uint8_t> wire,
                               std::size_t at,
                               std::uint16_t type)
{
  const auto* descriptor = knot_get_rdata_descriptor(type);
  if (descriptor->type_name == nullptr) {
    descriptor = knot_get_obsolete_rdata_descriptor(type);
  }
  for (const int block : descriptor->block_types) {
    if (block > 0) {
      at += static_cast<std::size_t>(block);
    } else if (block != KNOT_RDATA_WF_FIXED_DNAME && block != KNOT_RDATA_WF_COMPRESSIBLE_DNAME &&
               block != KNOT_RDATA_WF_DECOMPRESSIBLE_DNAME) {
      return true;
    } else if (!skip_name(wire, at)) {
      return false;
    }
  }
  return true;
}

/// Whether every name of a message that libknot has read is the same name whatever the header says.
bool names_stand_alone(const knot_pkt_t* packet, std::span<const std::uint8_t> wire)
{
  constexpr std::size_t fixed_part = 10;  // type, class, time to live, length of the data
  std::size_t at = smallest_message;
  if (!skip_name(wire, at)) {
    return false;
  }
  for (std::uint16_t i = 0; i < packet->rrset_count; ++i) {
    at = packet->rr_info[i].pos;
    if (!skip_name(wire, at) ||
        (packet->rr[i].rrs.count > 0 && packet->rr[i].rrs.rdata->len > 0 &&
         !names_in_data_stand_alone(wire, at + fixed_part, packet->rr[i].type))) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<Parsed> parse_message(std::span<const std::uint8_t> message)
{
  if (message.size() < smallest_message || message.size() > largest_message) {
    return refused(say("DNS message: {} bytes, which is not between {} and {}",
                       message.size(),
                       smallest_message,
                       largest_message));
  }
  Parsed parsed{.bytes = Bytes(message.begin(), message.end()), .packet = {}};
  parsed.packet.reset(
      knot_pkt_new(parsed.bytes.data(), static_cast<std::uint16_t>(parsed.bytes.size()), nullptr));
  if (!parsed.packet) {
    throw std::bad_alloc();
  }
  if (knot_wire_get_qdcount(parsed.bytes.data()) != 1) {
    return refused(say("DNS message: {} questions where one belongs",
                       knot_wire_get_qdcount(parsed.bytes.data())));
  }
  if (knot_pkt_parse(parsed.packet.get(), 0) != KNOT_EOK ||
      parsed.packet->parsed != message.size() ||
      !names_stand_alone(parsed.packet.get(), parsed.bytes)) {
    return refused(say("DNS message: malformed"));
  }
  return parsed;
}

Result<Query> parse_query(std::span<const std::uint8_t> message)
{
  if (message.size() >= smallest_message && knot_wire_get_qr(message.data()) != 0) {
    return refused(say("DNS message: a response where a query belongs"));
  }
  const auto parsed = parse_message(message);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* packet = parsed->packet.get();
  if (knot_pkt_has_tsig(packet)) {
    return refused(say("DNS message: signed with a key that we do not have"));
  }
  Query query;
  query.id = knot_wire_get_id(packet->wire);
  query.opcode = knot_wire_get_opcode(packet->wire);
  query.question = read_question(packet);
  query.has_edns = knot_pkt_has_edns(packet);
  query.wants_dnssec = knot_pkt_has_dnssec(packet);
  if (query.has_edns) {
    query.udp_size = std::max(plain_udp_size, knot_edns_get_payload(packet->opt_rr));
  }
  return query;
}

Result<Response> parse_response(std::span<const std::uint8_t> message)
{
  if (message.size() >= smallest_message && knot_wire_get_qr(message.data()) == 0) {
    return refused(say("DNS message: a query where a response belongs"));
  }
  const auto parsed = parse_message(message);
  if (!parsed) {
    return fail(parsed.error());
  }
  const auto* packet = parsed->packet.get();
  Response response;
  response.id = knot_wire_get_id(packet->wire);
  response.truncated = knot_wire_get_tc(packet->wire) != 0;
  response.rcode = knot_pkt_ext_rcode(packet);
  response.question = read_question(packet);
  for (const auto section : {Section::Answer, Section::Authority, Section::Additional}) {
    ZONDER_TRY(read_section(packet, section, response.records));
  }
  return response;
}

std::string type_name(std::uint16_t type)
{
  std::array<char, 32> text{};
  return knot_rrtype_to_string(type, text.data(), text.size()) > 0 ? std::string(text.data())
                                                                   : "TYPE" + std::to_string(type);
}

std::string rcode_name(std::uint16_t rcode)
{
  const auto* known = knot_lookup_by_id(knot_rcode_names, rcode);
  return known != nullptr ? std::string(known->name) : "RCODE" + std::to_string(rcode);
}

std::optional<net::DomainName> as_domain_name(std::string_view name)
{
  const auto is_host = [](char c) {
    return is_plain(static_cast<std::uint8_t>(c)) || c == '.';
  };
  const auto odd = std::find_if_not(name.rbegin(), name.rend(), is_host);
  // What stands right of the last odd byte begins in the middle of a label, unless all is plain.
  if (odd != name.rend()) {
    const auto dot = name.find('.', static_cast<std::size_t>(name.rend() - odd));
    if (dot == std::string_view::npos) {
      return std::nullopt;
    }
    name.remove_prefix(dot + 1);
  }
  const auto parsed = net::DomainName::parse(name);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

}  // namespace zonder::wire::dns
