// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// One proxy that zonder was told of.
struct ProxyPlace {
  std::string name;                     // lower case, as on the wire; empty where it is an address
  std::optional<net::Address> address;  // the same, where that was written
  std::uint16_t port = 0;
  bool seen_through = true;  // false: spoken to by TLS or SOCKS, so it is closed in the room
  bool operator==(const ProxyPlace&) const = default;

  /// "proxy.example:3128", "[2001:db8::1]:3128"
  [[nodiscard]] std::string to_string() const;
};

/// The proxies of one run, each once, in the order in which they were told.
struct ToldProxies {
  std::vector<ProxyPlace> places;
  bool none = false;                    // --proxy none
  std::vector<ProxyPlace> left_unseen;  // then: those of the environment
  std::vector<std::string> not_read;    // and its variables that are not understood
  std::string for_command;  // URL for variables of the room that are not set; may be empty
  std::vector<std::string> variables;  // from which these come, where none was typed
};

/// --proxy: `http://HOST:PORT`, `https://` and `socks5://` (closed), `pac:FILE`, `file:///FILE`,
/// `none`; each as typed. But for `none` those of the variables http_proxy, https_proxy, all_proxy
/// and ftp_proxy too. Errors: Fault::Usage, what is wrong with one; where nothing was typed a
/// variable that is not understood too, since a proxy that is not known is not seen through.
Result<ToldProxies> read_proxies(const std::vector<std::string>& typed,
                                 const std::vector<std::string>& environment);

/// What the text of a PAC file names as "PROXY host:port" and the like, its comments too. The
/// program in it is not run: a name that it puts together is not found.
struct PacProxies {
  std::vector<ProxyPlace> places;
  std::string wrong;           // the first in no comment that cannot be understood: "PROXY a.nl:0"
  std::size_t wrong_line = 0;  // where it stands, from 1
};
PacProxies proxies_in_pac(std::string_view text);

/// Sets http_proxy and https_proxy where they are not set by any of their names.
void set_proxy_variables(std::vector<std::string>& environment, const std::string& url);

}  // namespace zonder::isolate
