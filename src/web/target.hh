// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zonder::web {

/// What a request is for.
struct Target {
  std::string path;   // from its first "/", as sent: nothing decoded, no ".." followed
  std::string query;  // behind the question mark, as sent
  std::string host;   // lower case, without port, brackets and last dot; empty: none was named
  bool operator==(const Target&) const = default;
};

/// From the second word of a request, "/path?query" or "http://host/path", and its Host (empty:
/// none); the host in the target goes before the other (RFC 9112 3.2.2). Nothing: neither of both
/// forms, or bytes that may not stand there.
std::optional<Target> read_target(std::string_view target, std::string_view host);

}  // namespace zonder::web
