// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// Which program a thread belongs to, told while the kernel holds that thread in a call, so that it
/// cannot end while we look. A program is one process between two execs: process number, argument
/// list, and the chain of processes that started it.
///
/// Of the threads seen last, files of /proc stay open: those of a process that has ended never show
/// another one that got its number, and one read tells whether it has become another program.
class ProcessBook {
public:
  /// At most `programs_kept` programs are told apart; past that they are only counted. Chains end
  /// before `starter`, where there is one: the process of ours that started the command.
  explicit ProcessBook(std::size_t programs_kept = 100000, pid_t starter = 0)
      : capacity_(programs_kept), starter_(starter)
  {
  }

  /// The program's place in programs(). Nothing: past the bound, or the thread cannot be seen.
  std::optional<std::size_t> program_of(pid_t thread);

  /// A copy of a descriptor that the thread has; of a thread that program_of() was just asked of.
  /// Nothing: not possible.
  Descriptor borrow(pid_t thread, int descriptor);

  [[nodiscard]] const std::vector<model::Program>& programs() const { return programs_; }
  /// A copy of one of them; any thread, also while more are written down.
  [[nodiscard]] std::optional<model::Program> copy_of(std::size_t program) const;
  [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

private:
  struct Known {
    Descriptor arguments;  // /proc/N/cmdline
    Descriptor owner;      // pidfd: of the thread, or of its process where the kernel has no such
    bool is_thread = false;
    pid_t process = 0;
    std::string seen;  // what was in the file
    std::optional<std::size_t> program;
  };

  struct Family {
    Descriptor process;  // pidfd: while it lives, its number is its own
    Descriptor name;     // /proc/N/comm
    std::vector<model::Program::Ancestor> chain;
  };

  Known* look(pid_t thread);
  void let_go();
  const std::vector<model::Program::Ancestor>& ancestors(pid_t parent);
  std::optional<std::size_t> write_down(pid_t thread, const std::string& arguments);

  std::size_t capacity_;
  pid_t starter_;
  std::uint64_t not_kept_ = 0;
  std::size_t bytes_kept_ = 0;
  std::unordered_map<pid_t, Known> known_;
  std::unordered_map<pid_t, Family> families_;
  std::unordered_map<pid_t, std::size_t> latest_;  // process -> what it was last
  std::vector<model::Program> programs_;
  mutable std::mutex growing_;  // of programs_
};

/// What stands in /proc/N/cmdline, apart; the last is without its end where the file was cut off.
std::vector<std::string> arguments_in(const std::string& cmdline);

/// The same of its first bytes. An argument that is cut there has no password of which the "@" that
/// would betray it is gone.
std::vector<std::string> arguments_at_most(std::size_t bytes, const std::string& cmdline);

}  // namespace zonder::isolate
