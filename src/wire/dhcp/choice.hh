// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "net/address.hh"

namespace zonder::wire::dhcp {

/// Whose offer of an address a client takes: it says so to all, so that who offered one too hears
/// that it is not his (RFC 2131 4.3.2; options in RFC 2132 9.6 and 9.7). Nothing: `message`, what
/// is in the datagram, is anything else, or no DHCP.
std::optional<net::Address> read_choice(std::span<const std::uint8_t> message);

}  // namespace zonder::wire::dhcp
