// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/result.hh"
#include "kernel/links.hh"

namespace zonder::isolate {

/// Of a port that is not among the machine's.
tl::unexpected<Error> no_such_port(const std::string& port);

/// Whether a link of the machine's can become a room: what it has would be lost with it, which is
/// addresses and routes (and the machine's own way out), what stands on it, its place in a bridge.
/// `links` are all of the machine's. Errors: what it has.
Result<void> refuse_port_in_use(kernel::Links& machine,
                                const kernel::Link& port,
                                const std::vector<kernel::Link>& links);

/// A bridge stays in the machine's network (a descriptor), and hears the room's router as any
/// device would: nobody can tell the two apart by what comes by its one new port. So it must not
/// listen to routers. Errors: it does, and what to set; no bridge is never wrong.
Result<void> refuse_bridge_that_heeds_routers(int machine, const kernel::Link& bridge);

/// Both of each, in the calling thread's network, before anything is made. Errors: the first
/// that is in use, or not there.
Result<void> refuse_ports_in_use(const std::vector<std::string>& ports);

}  // namespace zonder::isolate
