// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/target.hh"

#include <algorithm>
#include <utility>

#include "base/ascii.hh"

namespace zonder::web {

namespace {

bool all_of(std::string_view text, std::string_view letters)
{
  return text.find_first_not_of(letters) == std::string_view::npos;
}

/// "Zonder.Internal.:80" is zonder.internal.
std::optional<std::string> host_of(std::string_view authority)
{
  constexpr std::string_view digits = "0123456789";
  constexpr std::size_t longest = 255;
  const bool bracketed = authority.starts_with('[');
  const auto end =
      bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos || authority.size() > longest) {
    return std::nullopt;
  }
  auto host = authority.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end);
  const auto port = authority.substr(bracketed ? end + 1 : end);
  const auto allowed = bracketed
                           ? "0123456789abcdefABCDEF:."
                           : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  if (!all_of(host, allowed) || (bracketed && host.empty()) ||
      (!port.empty() && (port.front() != ':' || !all_of(port.substr(1), digits)))) {
    return std::nullopt;
  }
  host.remove_suffix(host.ends_with('.') ? 1 : 0);
  return ascii_lower(std::string(host));
}

bool is_printable(std::string_view text)
{
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<Target> read_target(std::string_view target, std::string_view host)
{
  constexpr std::string_view scheme = "http://";
  if (ascii_lower(std::string(target.substr(0, scheme.size()))) == scheme) {
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    host = target.substr(0, end);
    target.remove_prefix(end);
    if (host.empty()) {
      return std::nullopt;
    }
  } else if (!target.starts_with('/')) {
    return std::nullopt;
  }
  auto named = host_of(host);
  if (!named || !is_printable(target) || target.find('#') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto mark = std::min(target.find('?'), target.size());
  const auto path = target.substr(0, mark);
  return Target{.path = path.empty() ? "/" : std::string(path),
                .query = std::string(target.substr(std::min(mark + 1, target.size()))),
                .host = std::move(*named)};
}

}  // namespace zonder::web
