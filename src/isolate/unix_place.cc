// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/unix_place.hh"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <variant>

#include <sys/un.h>
#include <unistd.h>

#include "isolate/tries.hh"

namespace zonder::isolate {
namespace {

std::string absolute(pid_t thread, const std::string& path)
{
  if (path.front() == '/') {
    return path;
  }
  std::array<char, 4096> folder{};
  const auto link = "/proc/" + std::to_string(thread) + "/cwd";
  const auto length = ::readlink(link.c_str(), folder.data(), folder.size());
  return std::string(folder.data(), length > 0 ? static_cast<std::size_t>(length) : 0) + "/" + path;
}

}  // namespace

std::string unix_place(pid_t thread, const kernel::SocketBytes& address)
{
  const auto place = place_named_by(address);
  if (const auto* path = std::get_if<std::string>(&place)) {
    return path->empty() ? std::string() : absolute(thread, *path);
  }
  constexpr auto start = offsetof(sockaddr_un, sun_path);
  if (address.size() <= start + 1) {
    return {};
  }
  std::string name(address.begin() + start + 1, address.end());
  return "@" + name.substr(0, name.find('\0'));
}

bool lies_in(const std::string& path, const std::string& place)
{
  return path == place || (path.size() > place.size() &&
                           path.compare(0, place.size(), place) == 0 && path[place.size()] == '/');
}

std::string without_links(const std::string& path)
{
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace zonder::isolate
