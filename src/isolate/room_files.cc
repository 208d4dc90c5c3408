// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_files.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/translate.hh"
#include "isolate/room_trust.hh"

namespace zonder::isolate {
namespace {

// Our files lie in a small file system in memory. It hangs over /proc while we work, since that
// exists everywhere and is replaced afterwards anyway; what is bound from it stays.
constexpr const char* workshop = "/proc";

/// `sentence` has places for the path and the reason.
tl::unexpected<Error> cannot(const char* sentence, const std::string& path)
{
  return fail(Fault::NotPossible, fmt::format(fmt::runtime(sentence), path, std::strerror(errno)));
}

Result<void> write_new(const std::string& path, std::string_view text, mode_t mode)
{
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fchmod(file.get(), mode) != 0) {  // whatever the umask
    return cannot(tr("cannot write {} in the room: {}"), path);
  }
  return {};
}

Result<void>
bind_over(const std::string& source, const std::string& target, unsigned long extra = 0)
{
  if (::mount(source.c_str(), target.c_str(), nullptr, MS_BIND | extra, nullptr) != 0) {
    return cannot(tr("cannot replace {} in the room: {}"), target);
  }
  return {};
}

bool exists(const std::string& path)
{
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0;
}

std::optional<std::string> resolved(const std::string& path)
{
  const std::unique_ptr<char, decltype(&std::free)> found(::realpath(path.c_str(), nullptr),
                                                          &std::free);
  return found ? std::optional<std::string>(found.get()) : std::nullopt;
}

std::string folder_of(const std::string& path)
{
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

/// Where a dangling link leads in the end: a path that does not exist. At most 40 links, as the
/// kernel has it.
std::string end_of_links(std::string path)
{
  for (int links = 0; links < 40; ++links) {
    std::array<char, 4096> target{};
    const auto length = ::readlink(path.c_str(), target.data(), target.size());
    if (length <= 0) {
      break;
    }
    const std::string to(target.data(), static_cast<std::size_t>(length));
    path = to.front() == '/' ? to : folder_of(path) + "/" + to;
  }
  return path;
}

/// The names in a folder.
Result<std::vector<std::string>> entries_of(const std::string& folder)
{
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) {
    return cannot(tr("cannot read {} in the room: {}"), folder);
  }
  std::vector<std::string> names;
  while (const auto* entry = ::readdir(open)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(name);
    }
  }
  ::closedir(open);
  return names;
}

