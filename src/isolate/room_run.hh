// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/result.hh"
#include "isolate/command.hh"
#include "isolate/run.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// What cannot be asked of a room: --allow-host of a proxy's own port.
Result<void> check_for_room(const RunOptions& options);

/// The engines "netns" and "root": the command in namespaces of its own, behind a gateway of ours.
/// `record` says already what is known before the run; the options were checked.
Result<model::RunRecord> run_in_room(const RunOptions& options,
                                     bool as_root,
                                     const FoundCommand& command,
                                     model::RunRecord record);

}  // namespace zonder::isolate
