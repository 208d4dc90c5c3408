// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/namespaces.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"

// Three processes take part. We fork a helper, and the helper clones the child with CLONE_PARENT,
// so that the child is ours and not the helper's. The detour makes it safe when other threads of
// ours are inside malloc: fork() of the C library knows how to put that right, a bare clone does
// not.
namespace zonder::kernel {
namespace {

enum class Stage : int { Clone, Groups, UserMap, GroupMap, Mounts, Ready };

/// What the helper (its pid and whether clone worked) and the child (how far it came) tell us.
struct Message {
  Stage stage = Stage::Ready;
  int error = 0;
  pid_t pid = 0;
};

std::uint64_t clone_flags(const NewNamespaces& which)
{
  std::uint64_t flags = 0;
  const auto add = [&flags](bool wanted, unsigned flag) {
    flags |= wanted ? flag : 0U;
  };
  add(which.user, CLONE_NEWUSER);
  add(which.network, CLONE_NEWNET);
  add(which.mount, CLONE_NEWNS);
  add(which.pid, CLONE_NEWPID);
  add(which.uts, CLONE_NEWUTS);
  add(which.ipc, CLONE_NEWIPC);
  return flags;
}

bool write_once(const char* path, std::string_view text)
{
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// In the child: a map of one id may be written by the process itself, without any privilege.
bool map_id(const char* path, unsigned inner, unsigned outer)
{
  return write_once(path, std::to_string(inner) + " " + std::to_string(outer) + " 1\n");
}

/// In the child, before the body: everything that must be so. Nothing: all is well.
Message prepare_child(const NewNamespaces& which, uid_t uid, gid_t gid)
{
  if (which.user) {
    if (!write_once("/proc/self/setgroups", "deny")) {
      return {.stage = Stage::Groups, .error = errno};
    }
    if (!map_id("/proc/self/uid_map", which.inner_uid, uid)) {
      return {.stage = Stage::UserMap, .error = errno};
    }
    if (!map_id("/proc/self/gid_map", which.inner_gid, gid)) {
      return {.stage = Stage::GroupMap, .error = errno};
    }
  }
  if (which.mount && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return {.stage = Stage::Mounts, .error = errno};
  }
  return {};
}

bool has_ended(int pidfd)
{
  pollfd state = {.fd = pidfd, .events = POLLIN, .revents = 0};
  return ::poll(&state, 1, 0) != 0;
}

void tell(int pipe, const Message& message)
{
  (void)!::write(pipe, &message, sizeof message);  // whoever should read it may be gone
}

/// What the caller knows and the child cannot ask any more.
struct Origin {
  uid_t uid;
  gid_t gid;
  int pidfd;   // of the caller
  int report;  // write end of the pipe that carries Messages; all ends are close-on-exec
};

[[noreturn]] void
run_child(const NewNamespaces& which, const std::function<int()>& body, Origin origin)
{
  const Message prepared = prepare_child(which, origin.uid, origin.gid);
  if (which.die_with_parent) {
    // The caller may have ended before this was asked for; then nobody would tell us.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (has_ended(origin.pidfd)) {
      ::_exit(1);
    }
  }
  ::close(origin.pidfd);
  tell(origin.report, prepared);
  ::close(origin.report);
  if (prepared.stage != Stage::Ready) {
    ::_exit(1);
  }
  int code = 125;
  try {
    code = body();
  } catch (const std::exception& problem) {
    const std::string line = std::string("zonder: ") + problem.what() + "\n";
    (void)!::write(2, line.data(), line.size());
  }
  ::_exit(code);
}

[[noreturn]] void
run_helper(const NewNamespaces& which, const std::function<int()>& body, Origin origin)
{
  clone_args arguments = {};
  arguments.flags = clone_flags(which) | CLONE_PARENT;
  const auto pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) {
    run_child(which, body, origin);
  }
  const Message message = {.stage = pid < 0 ? Stage::Clone : Stage::Ready,
                           .error = pid < 0 ? errno : 0,
                           .pid = static_cast<pid_t>(pid)};
  tell(origin.report, message);
  ::_exit(0);
}

/// Reads one message; a pipe that ends early is a child that was killed.
Message next_message(int pipe)
{
  Message message;
  ssize_t count = 0;
  do {
    count = ::read(pipe, &message, sizeof message);
  } while (count < 0 && errno == EINTR);
  if (count != static_cast<ssize_t>(sizeof message)) {
    return {.stage = Stage::Clone, .error = ECHILD};
  }
  return message;
}

bool file_says(const char* path, std::string_view value)
{
  const auto text = read_file(path, 4096);
  return text && text->substr(0, text->find('\n')) == value;
}

/// Why this machine does not let us, and what to do about it.
std::string reason_of(const NewNamespaces& which, const Message& message)
{
  const bool not_allowed = message.error == EPERM || message.error == EACCES;
  if (which.user && not_allowed &&
      file_says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
    return say("AppArmor keeps user namespaces from ordinary users here; install zonder's profile "
               "/etc/apparmor.d/zonder (it holds the line \"userns,\") or run as root");
  }
  if (which.user && not_allowed && file_says("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
    return say("user namespaces are off for ordinary users; an administrator can turn them on with "
               "\"sysctl kernel.unprivileged_userns_clone=1\"");
  }
  if (message.error == ENOSPC || message.error == EUSERS) {
    return say("the limit on namespaces is reached; see the sysctls user.max_user_namespaces and "
               "user.max_net_namespaces");
  }
  if (not_allowed && !which.user) {
    return say("that needs root, or a user namespace");
  }
  // A container's profile may say that clone3 does not exist.
  if (not_allowed || message.error == ENOSYS) {
    return say("this machine does not allow user namespaces (in a container: its seccomp profile)");
  }
  return std::strerror(message.error);
}

Error cannot_start(const NewNamespaces& which, const Message& message)
{
  return {.fault = Fault::NotPossible,
          .message = say("cannot make new namespaces: {}", reason_of(which, message))};
}

void reap(pid_t pid)
{
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// `sentence` has a place for the reason.
tl::unexpected<Error> cannot(const char* sentence)
{
  return fail(Fault::Internal, fmt::format(fmt::runtime(sentence), std::strerror(errno)));
}

}  // namespace

Result<ChildProcess> start_in_new_namespaces(const NewNamespaces& which,
                                             const std::function<int()>& body)
{
  std::array<int, 2> ends{};
  const Descriptor self(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
  if (!self || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return cannot(tr("cannot prepare a process: {}"));
  }
  const Descriptor reader(ends[0]);
  Descriptor writer(ends[1]);
  const Origin origin = {
      .uid = ::geteuid(), .gid = ::getegid(), .pidfd = self.get(), .report = writer.get()};
  const pid_t helper = ::fork();
  if (helper < 0) {
    return cannot(tr("cannot start a process: {}"));
  }
  if (helper == 0) {
    ::close(ends[0]);
    run_helper(which, body, origin);
  }
  writer.reset();

  // Helper and child write in either order; the helper's message alone has a pid.
  Message first = next_message(reader.get());
  if (first.stage == Stage::Clone) {
    reap(helper);
    return fail(cannot_start(which, first));
  }
  Message second = next_message(reader.get());
  reap(helper);
  const Message& of_helper = first.pid != 0 ? first : second;
  const Message& of_child = first.pid != 0 ? second : first;
  if (of_helper.pid <= 0) {
    return fail(cannot_start(which, of_helper));
  }
  ChildProcess child(of_helper.pid,
                     Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, of_helper.pid, 0))));
  if (of_child.stage != Stage::Ready) {
    return fail(cannot_start(which, of_child));
  }
  return child;
}

