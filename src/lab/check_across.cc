// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <set>

#include "base/translate.hh"
#include "lab/lab_readers.hh"

namespace zonder::lab {
namespace {

/// Every name has a zone to stand in.
void check_names(const LabFile& lab, const HostPlaces& places)
{
  if (!lab.zones.empty()) {
    return;
  }
  for (const auto& host : lab.hosts) {
    if (!host.names.empty()) {
      wrong(places.at(host.name),
            say("{} has names, and there are no zones for them to stand in", host.name));
    }
  }
}

/// No two servers of a host want one port.
void check_ports(const LabFile& lab, const HostPlaces& places)
{
  for (const auto& host : lab.hosts) {
    std::set<std::pair<std::string, std::uint16_t>> taken;
    const auto take = [&](const char* protocol, std::uint16_t port) {
      if (port != 0 && !taken.emplace(protocol, port).second) {
        wrong(places.at(host.name),
              say("{} has two servers on {} port {}", host.name, protocol, port));
      }
    };
    if (host.web) {
      take("tcp", 80);
      take("tcp", 443);
    }
    take("tcp", host.mail ? 25 : 0);
    take("tcp", host.identity ? 3000 : 0);
    const bool dns = lab.serves_dns(host.name) || host.name == lab.resolver;
    take("tcp", dns ? 53 : 0);
    take("udp", dns ? 53 : 0);
    take("tcp", host.small.echo_tcp);
    take("udp", host.small.echo_udp);
    take("tcp", host.small.peer);
    take("tcp", host.small.slow);
    take("udp", host.small.reply_udp);
  }
}

}  // namespace

void check_across(const LabFile& lab, const HostPlaces& places)
{
  check_names(lab, places);
  check_ports(lab, places);
}

}  // namespace zonder::lab
