// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/url_host.hh"

#include <charconv>

namespace zonder::net {
namespace {

/// "www.example.nl:8080": without who asks.
std::string_view host_and_port(std::string_view url)
{
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  auto host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  if (const auto user = host.rfind('@'); user != std::string_view::npos) {
    host.remove_prefix(user + 1);
  }
  return host;
}

}  // namespace

std::string_view url_host(std::string_view url)
{
  const auto host = host_and_port(url);
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

std::string_view url_port_text(std::string_view url)
{
  auto host = host_and_port(url);
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    host = end == std::string_view::npos ? std::string_view() : host.substr(end + 1);
  }
  const auto colon = host.find(':');
  return colon == std::string_view::npos ? std::string_view() : host.substr(colon + 1);
}

std::uint16_t url_port(std::string_view url)
{
  const auto text = url_port_text(url);
  if (text.empty()) {
    const bool safe = url.starts_with("https://") || url.starts_with("wss://");
    const bool plain = url.starts_with("http://") || url.starts_with("ws://");
    return safe ? 443 : (plain ? 80 : 0);
  }
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() ? port : 0;
}

}  // namespace zonder::net
