// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include <sys/types.h>

#include "base/descriptor.hh"

namespace zonder::kernel {

/// What was found: the file, and the folder that has it by that name. Both opened with O_PATH.
struct FoundFile {
  Descriptor file;    // none: see errno
  Descriptor folder;  // none: it was reached by a descriptor, or is the root
};

/// What a path leads a thread to: from its own root and working directory, over
/// its own mounts, where /proc/self is its own. To be asked while the kernel holds the thread in a
/// call. Links are followed, the last too.
///
/// Errors, in errno: what the kernel would tell the thread (ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG;
/// EACCES, if it has no more rights than we); any other says that it could not be looked up. ESRCH:
/// the thread cannot be seen. EREMOTE: it leads through a file system that another program plays
/// (FUSE), which may wait for the thread itself, or for us, and is not asked.
FoundFile open_as_thread(pid_t thread, const std::string& path);

}  // namespace zonder::kernel
