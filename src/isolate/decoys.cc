// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/decoys.hh"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr auto v4_loopback = net::Address::v4(INADDR_LOOPBACK);
constexpr auto v6_loopback = net::Address::v6(0, 1);
/// IPv4's loopback as a socket of IPv6 says it.
constexpr auto mapped_loopback = net::Address::v6(0, 0xffff00000000ULL | INADDR_LOOPBACK);
constexpr int most_fillers = 8;

/// Whether a connection there is answered within some milliseconds.
bool is_answered(const Descriptor& socket)
{
  pollfd ready = {.fd = socket.get(), .events = POLLOUT, .revents = 0};
  return ::poll(&ready, 1, 20) > 0;
}

}  // namespace

Result<Descriptor> bind_socket(const SocketAddress& address, int type)
{
  Descriptor socket(::socket(address.storage.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket || ::bind(socket.get(), address.get(), address.length) != 0) {
    return fail(Fault::NotPossible,
                say("cannot use this machine's loopback: {}", std::strerror(errno)));
  }
  return socket;
}

std::uint16_t port_of(const Descriptor& socket)
{
  sockaddr_in6 address{};  // the port lies at the same place for IPv4
  socklen_t length = sizeof address;
  const auto got = ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
  return got == 0 ? ntohs(address.sin6_port) : std::uint16_t{0};
}

Result<Decoys> Decoys::open()
{
  Decoys decoys;
  auto v4 = decoys.open_at(v4_loopback);
  if (!v4) {
    return fail(v4.error());
  }
  decoys.v4_ = *v4;
  // Containers often have no ::1; a socket of IPv6 reaches IPv4's loopback then.
  if (const auto v6 = decoys.open_at(v6_loopback)) {
    decoys.v6_ = *v6;
    decoys.has_v6_ = true;
  }
  return decoys;
}

Result<Decoys::Ports> Decoys::open_at(net::Address loopback)
{
  Ports ports;
  const SocketAddress any_port(loopback, 0);
  auto listener = bind_socket(any_port, SOCK_STREAM);
  if (!listener) {
    return fail(listener.error());
  }
  ports.hanging = port_of(*listener);
  if (::listen(listener->get(), 0) != 0) {
    return fail(Fault::NotPossible,
                say("cannot use this machine's loopback: {}", std::strerror(errno)));
  }
  held_.push_back(std::move(*listener));
  // Until one is not answered: then the queue is full, and stays so.
  const SocketAddress there(loopback, ports.hanging);
  bool full = false;
  for (int i = 0; i < most_fillers && !full; ++i) {
    Descriptor filler(
        ::socket(there.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    (void)::connect(filler.get(), there.get(), there.length);
    full = !is_answered(filler);
    if (!full) {
      held_.push_back(std::move(filler));
    }
  }
  if (!full) {
    return fail(Fault::NotPossible, say("this machine has no place where a connection hangs"));
  }
  auto silent = bind_socket(any_port, SOCK_DGRAM);
  auto closed = bind_socket(any_port, SOCK_DGRAM);
  if (!silent || !closed) {
    return fail(!silent ? silent.error() : closed.error());
  }
  ports.silent = port_of(*silent);
  ports.closed = port_of(*closed);
  // It hears itself alone, so that the kernel answers everybody else that nobody is there.
  const SocketAddress itself(loopback, ports.closed);
  if (::connect(closed->get(), itself.get(), itself.length) != 0) {
    return fail(Fault::NotPossible,
                say("cannot use this machine's loopback: {}", std::strerror(errno)));
  }
  held_.push_back(std::move(*silent));
  held_.push_back(std::move(*closed));
  return ports;
}

net::Address Decoys::loopback(int family, net::Address to) const
{
  if (family == AF_INET) {
    return v4_loopback;
  }
  return to.is_v4() || !has_v6_ ? mapped_loopback : v6_loopback;
}

const Decoys::Ports& Decoys::ports_at(net::Address loopback) const
{
  return loopback == v6_loopback ? v6_ : v4_;
}

SocketAddress Decoys::hanging(int family, net::Address to) const
{
  const auto at = loopback(family, to);
  return {at, ports_at(at).hanging};
}

SocketAddress Decoys::silent(int family, net::Address to) const
{
  const auto at = loopback(family, to);
  return {at, ports_at(at).silent};
}

SocketAddress Decoys::closed(int family, net::Address to) const
{
  const auto at = loopback(family, to);
  return {at, ports_at(at).closed};
}

}  // namespace zonder::isolate
