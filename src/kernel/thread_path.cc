// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/thread_path.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.hh"

namespace zonder::kernel {
namespace {

constexpr int most_links = 40;             // as many as the kernel follows
constexpr std::uint64_t root_of_proc = 1;  // its inode

/// A folder at one place; a mount elsewhere is another.
using Spot = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t>;

std::optional<struct statx> about(const Descriptor& file)
{
  struct statx got {};
  const unsigned wanted = STATX_TYPE | STATX_INO | STATX_MNT_ID;
  const int flags = AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
  return ::statx(file.get(), "", flags, wanted, &got) == 0 ? std::optional(got) : std::nullopt;
}

std::optional<Spot> spot_of(const Descriptor& file)
{
  const auto got = about(file);
  return got ? std::optional(
                   Spot(got->stx_dev_major, got->stx_dev_minor, got->stx_ino, got->stx_mnt_id))
             : std::nullopt;
}

bool is_link(const Descriptor& file)
{
  const auto got = about(file);
  return got && S_ISLNK(got->stx_mode);
}

bool is_in_proc(const Descriptor& file)
{
  struct statfs system {};
  return ::fstatfs(file.get(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

Descriptor open_at(const Descriptor& folder, const std::string& name, int flags)
{
  return Descriptor(::openat(folder.get(), name.c_str(), O_PATH | O_CLOEXEC | flags));
}

std::string process_of(pid_t thread)
{
  const auto status = read_file("/proc/" + std::to_string(thread) + "/status", 8192);
  constexpr std::string_view title = "\nTgid:\t";
  const auto at = status ? status->find(title) : std::string::npos;
  const auto from = at + title.size();
  return at == std::string::npos ? std::string()
                                 : status->substr(from, status->find('\n', from) - from);
}

constexpr std::size_t most_mountinfo = std::size_t{4} << 20U;

/// "36 35 98:0 /root /at rw,noatime master:1 - fuse.sshfs source options"
bool is_fuse(const std::string& mountinfo, std::uint64_t mount)
{
  const auto number = std::to_string(mount) + " ";
  std::size_t from = 0;
  while (from < mountinfo.size()) {
    const auto end = std::min(mountinfo.find('\n', from), mountinfo.size());
    const auto line = std::string_view(mountinfo).substr(from, end - from);
    if (line.starts_with(number)) {
      const auto kind = line.find(" - ");
      return kind != std::string_view::npos && line.substr(kind + 3).starts_with("fuse");
    }
    from = end + 1;
  }
  return false;
}

/// The next name of a path, which is taken off; empty: there is none.
std::string take_name(std::string& path)
{
  const auto from = path.find_first_not_of('/');
  if (from == std::string::npos) {
    path.clear();
    return {};
  }
  const auto to = std::min(path.find('/', from), path.size());
  auto name = path.substr(from, to - from);
  path.erase(0, to);
  return name;
}

class Walk {
public:
  explicit Walk(pid_t thread) : thread_(thread) {}

  FoundFile to(std::string path)
  {
    if (path.empty()) {
      errno = ENOENT;
      return {};
    }
    if (!start(path)) {
      return {};
    }
    for (auto name = take_name(path); !name.empty(); name = take_name(path)) {
      if (is_played_by_a_program()) {
        errno = EREMOTE;
        return {};
      }
      const bool went = name == ".." ? go_up() : name == "." ? stay() : go_into(name, path);
      if (!went) {
        return {};
      }
    }
    return {.file = std::move(at_), .folder = std::move(folder_)};
  }

private:
  /// Where a path begins.
  bool start(const std::string& path)
  {
    folder_ = Descriptor();
    at_ = open_of_thread(path.front() == '/' ? "root" : "cwd");
    return static_cast<bool>(at_);
  }

  [[nodiscard]] Descriptor open_of_thread(const char* file) const
  {
    const auto path = "/proc/" + std::to_string(thread_) + "/" + file;
    Descriptor opened(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!opened) {
      errno = ESRCH;  // whichever reason there is: it is none that the thread would be told
    }
    return opened;
  }

  /// In a folder, that is; in anything else there is no ".".
  bool stay()
  {
    at_ = open_at(at_, ".", O_DIRECTORY);
    return static_cast<bool>(at_);
  }

  bool go_up()
  {
    const auto here = spot_of(at_);
    if (own_ && here == spot_of(own_)) {
      at_ = Descriptor(::fcntl(above_own_.get(), F_DUPFD_CLOEXEC, 0));
      return static_cast<bool>(at_);
    }
    const auto root = open_of_thread("root");
    if (!root) {
      return false;
    }
    if (here != spot_of(root)) {
      at_ = open_at(at_, "..", O_DIRECTORY);
    }
    return static_cast<bool>(at_);
  }

  /// `rest` gets before it what a link says.
  bool go_into(const std::string& name, std::string& rest)
  {
    auto next = open_at(at_, name, O_NOFOLLOW);
    if (!next) {
      return false;
    }
    if (!is_link(next)) {
      folder_ = std::move(at_);
      at_ = std::move(next);
      return true;
    }
    if (++links_ > most_links) {
      errno = ELOOP;
      return false;
    }
    if (is_in_proc(next)) {
      if (!is_in_proc(at_)) {
        errno = ESRCH;  // hung elsewhere, it means what it meant at its own place
        return false;
      }
      const auto folder = about(at_);
      const bool at_top = folder && folder->stx_ino == root_of_proc;
      if (at_top && (name == "self" || name == "thread-self")) {
        return go_to_own(name == "self");
      }
      if (!at_top) {
        // A descriptor, a root, a working directory: what it is said to be need not be its path.
        folder_ = Descriptor();
        at_ = open_at(at_, name, 0);
        return static_cast<bool>(at_);
      }
    }
    return follow(next, rest);
  }

  /// Whether the folder that we are at is of FUSE. Its own program is not asked.
  bool is_played_by_a_program()
  {
    const auto here = about(at_);
    const auto mount = here ? here->stx_mnt_id : 0;
    if (mount != last_mount_) {
      last_mount_ = mount;
      last_is_played_ = is_fuse(
          read_file("/proc/" + std::to_string(thread_) + "/mountinfo", most_mountinfo).value_or(""),
          mount);
    }
    return last_is_played_;
  }

  bool follow(const Descriptor& link, std::string& rest)
  {
    std::array<char, 4096> text{};
    const auto length = ::readlinkat(link.get(), "", text.data(), text.size());
    if (length <= 0) {
      return false;
    }
    const std::string says(text.data(), static_cast<std::size_t>(length));
    rest = rest.empty() ? says : says + "/" + rest;
    return says.front() != '/' || start(says);
  }

  /// /proc/self is of whoever asks, which are we: what the thread would find is in our own /proc.
  bool go_to_own(bool whole_process)
  {
    const auto process = "/proc/" + process_of(thread_);
    const auto own = whole_process ? process : process + "/task/" + std::to_string(thread_);
    above_own_ = std::move(at_);
    at_ = Descriptor(::open(own.c_str(), O_PATH | O_CLOEXEC));
    own_ = Descriptor(::fcntl(at_.get(), F_DUPFD_CLOEXEC, 0));
    return at_ && own_;
  }

  pid_t thread_;
  Descriptor at_;
  Descriptor folder_;  // that at_ was found in
  std::uint64_t last_mount_ = 0;
  bool last_is_played_ = false;
  Descriptor own_;        // what /proc/self was taken for
  Descriptor above_own_;  // and where that was found
  int links_ = 0;
};

}  // namespace

FoundFile open_as_thread(pid_t thread, const std::string& path)
{
  return Walk(thread).to(path);
}

}  // namespace zonder::kernel
