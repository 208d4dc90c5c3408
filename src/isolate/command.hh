// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace zonder::isolate {

/// A command as a shell would find it.
struct FoundCommand {
  std::string path;     // full, or as typed when it has a slash
  int exit_code = 0;    // 126: there, but not executable; 127: not there; 0: found
  std::string problem;  // one sentence, when exit_code is not 0
};

/// Looks up `name` in PATH of `environment` ("NAME=value" each), unless it has a slash.
FoundCommand find_command(const std::string& name, const std::vector<std::string>& environment);

/// The exit code and the sentence for a command that exec refused.
FoundCommand refused_by_exec(const std::string& path, int error);

/// Whether exec would give it the rights of another user than `uid` (the setuid bit).
bool takes_rights_of_another(const std::string& path, uid_t uid);

/// The value of a variable; empty when it is not set.
std::string variable(const std::vector<std::string>& environment, const std::string& name);

}  // namespace zonder::isolate
