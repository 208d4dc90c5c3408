// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "catalog/catalog.hh"
#include "catalog/facts.hh"

namespace zonder::catalog {

/// Who runs a party's things, who owns that up to the top, and under which law, on a day.
/// `operated`: id of another party that runs this piece, or empty.
Control control_of(const Facts& facts, std::size_t party, std::string_view operated, Date as_of);

/// Everybody who is owned by `owner` on that day, directly or through others; sorted, without it.
std::vector<std::size_t> owned_by(const Facts& facts, std::size_t owner, Date as_of);

}  // namespace zonder::catalog
