// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hh"
#include "isolate/tries.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// Ways around the network that stay open in the room since programs need them: the desktop's bus,
/// agents, displays. They are said in the record, for a program elsewhere may go to the network on
/// the command's behalf.
std::vector<model::LeftTheRoom> open_ways_out(const std::vector<std::string>& environment);

/// Adds what was used: unix sockets that were made outside the room, with who connected.
void add_uses_of_services(std::vector<model::LeftTheRoom>& ways,
                          const std::vector<UsedSocket>& used);

/// What --strict masks beside services_to_mask(): buses, agents, sound, printing; each once, and
/// only what is there. Displays stay, since nothing can be shown without.
std::vector<std::string> desktop_services(const std::vector<std::string>& environment);

/// Takes from `masked` what was allowed by name (--allow-socket), whichever link it was named by.
void leave_out(std::vector<std::string>& masked, const std::vector<std::string>& allowed);

/// Adds the sockets that were allowed, and the descriptors that the command keeps or begins with
/// (0-2), where those are connections.
void add_what_was_allowed(std::vector<model::LeftTheRoom>& ways,
                          const std::vector<std::string>& sockets,
                          const std::vector<int>& descriptors);

/// As what such a port stands in `ways`.
std::string port_of_this_machine(std::uint16_t port);

/// Adds the ports of this machine that were allowed, with who connected to them.
void add_uses_of_host(std::vector<model::LeftTheRoom>& ways,
                      const std::vector<std::uint16_t>& ports,
                      const std::vector<const Tries*>& tries);

/// TCP ports that were tried at loopback, but those that are let through; sorted. In the room that
/// is another loopback than the machine's.
std::vector<std::uint16_t> ports_at_own_loopback(const std::vector<std::uint16_t>& allowed,
                                                 const std::vector<const Tries*>& tries);

/// Errors: one of them is not open.
Result<void> check_kept_descriptors(const std::vector<int>& descriptors);

/// Errors: one of them is not there, or is neither a socket nor a folder.
Result<void> check_allowed_sockets(const std::vector<std::string>& paths);

/// A socket to the network that the command would inherit as 0, 1 or 2 (as inetd does) reaches out
/// whatever we cut. Errors: there is one.
Result<void> refuse_inherited_sockets();

}  // namespace zonder::isolate
