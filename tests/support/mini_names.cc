// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/mini_names.hh"

#include <algorithm>

#include "support/mini_internet.hh"

namespace zonder::test {
namespace {

namespace type = wire::dns::type;

constexpr unsigned response = 0x8000;
constexpr unsigned authoritative = 0x0400;
constexpr unsigned no_such_name = 3;
constexpr unsigned refused = 5;

struct Zone {
  std::string name;
  std::vector<std::string> servers;  // addresses
  std::vector<TestRecord> records;   // its own, and the delegations below it with their glue
};

TestRecord address(const std::string& name, const char* text)
{
  const bool v4 = std::string(text).find(':') == std::string::npos;
  return {.owner = name, .type = v4 ? type::a : type::aaaa, .data = address_data(text)};
}

TestRecord pointer(const std::string& name, unsigned kind, const std::string& to)
{
  return {.owner = name, .type = kind, .data = name_data(to)};
}

const std::vector<Zone>& zones()
{
  const std::string first = "ns1-01.azure-dns.example";
  const std::string second = "ns2-01.azure-dns.example";
  const std::string europe = "ns.europe.example";
  static const std::vector<Zone> all = {
      {".",
       {root_server},
       {pointer(".", type::ns, "k.root.example"),
        address("k.root.example", root_server),
        pointer("example", type::ns, "ns.nic.example"),
        address("ns.nic.example", example_server)}},
      {"example",
       {example_server},
       {pointer("example", type::ns, "ns.nic.example"),
        address("ns.nic.example", example_server),
        address("k.root.example", root_server),
        pointer("europe.example", type::ns, europe),
        address(europe, europe_server),
        pointer("azure-dns.example", type::ns, first),
        pointer("azure-dns.example", type::ns, second),
        address(first, microsoft_v4),
        address(second, microsoft_v4),
        pointer("azurewebsites.example", type::ns, first),
        pointer("azurewebsites.example", type::ns, second),
        pointer("gemeente.example", type::ns, second),
        pointer("half.example", type::ns, first),
        pointer("half.example", type::ns, europe)}},
      {"europe.example",
       {europe_server},
       {pointer("europe.example", type::ns, europe),
        address(europe, europe_server),
        address("www.europe.example", europe_v4),
        pointer("shop.europe.example", type::cname, "shop.azurewebsites.example")}},
      {"azure-dns.example",
       {microsoft_v4},
       {pointer("azure-dns.example", type::ns, first),
        pointer("azure-dns.example", type::ns, second),
        address(first, microsoft_v4),
        address(second, microsoft_v4)}},
      {"azurewebsites.example",
       {microsoft_v4},
       {pointer("azurewebsites.example", type::ns, first),
        address("shop.azurewebsites.example", europe_v4)}},
      {"gemeente.example",
       {microsoft_v4},
       {pointer("gemeente.example", type::ns, second), address("www.gemeente.example", europe_v4)}},
      {"half.example",
       {microsoft_v4, europe_server},
       {pointer("half.example", type::ns, first),
        pointer("half.example", type::ns, europe),
        address("www.half.example", europe_v4)}}};
  return all;
}

bool is_at_or_under(const std::string& name, const std::string& zone)
{
  return zone == "." || name == zone || (name.size() > zone.size() && name.ends_with("." + zone));
}

/// The zone on this server that the name belongs to; null: none.
const Zone* zone_of(const std::string& server, const std::string& name)
{
  const Zone* best = nullptr;
  for (const auto& zone : zones()) {
    const bool here =
        std::find(zone.servers.begin(), zone.servers.end(), server) != zone.servers.end();
    if (here && is_at_or_under(name, zone.name) &&
        (best == nullptr || best->name == "." || zone.name.size() > best->name.size())) {
      best = &zone;
    }
  }
  return best;
}

TestRecord start_of_authority(const Zone& zone)
{
  Bytes data = name_data("ns.nic.example");
  append(data, name_data("hostmaster.nic.example"));
  for (const std::uint32_t number : {1U, 3600U, 600U, 86400U, 60U}) {
    put_u32(data, number);
  }
  return {.owner = zone.name, .type = type::soa, .data = data, .ttl = 60};
}

/// The name servers of a zone below this one that the name is in, with the addresses of those that
/// nobody could find without.
bool refer(const Zone& zone, TestMessage& reply)
{
  std::string child;
  for (const auto& record : zone.records) {
    if (record.type == type::ns && record.owner != zone.name &&
        is_at_or_under(reply.name, record.owner) && record.owner.size() > child.size()) {
      child = record.owner;
    }
  }
  for (const auto& record : zone.records) {
    if (!child.empty() && record.type == type::ns && record.owner == child) {
      reply.authority.push_back(record);
    }
    if (!child.empty() && record.type != type::ns && is_at_or_under(record.owner, child)) {
      reply.additional.push_back(record);
    }
  }
  return !child.empty();
}

}  // namespace

std::string root_hints()
{
  return std::string(". 3600000 NS k.root.example.\nk.root.example. 3600000 A ") + root_server +
         "\n";
}

Bytes authoritative_answer(const std::string& server, const Bytes& bytes)
{
  const auto query = wire::dns::parse_query(bytes);
  if (!query) {
    return {};
  }
  TestMessage reply;
  reply.id = query->id;
  reply.flags = response;
  reply.name = query->question.name;
  reply.type = query->question.type;
  const auto* zone = zone_of(server, reply.name);
  if (zone == nullptr) {
    reply.flags |= refused;
    return write(reply);
  }
  if (refer(*zone, reply)) {
    return write(reply);
  }
  reply.flags |= authoritative;
  bool exists = false;
  for (const auto& record : zone->records) {
    exists = exists || is_at_or_under(record.owner, reply.name);
    if (record.owner == reply.name && (record.type == reply.type || record.type == type::cname)) {
      reply.answers.push_back(record);
    }
  }
  if (reply.answers.empty()) {
    reply.flags |= exists ? 0 : no_such_name;
    reply.authority.push_back(start_of_authority(*zone));
  }
  return write(reply);
}

}  // namespace zonder::test
