// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/keeper.hh"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/close_all_but.hh"
#include "base/translate.hh"
#include "isolate/descendants.hh"
#include "isolate/program_start.hh"
#include "kernel/call_filter.hh"
#include "kernel/socket_filter.hh"

namespace zonder::isolate {

/// What the command's process is to do before it is the command.
struct Keeper::Order {
  enum class Kind { Datagram, Connect, Names, Begin } kind = Kind::Begin;
  int patience = 0;  // milliseconds
  socklen_t length = 0;
  sockaddr_storage address{};

  static Order at(Kind kind, const SocketAddress& to, std::chrono::milliseconds patience)
  {
    return {.kind = kind,
            .patience = static_cast<int>(patience.count()),
            .length = to.length,
            .address = to.storage};
  }
  [[nodiscard]] const sockaddr* where() const
  {
    return reinterpret_cast<const sockaddr*>(&address);
  }
  [[nodiscard]] int carry_out() const;

private:
  [[nodiscard]] int send_one() const;
  [[nodiscard]] int reach() const;
  [[nodiscard]] int ask() const;
};

namespace {

using std::chrono::milliseconds;

constexpr milliseconds start_patience{10000};
constexpr milliseconds end_patience{5000};

/// Two ends that keep messages apart; only read and written, which no filter is told of.
std::optional<std::pair<Descriptor, Descriptor>> make_ends()
{
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::nullopt;
  }
  return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

bool comes_within(const Descriptor& descriptor, short what, milliseconds limit)
{
  pollfd ready = {.fd = descriptor.get(), .events = what, .revents = 0};
  return ::poll(&ready, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

int Keeper::Order::send_one() const
{
  const Descriptor socket(::socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  constexpr std::array<char, 6> words = {'z', 'o', 'n', 'd', 'e', 'r'};
  return ::sendto(socket.get(), words.data(), words.size(), 0, where(), length) >= 0 ? 0 : errno;
}

int Keeper::Order::reach() const
{
  const Descriptor socket(
      ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::connect(socket.get(), where(), length) == 0) {
    return 0;
  }
  int error = errno;
  if (error == EINPROGRESS && comes_within(socket, POLLOUT, milliseconds(patience))) {
    socklen_t size = sizeof error;
    (void)::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  return error;
}

/// For the root's name servers: something that every resolver knows and that asks for nobody.
int Keeper::Order::ask() const
{
  constexpr std::array<std::uint8_t, 17> question = {
      0x7a, 0x6f, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};
  const Descriptor socket(::socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), where(), length) != 0 ||
      ::send(socket.get(), question.data(), question.size(), 0) < 0) {
    return errno;
  }
  if (!comes_within(socket, POLLIN, milliseconds(patience))) {
    return ETIMEDOUT;
  }
  std::array<std::uint8_t, 1500> answer{};
  const auto got = ::recv(socket.get(), answer.data(), answer.size(), 0);
  if (got < 0) {
    return errno;
  }
  const bool ours = got >= 12 && answer[0] == question[0] && answer[1] == question[1];
  constexpr unsigned no_resolver_answered = 2;  // SERVFAIL
  return ours && (answer[3] & 0x0fU) != no_resolver_answered ? 0 : EPROTO;
}

int Keeper::Order::carry_out() const
{
  switch (kind) {
  case Kind::Datagram:
    return send_one();
  case Kind::Connect:
    return reach();
  case Kind::Names:
    return ask();
  case Kind::Begin:
    return 0;
  }
  return EINVAL;
}

namespace {

/// The command's process, until it is the command. `ends` says numbers: where its calls are to be
/// decided, what each order gave, and at last why exec failed.
template <typename Order>
[[noreturn]] void become_command(const KeeperOrder& order, int ends, pid_t keeper)
{
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != keeper) {
    ::_exit(127);
  }
  drop_rights(order.as_root);
  drop_right(CAP_NET_RAW);  // serves nothing here but ways around: raw sockets do not exist
  auto keep = order.keep_descriptors;
  for (const int fd : keep) {
    ::fcntl(fd, F_SETFD, 0);
  }
  keep.push_back(ends);
  close_all_but(std::move(keep));
  const bool possible = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                        kernel::refuse_other_sockets(order.socket_filter);
  write_number(ends, possible ? kernel::watch_own_calls(order.call_filter) : -errno);
  for (Order next;;) {
    if (::read(ends, &next, sizeof next) != static_cast<ssize_t>(sizeof next)) {
      ::_exit(127);
    }
    if (next.kind == Order::Kind::Begin) {
      break;
    }
    write_number(ends, next.carry_out());
  }
  ::sigprocmask(SIG_SETMASK, &order.signal_mask, nullptr);
  execute(order.program, order.argv, order.environment);
  write_number(ends, errno);
  ::_exit(127);
}

/// Until the command has ended, or zonder has.
std::optional<int> wait_for(pid_t command, const Descriptor& signals, const Channel& zonder)
{
  for (;;) {
    if (const auto status = reap(command)) {
      return status;
    }
    std::array<pollfd, 2> ready = {
        pollfd{.fd = signals.get(), .events = POLLIN, .revents = 0},
        pollfd{.fd = zonder.descriptor(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) {
      return std::nullopt;
    }
    if (ready[1].revents != 0) {
      return std::nullopt;
    }
    signalfd_siginfo ignored{};
    while (::read(signals.get(), &ignored, sizeof ignored) > 0) {
    }
  }
}

template <typename Order>
[[noreturn]] void keep_command(const KeeperOrder& order, Channel zonder, const Descriptor& ends)
{
  (void)adopt_orphans(true);
  ::signal(SIGCHLD, SIG_DFL);  // else the kernel would throw the status away
  sigset_t all{};
  ::sigfillset(&all);  // what the terminal sends is for the command
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  sigset_t child_ended{};
  ::sigemptyset(&child_ended);
  ::sigaddset(&child_ended, SIGCHLD);
  const Descriptor signals(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
  const pid_t self = ::getpid();
  const int kept = out_of_the_way(ends);
  const pid_t pid = ::fork();
  if (pid == 0) {
    become_command<Order>(order, kept, self);
  }
  close_all_but({zonder.descriptor(), signals.get()});
  const Descriptor command(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  std::optional<int> status;
  if (pid > 0 && zonder.send("started", std::to_string(pid), {command.get()})) {
    status = wait_for(pid, signals, zonder);
  }
  (void)end_descendants({}, end_patience);
  if (status) {
    (void)zonder.send("ended", std::to_string(*status));
  }
  ::_exit(0);
}

}  // namespace

Result<Keeper> Keeper::start(const KeeperOrder& order)
{
  auto channel = Channel::make_pair();
  if (!channel) {
    return fail(channel.error());
  }
  auto ends = make_ends();
  const pid_t pid = ends ? ::fork() : -1;
  if (pid < 0) {
    return fail(Fault::Internal, say("cannot start a process: {}", std::strerror(errno)));
  }
  if (pid == 0) {
    ends->first.reset();
    channel->first.close();
    keep_command<Order>(order, std::move(channel->second), ends->second);
  }
  Keeper keeper(ChildProcess(pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)))),
                std::move(channel->first),
                std::move(ends->first));
  channel->second.close();
  ends->second.reset();
  ZONDER_TRY(keeper.take_command());
  return keeper;
}

Result<void> Keeper::take_command()
{
  auto started = channel_.expect("started");
  if (!started) {
    return fail(started.error());
  }
  if (started->descriptors.size() == 1) {
    command_ = std::move(started->descriptors.front());
  }
  const auto number =
      comes_within(orders_, POLLIN, start_patience) ? read_number(orders_.get()) : std::nullopt;
  if (!number) {
    return fail(Fault::Internal, say("the command's process does not answer"));
  }
  if (*number == -EBUSY) {
    return fail(Fault::NotPossible,
                say("this run is inside another one (or a program that watches calls), and the "
                    "kernel lets only one decide: the engine \"seccomp\" cannot work in there"));
  }
  if (*number < 0) {
    return fail(
        Fault::NotPossible,
        say("the kernel does not let zonder decide about calls: {}", std::strerror(-*number)));
  }
  listener_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_getfd, command_.get(), *number, 0)));
  if (!listener_) {
    return fail(Fault::NotPossible,
                say("this machine does not let zonder copy a descriptor of its own child "
                    "(pidfd_getfd): {}; in a container, start it with \"--cap-add SYS_PTRACE\"",
                    std::strerror(errno)));
  }
  return {};
}

Result<int> Keeper::ask(const Order& order, milliseconds patience)
{
  const auto size = static_cast<ssize_t>(sizeof order);
  if (::write(orders_.get(), &order, sizeof order) == size &&
      comes_within(orders_, POLLIN, patience + start_patience)) {
    if (const auto answer = read_number(orders_.get())) {
      return *answer;
    }
  }
  return fail(Fault::Internal, say("the command's process does not answer"));
}

Result<int> Keeper::send_datagram(const SocketAddress& to)
{
  return ask(Order::at(Order::Kind::Datagram, to, {}), {});
}

Result<int> Keeper::connect(const SocketAddress& to, milliseconds patience)
{
  return ask(Order::at(Order::Kind::Connect, to, patience), patience);
}

Result<int> Keeper::ask_for_names(const SocketAddress& to, milliseconds patience)
{
  return ask(Order::at(Order::Kind::Names, to, patience), patience);
}

void Keeper::end()
{
  channel_.close();
  orders_.reset();
  (void)process_.wait_for(end_patience + std::chrono::seconds(1));
}

Result<int> Keeper::begin()
{
  const Order order;
  if (::write(orders_.get(), &order, sizeof order) != static_cast<ssize_t>(sizeof order)) {
    return fail(Fault::Internal, say("the command's process does not answer"));
  }
  // A number: exec failed. The end: it is the command now, and its own end was closed with exec.
  return read_number(orders_.get()).value_or(0);
}

}  // namespace zonder::isolate
