// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/run_checks.hh"

// What tests of the engine without namespaces have in common.
namespace zonder::test {

inline isolate::RunOptions by_calls(std::vector<std::string> command,
                                    model::Signature signature = model::Signature::Refuse)
{
  auto options = without_microsoft(std::move(command), signature);
  options.engine = isolate::Engine::Seccomp;
  return options;
}

/// As exits_with(), but the sentence of an error is shown too.
inline std::string ends_with(const char* what, const isolate::RunOptions& options, int code)
{
  const auto record = isolate::run(options);
  return record ? differs(what, record->exit_code, code)
                : std::string(what) + ": " + record.error().message + "; ";
}

}  // namespace zonder::test
