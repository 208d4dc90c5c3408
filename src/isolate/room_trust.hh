// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

namespace zonder::isolate {

/// Where Debian's programs look for the certificates of those they trust.
inline constexpr const char* trusted_certificates = "/etc/ssl/certs/ca-certificates.crt";

/// What the room's programs trust: what the machine's file and the files that the user named
/// in the environment hold, and `ours` (PEM).
std::string room_certificates(const std::vector<std::string>& environment, const std::string& ours);

/// Points the variables by which programs find such a file at the room's, and tells zonder's own
/// visitor of web pages, whose browser reads no such file, the authority's pin.
void trust_by_environment(std::vector<std::string>& environment, const std::string& pin);

}  // namespace zonder::isolate
