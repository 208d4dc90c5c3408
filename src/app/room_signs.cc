// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/room_signs.hh"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace zonder::app {
namespace {

constexpr std::chrono::minutes silence{10};
constexpr std::uint16_t https_port = 443;
constexpr std::uint16_t dns_in_tls_port = 853;  // by TCP (RFC 7858), and in QUIC (RFC 9250)

/// As IANA's registry of ports has them, and WireGuard's own documentation (51820).
struct Tunnel {
  const char* protocol;
  std::uint16_t port;
  const char* called;
};
constexpr std::array tunnels = {Tunnel{"udp", 500, "IKE"},
                                Tunnel{"udp", 4500, "IPsec"},
                                Tunnel{"udp", 1701, "L2TP"},
                                Tunnel{"tcp", 1723, "PPTP"},
                                Tunnel{"udp", 1194, "OpenVPN"},
                                Tunnel{"tcp", 1194, "OpenVPN"},
                                Tunnel{"udp", 51820, "WireGuard"},
                                Tunnel{"47", 0, "GRE"},
                                Tunnel{"50", 0, "ESP"}};

std::string where(const model::RoomContact& contact)
{
  return !contact.name.empty() ? contact.name
         : contact.address     ? contact.address->to_string()
                               : std::string();
}

std::optional<std::string> as_tunnel(const model::RoomContact& contact)
{
  const auto* const found = std::ranges::find_if(tunnels, [&](const Tunnel& each) {
    return contact.protocol == each.protocol && contact.port == each.port;
  });
  if (found == tunnels.end() || contact.blocked) {
    return std::nullopt;
  }
  return fmt::format("{}: {} {} {}", found->called, found->protocol, found->port, where(contact));
}

std::optional<std::string> as_private_dns(const model::RoomContact& contact,
                                          const catalog::PrivateResolvers& known)
{
  if (contact.blocked || (contact.port != https_port && contact.port != dns_in_tls_port)) {
    return std::nullopt;
  }
  const auto* resolver = known.find(contact.name);
  if (resolver == nullptr && contact.address) {
    resolver = known.find(*contact.address);
  }
  if (resolver != nullptr) {
    return resolver->called + ": " + where(contact);
  }
  // That port is for nothing else, whoever is there.
  return contact.port == dns_in_tls_port
             ? std::optional(fmt::format("{} 853 {}", contact.protocol, where(contact)))
             : std::nullopt;
}

}  // namespace

std::vector<SeenSign>
signs_in(const model::RoomRecord& record, const catalog::PrivateResolvers& known, model::Moment now)
{
  std::vector<SeenSign> signs;
  std::vector<model::Moment> heard(record.devices.size());
  for (const auto& contact : record.contacts) {
    heard[contact.device] = std::max(heard[contact.device], contact.last);
    if (auto tunnel = as_tunnel(contact)) {
      signs.push_back({.device = contact.device,
                       .how = model::Outside::Vpn,
                       .what = std::move(*tunnel),
                       .time = contact.first});
    }
    if (auto names = as_private_dns(contact, known)) {
      signs.push_back({.device = contact.device,
                       .how = model::Outside::PrivateDns,
                       .what = std::move(*names),
                       .time = contact.first});
    }
  }
  for (std::size_t i = 0; i < record.devices.size(); ++i) {
    const auto& device = record.devices[i];
    const auto last = std::max(heard[i], device.joined);
    if (!device.by_leader && !device.left && now - last >= silence) {
      signs.push_back({.device = i, .how = model::Outside::Silent, .what = {}, .time = last});
    }
  }
  return signs;
}

}  // namespace zonder::app
