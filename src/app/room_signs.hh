// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "catalog/private_resolvers.hh"
#include "model/room_record.hh"

namespace zonder::app {

/// Why something of a device's may have gone around the room, as far as that can be seen from it.
struct SeenSign {
  std::size_t device = 0;
  model::Outside how = model::Outside::Vpn;
  std::string what;
  model::Moment time;
};

/// Tunnels by their well-known ports and protocols; names asked inside TLS, or inside HTTPS of
/// who is known to answer there; and devices of people of which nothing was heard for ten minutes.
std::vector<SeenSign> signs_in(const model::RoomRecord& record,
                               const catalog::PrivateResolvers& known,
                               model::Moment now);

}  // namespace zonder::app
