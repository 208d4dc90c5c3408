// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include <linux/filter.h>

namespace zonder::kernel {

/// What a program that makes a socket hears: 0, it may; or the errno. Unix and netlink sockets, and
/// TCP, MPTCP, UDP and ping over IP: what a supervisor of calls can look at. Raw and packet
/// sockets, VSOCK, XDP, SCTP, DCCP and all others carry packets that no call names an address for.
int may_make_socket(int family, int type, int protocol);

/// The same as a filter for socket(2) in every way in which this processor lets programs call the
/// kernel, but for socketcall(2) of i386, whose arguments it cannot see; and the options that send
/// packets by another way than to their address (source routes) cannot be set.
std::vector<sock_filter> make_socket_filter();

/// Puts it on the calling thread and all that it starts. Needs PR_SET_NO_NEW_PRIVS, or
/// CAP_SYS_ADMIN in its own user namespace. Allocates nothing. False: errno says why.
bool refuse_other_sockets(const std::vector<sock_filter>& filter);

}  // namespace zonder::kernel
