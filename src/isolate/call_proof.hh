// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include "base/result.hh"
#include "isolate/controls.hh"
#include "isolate/doorkeeper.hh"
#include "isolate/keeper.hh"
#include "isolate/proof.hh"
#include "model/absence.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// proof.hh's two rounds where calls are all that we see: the process that will be the command
/// tries each canary, first while nobody is absent (the doorkeeper must let it through, but for the
/// closed door), then with the absent (it must be counted as dead). Nothing goes out in either.
/// Errors: it could not be tried at all.
Result<void> try_canaries_by_calls(Doorkeeper& doorkeeper,
                                   Keeper& keeper,
                                   const model::Absence& absence,
                                   const std::vector<Canary>& canaries,
                                   model::Proof& proof);

/// With the door open: what the process that will be the command reaches. `resolver`: a name server
/// as the command will know it. All must outlive it.
WayToControls way_of(Keeper& keeper, std::optional<net::Address> resolver);

}  // namespace zonder::isolate
