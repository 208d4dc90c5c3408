// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::cli {

/// What was typed, read: what is wanted everywhere, and what to do.
struct CommandLine {
  std::string language;         // "nl", "en", or empty: as the environment says
  std::string colour = "auto";  // auto, always, never
  app::Form form = app::Form::Text;
  bool quiet = false;
  bool offline = false;
  bool runs = false;  // somebody's command, whose exit code ours must not be taken for
  std::function<int(const app::World&)> action;
};

/// Reads the command line (without the program's name). Errors: usage, one sentence. The language
/// must be chosen before, see language_typed().
Result<CommandLine> read_command_line(const std::vector<std::string>& words);

/// The value of --lang, found before anything else is read, so that errors are in that language.
std::string language_typed(const std::vector<std::string>& words);

}  // namespace zonder::cli
