// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/own_unix_sockets.hh"

#include <algorithm>
#include <cstddef>

#include <sys/socket.h>
#include <sys/un.h>

#include "kernel/socket_table.hh"

namespace zonder::isolate {
namespace {

bool has_name(const Descriptor& socket)
{
  sockaddr_un address{};
  socklen_t length = sizeof address;
  return ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
         length > offsetof(sockaddr_un, sun_path);
}

}  // namespace

void OwnUnixSockets::note(const Descriptor& socket)
{
  // One that has a name already, given by whomever, gets no other.
  if (!socket || has_name(socket) || cookies_.size() >= most_kept) {
    return;
  }
  if (const auto cookie = kernel::cookie_of(socket); cookie != 0) {
    cookies_.insert(cookie);
  }
}

bool OwnUnixSockets::made(const UnixPlace& place) const
{
  if (cookies_.empty()) {
    return false;
  }
  const auto there = kernel::unix_sockets_at(table_, place.name);
  return there && std::any_of(there->begin(), there->end(), [this](std::uint64_t cookie) {
           return cookies_.count(cookie) > 0;
         });
}

}  // namespace zonder::isolate
