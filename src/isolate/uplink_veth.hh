// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "isolate/uplink.hh"

// A pair of links between the network in which zonder was started and the gateway, and a small
// packet filter in that network (kernel::HostTable). This is the only thing of zonder's that adds
// to a network that it did not make. It asks for no more than it needs: it changes no sysctl, no
// route and no rule of anybody else, and says beforehand what it adds. The filter goes when zonder
// does, the link with the gateway.
//
// By a link the room could reach what it cannot by a program that makes connections for it: the
// machine's services. They are closed to it twice: by the filter, and, since that goes a moment
// before the room does when zonder is killed, by the gateway's own rules
// (RoomPlan::machine_addresses).
namespace zonder::isolate {

/// Whether it can be, as far as that can be seen without touching anything; gives the plan
/// addresses that no other room uses, the machine's MTU, and the machine's addresses to close.
/// Errors: not root, or the sysctl that is off and that only the administrator may turn on.
Result<void> prepare_veth(RoomPlan& plan);

/// Tells first what it adds to the machine's network.
Result<std::unique_ptr<Uplink>> start_veth(const RoomPlan& plan, pid_t gateway, const Tell& tell);

}  // namespace zonder::isolate
