// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/complain.hh"
#include "app/world.hh"
#include "base/ascii.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "cli/command_line.hh"

namespace zonder {
namespace {

std::string environment(const char* name)
{
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool locale_is_utf8()
{
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = ascii_lower(environment(name));
    if (!value.empty()) {
      return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    }
  }
  return false;
}

std::string user_data_folder()
{
  const auto named = environment("XDG_DATA_HOME");
  if (named.starts_with('/')) {
    return named + "/zonder";
  }
  const auto home = environment("HOME");
  return home.starts_with('/') ? home + "/.local/share/zonder" : "";
}

bool wants_colour(const std::string& typed)
{
  if (typed != "auto") {
    return typed == "always";
  }
  return ::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 &&
         environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

app::World world_of(const cli::CommandLine& line)
{
  return {.share_folder = program_folder() + "/../share/zonder",
          .data_folder = user_data_folder(),
          .now = std::chrono::system_clock::now(),
          .form = line.form,
          .colour = wants_colour(line.colour),
          .unicode = locale_is_utf8(),
          .quiet = line.quiet,
          .offline = line.offline};
}

/// What a failure of zonder itself exits with: `run` must not be taken for its command.
int failed(const std::vector<std::string>& words, app::Exit otherwise)
{
  const bool ran = std::find(words.begin(), words.end(), "--") != words.end() ||
                   std::find(words.begin(), words.end(), "run") != words.end() ||
                   std::find(words.begin(), words.end(), "--page") != words.end();
  return static_cast<int>(ran ? app::Exit::RunFailed : otherwise);
}

int run_zonder(const std::vector<std::string>& words)
{
  choose_language(cli::language_typed(words), program_folder() + "/../share/locale");
  const auto line = cli::read_command_line(words);
  if (!line) {
    app::complain(stderr, false, line.error().message);
    return failed(words, app::Exit::Usage);
  }
  const int code = line->action(world_of(*line));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fprintf(stderr, "zonder: %s\n", say("cannot write the result").c_str());
    return failed(words, app::Exit::Incomplete);
  }
  return code;
}

}  // namespace
}  // namespace zonder

int main(int count, char** arguments)
{
  const std::vector<std::string> words(arguments + 1, arguments + count);
  try {
    return zonder::run_zonder(words);
  } catch (const std::exception& error) {
    zonder::app::complain(stderr, false, error.what());
    return zonder::failed(words, zonder::app::Exit::NotPossible);
  }
}
