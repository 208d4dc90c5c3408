// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

namespace zonder::net {

/// The host in "https://user@www.example.nl:8080/path", without the brackets of an IPv6 address;
/// part of `url`. Empty: there is none. Takes URLs as a browser writes them; checks nothing else.
std::string_view url_host(std::string_view url);

}  // namespace zonder::net
