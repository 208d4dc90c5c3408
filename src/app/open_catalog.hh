// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "app/world.hh"
#include "base/result.hh"
#include "catalog/catalog.hh"

namespace zonder::app {

/// Opens the catalogue, each byte of which is as it was written: a damaged table would tell less
/// than it says, in silence. What it passed over is told on the error stream.
Result<catalog::Catalog> open_catalog(const World& world);

/// Tells an error on the error stream, and gives its exit code.
int failed_with(const World& world, const Error& error);

}  // namespace zonder::app
