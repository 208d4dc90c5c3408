// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/borrowed_socket.hh"

#include <cerrno>

#include <fcntl.h>
#include <sys/time.h>

namespace zonder::isolate {
namespace {

int option(const Descriptor& socket, int which)
{
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(socket.get(), SOL_SOCKET, which, &value, &length) == 0 ? value : 0;
}

timeval send_timeout(const Descriptor& socket)
{
  timeval value{};
  socklen_t length = sizeof value;
  (void)::getsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &value, &length);
  return value;
}

}  // namespace

BorrowedSocket BorrowedSocket::of(Descriptor descriptor)
{
  BorrowedSocket socket;
  socket.family = option(descriptor, SO_DOMAIN);
  socket.type = option(descriptor, SO_TYPE);
  socket.protocol = option(descriptor, SO_PROTOCOL);
  socket.descriptor = std::move(descriptor);
  return socket;
}

bool BorrowedSocket::never_waits() const
{
  return (::fcntl(descriptor.get(), F_GETFL) & O_NONBLOCK) != 0;
}

int connect_without_waiting(const BorrowedSocket& socket, const sockaddr* to, socklen_t length)
{
  const int fd = socket.descriptor.get();
  const bool would_wait = socket.is_stream() && !socket.never_waits();
  const auto before = send_timeout(socket.descriptor);
  if (would_wait) {
    const timeval one_tick = {.tv_sec = 0, .tv_usec = 1};
    (void)::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &one_tick, sizeof one_tick);
  }
  const int result = ::connect(fd, to, length) == 0 ? 0 : -errno;
  if (would_wait) {
    (void)::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &before, sizeof before);
  }
  return result;
}

long patience_of(const BorrowedSocket& socket)
{
  const auto limit = send_timeout(socket.descriptor);
  return limit.tv_sec * 1000 + (limit.tv_usec + 999) / 1000;
}

}  // namespace zonder::isolate
