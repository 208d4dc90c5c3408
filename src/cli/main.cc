// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/complain.hh"
#include "app/passwords.hh"
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

/// A file that may grow no further (`ulimit -f`) is a write that fails, to be told as any other. By
/// a handler: unlike an ignored signal, that is gone again in all that we start.
void outlive_full_files()
{
  struct sigaction action = {};
  if (::sigaction(SIGXFSZ, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
    action.sa_handler = [](int) {
    };
    (void)::sigaction(SIGXFSZ, &action, nullptr);
  }
}

/// What a failure of zonder itself exits with: `run` must not be taken for its command.
int failed(bool runs, app::Exit otherwise)
{
  return static_cast<int>(runs ? app::Exit::RunFailed : otherwise);
}

/// Why the result cannot be written; nothing when all of it is out.
std::optional<std::string> trouble_with_result()
{
  const bool broken = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !broken) {
    return std::nullopt;
  }
  int error = errno;
  if (broken) {
    // The reason of an earlier write is gone; one more has it still.
    std::clearerr(stdout);
    errno = 0;
    error = std::fputc('\n', stdout) == EOF || std::fflush(stdout) != 0 ? errno : EIO;
  }
  return say("cannot write the result: {}", std::strerror(error));
}

int run_zonder(const cli::CommandLine& line)
{
  const int code = line.action(world_of(line));
  if (const auto trouble = trouble_with_result()) {
    app::complain(stderr, locale_is_utf8(), *trouble);
    return failed(line.runs, app::Exit::Incomplete);
  }
  return code;
}

int read_and_run(const std::vector<std::string>& words)
{
  choose_language(
      cli::language_typed(words), program_folder() + "/../share/locale", locale_is_utf8());
  const auto line = cli::read_command_line(words);
  if (!line) {
    app::complain(stderr, locale_is_utf8(), line.error().message);
    return static_cast<int>(app::Exit::Usage);
  }
  try {
    return run_zonder(*line);
  } catch (const std::exception& error) {
    app::complain(stderr, locale_is_utf8(), error.what());
    return failed(line->runs, app::Exit::NotPossible);
  }
}

}  // namespace
}  // namespace zonder

int main(int count, char** arguments)
{
  const std::vector<std::string> words(arguments + 1, arguments + count);
  zonder::app::hide_passwords({arguments, static_cast<std::size_t>(count)});
  zonder::outlive_full_files();
  try {
    return zonder::read_and_run(words);
  } catch (const std::exception& error) {
    zonder::app::complain(stderr, zonder::locale_is_utf8(), error.what());
    return static_cast<int>(zonder::app::Exit::NotPossible);
  }
}
