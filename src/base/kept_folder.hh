// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>

#include "base/child_process.hh"
#include "base/file.hh"
#include "base/result.hh"

namespace zonder {

/// A temporary folder that goes also when we are killed (SIGKILL too): a small process in a session
/// of its own waits for our end, and then removes it, until nobody puts anything there any more.
/// Only who kills that process as well leaves it behind.
class KeptFolder {
public:
  /// Errors: the folder cannot be made, or nobody can be set to watch.
  static Result<KeptFolder> make(const std::string& prefix);

  [[nodiscard]] const std::string& path() const { return folder_.path(); }

private:
  KeptFolder(ChildProcess keeper, TemporaryFolder folder)
      : keeper_(std::move(keeper)), folder_(std::move(folder))
  {
  }
  // In this order: the folder goes first, and who watches it after that.
  ChildProcess keeper_;
  TemporaryFolder folder_;
};

}  // namespace zonder
