// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/room_plan.hh"
#include "kernel/nft_transaction.hh"

// The network between the gateway and an uplink that is a program. Such a program handles each
// packet by itself, at the size that the room's devices make it: some tenths of what the line can
// do. So TCP ends here, at the kernel's own, and TcpRelay passes its bytes on; all else goes on to
// the program as before. The gateway does not know of it: what may leave was decided there.
//
// A connection is only taken here when there is one outside. What opens it goes to zonder by a
// link of its own ("opening"), and comes back by it when the other side has answered; else what
// comes back is what the outside said.
namespace zonder::isolate {

struct RelayNetwork {
  Descriptor network;
  Descriptor rules;    // netlink socket in it
  Descriptor opening;  // the packets of that link
  Descriptor listener_v4;
  Descriptor listener_v6;
};

/// In the process that holds the gateway, in its network: makes the network, and the pair between.
Result<RelayNetwork> make_relay_network(const RoomPlan& plan);

/// When the uplink's link is there: gives it its addresses and routes.
Result<void> connect_relay_network(const RoomPlan& plan, int network);

/// `ends_tcp` false: TCP goes by the program like all else, where the kernel has no transparent
/// sockets.
kernel::NftTransaction relay_rules(const RoomPlan& plan, bool ends_tcp);

}  // namespace zonder::isolate
