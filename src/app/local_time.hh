// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>

#include "model/run_record.hh"

namespace zonder::app {

/// What this machine's clock was ahead of UTC at that moment.
std::chrono::minutes east_of_utc(model::Moment moment);

}  // namespace zonder::app
