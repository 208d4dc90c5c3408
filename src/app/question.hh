// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>

#include "app/world.hh"

namespace zonder::app {

/// Whether somebody is there to answer: both ends are a terminal.
bool can_ask(const World& world);

/// Asks on the error stream and reads one line, without spaces around it. Nothing: the input ended.
std::optional<std::string> ask(const World& world, const std::string& question);

}  // namespace zonder::app
