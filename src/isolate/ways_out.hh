// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// Ways around the network that stay open in the room since programs need them: the desktop's bus,
/// agents, displays. They are said in the record, for a program elsewhere may go to the network on
/// the command's behalf.
std::vector<model::LeftTheRoom> open_ways_out(const std::vector<std::string>& environment);

/// Adds what was used: unix sockets that were made outside the room, by path, with who connected.
using UsedPaths = std::vector<std::pair<std::string, std::vector<model::Share>>>;
void add_uses_of_services(std::vector<model::LeftTheRoom>& ways, const UsedPaths& used);

/// A socket to the network that the command would inherit as 0, 1 or 2 (as inetd does) reaches out
/// whatever we cut. Errors: there is one.
Result<void> refuse_inherited_sockets();

}  // namespace zonder::isolate
