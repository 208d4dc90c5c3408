// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "base/result.hh"
#include "model/run_record.hh"

namespace zonder::app {

/// How a command gives its result.
enum class Form { Text, Json, JsonLines };

/// What every command may need of the world around it, found once at the start.
struct World {
  std::string share_folder;  // catalog.snapshot, lab programs: as installed or built
  std::string data_folder;   // $XDG_DATA_HOME/zonder: the user's own, newer catalogue
  model::Moment now;
  Form form = Form::Text;
  bool colour = false;  // only where a terminal reads it
  bool unicode = true;  // false: plain ASCII
  bool quiet = false;
  bool offline = false;     // never touch a network
  std::FILE* out = stdout;  // the result
  std::FILE* err = stderr;  // progress, log, questions
};

/// Exit codes of every command; what `run` passes on is the command's own.
enum class Exit : int {
  Done = 0,
  Findings = 1,
  Usage = 2,
  Incomplete = 3,
  NotPossible = 4,
  RunFailed = 125,
  NotExecutable = 126,
  NotFound = 127
};

/// The exit code that says whose problem an error is.
Exit exit_of(Fault fault);

/// Where the catalogue may lie, best first: $ZONDER_CATALOG, the user's own, the one shipped.
std::vector<std::string> catalog_places(const World& world);

}  // namespace zonder::app
