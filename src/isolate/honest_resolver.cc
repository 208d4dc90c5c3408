// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/honest_resolver.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/close_all_but.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {
namespace {

// Past 1023, so that nobody needs a right to open it.
constexpr std::uint16_t resolver_port = 5300;
// The folder that Debian's AppArmor profile lets unbound read. Ours hangs over it, for us only.
constexpr const char* folder = "/etc/unbound";
constexpr const char* configuration_file = "/etc/unbound/zonder.conf";
constexpr const char* hints_file = "/etc/unbound/zonder.hints";
constexpr std::chrono::milliseconds start_limit{10000};
constexpr std::chrono::milliseconds socket_limit{1000};

// Of https://data.iana.org/root-anchors/root-anchors.xml: KSK-2017 and KSK-2024.
constexpr std::array root_anchors = {
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"};

net::Address loopback()
{
  return net::Address::v4(0x7f000001);
}

bool write_file_here(const char* path, const std::string& text)
{
  const Descriptor file(::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Result<void> arrange_folder(const ResolverOrder& order)
{
  ::umask(022);
  if (::mount("zonder", folder, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755,size=1m") !=
          0 ||
      !write_file_here(configuration_file, order.configuration) ||
      !write_file_here(hints_file, order.root_hints)) {
    return fail(
        Fault::NotPossible,
        say("cannot lay out unbound's configuration over {}: {}", folder, std::strerror(errno)));
  }
  return {};
}

constexpr unsigned nobody = 65534;

/// No right survives exec then. Root becomes nobody too, since its files are its own without any.
void give_up_rights(bool as_root)
{
  for (int right = 0; right < 64 && ::prctl(PR_CAPBSET_READ, right) >= 0; ++right) {
    ::prctl(PR_CAPBSET_DROP, right);
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (!as_root) {
    return;
  }
  // Where root is only called so, in a user namespace of somebody's, there may be no other groups
  // to leave and no nobody to become.
  const bool is_alone = read_file("/proc/self/setgroups", 16).value_or("").starts_with("deny");
  const bool no_groups = ::setgroups(0, nullptr) == 0 || is_alone;
  const bool is_nobody =
      (::setresgid(nobody, nobody, nobody) == 0 && ::setresuid(nobody, nobody, nobody) == 0) ||
      (is_alone && errno == EINVAL);
  if (!no_groups || !is_nobody) {
    const std::string words = std::string("its rights cannot be given up: ") + std::strerror(errno);
    (void)!::write(STDERR_FILENO, words.data(), words.size());
    ::_exit(1);
  }
}

struct Said {
  Descriptor read;
  Descriptor write;

  [[nodiscard]] std::string words() const
  {
    std::array<char, 2048> text{};
    const auto got = ::read(read.get(), text.data(), text.size());
    std::string all(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!all.empty() && all.back() == '\n') {
      all.pop_back();
    }
    for (auto& letter : all) {
      letter = letter == '\n' ? ';' : letter;
    }
    return all.empty() ? "?" : all;
  }
};

Result<Said> make_pipe()
{
  std::array<int, 2> ends{};
  // It must never wait for us to read what it says.
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return fail(Fault::Internal, say("cannot make a pipe: {}", std::strerror(errno)));
  }
  return Said{.read = Descriptor(ends[0]), .write = Descriptor(ends[1])};
}

bool answers()
{
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress there(loopback(), resolver_port);
  return socket && ::connect(socket.get(), there.get(), there.length) == 0;
}

Result<void> wait_until_it_answers(ChildProcess& unbound, const Said& said)
{
  const auto until = std::chrono::steady_clock::now() + start_limit;
  while (!answers()) {
    if (!unbound.running() || std::chrono::steady_clock::now() > until) {
      return fail(Fault::NotPossible, say("unbound does not start: {}", said.words()));
    }
    ::usleep(5000);
  }
  return {};
}

/// Gives sockets of this network to who asks, until one of the two has ended.
void hand_out_sockets(const ChildProcess& unbound, Channel& controller)
{
  for (;;) {
    std::array<pollfd, 2> ready = {
        pollfd{.fd = unbound.pidfd(), .events = POLLIN, .revents = 0},
        pollfd{.fd = controller.descriptor(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;
      }
      return;
    }
    if (ready[0].revents != 0) {
      return;
    }
    const auto wanted = controller.receive(socket_limit);
    if (!wanted) {
      return;
    }
    const Descriptor socket(
        ::socket(AF_INET, (wanted->word == "stream" ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
    if (!controller.send("socket", {}, socket ? std::vector{socket.get()} : std::vector<int>())) {
      return;
    }
  }
}

Result<ChildProcess> start_unbound(const ResolverOrder& order, const Said& said)
{
  return ChildProcess::start({.argv = {order.program, "-d", "-c", configuration_file},
                              .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                              .directory = "/",
                              .err = said.write.get(),
                              .in_child = [&order] {
                                give_up_rights(order.as_root);
                              }});
}

std::string configuration_for(const RoomPlan& plan, bool own_root)
{
  const auto yes_or_no = [](bool value) {
    return value ? "yes" : "no";
  };
  std::string text = "server:\n"
                     "  username: \"\"\n"
                     "  chroot: \"\"\n"
                     "  directory: \"\"\n"
                     "  pidfile: \"\"\n"
                     "  use-syslog: no\n"
                     "  logfile: \"\"\n"
                     "  verbosity: 0\n"
                     "  num-threads: 1\n"
                     "  outgoing-range: 400\n"
                     "  num-queries-per-thread: 200\n"
                     "  interface: 127.0.0.1\n"
                     // A zone whose servers are all silent fails after some 10 s, as with other
                     // resolvers; by itself unbound takes more than a minute.
                     "  infra-cache-max-rtt: 2000\n"
                     // Its cache tells afterwards why a name failed.
                     "  access-control: 127.0.0.0/8 allow_snoop\n";
  text += "  port: " + std::to_string(resolver_port) + "\n";
  text += std::string("  do-ip6: ") + yes_or_no(plan.machine_has_v6) + "\n";
  text +=
      std::string("  prefer-ip6: ") + yes_or_no(plan.machine_has_v6 && !plan.machine_has_v4) + "\n";
  if (own_root) {
    text += std::string("  root-hints: \"") + hints_file + "\"\n  module-config: \"iterator\"\n";
  } else {
    text += "  module-config: \"validator iterator\"\n";
    for (const char* anchor : root_anchors) {
      text += std::string("  trust-anchor: \"") + anchor + "\"\n";
    }
  }
  return text + "remote-control:\n  control-enable: no\n";
}

}  // namespace

Result<ResolverOrder>
order_resolver(const RoomPlan& plan, const std::string& root_hints, bool as_root)
{
  auto program = find_program("unbound");
  if (!program) {
    return fail(Fault::NotPossible,
                say("--dns honest needs unbound, which is not installed; install it with \"apt "
                    "install unbound\""));
  }
  return ResolverOrder{.program = std::move(*program),
                       .configuration = configuration_for(plan, !root_hints.empty()),
                       .root_hints = root_hints,
                       .as_root = as_root};
}

int keep_resolver(const ResolverOrder& order, Channel controller)
{
  // Nothing of the processes before us may live on in here.
  close_all_but({controller.descriptor()});
  ::signal(SIGCHLD, SIG_DFL);
  // Out of the terminal's foreground group: Ctrl-C is for the command.
  ::setpgid(0, 0);
  const auto give_up = [&](const Error& error) {
    (void)controller.send("error", error.message);
    return 1;
  };
  auto said = make_pipe();
  if (!said) {
    return give_up(said.error());
  }
  if (const auto arranged = arrange_folder(order); !arranged) {
    return give_up(arranged.error());
  }
  auto unbound = start_unbound(order, *said);
  if (!unbound) {
    return give_up(unbound.error());
  }
  if (const auto ready = wait_until_it_answers(*unbound, *said); !ready) {
    return give_up(ready.error());
  }
  if (controller.send("ready")) {
    hand_out_sockets(*unbound, controller);
  }
  return 0;
}

Upstream HonestResolver::address()
{
  return {.address = loopback(), .port = resolver_port};
}

Result<void> HonestResolver::wait_until_ready()
{
  const auto ready = keeper_.expect("ready", start_limit + start_limit);
  return ready ? Result<void>() : fail(ready.error());
}

Descriptor HonestResolver::socket(int kind)
{
  if (!keeper_.send(kind == SOCK_STREAM ? "stream" : "datagram")) {
    return {};
  }
  auto notice = keeper_.expect("socket", socket_limit);
  if (!notice || notice->descriptors.size() != 1) {
    return {};
  }
  auto socket = std::move(notice->descriptors.front());
  // Its flags are those of the open file, which we have alone now.
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
  return socket;
}

bool HonestResolver::works() const
{
  pollfd state = {.fd = keeper_.descriptor(), .events = 0, .revents = 0};
  return ::poll(&state, 1, 0) == 0;
}

}  // namespace zonder::isolate
