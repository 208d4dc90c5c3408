// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/uplink_program.hh"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/translate.hh"
#include "kernel/namespaces.hh"

namespace zonder::isolate {
namespace {

constexpr int patience_ms = 10000;

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe()
{
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(Fault::Internal, say("cannot make a pipe: {}", std::strerror(errno)));
  }
  return Pipe{.read = Descriptor(ends[0]), .write = Descriptor(ends[1])};
}

/// What such a program is connected to us by.
struct Pipes {
  Pipe ready;  // it writes when its link is up
  Pipe said;   // what it prints
  Pipe alive;  // its end closes when we end
};

Result<Pipes> make_pipes()
{
  auto ready = make_pipe();
  auto said = make_pipe();
  auto alive = make_pipe();
  if (!ready || !said || !alive) {
    return fail(!ready ? ready.error() : !said ? said.error() : alive.error());
  }
  // Whatever it has to say, it must never wait for us to read it.
  ::fcntl(said->write.get(), F_SETFL, O_NONBLOCK);
  return Pipes{.ready = std::move(*ready), .said = std::move(*said), .alive = std::move(*alive)};
}

/// What is in a pipe now, on one line.
std::string words_in(int pipe)
{
  ::fcntl(pipe, F_SETFL, O_NONBLOCK);
  std::array<char, 2048> text{};
  const auto got = ::read(pipe, text.data(), text.size());
  std::string words(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!words.empty() && words.back() == '\n') {
    words.pop_back();
  }
  for (auto& letter : words) {
    letter = letter == '\n' ? ';' : letter;
  }
  return words;
}

Error did_not_start(const std::string& name, const std::string& words)
{
  if (const auto tun = require_tun(name); !tun) {
    return tun.error();
  }
  return {.fault = Fault::NotPossible,
          .message = say("{} does not start: {}", name, words.empty() ? "?" : words)};
}

class ProgramUplink final : public Uplink {
public:
  ProgramUplink(std::string name, ChildProcess process, Pipes pipes)
      : name_(std::move(name)), process_(std::move(process)), ready_(std::move(pipes.ready.read)),
        said_(std::move(pipes.said.read)), alive_(std::move(pipes.alive.write))
  {
  }

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] int ended() const override { return process_.pidfd(); }
  [[nodiscard]] bool works() override { return process_.running(); }

  Result<void> wait_until_ready() override
  {
    pollfd state = {.fd = ready_.get(), .events = POLLIN, .revents = 0};
    int count = 0;
    do {
      count = ::poll(&state, 1, patience_ms);
    } while (count < 0 && errno == EINTR);
    char byte = 0;
    if (count > 0 && ::read(ready_.get(), &byte, 1) == 1) {
      return {};
    }
    return fail(did_not_start(name_, words_in(said_.get())));
  }

  /// Its connections are those of any program of the user.
  Result<void> check(Probes& /*probes*/) override { return {}; }

private:
  std::string name_;
  ChildProcess process_;
  Descriptor ready_;
  Descriptor said_;
  Descriptor alive_;
};

/// `options.out` and `options.err` are set here when they are not.
Result<std::unique_ptr<Uplink>>
start(const std::string& name, ChildProcess::Options options, Pipes pipes)
{
  options.out = options.out < 0 ? pipes.said.write.get() : options.out;
  options.err = pipes.said.write.get();
  // Out of the terminal's foreground group: Ctrl-C is for the command, and we still report.
  options.in_child = [] {
    ::setpgid(0, 0);
  };
  auto process = ChildProcess::start(std::move(options));
  if (!process) {
    return fail(process.error());
  }
  return std::make_unique<ProgramUplink>(name, std::move(*process), std::move(pipes));
}

}  // namespace

Result<void> require_tun(const std::string& name)
{
  if (::access("/dev/net/tun", F_OK) != 0) {
    return fail(Fault::NotPossible,
                say("{} needs /dev/net/tun, which is not here; load it with \"modprobe tun\" "
                    "(in a container: start it with --device /dev/net/tun)",
                    name));
  }
  if (::access("/dev/net/tun", R_OK | W_OK) != 0) {
    return fail(Fault::NotPossible,
                say("{} may not open /dev/net/tun; an administrator can allow it with "
                    "\"chmod 0666 /dev/net/tun\"",
                    name));
  }
  return {};
}

