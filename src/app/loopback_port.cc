// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/loopback_port.hh"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/translate.hh"

namespace zonder::app {

Result<LoopbackPort> LoopbackPort::open(std::uint16_t port)
{
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  here.sin_port = htons(port);
  auto* const at = reinterpret_cast<sockaddr*>(&here);
  socklen_t size = sizeof here;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), at, size) != 0 || ::listen(socket.get(), 64) != 0 ||
      ::getsockname(socket.get(), at, &size) != 0) {
    return fail(Fault::NotPossible,
                say("the leader's page cannot be at 127.0.0.1:{}: {}; choose another --port",
                    port,
                    std::strerror(errno)));
  }
  return LoopbackPort(std::move(socket), ntohs(here.sin_port));
}

std::string LoopbackPort::to_string() const
{
  return "127.0.0.1:" + std::to_string(port_);
}

std::vector<Descriptor> LoopbackPort::take()
{
  std::vector<Descriptor> all;
  all.push_back(std::move(socket_));
  return all;
}

}  // namespace zonder::app
