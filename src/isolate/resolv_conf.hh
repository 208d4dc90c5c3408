// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// A resolver of the user's own.
struct Upstream {
  net::Address address;
  std::uint16_t port = 53;
  std::uint32_t link = 0;  // index of the link, for fe80:: addresses; else 0
  bool operator==(const Upstream&) const = default;
};

/// What /etc/resolv.conf says (resolv.conf(5)).
struct ResolvConf {
  std::vector<Upstream> upstream;  // the first three, as the C library does
  /// The lines that concern the client (domain, search, options, sortlist), each without its end:
  /// the room's own resolv.conf is our nameserver plus these.
  std::vector<std::string> client_lines;
};

/// Errors: no usable nameserver line. Lines that nobody understands are skipped, as the C library
/// does. `path` is only for the message.
Result<ResolvConf> parse_resolv_conf(std::string_view text, const std::string& path);

/// The domains of its last search or domain line, as written.
std::vector<std::string> search_domains(const std::vector<std::string>& client_lines);

/// The user's own resolvers. Errors: unreadable, or none in it.
Result<std::vector<Upstream>> read_resolv_conf(const std::string& path);

/// The whole of it. Errors: as above.
Result<ResolvConf> read_whole_resolv_conf(const std::string& path);

}  // namespace zonder::isolate
