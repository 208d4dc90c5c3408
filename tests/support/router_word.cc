// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/router_word.hh"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/descriptor.hh"
#include "kernel/namespaces.hh"

namespace zonder::test {
namespace {

constexpr std::uint8_t rdnss = 25;         // RFC 8106, section 5.1
constexpr std::size_t rdnss_header = 8;    // before its first address
constexpr std::size_t unit_of_length = 8;  // of any option of neighbour discovery

std::optional<net::Address> name_server_in(std::span<const std::uint8_t> advertisement)
{
  std::size_t at = sizeof(nd_router_advert);
  while (at + unit_of_length <= advertisement.size()) {
    const auto length = advertisement[at + 1] * unit_of_length;
    if (length == 0 || at + length > advertisement.size()) {
      return std::nullopt;
    }
    if (advertisement[at] == rdnss && length >= rdnss_header + sizeof(in6_addr)) {
      std::uint64_t high = 0;
      std::uint64_t low = 0;
      for (std::size_t i = 0; i < sizeof high; ++i) {
        high = high << 8U | advertisement[at + rdnss_header + i];
        low = low << 8U | advertisement[at + rdnss_header + sizeof high + i];
      }
      return net::Address::v6(high, low);
    }
    at += length;
  }
  return std::nullopt;
}

Descriptor socket_for_advertisements()
{
  Descriptor socket(::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  icmp6_filter only{};
  ICMP6_FILTER_SETBLOCKALL(&only);
  ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &only);
  (void)::setsockopt(socket.get(), IPPROTO_ICMPV6, ICMP6_FILTER, &only, sizeof only);
  const int hops = 255;  // else nobody believes it
  (void)::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops);
  return socket;
}

void ask(const Descriptor& socket, unsigned link)
{
  nd_router_solicit question{};
  question.nd_rs_type = ND_ROUTER_SOLICIT;
  sockaddr_in6 routers{};
  routers.sin6_family = AF_INET6;
  routers.sin6_addr.s6_addr[0] = 0xff;
  routers.sin6_addr.s6_addr[1] = 0x02;
  routers.sin6_addr.s6_addr[15] = 0x02;
  routers.sin6_scope_id = link;
  (void)::sendto(socket.get(),
                 &question,
                 sizeof question,
                 0,
                 reinterpret_cast<const sockaddr*>(&routers),
                 sizeof routers);
}

}  // namespace

std::optional<net::Address> name_server_by_router(int network_namespace,
                                                  std::chrono::milliseconds limit)
{
  using clock = std::chrono::steady_clock;
  Descriptor socket;
  unsigned link = 0;
  const auto opened = kernel::in_network_namespace(network_namespace, [&]() -> Result<void> {
    socket = socket_for_advertisements();
    link = ::if_nametoindex("eth0");
    return {};
  });
  const auto end = clock::now() + limit;
  while (opened && socket && clock::now() < end) {
    ask(socket, link);  // fails as long as the device's own address is tentative
    pollfd state = {.fd = socket.get(), .events = POLLIN, .revents = 0};
    if (::poll(&state, 1, 500) <= 0) {
      continue;
    }
    std::array<std::uint8_t, 1500> message{};
    const auto got = ::recv(socket.get(), message.data(), message.size(), 0);
    if (got > 0) {
      if (const auto found = name_server_in({message.data(), static_cast<std::size_t>(got)})) {
        return found;
      }
    }
  }
  return std::nullopt;
}

}  // namespace zonder::test
