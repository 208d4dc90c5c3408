// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.hh"

namespace zonder {

/// Reads "30s", "10m", "4h", "3d", and several of them from large to small: "1h30m". A unit is
/// required. At most ten years.
Result<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace zonder
