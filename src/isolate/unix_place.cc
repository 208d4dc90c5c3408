// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/unix_place.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sstream>
#include <system_error>
#include <tuple>
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
constexpr int deepest_folder = 64;

using Identity = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;

/// Of a socket or a folder; nothing: it is something else, or not there.
std::optional<Identity> identity_of(int folder, const char* name, int flags, mode_t kind)
{
  struct statx about {};
  if (::statx(folder, name, flags | AT_NO_AUTOMOUNT, STATX_TYPE | STATX_INO, &about) != 0 ||
      (about.stx_mode & S_IFMT) != kind) {
    return std::nullopt;
  }
  return Identity(about.stx_dev_major, about.stx_dev_minor, about.stx_ino);
}

std::optional<Identity> socket_at(const std::filesystem::path& path)
{
  return identity_of(AT_FDCWD, path.c_str(), 0, S_IFSOCK);
}

Identity identity_of(const UnixPlace& socket)
{
  return {socket.name.device_major, socket.name.device_minor, socket.name.inode};
}

/// The whole of it counts, zeros too.
std::optional<std::string> abstract_name(const kernel::SocketBytes& address)
{
  constexpr auto start = offsetof(sockaddr_un, sun_path);
  sa_family_t family = AF_UNSPEC;
  if (address.size() <= start || address[start] != 0) {
    return std::nullopt;
  }
  std::memcpy(&family, address.data(), sizeof family);
  return family == AF_UNIX ? std::optional(std::string(address.begin() + start + 1, address.end()))
                           : std::nullopt;
}

/// As ss writes it.
std::string shown(const std::string& abstract)
{
  auto text = "@" + abstract;
  std::replace(text.begin(), text.end(), '\0', '@');
  return text;
}

std::string path_of(const Descriptor& file)
{
  std::array<char, 4096> path{};
  const auto link = "/proc/self/fd/" + std::to_string(file.get());
  const auto length = ::readlink(link.c_str(), path.data(), path.size());
  return std::string(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
}

/// A line of /proc/N/status: what stands in its `place`th column.
std::string column(const std::string& status, const std::string& title, int place)
{
  const auto at = status.find("\n" + title + ":");
  std::istringstream words(at == std::string::npos ? "" : status.substr(at + title.size() + 2));
  std::string word;
  for (int i = 0; i < place; ++i) {
    words >> word;
  }
  return word;
}

/// Whether the thread may go exactly where we may: the same user and group, and no rights beyond
/// them, such as the first of a user namespace has.
bool has_our_rights(pid_t thread)
{
  constexpr int for_files = 4;  // real, effective, saved, for files
  const auto status = read_file("/proc/" + std::to_string(thread) + "/status", 8192).value_or("");
  const auto rights = std::strtoull(column(status, "CapEff", 1).c_str(), nullptr, 16);
  return column(status, "Uid", for_files) == std::to_string(::geteuid()) &&
         column(status, "Gid", for_files) == std::to_string(::getegid()) &&
         (::geteuid() == 0 ||
          (rights & (1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_DAC_READ_SEARCH)) == 0);
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
    return has_our_rights(thread);
  default:
    return false;
  }
}

}  // namespace

UnixPlace unix_place(pid_t thread, const kernel::SocketBytes& address)
{
  UnixPlace found;
  if (auto name = abstract_name(address)) {
    found.kind = UnixPlace::Kind::Abstract;
    found.path = shown(*name);
    found.name.abstract = std::move(*name);
    return found;
  }
  const auto place = place_named_by(address);
  const auto* path = std::get_if<std::string>(&place);
  if (path == nullptr || path->empty()) {
    return found;
  }
  auto opened = kernel::open_as_thread(thread, *path);
  if (!opened.file) {
    if (!holds_for(thread, errno)) {
      found.kind = UnixPlace::Kind::Unknown;
      found.path = *path;
    }
    return found;
  }
  if (const auto who = identity_of(opened.file.get(), "", AT_EMPTY_PATH, S_IFSOCK)) {
    found.kind = UnixPlace::Kind::Socket;
    found.path = path_of(opened.file);
    std::tie(found.name.device_major, found.name.device_minor, found.name.inode) = *who;
    found.folder = std::move(opened.folder);
  }
  return found;
}

namespace {

/// Whether a socket was found below that folder, by whichever mount one came there.
bool was_found_below(const UnixPlace& socket, const std::string& place)
{
  const auto wanted = identity_of(AT_FDCWD, place.c_str(), 0, S_IFDIR);
  Descriptor folder(::fcntl(socket.folder.get(), F_DUPFD_CLOEXEC, 0));
  std::optional<Identity> last;
  for (int i = 0; wanted && folder && i < deepest_folder; ++i) {
    const auto here = identity_of(folder.get(), "", AT_EMPTY_PATH, S_IFDIR);
    if (here == wanted) {
      return true;
    }
    if (!here || here == last) {
      return false;
    }
    last = here;
    folder = Descriptor(::openat(folder.get(), "..", O_PATH | O_CLOEXEC | O_DIRECTORY));
  }
  return false;
}

/// Whether it is one of the sockets in that folder, under another name. One that cannot be listed,
/// or has too many in it, is looked at for the names that its service is known by.
bool is_one_of_those_in(const std::string& place, const Identity& socket)
{
  for (const char* name :
       {"podman.sock", "docker.sock", "containerd.sock", "libvirt-sock", "crio.sock", "socket"}) {
    if (socket_at(place + "/" + name) == socket) {
      return true;
    }
  }
  std::error_code problem;
  std::filesystem::recursive_directory_iterator each(
      place, std::filesystem::directory_options::skip_permission_denied, problem);
  int seen = 0;
  for (; !problem && each != std::filesystem::recursive_directory_iterator(); ++seen) {
    // So many are nobody's sockets; what they hide is not let out.
    if (seen >= most_in_folder || socket_at(each->path()) == socket) {
      return true;
    }
    each.increment(problem);
  }
  return false;
}

}  // namespace

bool lies_in(const UnixPlace& socket, const std::string& place)
{
  const auto& path = socket.path;
  if (path == place || (path.starts_with(place) && path[place.size()] == '/')) {
    return true;
  }
  if (socket.kind != UnixPlace::Kind::Socket) {
    return false;
  }
  const auto who = identity_of(socket);
  return socket_at(place) == who || was_found_below(socket, place) ||
         is_one_of_those_in(place, who);
}

}  // namespace zonder::isolate
