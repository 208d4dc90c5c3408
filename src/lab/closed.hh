// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <set>
#include <string>

#include <sys/types.h>

#include "base/descriptor.hh"
#include "base/result.hh"

// A lab bears addresses that others really have, so no packet of it may ever get out. Before the
// first one, this is looked at in the kernel itself, not in what we meant to build.
namespace zonder::lab {

/// The network namespaces of a lab: host name -> descriptor.
using Namespaces = std::map<std::string, Descriptor>;

/// Sees to it that nothing in these namespaces leads out of them: none of them is one of
/// `forbidden` (the machine's own); every link is loopback, a bridge, or a veth whose other end is
/// in one of them; every route goes over such a link, and every gateway is an address of one of
/// them. The error names the first link or route that leads out.
Result<void> check_closed(const Namespaces& namespaces, const std::set<ino_t>& forbidden);

}  // namespace zonder::lab
