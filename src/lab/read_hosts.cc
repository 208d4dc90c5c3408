// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <set>

#include <yaml-cpp/yaml.h>

#include "base/translate.hh"
#include "lab/lab_readers.hh"

namespace zonder::lab {
namespace {

constexpr std::size_t most_hosts = 200;

/// An address that the host may have: in its network, and not one that the network needs itself.
net::Address address_of(const YAML::Node& node, const Network& network)
{
  const auto text = text_of(node, say("an address"));
  const auto address = net::Address::try_parse(text);
  if (!address) {
    wrong(node, say("{} is not an IP address", text));
  }
  const auto within = std::ranges::find_if(
      network.prefixes, [&](const net::Prefix& prefix) { return prefix.contains(*address); });
  if (within == network.prefixes.end()) {
    wrong(node, say("{} is not in the network {}", text, network.name));
  }
  if (*address == gateway_of(*within) || *address == within->first() ||
      *address == within->last()) {
    wrong(node, say("{} is the first, the last or the router's address of {}", text, network.name));
  }
  return *address;
}

using Taken = std::set<net::Address>;

void read_addresses(const YAML::Node& node, const Network& network, Host& host, Taken& taken)
{
  for (const auto& item : nodes_of(node, "addresses")) {
    const auto address = address_of(item, network);
    if (!taken.insert(address).second) {
      wrong(item, say("{} stands here twice", item.Scalar()));
    }
    if (std::ranges::any_of(host.addresses, [&](const net::Address& other) {
          return other.family() == address.family();
        })) {
      wrong(item, say("{} has two addresses of one family", host.name));
    }
    host.addresses.push_back(address);
  }
}

void check_host(const Host& host, const YAML::Node& where)
{
  if ((host.web || host.identity) && host.names.empty()) {
    wrong(where, say("{} has a web server and no names to get a certificate for", host.name));
  }
  if (!host.identity) {
    return;
  }
  if (!host.web) {
    wrong(where,
          say("{} has an identity provider, which needs \"web: {{}}\" before it", host.name));
  }
  const auto issuer = host.identity->issuer.substr(8);
  if (std::ranges::find(host.names, issuer) == host.names.end()) {
    wrong(where, say("the issuer {} is not one of the names of {}", issuer, host.name));
  }
}

Host host_of(const YAML::Node& key, const YAML::Node& value, const LabFile& lab, Taken& taken)
{
  const auto parts =
      known_parts_of(value, say("a host"), {"network", "addresses", "names", "servers"});
  Host host;
  host.name = name_of(key, say("the host"));
  const auto& network = needed(parts, "network", value, host.name);
  host.network = text_of(network, "network");
  const auto* cable = lab.network(host.network);
  if (cable == nullptr) {
    wrong(network, say("there is no network {} in this file", host.network));
  }
  read_addresses(needed(parts, "addresses", value, host.name), *cable, host, taken);
  if (const auto names = parts.find("names"); names != parts.end()) {
    for (const auto& item : nodes_of(names->second, "names")) {
      host.names.push_back(domain_of(item));
    }
  }
  if (const auto servers = parts.find("servers"); servers != parts.end()) {
    read_servers(servers->second, host);
  }
  check_host(host, value);
  return host;
}

}  // namespace

HostPlaces read_hosts(const YAML::Node& node, LabFile& lab)
{
  HostPlaces places;
  Taken taken;
  for (const auto& [key, value] : parts_of(node, "hosts")) {
    lab.hosts.push_back(host_of(key, value, lab, taken));
    places[lab.hosts.back().name] = place_of(key);
  }
  if (lab.hosts.size() > most_hosts) {
    wrong(node, say("more than {} hosts", most_hosts));
  }
  return places;
}

}  // namespace zonder::lab
