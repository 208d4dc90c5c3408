// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/unix_binds.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>

namespace zonder::isolate {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds long_enough{1};  // a bind waits for nothing but the disk
constexpr std::size_t most_pending = 64;

/// The name in a sockaddr_un, as bytes; an abstract one begins with a zero. Empty: none.
std::string name_in(std::span<const std::uint8_t> address)
{
  constexpr auto start = offsetof(sockaddr_un, sun_path);
  if (address.size() <= start) {
    return {};
  }
  const std::string name(address.begin() + start, address.end());
  return name.front() == 0 ? name : name.substr(0, name.find('\0'));
}

std::string name_of(const Descriptor& socket)
{
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    return {};
  }
  return name_in({reinterpret_cast<const std::uint8_t*>(&address),
                  std::min<std::size_t>(length, sizeof address)});
}

}  // namespace

void UnixBinds::begin(pid_t thread, Descriptor socket, const kernel::SocketBytes& address)
{
  auto wanted = name_in(address);
  // One that has a name already, given by whomever, gets no other.
  if (!socket || wanted.empty() || !name_of(socket).empty()) {
    return;
  }
  auto place = unix_place_to_be(thread, address);
  if (!place) {
    return;
  }
  if (pending_.size() >= most_pending) {
    pending_.erase(pending_.begin());
  }
  pending_.push_back({.socket = std::move(socket),
                      .wanted = std::move(wanted),
                      .place = std::move(*place),
                      .since = steady_clock::now()});
}

void UnixBinds::settle()
{
  const auto now = steady_clock::now();
  const auto is_over = [&](const Pending& each) {
    const auto name = name_of(each.socket);
    if (name == each.wanted && made_.size() < most_made) {
      if (auto key = each.place.key(); !key.empty()) {
        made_.insert(std::move(key));
      }
    }
    return !name.empty() || now - each.since > long_enough;
  };
  pending_.erase(std::remove_if(pending_.begin(), pending_.end(), is_over), pending_.end());
}

}  // namespace zonder::isolate
