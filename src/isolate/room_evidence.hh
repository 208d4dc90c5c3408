// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/result.hh"
#include "isolate/stage.hh"

namespace zonder::isolate {

/// Reads when the gateway saw what, as far as its log has told. Also while the command runs: the
/// log has room for so much only.
void read_log(Stage& stage);

/// What was seen while the command ran, into the stage's record: the gateway's counts and places,
/// who reached for them, names, proxies. Ends those who still look. Errors: the gateway cannot be
/// read.
Result<void> collect_evidence(Stage& stage);

}  // namespace zonder::isolate
