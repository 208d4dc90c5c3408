// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>

#include "net/address.hh"

namespace zonder::test {

/// The name server that a router in that network tells of in its advertisements (RFC 8106), for a
/// device that has IPv6 alone. Asks for one, as a device does when it comes, until `limit`.
/// Nothing: no router spoke, or none named a name server.
std::optional<net::Address> name_server_by_router(int network_namespace,
                                                  std::chrono::milliseconds limit);

}  // namespace zonder::test
