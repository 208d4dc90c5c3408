// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/run.hh"

namespace zonder::app {

int run(const World& world, const RunOptions& options)
{
  (void)world;
  (void)options;
  return static_cast<int>(Exit::RunFailed);
}

}  // namespace zonder::app
