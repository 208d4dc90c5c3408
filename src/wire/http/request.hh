// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace zonder::wire::http {

/// The head of an HTTP/1 request, as far as it decides how it is refused.
struct Request {
  std::string method;
  std::string path;  // without what follows a question mark
  std::string host;  // lower case, without its port; empty: none, or no host name
  bool has_authorization = false;
  bool wants_html = false;
  bool operator==(const Request&) const = default;
};

enum class NoRequest {
  More,      // fine so far, and not complete
  NotHttp,   // the first bytes are no method
  Malformed  // it began as one
};
using RequestRead = std::variant<NoRequest, Request>;

/// No longer head is read.
inline constexpr std::size_t longest_head = 65536;

/// Reads what a client sent first: all of it so far. What follows the head is left alone.
RequestRead read_request(std::string_view bytes);

}  // namespace zonder::wire::http
