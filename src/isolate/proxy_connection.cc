// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_connection.hh"

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace zonder::isolate {
namespace {

bool must_wait(int error)
{
  return error == EAGAIN || error == EINTR || error == ENOTCONN;
}

}  // namespace

bool hear(ProxySide& from, std::string& into, std::size_t most)
{
  std::array<char, 65536> bytes;
  while (!from.heard_all && into.size() < most) {
    const auto got = ::recv(from.socket.get(), bytes.data(), bytes.size(), 0);
    if (got < 0) {
      return must_wait(errno);
    }
    from.heard_all = got == 0;
    into.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return true;
}

bool tell(ProxySide& to, bool nothing_follows)
{
  while (!to.out.empty()) {
    const auto sent = ::send(to.socket.get(), to.out.data(), to.out.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return must_wait(errno);
    }
    to.out.erase(0, static_cast<std::size_t>(sent));
  }
  if (nothing_follows && !to.told_all) {
    to.told_all = true;
    (void)::shutdown(to.socket.get(), SHUT_WR);
  }
  return true;
}

bool is_over(ProxyPhase phase)
{
  return phase == ProxyPhase::Silent || phase == ProxyPhase::Answered ||
         phase == ProxyPhase::Frozen;
}

bool hears_proxy(ProxyPhase phase)
{
  return phase == ProxyPhase::Challenge || phase == ProxyPhase::Hello ||
         phase == ProxyPhase::InnerLookUp || phase == ProxyPhase::Tunnel ||
         phase == ProxyPhase::Document;
}

}  // namespace zonder::isolate
