// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What it costs that the kernel asks a supervisor at each connect, and each process of a build; and
// that a doorkeeper (--engine seccomp) does the call itself: the same work without a filter and
// with, one after the other in each round, in a network of its own in which nothing listens and
// from which nothing leaves. Beside them somebody who looks at nothing and lets each call go on:
// what the kernel's asking costs alone, below which no supervisor comes.
//
//   attribution_bench [--benchmark_repetitions=N]      as root
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/rounds.hh"
#include "isolate/doorkeeper.hh"
#include "isolate/supervisor.hh"
#include "kernel/call_filter.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "kernel/socket_filter.hh"

namespace zonder::bench {
namespace {

using std::chrono::steady_clock;

constexpr auto somewhere = net::Address::v4(0xc0000201);  // 192.0.2.1, which is at "lo" here
constexpr int connects = 20000;
constexpr int processes = 1000;
constexpr int reaching = 1000;

sockaddr_in closed_port()
{
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(static_cast<std::uint32_t>(somewhere.low()));
  return address;
}

/// Until they are all refused.
void connect_often(int how_often)
{
  const auto address = closed_port();
  for (int i = 0; i < how_often; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
        errno != ECONNREFUSED) {
      ::_exit(1);
    }
    ::close(socket);
  }
}

void send_often(int how_often)
{
  const auto address = closed_port();
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (int i = 0; i < how_often; ++i) {
    (void)::sendto(socket, "x", 1, 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
}

/// What a build does: a process after another, each of which does something and ends.
void start_often(bool reach)
{
  for (int i = 0; i < processes; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      if (reach) {
        connect_often(1);
      }
      ::execl("/bin/true", "true", nullptr);
      ::_exit(127);
    }
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid || status != 0) {
      ::_exit(1);
    }
  }
}

enum class Who { Nobody, Idler, Supervisor, Doorkeeper };

/// Lets all go on until nobody is left who could call; how many those were.
std::uint64_t look_at_nothing(kernel::CallListener calls)
{
  std::uint64_t seen = 0;
  pollfd ready = {.fd = calls.descriptor(), .events = POLLIN, .revents = 0};
  while (::poll(&ready, 1, -1) > 0 && (ready.revents & POLLIN) != 0) {
    if (const auto notice = calls.receive()) {
      calls.let_go_on(*notice);
      ++seen;
    }
  }
  return seen;
}

/// Seconds that `work` takes in a child, with somebody at its calls or nobody, and the calls seen.
struct Took {
  double seconds = 0;
  std::uint64_t seen = 0;
};
Took time_of(const std::function<void()>& work, Who who)
{
  const bool watched = who != Who::Nobody;
  const auto filter = must(kernel::make_call_filter(
      who == Who::Doorkeeper ? kernel::CallFilterUse::Decide : kernel::CallFilterUse::Tell));
  const auto sockets = kernel::make_socket_filter();
  const model::Absence nobody_absent;
  std::array<int, 2> number{};
  std::array<int, 2> go{};
  std::array<int, 2> done{};
  if (::pipe(number.data()) != 0 || ::pipe(go.data()) != 0 || ::pipe(done.data()) != 0) {
    throw std::runtime_error("no pipes");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    if (who == Who::Doorkeeper && !kernel::refuse_other_sockets(sockets)) {
      ::_exit(1);
    }
    const int listener = watched ? kernel::watch_own_calls(filter) : -1;
    int ignored = 0;
    (void)!::write(number[1], &listener, sizeof listener);
    (void)!::read(go[0], &ignored, sizeof ignored);
    const auto start = steady_clock::now();
    work();
    const double seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
    (void)!::write(done[1], &seconds, sizeof seconds);
    ::_exit(0);
  }
  ::close(done[1]);
  int listener = -1;
  (void)!::read(number[0], &listener, sizeof listener);
  std::unique_ptr<isolate::Supervisor> supervisor;
  std::unique_ptr<isolate::Doorkeeper> doorkeeper;
  std::thread idler;
  Took took;
  if (watched) {
    const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    Descriptor ours(static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd.get(), listener, 0)));
    if (!ours) {
      throw std::runtime_error("the kernel does not let us watch calls");
    }
    kernel::CallListener calls(std::move(ours));
    if (who == Who::Idler) {
      idler = std::thread([&took, held = std::move(calls)]() mutable {
        took.seen = look_at_nothing(std::move(held));
      });
    } else if (who == Who::Supervisor) {
      supervisor = must(isolate::Supervisor::start(std::move(calls)));
    } else {
      isolate::Doorkeeper::Options options;
      options.absence = &nobody_absent;
      doorkeeper = must(isolate::Doorkeeper::start(std::move(calls), std::move(options)));
      doorkeeper->set_door(isolate::Doorkeeper::Door::Open);
    }
  }
  (void)!::write(go[1], &listener, sizeof listener);
  if (::read(done[0], &took.seconds, sizeof took.seconds) !=
      static_cast<ssize_t>(sizeof took.seconds)) {
    throw std::runtime_error("the work did not end well");
  }
  ::waitpid(child, nullptr, 0);
  for (const int each : {number[0], number[1], go[0], go[1], done[0]}) {
    ::close(each);
  }
  if (idler.joinable()) {
    idler.join();
  }
  if (doorkeeper) {
    doorkeeper->stop();
    took.seen = doorkeeper->went_out();
  }
  if (supervisor) {
    supervisor->stop();
    for (const std::uint8_t protocol : {std::uint8_t{IPPROTO_TCP}, std::uint8_t{IPPROTO_UDP}}) {
      for (const auto& share :
           supervisor->tries().at({.address = somewhere, .protocol = protocol, .port = 9})) {
        took.seen += share.tries;
      }
    }
  }
  return took;
}

