// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hh"

namespace zonder::isolate {

/// How the command is kept from what is absent. Netns: by namespaces that an ordinary user makes,
/// in a user namespace. Root: by the same, made by root itself. Seccomp: without namespaces, by
/// deciding about each of its calls; weaker, so only where it is asked for.
enum class Engine { Automatic, Netns, Root, Seccomp };

std::optional<Engine> parse_engine(std::string_view text);  // "auto", "netns", "root", "seccomp"

/// As parse_engine() reads it.
std::string to_string(Engine engine);

/// Which one it will be here: never Automatic. Errors: what the wanted one needs.
Result<Engine> choose_engine(Engine wanted);

}  // namespace zonder::isolate
