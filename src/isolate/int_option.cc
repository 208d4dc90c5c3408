// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/int_option.hh"

#include <algorithm>
#include <array>
#include <span>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

namespace zonder::isolate {
namespace {

constexpr std::array of_sockets = {SO_REUSEADDR,
                                   SO_REUSEPORT,
                                   SO_KEEPALIVE,
                                   SO_BROADCAST,
                                   SO_SNDBUF,
                                   SO_RCVBUF,
                                   SO_RCVLOWAT,
                                   SO_OOBINLINE,
                                   SO_PASSCRED,
                                   SO_TIMESTAMP,
                                   SO_TIMESTAMPNS};
constexpr std::array of_v4 = {IP_TOS,
                              IP_TTL,
                              IP_MTU_DISCOVER,
                              IP_RECVERR,
                              IP_PKTINFO,
                              IP_RECVTTL,
                              IP_RECVTOS,
                              IP_MULTICAST_TTL,
                              IP_MULTICAST_LOOP,
                              IP_BIND_ADDRESS_NO_PORT};
constexpr std::array of_v6 = {IPV6_V6ONLY,
                              IPV6_UNICAST_HOPS,
                              IPV6_MULTICAST_HOPS,
                              IPV6_MULTICAST_LOOP,
                              IPV6_MTU_DISCOVER,
                              IPV6_RECVERR,
                              IPV6_RECVPKTINFO,
                              IPV6_RECVHOPLIMIT,
                              IPV6_RECVTCLASS,
                              IPV6_TCLASS};
constexpr std::array of_tcp = {TCP_NODELAY,
                               TCP_CORK,
                               TCP_MAXSEG,
                               TCP_KEEPIDLE,
                               TCP_KEEPINTVL,
                               TCP_KEEPCNT,
                               TCP_SYNCNT,
                               TCP_LINGER2,
                               TCP_DEFER_ACCEPT,
                               TCP_QUICKACK,
                               TCP_USER_TIMEOUT};

bool is_among(std::span<const int> names, int name)
{
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_harmless_int_option(int level, int name)
{
  switch (level) {
  case SOL_SOCKET:
    return is_among(of_sockets, name);
  case IPPROTO_IP:
    return is_among(of_v4, name);
  case IPPROTO_IPV6:
    return is_among(of_v6, name);
  case IPPROTO_TCP:
    return is_among(of_tcp, name);
  case IPPROTO_UDP:
    return name == UDP_CORK;
  default:
    return false;
  }
}

}  // namespace zonder::isolate
