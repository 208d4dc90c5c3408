// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// /etc/resolv.conf, which VPN clients and scripts write.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "isolate/resolv_conf.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto conf = zonder::isolate::parse_resolv_conf(text, "resolv.conf");
  if (!conf) {
    return 0;
  }
  for (const auto& line : conf->client_lines) {
    if (line.empty() || line.find('\n') != std::string::npos) {
      std::abort();
    }
  }
  return conf->upstream.empty() || conf->upstream.size() > 3 ? (std::abort(), 0) : 0;
}
