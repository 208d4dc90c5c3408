// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/address.hh"

namespace zonder::test {

/// What it was sent, by all clients, one after another.
inline constexpr const char* proxy_log = "/mnt/scratch/proxy.log";

/// A plain proxy: CONNECT, and http:// targets; it believes every word. On a port that ends with 9
/// it asks for credentials once per connection before it does anything. Serves until it is killed;
/// writes a byte to `ready` when it listens. Never comes back with an open socket.
/// Some names it looks up nowhere, since it knows them: slow.example and login.only-proxy.example
/// are at Microsoft's address, www.only-proxy.example at the European one, and
/// turned.europe.example (which is nowhere else at that address) at 127.0.0.1.
int serve_as_proxy(const std::vector<net::Address>& at, std::uint16_t port, int ready);

/// All that proxies were sent so far.
std::string sent_to_proxies();

}  // namespace zonder::test
