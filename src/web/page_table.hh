// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "report/html_parts.hh"

namespace zonder::web {

using report::Column;

/// A table of cells that are HTML already; the first of each row names it. `caption`: plain text.
std::string table(const std::string& caption,
                  const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows);

}  // namespace zonder::web
