// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.hh"
#include "base/result.hh"

namespace zonder {

/// How a child ended.
struct ExitStatus {
  int code = 0;    // exit code, when signal is 0
  int signal = 0;  // the signal that ended it, or 0

  /// What a shell would show: the code, or 128 + the signal.
  [[nodiscard]] int as_shell() const { return signal != 0 ? 128 + signal : code; }
  bool operator==(const ExitStatus&) const = default;
};

/// A process that we started, held by its pidfd, so that we never end somebody else's. The
/// destructor kills it (SIGKILL) and reaps it when it still runs.
class ChildProcess {
public:
  struct Options {
    std::vector<std::string> argv;         // argv[0] is looked up in PATH
    std::vector<std::string> environment;  // "NAME=value"; empty: user_environment()
    std::string directory;                 // empty: stay where we are
    int in = -1;                           // descriptors for 0, 1, 2; -1: /dev/null
    int out = -1;
    int err = -1;
    std::vector<int> keep;           // further descriptors that stay open, same number
    bool die_with_parent = true;     // PR_SET_PDEATHSIG SIGKILL
    std::function<void()> in_child;  // last thing before exec; may _exit
  };

  /// Starts a program. Errors: fork failed, or the program cannot be started (with errno's words).
  static Result<ChildProcess> start(Options options);

  /// Takes over a process that was made by fork or clone, with its pidfd.
  ChildProcess(pid_t pid, Descriptor pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  [[nodiscard]] bool running();

  void send(int signal) const;

  /// Waits until it has ended.
  ExitStatus wait();

  /// Waits at most so long; nothing when it still runs.
  std::optional<ExitStatus> wait_for(std::chrono::milliseconds limit);

  /// Lets go of it: it is neither killed nor reaped here any more.
  void abandon() { pid_ = -1; }

  /// SIGTERM, then after `patience` SIGKILL; reaped when this returns.
  ExitStatus stop(std::chrono::milliseconds patience = std::chrono::seconds(2));

private:
  pid_t pid_ = -1;
  Descriptor pidfd_;
  std::optional<ExitStatus> ended_;
};

/// What a program printed, and how it ended.
struct Captured {
  ExitStatus status;
  std::string out;
  std::string err;
};

/// Runs a program to its end and keeps what it prints (at most 64 MiB of each). Killed after
/// `limit`.
Result<Captured> run_captured(std::vector<std::string> argv,
                              std::chrono::milliseconds limit = std::chrono::seconds(60),
                              std::string input = {});

/// The same for a program with options of its own; its `in`, `out` and `err` are set here.
Result<Captured>
run_captured(const std::function<Result<ChildProcess>(int in, int out, int err)>& start,
             std::chrono::milliseconds limit,
             std::string input = {});

/// The full path of a program as a shell would find it; also looks in /usr/sbin and /sbin, which an
/// ordinary user's PATH lacks. Nothing when it is not installed.
std::optional<std::string> find_program(const std::string& name);

}  // namespace zonder
