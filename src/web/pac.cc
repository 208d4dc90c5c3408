// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/pac.hh"

#include <fmt/format.h>

#include "base/ascii.hh"

namespace zonder::web {

std::string
pac_file(net::Address proxy, std::uint16_t port, const std::vector<std::string>& page_hosts)
{
  // No function of the PAC environment: what those do differs, and some ask name servers.
  std::string own;
  for (const auto& host : page_hosts) {
    if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               ".-:[]") == std::string::npos) {
      own += fmt::format("  if (host === \"{}\") return \"DIRECT\";\n", ascii_lower(host));
    }
  }
  const auto address = proxy.is_v4() ? proxy.to_string() : "[" + proxy.to_string() + "]";
  return fmt::format("function FindProxyForURL(url, host) {{\n"
                     "  host = host.toLowerCase();\n{}"
                     "  return \"PROXY {}:{}\";\n}}\n",
                     own,
                     address,
                     port);
}

}  // namespace zonder::web
