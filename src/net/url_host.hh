// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string_view>

namespace zonder::net {

/// The host in "https://user@www.example.nl:8080/path", without the brackets of an IPv6 address;
/// part of `url`. Empty: there is none. Takes URLs as a browser writes them; checks nothing else.
std::string_view url_host(std::string_view url);

/// What stands behind the host's colon, whatever it is; part of `url`. Empty: nothing.
std::string_view url_port_text(std::string_view url);

/// The port that the URL leads to: what it names, else that of http, https, ws or wss in small
/// letters. 0: none can be told.
std::uint16_t url_port(std::string_view url);

}  // namespace zonder::net
