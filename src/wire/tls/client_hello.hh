// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace zonder::wire::tls {

/// The first message of a TLS client (RFC 8446 4.1.2, and earlier versions), as far as it tells who
/// is asked for.
struct ClientHello {
  std::string server_name;  // lower case, without a final dot; empty: none was given
  bool encrypted = false;   // there is another one inside (ECH); what is read here is the outer one
  bool operator==(const ClientHello&) const = default;
};

enum class NoHello {
  More,      // fine so far, and not complete
  NotTls,    // the first bytes are no handshake record
  Malformed  // it began as one
};
using HelloRead = std::variant<NoHello, ClientHello>;

/// No longer message is read; what real clients send is well below.
inline constexpr std::size_t longest_hello = 32768;

/// Reads what a client sent first: all of it so far. The message may lie in several records, and
/// what follows it in records of their own is left alone.
HelloRead read_client_hello(std::span<const std::uint8_t> bytes);

}  // namespace zonder::wire::tls
