// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/dhcp/choice.hh"

#include <algorithm>
#include <array>
#include <cstddef>

namespace zonder::wire::dhcp {
namespace {

constexpr std::array<std::uint8_t, 4> cookie = {99, 130, 83, 99};
constexpr std::size_t before_cookie = 236;
constexpr std::uint8_t from_client = 1;
constexpr std::uint8_t request = 3;

constexpr std::uint8_t pad = 0;
constexpr std::uint8_t end = 255;
constexpr std::uint8_t message_type = 53;
constexpr std::uint8_t server_identifier = 54;

}  // namespace

std::optional<net::Address> read_choice(std::span<const std::uint8_t> message)
{
  if (message.size() < before_cookie + cookie.size() || message[0] != from_client ||
      !std::ranges::equal(message.subspan(before_cookie, cookie.size()), cookie)) {
    return std::nullopt;
  }
  bool is_request = false;
  std::optional<net::Address> server;
  for (auto rest = message.subspan(before_cookie + cookie.size()); !rest.empty();) {
    const auto code = rest[0];
    if (code == end) {
      break;
    }
    if (code == pad) {
      rest = rest.subspan(1);
      continue;
    }
    if (rest.size() < 2 || rest.size() - 2 < rest[1]) {
      return std::nullopt;
    }
    const auto value = rest.subspan(2, rest[1]);
    if (code == message_type && value.size() == 1) {
      is_request = value[0] == request;
    } else if (code == server_identifier && value.size() == 4) {
      server = net::Address::from_bytes(net::Family::V4, value.data());
    }
    rest = rest.subspan(2 + value.size());
  }
  return is_request ? server : std::nullopt;
}

}  // namespace zonder::wire::dhcp
