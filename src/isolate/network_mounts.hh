// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/run_record.hh"

// File systems that are a network's: the machine itself, or a program of it, fetches what is read
// there. It does so outside the room, so a document in the cloud would still open without the
// cloud.
namespace zonder::isolate {

struct NetworkMount {
  std::string place;   // where it is mounted
  std::string kind;    // "nfs4", "cifs", "fuse.rclone"
  std::string source;  // "//server.example/share"
  bool operator==(const NetworkMount&) const = default;
};

/// Those in the text of /proc/PID/mountinfo (proc_pid_mountinfo(5)), in its order. Lines that are
/// none of its form are passed over.
std::vector<NetworkMount> network_mounts(std::string_view mountinfo);

/// Adds those of this machine.
void add_network_mounts(std::vector<model::LeftTheRoom>& ways);

}  // namespace zonder::isolate
