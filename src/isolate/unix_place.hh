// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include <sys/types.h>

#include "kernel/call_listener.hh"

namespace zonder::isolate {

/// The path of a unix socket that a thread names, as the thread sees it but absolute; "@name" of
/// one that is in no file system. Empty: it names none.
std::string unix_place(pid_t thread, const kernel::SocketBytes& address);

/// Whether a path is that place, or in that folder.
bool lies_in(const std::string& path, const std::string& place);

/// The path with no symbolic link in it; as it is where that is not known.
std::string without_links(const std::string& path);

}  // namespace zonder::isolate
