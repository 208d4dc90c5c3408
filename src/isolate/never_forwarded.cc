// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/never_forwarded.hh"

namespace zonder::isolate {

const std::vector<net::Prefix>& never_forwarded()
{
  static const std::vector<net::Prefix> all = [] {
    std::vector<net::Prefix> prefixes;
    for (const char* text : {"::/96",
                             "::ffff:0:0:0/96",
                             "64:ff9b:1::/48",
                             "2002::/16",
                             "2001::/32",
                             "fe80::/10",
                             "169.254.0.0/16",
                             "127.0.0.0/8"}) {
      prefixes.push_back(*net::Prefix::parse(text));
    }
    // ::ffff:0:0/96, which is read as IPv4.
    prefixes.push_back(net::Prefix::containing(net::Address::v6(0, 0xffff00000000), 96));
    return prefixes;
  }();
  return all;
}

}  // namespace zonder::isolate
