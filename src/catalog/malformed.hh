// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zonder::catalog {

/// What is plainly wrong with something that was meant as an address or an AS number, but could be
/// read as a name of the DNS: 999.1.1.1, as-8075, AS4294967296. Nothing for all else.
std::optional<std::string> why_malformed(std::string_view input);

}  // namespace zonder::catalog
