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

/// The same of each, in the calling thread's network, before anything is made. Errors: the first
/// that is in use, or not there.
Result<void> refuse_ports_in_use(const std::vector<std::string>& ports);

}  // namespace zonder::isolate
