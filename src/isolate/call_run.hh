// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/result.hh"
#include "isolate/command.hh"
#include "isolate/run.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// The engine "seccomp", for machines that let nobody make namespaces: the command stays in the
/// machine's own network, and a doorkeeper decides about each of its calls. Weaker than a room: see
/// RunRecord::weaker, which it fills. `record` says already what is known before the run.
Result<model::RunRecord>
run_by_calls(const RunOptions& options, const FoundCommand& command, model::RunRecord record);

}  // namespace zonder::isolate
