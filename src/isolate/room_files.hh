// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"

// What a program in the room finds in the file system that is not so outside: the room's own name
// server, and no sockets of host services that would go to the network on its behalf.
namespace zonder::isolate {

/// The room's resolv.conf: our name servers, and the user's search domains and options.
std::string room_resolv_conf(const std::vector<net::Address>& servers,
                             const std::vector<std::string>& client_lines);

/// The user's nsswitch.conf with names of hosts from files and DNS only: other modules (nscd's
/// resolve, mdns, winbind) would ask a service outside the room.
std::string room_nsswitch_conf(std::string_view users);

/// Paths of services outside the room that reach the network for others: name caches, container and
/// virtual machine engines. Those that are there, as `runtime_folder` ($XDG_RUNTIME_DIR) too.
std::vector<std::string> services_to_mask(const std::string& runtime_folder);

/// In a mount namespace of our own: puts the files in place, masks the services, and mounts a /proc
/// for the calling process's pid namespace. A resolv.conf that is a dangling link gets a target; a
/// read-only /etc is fine. Nothing of it is seen outside. Errors: the kernel does not let us.
struct RoomFiles {
  std::string resolv_conf;
  std::string nsswitch_conf;  // empty: the machine has none
  std::string certificates;   // for trusted_certificates (room_trust.hh); empty: as they are
  std::vector<std::string> masked;
};
Result<void> arrange_files(const RoomFiles& files);

}  // namespace zonder::isolate
