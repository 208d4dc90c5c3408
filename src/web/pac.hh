// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/address.hh"

namespace zonder::web {

/// As which a PAC file is served.
inline constexpr const char* pac_type = "application/x-ns-proxy-autoconfig";

/// The PAC file of a room: everything goes by its proxy, but for the room's own page. `page_hosts`:
/// names and addresses of that, as they stand in a URL; letters, digits and ".-:[]" only, others
/// are left out. There is no way around it where the proxy does not answer.
std::string
pac_file(net::Address proxy, std::uint16_t port, const std::vector<std::string>& page_hosts);

}  // namespace zonder::web
