// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/own_sockets.hh"

namespace zonder::isolate {
namespace {

bool is_any(net::Address address)
{
  return address == net::Address::v4(0) || address == net::Address::v6(0, 0);
}

/// Whether a socket at `bound` can get what goes to `to`. One at IPv6's "any" gets IPv4 too, unless
/// it said otherwise; and what goes to "any" goes to loopback, of whichever family.
bool can_get(net::Address bound, net::Address to)
{
  return bound == to || is_any(to) || bound == net::Address::v6(0, 0) ||
         (bound == net::Address::v4(0) && to.is_v4());
}

}  // namespace

void OwnSockets::note(std::uint8_t protocol, std::uint16_t port, std::uint64_t cookie)
{
  ports_.insert({protocol, port});
  cookies_.insert(cookie);
  if (cookies_.size() > capacity_) {
    cookies_.erase(cookies_.begin());
  }
}

bool OwnSockets::alone_get(const Destination& destination,
                           std::span<const kernel::SocketRow> there) const
{
  std::size_t rows = 0;
  std::size_t unknown = 0;
  std::size_t own_mptcp = 0;
  for (const auto& row : there) {
    if (!can_get(row.address, destination.address)) {
      continue;
    }
    const bool own = row.cookie != 0 && cookies_.count(row.cookie) > 0;
    if (row.is_mptcp) {
      own_mptcp += own ? 1 : 0;
    } else {
      ++rows;
      unknown += own ? 0 : 1;
    }
  }
  // What packets find of MPTCP has a cookie that no program sees; there is one for each.
  return rows > 0 && unknown == own_mptcp;
}

}  // namespace zonder::isolate
