// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <string>

#include <sys/types.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/result.hh"

// Namespaces as values: a descriptor keeps one alive, and when the last is closed and the last
// process in it has ended, the kernel takes it away with all that is in it.
namespace zonder::kernel {

/// What a process made by start_in_new_namespaces() gets of its own.
struct NewNamespaces {
  bool user = false;  // with the one uid and gid below
  bool network = false;
  bool mount = false;  // made private at once: mounts in it are seen by nobody else
  bool pid = false;    // the child is its init: when it ends, the kernel ends all in it
  bool uts = false;
  bool ipc = false;
  uid_t inner_uid = 0;  // the one uid and gid that exist inside, mapped to our effective ones
  gid_t inner_gid = 0;
  bool die_with_parent = true;  // SIGKILL when the thread that called us ends
};

/// Clones a child into new namespaces, maps its ids (writing "deny" to setgroups), and lets it run
/// `body`; what that returns is its exit code. The body starts only when all of that is done; it
/// holds copies of all our descriptors, as after fork. /proc must be mounted. Errors say what
/// forbids it (sysctl, AppArmor profile, limit) and leave no process behind.
Result<ChildProcess> start_in_new_namespaces(const NewNamespaces& which,
                                             const std::function<int()>& body);

/// A descriptor of a process's namespace: kind is "net", "user", "mnt", "pid"...
Result<Descriptor> open_namespace(pid_t process, const char* kind);
/// The same, of the calling thread.
Result<Descriptor> open_own_namespace(const char* kind);

/// Puts the calling thread into the namespace.
Result<void> enter_namespace(int descriptor);

/// Runs `body` in a thread of its own inside the network namespace and gives back what it gave:
/// sockets opened there stay in that namespace wherever they are used.
Result<void> in_network_namespace(int descriptor, const std::function<Result<void>()>& body);

/// A new network namespace, made by a thread of its own; nobody is in it.
Result<Descriptor> new_network_namespace();

/// Writes /proc/sys/net/NAME of that network namespace, such as "ipv4/ip_forward".
Result<void>
set_network_option(int network_namespace, const std::string& name, const std::string& value);
/// Reads it, without the end of its line; empty: there is no such option.
Result<std::string> network_option(int network_namespace, const std::string& name);

/// The number that names a namespace (its inode), to tell whether two are the same.
Result<ino_t> namespace_id(int descriptor);
Result<ino_t> own_namespace_id(const char* kind);

}  // namespace zonder::kernel
