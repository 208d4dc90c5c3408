// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "net/address.hh"

// What a client asks of a proxy (RFC 9112 3.2.2, 3.2.3; RFC 9110 9.3.6). Who reads this decides on
// behalf of a proxy that reads it again, perhaps differently: so what is not plainly one thing is
// refused, and what is passed on is written anew from what was understood.
namespace zonder::wire::http {

struct ProxyRequest {
  enum class Body { None, Length, Chunked };
  std::string method;
  std::string name;                     // of whom is asked for: lower case, no final dot
  std::optional<net::Address> address;  // the same, where it is one; then `name` is empty
  std::uint16_t port = 0;
  Body body = Body::None;
  std::uint64_t length = 0;  // bytes, for Body::Length
  std::string head;          // to pass on: one target, one Host, and for all but CONNECT an end
                             // of the connection after it
  std::size_t size = 0;      // bytes of the head as it came
  bool operator==(const ProxyRequest&) const = default;

  [[nodiscard]] bool opens_tunnel() const { return method == "CONNECT"; }
};

enum class NoProxyRequest {
  More,      // fine so far, and not complete
  Malformed  // no request to a proxy, or not plainly one
};
using ProxyRequestRead = std::variant<NoProxyRequest, ProxyRequest>;

/// No longer head is read.
inline constexpr std::size_t longest_proxy_head = 65536;

/// Reads what a client sent first: all of it so far. What follows the head is left alone.
ProxyRequestRead read_proxy_request(std::string_view bytes);

/// The head of a request for a tunnel, with that address as its target and Host.
std::string tunnel_head_to(const ProxyRequest& request, const net::Address& address);

/// The head of a request for http:// as the server itself is asked, without what is for the proxy
/// alone. Nothing: it is for another scheme, or for a tunnel.
std::optional<std::string> head_for_server(const ProxyRequest& request);

/// How a proxy answered, as far as it tells what comes next on the connection.
struct ProxyReply {
  unsigned status = 0;
  std::optional<std::uint64_t> length;  // of what follows; nothing: until the proxy ends it
  bool closes = false;
  std::size_t size = 0;  // bytes of the head
  bool operator==(const ProxyReply&) const = default;
};
using ProxyReplyRead = std::variant<NoProxyRequest, ProxyReply>;
ProxyReplyRead read_proxy_reply(std::string_view bytes);

}  // namespace zonder::wire::http
