// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/dns_bytes.hh"

#include "net/address.hh"

namespace zonder::test {
namespace {

constexpr unsigned opt_type = 41;

void put_records(Bytes& bytes, const std::vector<TestRecord>& records)
{
  for (const auto& record : records) {
    put_name(bytes, record.owner);
    put_u16(bytes, record.type);
    // EDNS keeps the sender's size where others have the class, see edns().
    const bool is_edns = record.type == opt_type;
    put_u16(bytes, is_edns ? record.ttl & 0xffffU : wire::dns::class_in);
    put_u32(bytes, is_edns ? record.ttl & 0x10000U ? 0x8000U : 0U : record.ttl);
    put_u16(bytes, static_cast<unsigned>(record.data.size()));
    append(bytes, record.data);
  }
}

}  // namespace

void put_u16(Bytes& bytes, unsigned value)
{
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U & 0xffU));
  bytes.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

void put_u32(Bytes& bytes, std::uint32_t value)
{
  put_u16(bytes, value >> 16U);
  put_u16(bytes, value & 0xffffU);
}

void put_name(Bytes& bytes, const std::string& name)
{
  std::size_t start = 0;
  while (name != "." && start < name.size()) {
    const auto dot = std::min(name.find('.', start), name.size());
    bytes.push_back(static_cast<std::uint8_t>(dot - start));
    bytes.insert(bytes.end(),
                 name.begin() + static_cast<std::ptrdiff_t>(start),
                 name.begin() + static_cast<std::ptrdiff_t>(dot));
    start = dot + 1;
  }
  bytes.push_back(0);
}

void append(Bytes& bytes, const Bytes& more)
{
  bytes.insert(bytes.end(), more.begin(), more.end());
}

Bytes name_data(const std::string& name)
{
  Bytes bytes;
  put_name(bytes, name);
  return bytes;
}

Bytes address_data(const std::string& address)
{
  const auto parsed = net::Address::parse(address).value();
  const auto all = parsed.bytes();
  return {all.begin(), all.begin() + width(parsed.family()) / 8};
}

Bytes svcb_data(unsigned priority, const std::string& target, const Bytes& parameters)
{
  Bytes bytes;
  put_u16(bytes, priority);
  put_name(bytes, target);
  append(bytes, parameters);
  return bytes;
}

Bytes svcb_hint(const std::vector<std::string>& addresses)
{
  Bytes value;
  for (const auto& address : addresses) {
    append(value, address_data(address));
  }
  Bytes bytes;
  put_u16(bytes, addresses.front().find(':') == std::string::npos ? 4 : 6);
  put_u16(bytes, static_cast<unsigned>(value.size()));
  append(bytes, value);
  return bytes;
}

Bytes write(const TestMessage& message)
{
  Bytes bytes;
  put_u16(bytes, message.id);
  put_u16(bytes, message.flags);
  put_u16(bytes, 1);
  put_u16(bytes, static_cast<unsigned>(message.answers.size()));
  put_u16(bytes, static_cast<unsigned>(message.authority.size()));
  put_u16(bytes, static_cast<unsigned>(message.additional.size()));
  put_name(bytes, message.name);
  put_u16(bytes, message.type);
  put_u16(bytes, wire::dns::class_in);
  put_records(bytes, message.answers);
  put_records(bytes, message.authority);
  put_records(bytes, message.additional);
  return bytes;
}

TestRecord edns(unsigned udp_size, bool dnssec)
{
  return {.owner = ".", .type = opt_type, .data = {}, .ttl = udp_size | (dnssec ? 0x10000U : 0U)};
}

}  // namespace zonder::test
