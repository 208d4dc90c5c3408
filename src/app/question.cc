// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/question.hh"

#include <cstdio>

#include <unistd.h>

namespace zonder::app {

bool can_ask(const World& world)
{
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(::fileno(world.err)) == 1;
}

std::optional<std::string> ask(const World& world, const std::string& question)
{
  std::fputs((question + " ").c_str(), world.err);
  std::fflush(world.err);
  std::string line;
  for (;;) {
    const int next = std::fgetc(stdin);
    if (next == EOF && line.empty()) {
      return std::nullopt;
    }
    if (next == EOF || next == '\n') {
      break;
    }
    line += static_cast<char>(next);
  }
  const auto first = line.find_first_not_of(" \t\r");
  return first == std::string::npos
             ? std::string()
             : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

Result<void> ask_until_good(const std::function<std::optional<std::string>()>& answer,
                            const std::function<Result<void>(const std::string&)>& judge,
                            const std::function<void(const std::string&)>& tell,
                            const std::string& nobody)
{
  constexpr int tries = 3;
  for (int i = 1;; ++i) {
    const auto said = answer();
    if (!said) {
      return fail(Fault::Usage, nobody);
    }
    auto good = judge(*said);
    if (good || i == tries) {
      return good;
    }
    tell(good.error().message);
  }
}

}  // namespace zonder::app
