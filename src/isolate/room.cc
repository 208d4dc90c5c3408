// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/close_all_but.hh"
#include "base/descriptor.hh"
#include "isolate/program_start.hh"
#include "kernel/call_filter.hh"

namespace zonder::isolate {
namespace {

bool write_once(const char* path, const std::string& text)
{
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  const bool done =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return done;
}

/// A user namespace in which the command is who the user is, and has no rights over anything that
/// we made: those belong to the namespace above.
bool become_user_again(uid_t uid, gid_t gid)
{
  if (::unshare(CLONE_NEWUSER) != 0) {
    return false;
  }
  // Where it was denied above already, writing it again fails, which is fine.
  (void)write_once("/proc/self/setgroups", "deny");
  return write_once("/proc/self/uid_map", std::to_string(uid) + " 0 1\n") &&
         write_once("/proc/self/gid_map", std::to_string(gid) + " 0 1\n");
}

[[noreturn]] void become_command(const RoomOrder& order, int report, int go)
{
  const auto give_up = [report] {
    write_number(report, errno);
    ::_exit(127);
  };
  if (!order.as_root && !become_user_again(order.uid, order.gid)) {
    give_up();
  }
  drop_rights(order.as_root);
  auto keep = order.keep_descriptors;
  for (const int fd : keep) {
    ::fcntl(fd, F_SETFD, 0);
  }
  keep.push_back(report);
  keep.push_back(go);
  close_all_but(std::move(keep));
  if (!order.call_filter.empty()) {
    // Rights over our own user namespace end with exec; until then they do for the filter.
    write_number(report, kernel::watch_own_calls(order.call_filter));
    (void)read_number(go);
  }
  ::sigprocmask(SIG_SETMASK, &order.signal_mask, nullptr);
  execute(order.program, order.argv, order.environment);
  give_up();
  ::_exit(127);
}

struct Started {
  pid_t pid = -1;
  Descriptor pidfd;
  int error = 0;
};

/// Hands the controller the place where the command's calls are told, and lets the command go on.
void hand_over_calls(const Started& started, const BetweenUs& pipes, Channel& controller)
{
  const auto told = read_number(pipes.report_read.get());
  if (!told) {
    return;
  }
  const Descriptor listener(
      *told < 0 ? -1 : static_cast<int>(::syscall(SYS_pidfd_getfd, started.pidfd.get(), *told, 0)));
  if (listener) {
    (void)controller.send("watched", {}, {listener.get()});
  } else {
    (void)controller.send("unwatched", std::to_string(*told < 0 ? -*told : errno));
  }
  write_number(pipes.go_write.get(), 0);
}

Started start_command(const RoomOrder& order, Channel& controller)
{
  auto pipes = make_pipes();
  if (!pipes) {
    return {.error = errno};
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    become_command(order, out_of_the_way(pipes->report_write), out_of_the_way(pipes->go_read));
  }
  pipes->report_write.reset();
  pipes->go_read.reset();
  Started started;
  started.pid = pid;
  if (pid < 0) {
    started.error = errno;
    return started;
  }
  started.pidfd = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!order.call_filter.empty()) {
    hand_over_calls(started, *pipes, controller);
  }
  started.error = read_number(pipes->report_read.get()).value_or(0);
  return started;
}

/// Until the command has ended, or the controller has.
std::optional<int> wait_for_command(pid_t command, const Channel& controller)
{
  sigset_t child_ended;
  ::sigemptyset(&child_ended);
  ::sigaddset(&child_ended, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_ended, nullptr);
  const Descriptor signals(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
  for (;;) {
    if (const auto status = reap(command)) {
      return status;
    }
    std::array<pollfd, 2> ready = {
        pollfd{.fd = signals.get(), .events = POLLIN, .revents = 0},
        pollfd{.fd = controller.descriptor(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) {
      return std::nullopt;
    }
    if (ready[1].revents != 0) {
      return std::nullopt;  // the controller says nothing more; it has ended
    }
    signalfd_siginfo ignored{};
    while (::read(signals.get(), &ignored, sizeof ignored) > 0) {
    }
  }
}

/// How many processes are still there beside us, the first one: the kernel ends them with us.
std::size_t others_in_room()
{
  std::size_t count = 0;
  std::error_code problem;
  // The room's own /proc shows the room's processes only.
  for (const auto& entry : std::filesystem::directory_iterator("/proc", problem)) {
    const auto name = entry.path().filename().string();
    const bool is_process =
        !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
          return letter >= '0' && letter <= '9';
        });
    count += is_process && name != "1" ? 1U : 0U;
  }
  return count;
}

/// A folder that was masked meanwhile is the mask from now on, also for who was in it.
void enter_folder_again()
{
  std::array<char, 4096> path{};
  if (::getcwd(path.data(), path.size()) != nullptr) {
    (void)!::chdir(path.data());
  }
}

}  // namespace

int live_in_room(const RoomOrder& order, Channel controller)
{
  // Nothing of the processes before us may live on in here: a socket of the proof would go on
  // trying, and be taken for the command.
  auto keep = order.keep_descriptors;
  keep.push_back(controller.descriptor());
  close_all_but(std::move(keep));
  ::signal(SIGCHLD, SIG_DFL);  // else the kernel would throw the status away
  if (const auto arranged = arrange_files(order.files); !arranged) {
    (void)controller.send("error", arranged.error().message);
    return 1;
  }
  enter_folder_again();
  if (!controller.send("ready") || !controller.expect("go", std::chrono::hours(24))) {
    return 1;
  }
  const auto started = start_command(order, controller);
  if (started.error != 0) {
    (void)controller.send("failed", std::to_string(started.error));
    return 1;
  }
  if (!controller.send("started", {}, {started.pidfd.get()})) {
    return 1;
  }
  const auto status = wait_for_command(started.pid, controller);
  if (status) {
    (void)controller.send("ended",
                          std::to_string(*status) + " " + std::to_string(others_in_room()));
  }
  return 0;
}

}  // namespace zonder::isolate
