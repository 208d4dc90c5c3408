// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/child_process.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/close_all_but.hh"
#include "base/translate.hh"

namespace zonder {
namespace {

constexpr std::size_t capture_limit = std::size_t{64} << 20U;

int open_pidfd(pid_t pid)
{
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

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

/// In the child: puts the three standard descriptors in place without one treading on another.
void place_standard_descriptors(const ChildProcess::Options& options)
{
  std::array<int, 3> wanted = {options.in, options.out, options.err};
  for (int& fd : wanted) {
    fd = fd < 0 ? ::open("/dev/null", O_RDWR | O_CLOEXEC) : ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
  }
  for (int target = 0; target < 3; ++target) {
    ::dup2(wanted.at(static_cast<std::size_t>(target)), target);
  }
}

/// In the child: these outlive exec.
void keep_over_exec(const std::vector<int>& descriptors)
{
  for (const int fd : descriptors) {
    if (fd > STDERR_FILENO) {
      ::fcntl(fd, F_SETFD, 0);
    }
  }
}

}  // namespace

Result<ChildProcess> ChildProcess::start(Options options)
{
  const auto path = find_program(options.argv.empty() ? "" : options.argv.front());
  if (!path) {
    return fail(Fault::NotPossible,
                say("the program {} is not installed",
                    options.argv.empty() ? std::string("\"\"") : options.argv.front()));
  }
  const auto& environment = options.environment.empty() ? user_environment() : options.environment;
  const auto argv = as_c_array(options.argv);
  const auto envp = as_c_array(environment);

  // The child tells through a close-on-exec pipe whether exec worked.
  std::array<int, 2> tell{};
  if (::pipe2(tell.data(), O_CLOEXEC) != 0) {
    return fail(Fault::Internal, say("cannot make a pipe: {}", std::strerror(errno)));
  }
  Descriptor reader(tell[0]);
  Descriptor writer(tell[1]);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    return fail(Fault::Internal, say("cannot start a process: {}", std::strerror(errno)));
  }
  if (pid == 0) {
    const int report = ::fcntl(writer.get(), F_DUPFD_CLOEXEC, 200);
    place_standard_descriptors(options);
    if (options.die_with_parent) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) {
        ::_exit(1);
      }
    }
    keep_over_exec(options.keep);
    auto keep = options.keep;
    keep.push_back(report);
    close_all_but(std::move(keep));
    if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) {
      const int error = errno;
      (void)!::write(report, &error, sizeof error);
      ::_exit(127);
    }
    if (options.in_child) {
      options.in_child();
    }
    ::execve(path->c_str(), argv.data(), envp.data());
    const int error = errno;
    (void)!::write(report, &error, sizeof error);
    ::_exit(127);
  }

  ChildProcess child(pid, Descriptor(open_pidfd(pid)));
  writer.reset();
  int error = 0;
  ssize_t got = 0;
  do {
    got = ::read(reader.get(), &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof error)) {
    child.wait();
    return fail(Fault::NotPossible, say("cannot start {}: {}", *path, std::strerror(error)));
  }
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)),
      ended_(std::exchange(other.ended_, std::nullopt))
{
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
  if (this != &other) {
    if (pid_ > 0 && !ended_) {
      send(SIGKILL);
      wait();
    }
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    ended_ = std::exchange(other.ended_, std::nullopt);
  }
  return *this;
}

ChildProcess::~ChildProcess()
{
  if (pid_ > 0 && !ended_) {
    send(SIGKILL);
    wait();
  }
}

bool ChildProcess::running()
{
  return pid_ > 0 && !wait_for(std::chrono::milliseconds(0));
}

void ChildProcess::send(int signal) const
{
  if (pidfd_ && !ended_) {
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0);
  }
}

ExitStatus ChildProcess::wait()
{
  if (ended_ || pid_ <= 0) {
    return ended_.value_or(ExitStatus{});
  }
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid_, &status, 0);
  } while (got < 0 && errno == EINTR);
  ended_ = got == pid_ && WIFSIGNALED(status)
               ? ExitStatus{.code = 0, .signal = WTERMSIG(status)}
               : ExitStatus{.code = got == pid_ ? WEXITSTATUS(status) : 0, .signal = 0};
  return *ended_;
}

std::optional<ExitStatus> ChildProcess::wait_for(std::chrono::milliseconds limit)
{
  if (ended_) {
    return ended_;
  }
  pollfd ready = {.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    const int count = ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (count > 0) {
      return wait();
    }
    if (count == 0 || errno != EINTR) {
      return std::nullopt;
    }
  }
}

ExitStatus ChildProcess::stop(std::chrono::milliseconds patience)
{
  send(SIGTERM);
  if (const auto status = wait_for(patience)) {
    return *status;
  }
  send(SIGKILL);
  return wait();
}

