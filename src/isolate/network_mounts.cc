// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/network_mounts.hh"

#include <algorithm>
#include <array>

#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_told = 20;

/// FUSE is asked of a program; these are known to be about this machine's own disks and settings.
bool is_of_this_machine(std::string_view fuse)
{
  constexpr std::array<std::string_view, 8> local = {"fuse.lxcfs",
                                                     "fuse.portal",
                                                     "fuse.snapfuse",
                                                     "fuse.squashfuse",
                                                     "fuse.fuse-overlayfs",
                                                     "fuse.ntfs-3g",
                                                     "fuse.encfs",
                                                     "fuse.gocryptfs"};
  return std::find(local.begin(), local.end(), fuse) != local.end();
}

bool is_of_a_network(std::string_view kind)
{
  constexpr std::array<std::string_view, 14> known = {"nfs",
                                                      "nfs4",
                                                      "cifs",
                                                      "smb3",
                                                      "smbfs",
                                                      "ncpfs",
                                                      "afs",
                                                      "ceph",
                                                      "gfs2",
                                                      "ocfs2",
                                                      "9p",
                                                      "virtiofs",
                                                      "autofs",
                                                      "fuse"};
  return std::find(known.begin(), known.end(), kind) != known.end() ||
         (kind.starts_with("fuse.") && !is_of_this_machine(kind));
}

std::vector<std::string_view> words_of(std::string_view line)
{
  std::vector<std::string_view> words;
  for (std::size_t from = 0; from < line.size();) {
    const auto to = std::min(line.find(' ', from), line.size());
    words.push_back(line.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

/// Spaces and the like stand as "\040".
std::string plain(std::string_view word)
{
  const auto is_octal = [](char c) {
    return c >= '0' && c <= '7';
  };
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\' && i + 3 < word.size() &&
        std::all_of(&word[i + 1], &word[i + 4], is_octal)) {
      const int code = (word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 + (word[i + 3] - '0');
      text += static_cast<char>(code);
      i += 3;
    } else {
      text += word[i];
    }
  }
  return text;
}

}  // namespace

std::vector<NetworkMount> network_mounts(std::string_view mountinfo)
{
  constexpr std::size_t place = 4;
  std::vector<NetworkMount> found;
  for (std::size_t from = 0; from < mountinfo.size();) {
    const auto to = std::min(mountinfo.find('\n', from), mountinfo.size());
    const auto words = words_of(mountinfo.substr(from, to - from));
    from = to + 1;
    // Some optional words, then a dash, then what it is and of whom.
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.end() - dash < 3 || dash - words.begin() <= static_cast<std::ptrdiff_t>(place)) {
      continue;
    }
    if (is_of_a_network(dash[1])) {
      found.push_back(
          {.place = plain(words[place]), .kind = std::string(dash[1]), .source = plain(dash[2])});
    }
  }
  return found;
}

void add_network_mounts(std::vector<model::LeftTheRoom>& ways)
{
  const auto mountinfo = read_file("/proc/self/mountinfo", std::size_t{16} << 20U);
  if (!mountinfo) {
    ways.push_back(
        {.what = say("file systems of the network"),
         .meaning = say("whether there are any could not be seen: {}", mountinfo.error().message),
         .programs = {}});
    return;
  }
  const auto found = network_mounts(*mountinfo);
  for (std::size_t i = 0; i < std::min(found.size(), most_told); ++i) {
    ways.push_back({.what = say("{} ({} of {})", found[i].place, found[i].kind, found[i].source),
                    .meaning = tr("a file system of the network: the machine reads and writes it "
                                  "outside the room, and what lies there seems to work"),
                    .programs = {}});
  }
  if (found.size() > most_told) {
    ways.push_back({.what = say("{} more file systems of the network", found.size() - most_told),
                    .meaning = tr("they are in /proc/self/mountinfo"),
                    .programs = {}});
  }
}

}  // namespace zonder::isolate
