// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/unix_place.hh"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <variant>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.hh"
#include "isolate/tries.hh"
#include "kernel/thread_path.hh"

namespace zonder::isolate {
namespace {

constexpr int most_in_folder = 4096;

/// With its moment of birth, where the file system knows it: a number is given out again.
std::string key_of_socket(int folder, const char* name, int flags)
{
  struct statx about {};
  const unsigned wanted = STATX_TYPE | STATX_INO | STATX_BTIME;
  if (::statx(folder, name, flags | AT_NO_AUTOMOUNT, wanted, &about) != 0 ||
      !S_ISSOCK(about.stx_mode)) {
    return {};
  }
  auto key = std::to_string(about.stx_dev_major) + ":" + std::to_string(about.stx_dev_minor) + "/" +
             std::to_string(about.stx_ino);
  if ((about.stx_mask & STATX_BTIME) != 0) {
    key += "@" + std::to_string(about.stx_btime.tv_sec) + "." +
           std::to_string(about.stx_btime.tv_nsec);
  }
  return key;
}

std::string key_of(const std::filesystem::path& path)
{
  return key_of_socket(AT_FDCWD, path.c_str(), 0);
}

std::string abstract_name(const kernel::SocketBytes& address)
{
  constexpr auto start = offsetof(sockaddr_un, sun_path);
  sa_family_t family = AF_UNSPEC;
  if (address.size() <= start + 1) {
    return {};
  }
  std::memcpy(&family, address.data(), sizeof family);
  if (family != AF_UNIX) {
    return {};
  }
  const std::string name(address.begin() + start + 1, address.end());
  return "@" + name.substr(0, name.find('\0'));
}

std::string path_of(const Descriptor& file)
{
  std::array<char, 4096> path{};
  const auto link = "/proc/self/fd/" + std::to_string(file.get());
  const auto length = ::readlink(link.c_str(), path.data(), path.size());
  return std::string(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
}

/// Whether it may go where its user may not, as the first of a user namespace can.
bool passes_permissions(pid_t thread)
{
  const auto status = read_file("/proc/" + std::to_string(thread) + "/status", 8192);
  constexpr std::string_view title = "\nCapEff:\t";
  const auto at = status ? status->find(title) : std::string::npos;
  if (at == std::string::npos) {
    return true;
  }
  const auto has = std::strtoull(status->c_str() + at + title.size(), nullptr, 16);
  return (has & (1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_DAC_READ_SEARCH)) != 0;
}

/// Whether the thread, which we are not, is told the same.
bool holds_for(pid_t thread, int error)
{
  switch (error) {
  case ENOENT:
  case ENOTDIR:
  case ELOOP:
  case ENAMETOOLONG:
    return true;
  case EACCES:
    return !passes_permissions(thread);
  default:
    return false;
  }
}

}  // namespace

UnixPlace unix_place(pid_t thread, const kernel::SocketBytes& address)
{
  const auto place = place_named_by(address);
  const auto* path = std::get_if<std::string>(&place);
  if (path == nullptr) {
    auto name = abstract_name(address);
    return name.empty() ? UnixPlace()
                        : UnixPlace{.kind = UnixPlace::Kind::Abstract, .path = name, .key = name};
  }
  if (path->empty()) {
    return {};
  }
  const auto file = kernel::open_as_thread(thread, *path);
  if (!file) {
    return holds_for(thread, errno)
               ? UnixPlace()
               : UnixPlace{.kind = UnixPlace::Kind::Unknown, .path = *path, .key = {}};
  }
  auto key = key_of_socket(file.get(), "", AT_EMPTY_PATH);
  return key.empty() ? UnixPlace()
                     : UnixPlace{.kind = UnixPlace::Kind::Socket,
                                 .path = path_of(file),
                                 .key = std::move(key)};
}

std::string UnixPlaceToBe::key() const
{
  return folder ? key_of_socket(folder.get(), name.c_str(), AT_SYMLINK_NOFOLLOW) : name;
}

std::optional<UnixPlaceToBe> unix_place_to_be(pid_t thread, const kernel::SocketBytes& address)
{
  const auto place = place_named_by(address);
  const auto* path = std::get_if<std::string>(&place);
  if (path == nullptr) {
    auto name = abstract_name(address);
    return name.empty() ? std::nullopt
                        : std::optional(UnixPlaceToBe{.folder = Descriptor(), .name = name});
  }
  const auto slash = path->rfind('/');
  const bool here = slash == std::string::npos;
  auto folder = kernel::open_as_thread(thread, here ? "." : path->substr(0, slash + 1));
  return folder ? std::optional(UnixPlaceToBe{.folder = std::move(folder),
                                              .name = here ? *path : path->substr(slash + 1)})
                : std::nullopt;
}

bool lies_in(const UnixPlace& socket, const std::string& place)
{
  const auto& path = socket.path;
  if (path == place || (path.starts_with(place) && path[place.size()] == '/')) {
    return true;
  }
  if (socket.kind != UnixPlace::Kind::Socket) {
    return false;
  }
  if (key_of(place) == socket.key) {
    return true;
  }
  std::error_code problem;
  std::filesystem::recursive_directory_iterator each(
      place, std::filesystem::directory_options::skip_permission_denied, problem);
  for (int seen = 0;
       !problem && each != std::filesystem::recursive_directory_iterator() && seen < most_in_folder;
       ++seen) {
    if (key_of(each->path()) == socket.key) {
      return true;
    }
    each.increment(problem);
  }
  return false;
}

}  // namespace zonder::isolate
