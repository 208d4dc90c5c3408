// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/uplink.hh"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/translate.hh"

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
  if (::access("/dev/net/tun", F_OK) != 0) {
    return {.fault = Fault::NotPossible,
            .message =
                say("{} needs /dev/net/tun, which is not here; load it with \"modprobe tun\" "
                    "(in a container: start it with --device /dev/net/tun)",
                    name)};
  }
  if (::access("/dev/net/tun", R_OK | W_OK) != 0) {
    return {.fault = Fault::NotPossible,
            .message = say("{} may not open /dev/net/tun; an administrator can allow it with "
                           "\"chmod 0666 /dev/net/tun\"",
                           name)};
  }
  return {.fault = Fault::NotPossible,
          .message = say("{} does not start: {}", name, words.empty() ? "?" : words)};
}

}  // namespace

Result<Uplink> Uplink::start_slirp4netns(const RoomPlan& plan, pid_t gateway, bool as_root)
{
  const std::string name = "slirp4netns";
  if (!find_program(name)) {
    return fail(Fault::NotPossible,
                say("slirp4netns is not installed; install it with \"apt install slirp4netns\""));
  }
  auto ready = make_pipe();
  auto said = make_pipe();
  auto alive = make_pipe();
  if (!ready || !said || !alive) {
    return fail(!ready ? ready.error() : !said ? said.error() : alive.error());
  }
  // Whatever it has to say, it must never wait for us to read it.
  ::fcntl(said->write.get(), F_SETFL, O_NONBLOCK);
  const auto folder = "/proc/" + std::to_string(gateway) + "/ns/";
  std::vector<std::string> argv = {name,
                                   "--disable-host-loopback",
                                   "--disable-dns",
                                   "--enable-ipv6",
                                   "--mtu=" + std::to_string(plan.mtu),
                                   "--cidr=" + plan.tap_net_v4.to_string(),
                                   "--ready-fd=" + std::to_string(ready->write.get()),
                                   "--exit-fd=" + std::to_string(alive->read.get()),
                                   "--netns-type=path"};
  if (!as_root) {
    argv.push_back("--userns-path=" + folder + "user");
  }
  argv.push_back(folder + "net");
  argv.push_back(plan.uplink_link);
  auto process = ChildProcess::start(
      {.argv = std::move(argv),
       .out = said->write.get(),
       .err = said->write.get(),
       .keep = {ready->write.get(), alive->read.get()},
       // Out of the terminal's foreground group: Ctrl-C is for the command, and we still report.
       .in_child = [] {
         ::setpgid(0, 0);
       }});
  if (!process) {
    return fail(process.error());
  }
  return Uplink(name,
                std::move(*process),
                std::move(ready->read),
                std::move(said->read),
                std::move(alive->write));
}

Result<void> Uplink::wait_until_ready()
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

}  // namespace zonder::isolate
