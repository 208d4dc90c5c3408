// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/kept_folder.hh"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/close_all_but.hh"
#include "base/translate.hh"

namespace zonder {
namespace {

using std::chrono::milliseconds;

int open_pidfd(pid_t pid)
{
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

/// Nothing that is meant for those who are watched ends the watcher, and nobody waits for it.
void live_apart(int watched)
{
  ::setsid();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGUSR1, SIGUSR2}) {
    ::signal(signal, SIG_IGN);
  }
  ::prctl(PR_SET_NAME, "zonder-folder");
  close_all_but({watched});
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::dup2(nothing, standard);
  }
  (void)!::chdir("/");
}

/// Those who wrote in it are being ended at the same time, so once may not be enough.
void remove_for_good(const std::string& path)
{
  constexpr milliseconds step(50);
  constexpr int quiet_rounds = 20;
  constexpr int rounds = 1200;
  int quiet = 0;
  for (int round = 0; round < rounds && quiet < quiet_rounds; ++round) {
    std::error_code ignored;
    quiet = std::filesystem::exists(std::filesystem::symlink_status(path, ignored)) ? 0 : quiet + 1;
    std::filesystem::remove_all(path, ignored);
    std::this_thread::sleep_for(step);
  }
}

[[noreturn]] void keep(const std::string& path, int watched)
{
  live_apart(watched);
  pollfd ended = {.fd = watched, .events = POLLIN, .revents = 0};
  while (::poll(&ended, 1, -1) < 0 && errno == EINTR) {
  }
  remove_for_good(path);
  ::_exit(0);
}

tl::unexpected<Error> cannot_watch()
{
  return fail(Fault::Internal, say("cannot start a process: {}", std::strerror(errno)));
}

}  // namespace

Result<KeptFolder> KeptFolder::make(const std::string& prefix)
{
  const Descriptor ourselves(open_pidfd(::getpid()));
  if (!ourselves) {
    return cannot_watch();
  }
  auto folder = TemporaryFolder::make(prefix);
  if (!folder) {
    return fail(folder.error());
  }
  const pid_t pid = ::fork();
  if (pid < 0) {
    return cannot_watch();
  }
  if (pid == 0) {
    keep(folder->path(), ourselves.get());
  }
  return KeptFolder(ChildProcess(pid, Descriptor(open_pidfd(pid))), std::move(*folder));
}

}  // namespace zonder
