// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/child_process.hh"
#include "base/result.hh"
#include "lab/closed.hh"
#include "lab/lab_file.hh"

namespace zonder::lab {

/// Starts one process with all the small servers of all hosts; each socket is opened in its host's
/// network namespace, before this returns, so they answer at once.
Result<ChildProcess> start_small_servers(const LabFile& lab, const Namespaces& namespaces);

}  // namespace zonder::lab
