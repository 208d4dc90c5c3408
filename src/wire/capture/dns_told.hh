// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "wire/capture/capture.hh"

namespace zonder::wire::capture {

/// Tells what a DNS message asks and answers, as far as it can be read.
void tell_dns(DnsWalk& walk, DnsKind kind, const Scene& where, Listener& listener);

}  // namespace zonder::wire::capture