namespace {

/// Our ends of a child's three standard descriptors, and what has gone through them.
class Conversation {
public:
  /// Makes the pipes; the child's ends are put into `theirs`.
  static Result<Conversation> begin(std::string input, std::array<Descriptor, 3>& theirs);

  /// Feeds and drains until the child has closed both its outputs. False when time ran out first.
  bool hold(std::chrono::steady_clock::time_point until);

  Captured captured;

private:
  void feed();
  void drain(Descriptor& from, std::string& into);

  std::array<Descriptor, 3> ours_;
  std::string input_;
  std::size_t written_ = 0;
};

Result<Conversation> Conversation::begin(std::string input, std::array<Descriptor, 3>& theirs)
{
  Conversation talk;
  talk.input_ = std::move(input);
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    std::array<int, 2> ends{};
    const bool to_child = i == 0;
    // Towards the child a socket: writing to one whose reader is gone need not raise SIGPIPE.
    const int made = to_child ? ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data())
                              : ::pipe2(ends.data(), O_CLOEXEC);
    if (made != 0) {
      return fail(Fault::Internal, say("cannot make a pipe: {}", std::strerror(errno)));
    }
    talk.ours_.at(i) = Descriptor(ends.at(to_child ? 1 : 0));
    theirs.at(i) = Descriptor(ends.at(to_child ? 0 : 1));
    ::fcntl(talk.ours_.at(i).get(), F_SETFL, O_NONBLOCK);
  }
  return talk;
}

void Conversation::feed()
{
  const auto count =
      ::send(ours_[0].get(), input_.data() + written_, input_.size() - written_, MSG_NOSIGNAL);
  if (count > 0) {
    written_ += static_cast<std::size_t>(count);
  } else if (count < 0 && errno != EAGAIN && errno != EINTR) {
    ours_[0].reset();
  }
}

void Conversation::drain(Descriptor& from, std::string& into)
{
  std::array<char, 65536> buffer{};
  const auto count = ::read(from.get(), buffer.data(), buffer.size());
  if (count > 0 && into.size() < capture_limit) {
    into.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
    from.reset();
  }
}

bool Conversation::hold(std::chrono::steady_clock::time_point until)
{
  while (ours_[1] || ours_[2]) {
    if (ours_[0] && written_ == input_.size()) {
      ours_[0].reset();
    }
    std::array<pollfd, 3> ready = {
        {{ours_[0].get(), POLLOUT, 0}, {ours_[1].get(), POLLIN, 0}, {ours_[2].get(), POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0 ||
        ::poll(ready.data(), ready.size(), static_cast<int>(left.count())) == 0) {
      return false;
    }
    if (ready[0].revents != 0) {
      feed();
    }
    if (ready[1].revents != 0) {
      drain(ours_[1], captured.out);
    }
    if (ready[2].revents != 0) {
      drain(ours_[2], captured.err);
    }
  }
  return true;
}

}  // namespace

Result<Captured>
run_captured(std::vector<std::string> argv, std::chrono::milliseconds limit, std::string input)
{
  const auto start = [&argv](int in, int out, int err) {
    return ChildProcess::start({.argv = argv, .in = in, .out = out, .err = err});
  };
  return run_captured(start, limit, std::move(input));
}

Result<Captured>
run_captured(const std::function<Result<ChildProcess>(int in, int out, int err)>& start,
             std::chrono::milliseconds limit,
             std::string input)
{
  const auto until = std::chrono::steady_clock::now() + limit;
  std::array<Descriptor, 3> theirs;
  auto talk = Conversation::begin(std::move(input), theirs);
  if (!talk) {
    return fail(talk.error());
  }
  auto child = start(theirs[0].get(), theirs[1].get(), theirs[2].get());
  if (!child) {
    return fail(child.error());
  }
  for (auto& end : theirs) {
    end.reset();
  }
  const bool in_time = talk->hold(until);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  if (!in_time || !child->wait_for(std::max(left, std::chrono::milliseconds(0)))) {
    child->send(SIGKILL);
  }
  talk->captured.status = child->wait();
  return std::move(talk->captured);
}

std::optional<std::string> find_program(const std::string& name)
{
  if (name.empty()) {
    return std::nullopt;
  }
  if (name.find('/') != std::string::npos) {
    return ::access(name.c_str(), X_OK) == 0 ? std::optional(name) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::string places = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  places += ":/usr/sbin:/sbin";
  for (std::size_t from = 0; from <= places.size();) {
    const auto to = std::min(places.find(':', from), places.size());
    const auto candidate = places.substr(from, to - from) + "/" + name;
    if (to > from && ::access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
    from = to + 1;
  }
  return std::nullopt;
}

}  // namespace zonder