Result<Descriptor> open_namespace(pid_t process, const char* kind)
{
  Descriptor file(
      ::open(("/proc/" + std::to_string(process) + "/ns/" + kind).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return cannot(tr("cannot open the namespace of a process: {}"));
  }
  return file;
}

Result<Descriptor> open_own_namespace(const char* kind)
{
  Descriptor file(
      ::open((std::string("/proc/thread-self/ns/") + kind).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return cannot(tr("cannot open a namespace: {}"));
  }
  return file;
}

Result<void> enter_namespace(int descriptor)
{
  if (::setns(descriptor, 0) != 0) {
    return cannot(tr("cannot enter a namespace: {}"));
  }
  return {};
}

namespace {

/// A thread of its own for `body`; what it throws is thrown here.
Result<void> in_own_thread(const std::function<Result<void>()>& body)
{
  Result<void> result;
  std::exception_ptr thrown;
  std::thread([&] {
    try {
      result = body();
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  return result;
}

}  // namespace

Result<void> in_network_namespace(int descriptor, const std::function<Result<void>()>& body)
{
  return in_own_thread([&]() -> Result<void> {
    if (::setns(descriptor, CLONE_NEWNET) != 0) {
      return cannot(tr("cannot enter a network namespace: {}"));
    }
    return body();
  });
}

Result<Descriptor> new_network_namespace()
{
  Descriptor made;
  ZONDER_TRY(in_own_thread([&]() -> Result<void> {
    if (::unshare(CLONE_NEWNET) != 0) {
      const Message message = {.stage = Stage::Clone, .error = errno};
      return fail(cannot_start({.network = true}, message));
    }
    auto own = open_own_namespace("net");
    if (!own) {
      return fail(own.error());
    }
    made = std::move(*own);
    return {};
  }));
  return made;
}

Result<void>
set_network_option(int network_namespace, const std::string& name, const std::string& value)
{
  return in_network_namespace(network_namespace, [&]() -> Result<void> {
    if (!write_once(("/proc/sys/net/" + name).c_str(), value)) {
      return fail(Fault::NotPossible,
                  say("cannot set /proc/sys/net/{}: {}", name, std::strerror(errno)));
    }
    return {};
  });
}

Result<std::string> network_option(int network_namespace, const std::string& name)
{
  std::string value;
  ZONDER_TRY(in_network_namespace(network_namespace, [&]() -> Result<void> {
    value = read_file("/proc/sys/net/" + name, 256).value_or("");
    return {};
  }));
  return value.substr(0, value.find('\n'));
}

Result<ino_t> namespace_id(int descriptor)
{
  struct stat about = {};
  if (::fstat(descriptor, &about) != 0) {
    return cannot(tr("cannot look at a namespace: {}"));
  }
  return about.st_ino;
}

Result<ino_t> own_namespace_id(const char* kind)
{
  const auto own = open_own_namespace(kind);
  if (!own) {
    return fail(own.error());
  }
  return namespace_id(own->get());
}

}  // namespace zonder::kernel
