// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/result.hh"
#include "store/sqlite.hh"

namespace zonder::store {

/// Brings a database to the newest form, step by step; an empty one gets all of it. Errors: it is
/// not a project of zonder's, or a newer zonder's.
Result<void> migrate(Database& database, const std::string& path);

}  // namespace zonder::store
