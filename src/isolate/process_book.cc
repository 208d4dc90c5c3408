// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/process_book.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.hh"
#include "net/url_passwords.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_argument_bytes = 4096;
// Those whose files stay open. They are all that a run with many short programs holds, and must
// leave room for the rest where a process may have 1,024 open.
constexpr std::size_t most_threads = 128;
constexpr std::size_t most_parents = 64;
// Past so many bytes of argument lists, only their beginnings are kept.
constexpr std::size_t most_bytes_kept = std::size_t{64} << 20U;
constexpr std::size_t beginning = 256;
constexpr int longest_chain = 32;

std::string of_process(pid_t process, const char* file)
{
  return "/proc/" + std::to_string(process) + "/" + file;
}

/// From the beginning, however much of it is there. Nothing: it has ended.
std::optional<std::string> read_again(const Descriptor& file)
{
  std::array<char, most_argument_bytes> bytes;
  const auto got = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) {
    return std::nullopt;
  }
  return std::string(bytes.data(), static_cast<std::size_t>(got));
}

/// One line of /proc/N/status.
std::string_view field(std::string_view status, std::string_view name)
{
  const auto at = status.find(name);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto from = status.find_first_not_of(" \t", at + name.size());
  return status.substr(from, status.find('\n', from) - from);
}

struct Relations {
  pid_t process = 0;      // the thread's process
  pid_t parent = 0;       // 0: none that we can see
  bool is_first = false;  // the first process of its pid namespace
  std::string name;       // as the kernel has it, at most 15 bytes
};

Relations relations_of(pid_t thread)
{
  Relations relations;
  const auto status = read_file(of_process(thread, "status"), 8192);
  if (!status) {
    return relations;
  }
  relations.name = field(*status, "Name:");
  relations.process = std::atoi(std::string(field(*status, "\nTgid:")).c_str());
  relations.parent = std::atoi(std::string(field(*status, "\nPPid:")).c_str());
  const auto numbers = field(*status, "\nNSpid:");
  relations.is_first = numbers.ends_with("\t1") || numbers == "1";
  return relations;
}

std::string path_of(pid_t process)
{
  std::array<char, 4096> path;
  const auto length = ::readlink(of_process(process, "exe").c_str(), path.data(), path.size());
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

/// Who started it, nearest first, up to the room's own first process.
std::vector<model::Program::Ancestor> chain_from(pid_t parent, pid_t starter)
{
  std::vector<model::Program::Ancestor> chain;
  for (int step = 0; step < longest_chain && parent > 1 && parent != starter; ++step) {
    const auto relations = relations_of(parent);
    if (relations.process == 0 || relations.is_first) {
      break;
    }
    chain.push_back({.pid = parent, .name = relations.name});
    parent = relations.parent;
  }
  return chain;
}

Descriptor open_file_of(pid_t process, const char* file)
{
  return Descriptor(::open(of_process(process, file).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

constexpr unsigned thread_of_its_own = O_EXCL;  // PIDFD_THREAD

Descriptor open_pidfd(pid_t number, unsigned flags)
{
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, number, flags)));
}

bool same_descriptors(pid_t one, pid_t other)
{
  return ::syscall(SYS_kcmp, one, other, KCMP_FILES, 0, 0) == 0;
}

bool lives(const Descriptor& process)
{
  return process && ::syscall(SYS_pidfd_send_signal, process.get(), 0, nullptr, 0) == 0;
}

}  // namespace

std::vector<std::string> arguments_in(const std::string& cmdline)
{
  std::vector<std::string> arguments;
  for (std::size_t from = 0; from < cmdline.size();) {
    const auto to = std::min(cmdline.find('\0', from), cmdline.size());
    arguments.push_back(cmdline.substr(from, to - from));
    from = to + 1;
  }
  return arguments;
}

std::vector<std::string> arguments_at_most(std::size_t bytes, const std::string& cmdline)
{
  auto arguments = arguments_in(cmdline.substr(0, bytes));
  if (!arguments.empty() && cmdline.size() >= bytes && cmdline[bytes - 1] != '\0') {
    arguments.back() = net::without_passwords_cut_off(arguments.back());
  }
  return arguments;
}

std::optional<model::Program> ProcessBook::copy_of(std::size_t program) const
{
  const std::lock_guard growing(growing_);
  return program < programs_.size() ? std::optional(programs_[program]) : std::nullopt;
}

