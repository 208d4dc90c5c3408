// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/program_start.hh"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "isolate/open_files.hh"

namespace zonder::isolate {
namespace {

std::vector<char*> as_c_array(const std::vector<std::string>& strings)
{
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const auto& text : strings) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // execve takes char* but does not write
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

void drop_right(int right)
{
  ::prctl(PR_CAPBSET_DROP, right);
}

namespace {

/// What exec would give back to root, whatever is bounded.
void inherit_no_rights()
{
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) == 0) {
    for (auto& set : sets) {
      set.inheritable = 0;
    }
    (void)::syscall(SYS_capset, &header, sets.data());
  }
}

}  // namespace

void drop_rights(bool as_root)
{
  inherit_no_rights();
  if (as_root) {
    for (const int right : {CAP_NET_ADMIN,
                            CAP_SYS_ADMIN,
                            CAP_SYS_PTRACE,
                            CAP_SYS_MODULE,
                            CAP_SYS_RAWIO,
                            CAP_SYS_BOOT,
                            CAP_MKNOD,
                            CAP_BPF,
                            CAP_PERFMON}) {
      drop_right(right);
    }
    return;
  }
  for (int right = 0; right < 64 && ::prctl(PR_CAPBSET_READ, right) >= 0; ++right) {
    ::prctl(PR_CAPBSET_DROP, right);
  }
}

std::optional<BetweenUs> make_pipes()
{
  std::array<int, 2> report{};
  std::array<int, 2> go{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  BetweenUs pipes;
  pipes.report_read = Descriptor(report[0]);
  pipes.report_write = Descriptor(report[1]);
  if (::pipe2(go.data(), O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  pipes.go_read = Descriptor(go[0]);
  pipes.go_write = Descriptor(go[1]);
  return pipes;
}

int out_of_the_way(const Descriptor& descriptor)
{
  const int moved = ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 500);
  return moved >= 0 ? moved : descriptor.get();
}

std::optional<int> read_number(int from)
{
  int number = 0;
  ssize_t got = 0;
  do {
    got = ::read(from, &number, sizeof number);
  } while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(sizeof number) ? std::optional(number) : std::nullopt;
}

void write_number(int to, int number)
{
  (void)!::write(to, &number, sizeof number);
}

void execute(const std::string& program,
             const std::vector<std::string>& argv,
             const std::vector<std::string>& environment)
{
  MoreOpenFiles::give_back();
  const auto words = as_c_array(argv);
  const auto variables = as_c_array(environment);
  ::execve(program.c_str(), words.data(), variables.data());
  if (errno == ENOEXEC) {
    // A script without a first line that says for whom: a shell would run it, so do we.
    auto shell = words;
    shell.insert(shell.begin(), const_cast<char*>("/bin/sh"));
    shell[1] = const_cast<char*>(program.c_str());
    ::execve("/bin/sh", shell.data(), variables.data());
    errno = ENOEXEC;
  }
}

std::optional<int> reap(pid_t command)
{
  std::optional<int> status_of_command;
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == command) {
      status_of_command = status;
    }
  }
  return status_of_command;
}

}  // namespace zonder::isolate
