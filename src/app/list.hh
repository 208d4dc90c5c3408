// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "app/world.hh"

namespace zonder::app {

struct ListOptions {
  std::string what = "providers";  // providers, owners, jurisdictions, services, formats, facts
};

/// Lists what the catalogue knows; for `facts`, and below providers and owners, how many facts of
/// each kind are sourced, unverified and unknown.
int list(const World& world, const ListOptions& options);

}  // namespace zonder::app
