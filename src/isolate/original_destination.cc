// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/original_destination.hh"

#include <array>
#include <variant>

#include <netinet/in.h>
#include <sys/socket.h>

namespace zonder::isolate {

std::optional<InternetPlace> original_destination(const Descriptor& socket)
{
  constexpr int option = 80;  // SO_ORIGINAL_DST, and IP6T_SO_ORIGINAL_DST
  for (const int level : {SOL_IP, SOL_IPV6}) {
    std::array<std::uint8_t, sizeof(sockaddr_in6)> bytes{};
    socklen_t length = bytes.size();
    if (::getsockopt(socket.get(), level, option, bytes.data(), &length) != 0) {
      continue;
    }
    const auto named = place_named_by({bytes.data(), length});
    if (const auto* place = std::get_if<InternetPlace>(&named)) {
      return *place;
    }
  }
  return std::nullopt;
}

void reset_at_close(const Descriptor& socket)
{
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace zonder::isolate
