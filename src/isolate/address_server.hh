// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/child_process.hh"
#include "base/result.hh"
#include "isolate/room_plan.hh"

// What gives devices their addresses and tells them of the router: dnsmasq, in the gateway's
// network, with nothing but what we say. It reads no file of the machine's, writes none, and
// answers no names.
namespace zonder::isolate {

/// Where dnsmasq is. Errors: it is not installed, and what to do.
Result<std::string> find_address_server();

/// dnsmasq's whole command line. Errors: it is not installed, and what to do.
Result<std::vector<std::string>> address_server_command(const RoomPlan& plan);

/// Starts it in the calling process's network; it ends with the calling process. Errors: it does
/// not start, with what it said.
Result<ChildProcess> start_address_server(const std::vector<std::string>& command);

}  // namespace zonder::isolate
