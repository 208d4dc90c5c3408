// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "model/page_visit.hh"

namespace zonder::report {

/// The part "pages" of zonder.run/1; null where the run was of no pages. The pictures are not in
/// it.
nlohmann::ordered_json pages_as_json(const std::optional<model::PagesTried>& pages);

}  // namespace zonder::report
