// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace zonder {

/// Whose problem it is, which decides the exit code (README.md: exit codes).
enum class Fault {
  Usage,        // what was typed or written in a file is wrong: 2
  Incomplete,   // done, but not all of it could be read or reached: 3
  NotPossible,  // not on this machine, or not with these rights: 4
  Internal      // zonder itself: 125 in `run`, else 4
};

/// What went wrong, where, and what to do about it: one sentence, already in the user's language.
struct Error {
  Fault fault = Fault::Internal;
  std::string message;
};

/// Becomes std::expected one day.
template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Fault fault, std::string message)
{
  return tl::unexpected<Error>(Error{fault, std::move(message)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace zonder

/// Returns the error of a Result<void>-like expression, or goes on.
#define ZONDER_TRY(expression)                                                                     \
  do {                                                                                             \
    if (auto zonder_result = (expression); !zonder_result) {                                       \
      return ::zonder::fail(std::move(zonder_result).error());                                     \
    }                                                                                              \
  } while (false)