/// Puts a writable folder over `folder` that shows everything that was in it.
Result<void> make_writable_copy(const std::string& folder)
{
  std::string original = std::string(workshop) + "/original";
  while (exists(original)) {
    original += "+";  // another folder was copied before
  }
  struct stat about {};
  if (::mkdir(original.c_str(), 0755) != 0 || ::stat(folder.c_str(), &about) != 0) {
    return cannot(tr("cannot look at {} in the room: {}"), folder);
  }
  ZONDER_TRY(bind_over(folder, original, MS_REC));
  const auto names = entries_of(original);
  if (!names) {
    return fail(names.error());
  }
  if (::mount("zonder", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m") != 0) {
    return cannot(tr("cannot replace {} in the room: {}"), folder);
  }
  for (const auto& name : *names) {
    const auto from = original + "/" + name;
    const auto to = folder + "/" + name;
    if (::lstat(from.c_str(), &about) != 0) {
      continue;
    }
    if (S_ISLNK(about.st_mode)) {
      std::array<char, 4096> target{};
      if (::readlink(from.c_str(), target.data(), target.size() - 1) > 0) {
        (void)!::symlink(target.data(), to.c_str());
      }
    } else if (S_ISDIR(about.st_mode)) {
      ::mkdir(to.c_str(), 0755);
      ZONDER_TRY(bind_over(from, to, MS_REC));
    } else {
      ZONDER_TRY(write_new(to, "", 0644));
      ZONDER_TRY(bind_over(from, to));
    }
  }
  return {};
}

/// Gives a path that does not exist a place: every missing folder above it, and an empty file.
Result<void> make_place_for(const std::string& path)
{
  std::string there = folder_of(path);
  while (!exists(there)) {
    there = folder_of(there);
  }
  if (there == "/") {
    errno = ENOENT;
    return cannot(tr("cannot make {} in the room: {}"), path);
  }
  ZONDER_TRY(make_writable_copy(there));
  for (auto slash = path.find('/', there.size() + 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    ::mkdir(path.substr(0, slash).c_str(), 0755);
  }
  return write_new(path, "", 0644);
}

Result<void> place_file(const std::string& path, std::string_view text)
{
  auto target = resolved(path);
  if (!target) {
    target = end_of_links(path);
    ZONDER_TRY(make_place_for(*target));
  }
  const auto ours = std::string(workshop) + "/" + path.substr(path.rfind('/') + 1);
  ZONDER_TRY(write_new(ours, text, 0644));
  return bind_over(ours, *target);
}

Result<void> mask(const std::vector<std::string>& paths)
{
  const auto file = std::string(workshop) + "/nothing";
  const auto folder = std::string(workshop) + "/empty";
  ZONDER_TRY(write_new(file, "", 0444));
  if (::mkdir(folder.c_str(), 0555) != 0) {
    return cannot(tr("cannot make {} in the room: {}"), folder);
  }
  for (const auto& path : paths) {
    struct stat about {};
    // What we cannot see, the command cannot see either.
    if (::stat(path.c_str(), &about) == 0) {
      ZONDER_TRY(bind_over(S_ISDIR(about.st_mode) ? folder : file, path));
    }
  }
  return {};
}

Result<void> place_all(const RoomFiles& files)
{
  ZONDER_TRY(place_file("/etc/resolv.conf", files.resolv_conf));
  if (!files.nsswitch_conf.empty()) {
    ZONDER_TRY(place_file("/etc/nsswitch.conf", files.nsswitch_conf));
  }
  if (!files.certificates.empty()) {
    ZONDER_TRY(place_file(trusted_certificates, files.certificates));
  }
  return mask(files.masked);
}

}  // namespace

std::string room_resolv_conf(const std::vector<net::Address>& servers,
                             const std::vector<std::string>& client_lines)
{
  std::string text;
  for (const auto& server : servers) {
    text += "nameserver " + server.to_string() + "\n";
  }
  for (const auto& line : client_lines) {
    text += line + "\n";
  }
  return text;
}

std::string room_nsswitch_conf(std::string_view users)
{
  std::string text;
  while (!users.empty()) {
    const auto end = std::min(users.find('\n'), users.size());
    const auto line = users.substr(0, end);
    const auto start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos || line.substr(start, 6) != "hosts:") {
      text += line;
      text += '\n';
    }
    users.remove_prefix(std::min(end + 1, users.size()));
  }
  return text + "hosts: files dns\n";
}

std::vector<std::string> services_to_mask(const std::string& runtime_folder)
{
  std::vector<std::string> paths = {"/run/nscd",
                                    "/var/run/nscd",
                                    "/run/systemd/resolve/io.systemd.Resolve",
                                    "/run/systemd/resolve/io.systemd.Resolve.Monitor",
                                    "/run/avahi-daemon/socket",
                                    "/run/docker.sock",
                                    "/var/run/docker.sock",
                                    "/run/podman",
                                    "/run/containerd/containerd.sock",
                                    "/run/crio/crio.sock",
                                    "/run/libvirt"};
  if (!runtime_folder.empty()) {
    for (const char* name : {"docker.sock", "podman", "containerd", "libvirt"}) {
      paths.push_back(runtime_folder + "/" + name);
    }
  }
  // One mount per place: /var/run is usually a link to /run.
  std::vector<std::string> found;
  for (const auto& path : paths) {
    const auto target = resolved(path);
    if (target && std::find(found.begin(), found.end(), *target) == found.end()) {
      found.push_back(*target);
    }
  }
  return found;
}

Result<void> arrange_files(const RoomFiles& files)
{
  if (::mount("zonder", workshop, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m") != 0) {
    return cannot(tr("cannot mount over {} in the room: {}"), workshop);
  }
  const auto placed = place_all(files);
  if (::umount2(workshop, MNT_DETACH) != 0) {
    return cannot(tr("cannot unmount {} in the room: {}"), workshop);
  }
  // In some containers a new /proc is not allowed; the old one does, it only shows more processes.
  (void)::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  return placed;
}

}  // namespace zonder::isolate
