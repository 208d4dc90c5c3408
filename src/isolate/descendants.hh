// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <vector>

#include <sys/types.h>

namespace zonder::isolate {

/// From now on a process whose parent ends becomes the caller's child, when it descends from the
/// caller: so nothing that the command started gets away, however often it forks. Gives whether it
/// was so before.
bool adopt_orphans(bool wanted);

/// The caller's children, ended ones too.
std::vector<pid_t> children_of_ours();

/// Kills all children of the caller but `spared`, takes them in, and goes on with theirs, which are
/// the caller's then. Nobody else's process can be hit: a number stays a child's until it is taken
/// in. Gives whether all have ended within the time.
bool end_descendants(const std::vector<pid_t>& spared, std::chrono::milliseconds limit);

}  // namespace zonder::isolate
