// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <set>
#include <string>

#include <sys/types.h>

#include "lab/lab.hh"

// The inside of a lab: runs as the first process of its pid namespace. Not for use outside lab/.
namespace zonder::lab {

/// Requests over the control socket (SOCK_SEQPACKET), one message each, and their answers:
///   "status"      -> JSON
///   "host NAME"   -> "ok" with descriptors: [user] pid ipc uts net mnt
///   "watch NAME"  -> "ok" with one descriptor
///   "down"        -> "ok", and the keeper ends
/// Anything else, or a host that is not there: "no SENTENCE".
inline constexpr std::size_t largest_message = std::size_t{1} << 18U;
inline constexpr std::size_t most_descriptors = 8;

struct KeeperTask {
  const LabFile& file;
  const Lab::Options& options;
  bool own_user_namespace = false;
  std::set<ino_t> forbidden;  // network namespaces that no host may be
  int control = -1;           // connected; the first message over it is "ready" or "no SENTENCE"
  int listener = -1;          // -1: not registered
};

/// Builds the lab, tells, and serves until it is told to end. Gives the exit code.
int keep_lab(const KeeperTask& task);

/// One message with descriptors. False, or empty: the other side is gone.
bool send_message(int socket, const std::string& text, const std::vector<int>& descriptors = {});
struct Received {
  std::string text;
  std::vector<Descriptor> descriptors;
};
Received receive_message(int socket);

}  // namespace zonder::lab
