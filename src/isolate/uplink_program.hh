// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "isolate/uplink.hh"

namespace zonder::isolate {

/// Errors: the device by which such a program makes its link is not here, or may not be opened.
Result<void> require_tun(const std::string& name);

Result<std::unique_ptr<Uplink>>
start_slirp4netns(const RoomPlan& plan, const UplinkSite& site, bool as_root);

/// Whether the uplink's router address is 127.0.0.1 (::1) of the machine. Only for the trial of
/// pasta; what a room could reach by it was not cut off.
enum class HostLoopback { Closed, AtRouter };

/// With flags that the pasta of Debian 12 (2023-03-09) and that of Debian 13 (2025-05-03) know.
Result<std::unique_ptr<Uplink>>
start_pasta(const RoomPlan& plan, const UplinkSite& site, bool as_root, HostLoopback loopback);

}  // namespace zonder::isolate
