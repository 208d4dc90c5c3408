// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include <sys/types.h>

#include "base/descriptor.hh"
#include "kernel/call_listener.hh"
#include "kernel/socket_table.hh"

namespace zonder::isolate {

/// Where a unix socket's address leads a thread.
struct UnixPlace {
  enum class Kind {
    Nothing,   // nowhere that could answer
    Abstract,  // it is in no file system
    Socket,
    Unknown,  // could not be looked up, and may be a socket
  };
  Kind kind = Kind::Nothing;
  std::string path;       // of a socket: without links. "@name". Unknown: as the thread names it
  kernel::UnixName name;  // of the first two
  Descriptor folder;      // in which it was found; none: it was reached by a descriptor
};

/// To be asked while the kernel holds the thread in a call. It is looked up as the thread would: by
/// its own root, working directory, mounts, and descriptors (/proc/self/fd).
UnixPlace unix_place(pid_t thread, const kernel::SocketBytes& address);

/// Whether a socket is `place`, or in that folder, under whichever name (hard links, mounts).
bool lies_in(const UnixPlace& socket, const std::string& place);

}  // namespace zonder::isolate