Result<std::unique_ptr<Uplink>>
start_slirp4netns(const RoomPlan& plan, const UplinkSite& site, bool as_root)
{
  const std::string name = "slirp4netns";
  if (!find_program(name)) {
    return fail(Fault::NotPossible,
                say("slirp4netns is not installed; install it with \"apt install slirp4netns\""));
  }
  auto pipes = make_pipes();
  if (!pipes) {
    return fail(pipes.error());
  }
  std::vector<std::string> argv = {name,
                                   "--disable-host-loopback",
                                   "--disable-dns",
                                   "--enable-ipv6",
                                   "--mtu=" + std::to_string(plan.mtu),
                                   "--cidr=" + plan.tap_net_v4.to_string(),
                                   "--ready-fd=" + std::to_string(pipes->ready.write.get()),
                                   "--exit-fd=" + std::to_string(pipes->alive.read.get()),
                                   "--netns-type=path"};
  if (!as_root) {
    argv.push_back("--userns-path=/proc/" + std::to_string(site.holder) + "/ns/user");
  }
  argv.push_back("/proc/self/fd/" + std::to_string(site.network));
  argv.push_back(plan.uplink_link);
  ChildProcess::Options options = {
      .argv = std::move(argv),
      .keep = {pipes->ready.write.get(), pipes->alive.read.get(), site.network}};
  return start(name, std::move(options), std::move(*pipes));
}

// What the flags are for. It stays in the foreground, so that it dies with us (PR_SET_PDEATHSIG
// outlives its changes of user namespace). No port of either side is open to the other (-t -u -T
// -U), so the machine's loopback is out of reach, and its router address is not that either. It
// configures nothing inside; we do. Its standard output is the pipe that it writes its number to
// when all is ready, standard input the gateway's network: it closes all other descriptors, and as
// root gives up the right to look into another process's /proc before it needs to.
Result<std::unique_ptr<Uplink>>
start_pasta(const RoomPlan& plan, const UplinkSite& site, bool as_root, HostLoopback loopback)
{
  const std::string name = "pasta";
  if (!find_program(name)) {
    return fail(Fault::NotPossible,
                say("pasta is not installed; install it with \"apt install passt\""));
  }
  auto pipes = make_pipes();
  if (!pipes) {
    return fail(pipes.error());
  }
  std::vector<std::string> argv = {name,
                                   "--foreground",
                                   "--quiet",
                                   "--tcp-ports=none",
                                   "--udp-ports=none",
                                   "--tcp-ns=none",
                                   "--udp-ns=none",
                                   "--no-dhcp",
                                   "--no-dhcpv6",
                                   "--no-ra",
                                   "--no-netns-quit",
                                   "--ns-ifname=" + plan.uplink_link,
                                   "--mtu=" + std::to_string(plan.mtu),
                                   "--address=" + plan.tap_v4.to_string(),
                                   "--netmask=" + std::to_string(plan.tap_net_v4.length()),
                                   "--gateway=" + plan.tap_router_v4.to_string(),
                                   "--address=" + plan.tap_v6.to_string(),
                                   "--gateway=" + plan.tap_router_v6.to_string(),
                                   "--pid=/proc/self/fd/1"};
  if (loopback == HostLoopback::Closed) {
    argv.emplace_back("--no-map-gw");
  }
  if (as_root) {
    argv.emplace_back("--runas=0:0");  // "nobody" may not enter a network of root's
    argv.emplace_back("--netns-only");
  } else {
    argv.push_back("--userns=/proc/" + std::to_string(site.holder) + "/ns/user");
  }
  argv.emplace_back("--netns=/proc/self/fd/0");
  ChildProcess::Options options = {
      .argv = std::move(argv), .in = site.network, .out = pipes->ready.write.get()};
  return start(name, std::move(options), std::move(*pipes));
}

}  // namespace zonder::isolate