std::optional<std::size_t> ProcessBook::program_of(pid_t thread)
{
  auto* known = look(thread);
  return known == nullptr ? std::nullopt : known->program;
}

ProcessBook::Known* ProcessBook::look(pid_t thread)
{
  if (thread <= 0) {
    return nullptr;
  }
  const auto place = known_.find(thread);
  if (place != known_.end()) {
    auto& known = place->second;
    const auto now = read_again(known.arguments);
    if (now && *now == known.seen && !now->empty()) {
      return &known;
    }
    known_.erase(place);
  }
  if (known_.size() >= most_threads) {
    known_.clear();
  }
  Known fresh;
  fresh.arguments = open_file_of(thread, "cmdline");
  if (!fresh.arguments && (errno == EMFILE || errno == ENFILE)) {
    let_go();
    fresh.arguments = open_file_of(thread, "cmdline");
  }
  if (!fresh.arguments) {
    return nullptr;
  }
  fresh.seen = read_again(fresh.arguments).value_or("");
  fresh.program = write_down(thread, fresh.seen);
  return &known_.emplace(thread, std::move(fresh)).first->second;
}

std::optional<std::size_t> ProcessBook::write_down(pid_t thread, const std::string& arguments)
{
  const auto relations = relations_of(thread);
  model::Program program;
  program.pid = relations.process;
  program.path = path_of(thread);
  program.argv =
      arguments_at_most(bytes_kept_ < most_bytes_kept ? most_argument_bytes : beginning, arguments);
  if (program.argv.empty()) {
    program.argv.push_back(relations.name);
  }
  // Other threads of a process are the same program.
  const auto latest = latest_.find(program.pid);
  if (latest != latest_.end()) {
    const auto& known = programs_[latest->second];
    if (known.argv == program.argv && known.path == program.path) {
      return latest->second;
    }
  }
  if (programs_.size() >= capacity_) {
    ++not_kept_;
    return std::nullopt;
  }
  program.parents = ancestors(relations.parent);
  latest_.insert_or_assign(program.pid, programs_.size());
  bytes_kept_ += std::min(arguments.size(), most_argument_bytes);
  const std::lock_guard growing(growing_);
  programs_.push_back(std::move(program));
  return programs_.size() - 1;
}

/// Reading a chain takes longer than all the rest, and a build's processes have their parents in
/// common.
const std::vector<model::Program::Ancestor>& ProcessBook::ancestors(pid_t parent)
{
  auto& known = families_[parent];
  if (!lives(known.process)) {
    if (families_.size() >= most_parents) {
      families_.clear();
    }
    auto& fresh = families_[parent];
    fresh.process = open_pidfd(parent, 0);
    fresh.name = open_file_of(parent, "comm");
    fresh.chain = chain_from(parent, starter_);
    return fresh.chain;
  }
  // It may have become another program since.
  if (!known.chain.empty()) {
    const auto name = read_again(known.name).value_or("");
    known.chain.front().name = name.substr(0, name.find('\n'));
  }
  return known.chain;
}

/// Of everything that stays open only so that it need not be opened again.
void ProcessBook::let_go()
{
  known_.clear();
  families_.clear();
}

Descriptor ProcessBook::borrow(pid_t thread, int descriptor)
{
  const auto place = known_.find(thread);
  if (place == known_.end()) {
    errno = ESRCH;
    return Descriptor();
  }
  auto& known = place->second;
  if (!known.owner) {
    known.owner = open_pidfd(thread, thread_of_its_own);
    known.is_thread = static_cast<bool>(known.owner);
    if (!known.owner && errno == EINVAL) {
      known.process = known.program ? programs_[*known.program].pid : relations_of(thread).process;
      known.owner = open_pidfd(known.process, 0);
    }
    if (!known.owner) {
      return Descriptor();  // of the thread's number, which is not what the program asked of
    }
  }
  // Before Linux 6.9 only descriptors of a process's first thread can be had. Others may have their
  // own.
  if (!known.is_thread && known.process != thread && !same_descriptors(known.process, thread)) {
    errno = EACCES;
    return Descriptor();
  }
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_getfd, known.owner.get(), descriptor, 0)));
}

}  // namespace zonder::isolate
