// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include <linux/filter.h>
#include <sys/types.h>

#include "isolate/channel.hh"
#include "isolate/room_files.hh"
#include "isolate/tries.hh"

namespace zonder::isolate {

/// What the room's first process is to do.
struct RoomOrder {
  std::string program;  // full path of the command
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::vector<int> keep_descriptors;
  std::vector<std::uint16_t> allowed_host_ports;
  std::vector<InternetPlace> loopback_proxies;  // which are at this machine's loopback
  RoomFiles files;
  uid_t uid = 0;  // who the command is
  gid_t gid = 0;
  bool as_root = false;    // no user namespace: real root, with some rights taken away
  sigset_t signal_mask{};  // that the command begins with
  std::vector<sock_filter> call_filter;  // tells the controller who asked; empty: nobody does
};

/// The body of the room's first process: pid 1 of its own pid namespace, in its own mount namespace
/// and in the room's network. It says "ready" when all is prepared, waits for "go", starts the
/// command ("watched", with the descriptor at which its calls are told, or "unwatched" with the
/// errno; then "started", with its pidfd, or "failed" with the errno), reaps, and says "ended" with
/// the wait status and how many other processes are ended then. When the controller's end of the
/// channel closes, it ends, and the kernel ends everything in the room.
///
/// The command stays in zonder's own process group and session, so that the terminal treats it as
/// what was typed: Ctrl-C, Ctrl-Z, window size and password prompts need nothing from us.
int live_in_room(const RoomOrder& order, Channel controller);

}  // namespace zonder::isolate
