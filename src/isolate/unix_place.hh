// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "base/descriptor.hh"
#include "kernel/call_listener.hh"

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
  std::string path;  // of a socket: without links. "@name". Unknown: as the thread names it
  std::string key;   // the same for the same socket by whichever path; empty where it is unknown
};

/// To be asked while the kernel holds the thread in a call. It is looked up as the thread would: by
/// its own root, working directory, mounts, and descriptors (/proc/self/fd).
UnixPlace unix_place(pid_t thread, const kernel::SocketBytes& address);

/// A place where a socket is about to be made.
struct UnixPlaceToBe {
  Descriptor folder;  // none: of an abstract one
  std::string name;

  /// The key of the socket that is there now; empty: none is.
  [[nodiscard]] std::string key() const;
};

/// Nothing: the address names none, or its folder is not there.
std::optional<UnixPlaceToBe> unix_place_to_be(pid_t thread, const kernel::SocketBytes& address);

/// Whether a socket is `place`, or in that folder, under whichever name (hard links, mounts).
bool lies_in(const UnixPlace& socket, const std::string& place);

}  // namespace zonder::isolate
