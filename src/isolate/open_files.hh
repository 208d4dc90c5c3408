// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <sys/resource.h>

#include "base/result.hh"

namespace zonder::isolate {

/// Errors: the system allows a process so few open files that a run would break off in the middle.
Result<void> check_open_files();

/// While this lives, zonder may have as many files open as the system allows it: it holds some for
/// each program and connection of the command. The command begins with the limit as it was.
class MoreOpenFiles {
public:
  MoreOpenFiles();
  ~MoreOpenFiles();
  MoreOpenFiles(const MoreOpenFiles&) = delete;
  MoreOpenFiles& operator=(const MoreOpenFiles&) = delete;
  MoreOpenFiles(MoreOpenFiles&&) = delete;
  MoreOpenFiles& operator=(MoreOpenFiles&&) = delete;

  /// In a child, before exec: the user's own limit again.
  static void give_back();
};

}  // namespace zonder::isolate
