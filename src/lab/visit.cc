// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/translate.hh"
#include "lab/lab.hh"

// Entering a host. A process cannot move into a pid namespace, only its children are born there; so
// the child that we start enters, forks, and waits: what it forked becomes the program.
namespace zonder::lab {
namespace {

bool write_text(const char* path, const std::string& text)
{
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// Becomes an ordinary user. Where the lab has one id only, a user namespace within gives another.
bool become(uid_t uid, bool has_one_id)
{
  if (!has_one_id) {
    return ::setgroups(0, nullptr) == 0 && ::setresgid(uid, uid, uid) == 0 &&
           ::setresuid(uid, uid, uid) == 0;
  }
  const auto map = std::to_string(uid) + " 0 1\n";
  return ::unshare(CLONE_NEWUSER) == 0 && write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", map) && write_text("/proc/self/gid_map", map);
}

[[noreturn]] void wait_and_end_alike(pid_t program)
{
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
  // What is typed at the terminal is meant for the program.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGQUIT, SIG_IGN);
  int status = 0;
  while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    ::signal(WTERMSIG(status), SIG_DFL);
    ::kill(::getpid(), WTERMSIG(status));
    ::_exit(128 + WTERMSIG(status));
  }
  ::_exit(WEXITSTATUS(status));
}

std::vector<std::string> environment_for(const std::string& host)
{
  constexpr std::array<std::string_view, 14> drop = {"http_proxy=",
                                                     "https_proxy=",
                                                     "ftp_proxy=",
                                                     "all_proxy=",
                                                     "no_proxy=",
                                                     "HTTP_PROXY=",
                                                     "HTTPS_PROXY=",
                                                     "FTP_PROXY=",
                                                     "ALL_PROXY=",
                                                     "NO_PROXY=",
                                                     "SSL_CERT_FILE=",
                                                     "SSL_CERT_DIR=",
                                                     "CURL_CA_BUNDLE=",
                                                     "NODE_EXTRA_CA_CERTS="};
  std::vector<std::string> kept;
  for (const auto& variable : user_environment()) {
    if (std::ranges::none_of(drop, [&](std::string_view d) { return variable.starts_with(d); })) {
      kept.push_back(variable);
    }
  }
  kept.push_back("ZONDER_LAB_HOST=" + host);
  kept.emplace_back("NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt");
  return kept;
}

std::string current_folder()
{
  std::array<char, 4096> path{};
  return ::getcwd(path.data(), path.size()) == nullptr ? "/" : path.data();
}

}  // namespace

Result<ChildProcess> start_in_host(const HostSpaces& spaces,
                                   const std::string& host,
                                   ChildProcess::Options options,
                                   std::optional<uid_t> uid)
{
  if (options.environment.empty()) {
    options.environment = environment_for(host);
  }
  // The user namespace first: it gives the right to enter the others. The mounts last.
  std::vector<int> enter;
  for (const auto* space :
       {&spaces.user, &spaces.pid, &spaces.ipc, &spaces.uts, &spaces.net, &spaces.mount}) {
    if (*space) {
      enter.push_back(space->get());
      options.keep.push_back(space->get());
    }
  }
  const bool has_one_id = static_cast<bool>(spaces.user);
  const auto folder = options.directory.empty() ? current_folder() : options.directory;
  options.directory.clear();
  options.in_child = [enter, has_one_id, folder, uid, then = options.in_child] {
    constexpr int cannot_enter = 125;
    for (const int space : enter) {
      if (::setns(space, 0) != 0) {
        ::_exit(cannot_enter);
      }
      ::close(space);
    }
    if (::chdir(folder.c_str()) != 0) {
      (void)!::chdir("/");
    }
    const pid_t program = ::fork();
    if (program != 0) {
      if (program < 0) {
        ::_exit(cannot_enter);
      }
      wait_and_end_alike(program);
    }
    if (uid && !become(*uid, has_one_id)) {
      ::_exit(cannot_enter);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (then) {
      then();
    }
  };
  return ChildProcess::start(std::move(options));
}

}  // namespace zonder::lab
