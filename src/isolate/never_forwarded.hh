// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include "net/prefix.hh"

namespace zonder::isolate {

/// Addresses that mean another one, or this machine, to whoever passes a packet on: an IPv4 address
/// written as IPv6 (mapped, compatible, translated, 6to4, Teredo, local NAT64), and link-local
/// space, where clouds keep their metadata services. Nothing that is run has a use for them past
/// this machine. One list for every engine.
const std::vector<net::Prefix>& never_forwarded();

}  // namespace zonder::isolate
