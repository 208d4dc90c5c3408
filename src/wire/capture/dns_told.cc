// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/dns_told.hh"

#include <optional>

namespace zonder::wire::capture {
namespace {

namespace record {
constexpr std::uint16_t a = 1;
constexpr std::uint16_t ns = 2;
constexpr std::uint16_t cname = 5;
constexpr std::uint16_t ptr = 12;
constexpr std::uint16_t mx = 15;
constexpr std::uint16_t aaaa = 28;
constexpr std::uint16_t srv = 33;
constexpr std::uint16_t dname = 39;
constexpr std::uint16_t svcb = 64;
constexpr std::uint16_t https = 65;
}  // namespace record

/// Where the name stands in the data of such a record; nothing where there is none.
std::optional<std::size_t> place_of_target(std::uint16_t type)
{
  switch (type) {
  case record::cname:
  case record::dname:
  case record::ns:
  case record::ptr:
    return 0;
  case record::mx:
  case record::svcb:
  case record::https:
    return 2;
  case record::srv:
    return 6;
  default:
    return std::nullopt;
  }
}

void tell_record(const DnsWalk& walk, DnsKind kind, const Scene& where, Listener& listener)
{
  constexpr std::uint16_t internet = 1;
  constexpr std::uint16_t class_bits = 0x7fff;  // the first bit has a meaning in multicast
  if ((walk.class_code() & class_bits) != internet) {
    return;
  }
  DnsRecord found{
      .kind = kind, .section = walk.section(), .type = walk.type(), .owner = walk.name().text()};
  const auto data = walk.data();
  const bool v4 = found.type == record::a && data.size() == 4;
  const bool v6 = found.type == record::aaaa && data.size() == 16;
  if (v4 || v6) {
    const auto address =
        net::Address::from_bytes(v4 ? net::Family::V4 : net::Family::V6, data.data());
    found.address = &address;
    return listener.answered(where, found);
  }
  NameText target;
  const auto place = place_of_target(found.type);
  if (place && walk.target(*place, target)) {
    found.target = target.text();
    listener.answered(where, found);
  }
}

}  // namespace

void tell_dns(DnsWalk& walk, DnsKind kind, const Scene& where, Listener& listener)
{
  while (walk.next_question()) {
    listener.asked(where,
                   {.kind = kind,
                    .response = walk.is_response(),
                    .opcode = static_cast<std::uint8_t>(walk.opcode()),
                    .id = walk.id(),
                    .type = walk.type(),
                    .name = walk.name().text()});
  }
  while (walk.next_record()) {
    tell_record(walk, kind, where, listener);
  }
}

}  // namespace zonder::wire::capture
