// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "wire/lists/lists.hh"

namespace zonder::wire::lists {

/// By its first bytes: gzip, xz, bzip2, zstd, zip or tar.
bool is_archive(std::string_view bytes);

/// What was found, or why that is nothing.
Result<Lists> if_any(const std::string& path, Lists found);

}  // namespace zonder::wire::lists
