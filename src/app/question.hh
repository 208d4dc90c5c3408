// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/world.hh"
#include "base/result.hh"

namespace zonder::app {

/// Whether somebody is there to answer: both ends are a terminal.
bool can_ask(const World& world);

/// Asks on the error stream and reads one line, without spaces around it. Nothing: the input ended.
std::optional<std::string> ask(const World& world, const std::string& question);

/// Asks until an answer will do: an error of `judge` is told, and asked again, three times in all.
/// Errors: the third answer's; `nobody`, a whole sentence, where the input ended.
Result<void> ask_until_good(const std::function<std::optional<std::string>()>& answer,
                            const std::function<Result<void>(const std::string&)>& judge,
                            const std::function<void(const std::string&)>& tell,
                            const std::string& nobody);

}  // namespace zonder::app
