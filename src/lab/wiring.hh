// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/result.hh"
#include "lab/closed.hh"
#include "lab/lab_file.hh"

// The cables: each host is a network namespace with one link, eth0. All links end in one more, the
// router, in which every network is a bridge with the network's gateway address.
namespace zonder::lab {

/// The name of the router among the Namespaces; no host can have it.
inline constexpr const char* router = "(router)";

/// Makes the namespaces and the links between them; all are still down, so nothing is sent.
Result<Namespaces> lay_cables(const LabFile& lab);

/// Gives addresses and routes and takes the links up. Call it when check_closed() has said yes.
Result<void> switch_on(const LabFile& lab, const Namespaces& namespaces);

}  // namespace zonder::lab
