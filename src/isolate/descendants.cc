// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/descendants.hh"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"

namespace zonder::isolate {
namespace {

/// From /proc/N/stat: behind the name, which may hold anything, come state and parent.
pid_t parent_of(const std::string& process)
{
  const auto text = read_file("/proc/" + process + "/stat", 4096);
  const auto end = text ? text->rfind(')') : std::string::npos;
  if (end == std::string::npos || text->size() < end + 5) {
    return 0;
  }
  pid_t parent = 0;
  (void)std::from_chars(text->data() + end + 4, text->data() + text->size(), parent);
  return parent;
}

}  // namespace

bool adopt_orphans(bool wanted)
{
  int before = 0;
  (void)::prctl(PR_GET_CHILD_SUBREAPER, &before);
  (void)::prctl(PR_SET_CHILD_SUBREAPER, wanted ? 1 : 0);
  return before != 0;
}

std::vector<pid_t> children_of_ours()
{
  std::vector<pid_t> all;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", problem)) {
    const auto name = entry.path().filename().string();
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size() && parent_of(name) == ::getpid()) {
      all.push_back(number);
    }
  }
  return all;
}

bool end_descendants(const std::vector<pid_t>& spared, std::chrono::milliseconds limit)
{
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto left = children_of_ours();
    left.erase(std::remove_if(left.begin(),
                              left.end(),
                              [&](pid_t each) {
                                return std::find(spared.begin(), spared.end(), each) !=
                                       spared.end();
                              }),
               left.end());
    if (left.empty()) {
      return true;
    }
    for (const auto child : left) {
      (void)::kill(child, SIGKILL);
    }
    for (const auto child : left) {
      while (::waitpid(child, nullptr, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() >= until) {
          return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    }
    if (std::chrono::steady_clock::now() >= until) {
      return false;
    }
  }
}

}  // namespace zonder::isolate
