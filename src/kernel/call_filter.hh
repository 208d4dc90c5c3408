// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include <linux/filter.h>

#include "base/descriptor.hh"
#include "base/result.hh"

// seccomp user notification: the kernel holds a program in the calls by which it reaches for
// something, and tells a supervisor, who may look before it lets the program go on. So the caller
// cannot have vanished when one looks, which is what goes wrong with searching /proc afterwards.
namespace zonder::kernel {

/// Tell: a supervisor looks, and something else decides. Decide: the supervisor does, so it hears
/// of sockets too where a filter cannot see which ones are made (socketcall of i386).
enum class CallFilterUse { Tell, Decide };

/// The filter, for every way in which this processor lets programs call the kernel (on x86-64 also
/// i386 with its socketcall, and x32): connect, bind, sendmsg, sendmmsg and sendto with an address
/// are told; io_uring does not exist (ENOSYS, as container runtimes have it), since what goes
/// through it is seen by no filter; calls of an architecture that we do not know do not exist
/// either. Made by libseccomp. Allocates: call it before a fork, not after.
Result<std::vector<sock_filter>> make_call_filter(CallFilterUse use = CallFilterUse::Tell);

/// Puts the filter on the calling thread and all that it starts from now on, and gives the
/// descriptor to listen at; close-on-exec. Needs CAP_SYS_ADMIN in its own user namespace, or
/// PR_SET_NO_NEW_PRIVS. Allocates nothing. Negative: minus the errno; -EBUSY: a supervisor above us
/// has the one place that there is.
int watch_own_calls(const std::vector<sock_filter>& filter);

}  // namespace zonder::kernel
