// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

/// `zonder who NAME|ADDRESS|AS...`, as typed.
struct WhoOptions {
  std::vector<std::string> inputs;  // none: one a line from `in`
  std::FILE* in = stdin;
  std::string as_of;  // ISO day; empty: today
};

/// Tells whose each input is, in order, as text, zonder.who/1 or a result a line. Lines are
/// answered as they come, so any number of them passes through. What cannot be read is told with
/// its line: exit 2 when it was typed, 3 when the other lines were answered.
int who(const World& world, const WhoOptions& options);

}  // namespace zonder::app