struct Work {
  const char* name;
  std::function<void()> body;
  std::uint64_t calls;  // that must be seen
  bool per_call;        // told in microseconds each, else as a ratio
};

void measure(int rounds)
{
  auto links = must(kernel::Links::open());
  must(links.set_up("lo"));
  must(links.add_address("lo", net::Prefix::containing(somewhere, 32), somewhere));
  const std::array<Work, 4> all = {
      Work{"a refused TCP connect", [] { connect_often(connects); }, connects, true},
      Work{"a datagram with an address", [] { send_often(connects); }, connects, true},
      Work{"1,000 short processes", [] { start_often(false); }, 0, false},
      Work{"1,000 short processes that connect once", [] { start_often(true); }, reaching, false}};
  std::printf("| what | nobody looks | the kernel asks, nobody looks | a supervisor looks | a "
              "doorkeeper does it |\n|---|---|---|---|---|\n");
  for (const auto& work : all) {
    std::map<Who, std::vector<double>> seconds;
    std::map<Who, std::vector<double>> more;  // than alone, in the same round: seconds, or a ratio
    for (int round = 0; round < rounds; ++round) {
      const double alone = time_of(work.body, Who::Nobody).seconds;
      seconds[Who::Nobody].push_back(alone);
      for (const auto who : {Who::Idler, Who::Supervisor, Who::Doorkeeper}) {
        const auto took = time_of(work.body, who);
        if (took.seen != work.calls) {
          throw std::runtime_error("not every call was seen");
        }
        more[who].push_back(work.per_call ? took.seconds - alone : took.seconds / alone - 1);
      }
    }
    const double alone = median(seconds[Who::Nobody]);
    const double idler = median(more[Who::Idler]);
    const double supervisor = median(more[Who::Supervisor]);
    const double doorkeeper = median(more[Who::Doorkeeper]);
    if (work.per_call) {
      const double each = 1e6 / connects;
      std::printf("| %s | %.1f us | %+.1f us | %+.1f us (%s: under 15) | %+.1f us |\n",
                  work.name,
                  alone * each,
                  idler * each,
                  supervisor * each,
                  supervisor * each < 15 ? "met" : "MISSED",
                  doorkeeper * each);
    } else {
      std::printf("| %s | %.2f s | %+.1f %% | %+.1f %% (%s: at most 10) | %+.1f %% |\n",
                  work.name,
                  alone,
                  idler * 100,
                  supervisor * 100,
                  supervisor <= 0.1 ? "met" : "MISSED",
                  doorkeeper * 100);
    }
  }
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  const int rounds = zonder::bench::rounds_in(count, arguments);
  if (::geteuid() != 0) {
    std::printf("not measured: needs root\n");
    return 0;
  }
  std::fflush(stdout);
  auto child = zonder::kernel::start_in_new_namespaces({.network = true}, [rounds]() -> int {
    zonder::bench::measure(rounds);
    std::fflush(stdout);
    return 0;
  });
  if (!child) {
    std::fprintf(stderr, "%s\n", child.error().message.c_str());
    return 1;
  }
  return child->wait().as_shell();
}
