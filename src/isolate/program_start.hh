// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.hh"

// What happens between fork and exec in a process that becomes the command, and what its parent
// must hear of it.
namespace zonder::isolate {

/// Two pipes between the command's process and its parent. Numbers come back before it is the
/// command: where its calls can be listened at (or minus the errno), and then, when exec fails,
/// why. What it waits for in between is a number too. All ends are close-on-exec, so that the end
/// of the report without a number says that it has become the command.
struct BetweenUs {
  Descriptor report_read;
  Descriptor report_write;
  Descriptor go_read;
  Descriptor go_write;
};
std::optional<BetweenUs> make_pipes();

/// The same descriptor high up, out of the way of descriptors that the command keeps.
int out_of_the_way(const Descriptor& descriptor);

/// Nothing when the other end was closed.
std::optional<int> read_number(int from);
void write_number(int to, int number);

/// One right (CAP_NET_RAW and such), for what is started from here on.
void drop_right(int right);

/// What root among the commands must not be able to do: change networks, mounts, other processes,
/// the kernel. All of it for a command that is not root.
void drop_rights(bool as_root);

/// Becomes the program; a script without a first line is run by sh, as a shell does. Comes back
/// only when that failed, with errno set.
void execute(const std::string& program,
             const std::vector<std::string>& argv,
             const std::vector<std::string>& environment);

/// Takes in whatever has ended; the command's wait status when it was among them.
std::optional<int> reap(pid_t command);

}  // namespace zonder::isolate
