// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/lab.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <sstream>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "kernel/namespaces.hh"
#include "lab/keeper.hh"

namespace zonder::lab {
namespace {

std::string registry_prefix()
{
  return "zonder-lab-" + std::to_string(::geteuid()) + "-";
}

/// An abstract address: a zero byte, then the name; it exists as long as its socket.
socklen_t abstract_address(const std::string& name, sockaddr_un& address)
{
  address = {};
  address.sun_family = AF_UNIX;
  const auto text = registry_prefix() + name;
  std::memcpy(
      address.sun_path + 1, text.data(), std::min(text.size(), sizeof address.sun_path - 1));
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
}

Descriptor new_socket()
{
  return Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

/// Takes the name. The keeper listens, so that who connects learns the keeper's process from it.
Result<Descriptor> claim(const std::string& name)
{
  Descriptor listener = new_socket();
  sockaddr_un address = {};
  const auto size = abstract_address(name, address);
  if (!listener || ::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) != 0) {
    return errno == EADDRINUSE
               ? fail(Fault::NotPossible,
                      say("a lab {} is up already; \"zonder lab down {}\" ends it", name, name))
               : fail(Fault::Internal, say("cannot make a socket: {}", std::strerror(errno)));
  }
  return listener;
}

/// Who listens there, told by the kernel.
ucred peer_of(const Descriptor& socket)
{
  ucred who = {.pid = 0, .uid = static_cast<uid_t>(-1), .gid = static_cast<gid_t>(-1)};
  socklen_t size = sizeof who;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &who, &size);
  return who;
}

tl::unexpected<Error> gone()
{
  return fail(Fault::NotPossible, say("the lab ended while it was asked"));
}

/// Asks, and tells an error from an answer.
Result<Received> ask(const Descriptor& control, const std::string& request)
{
  if (!send_message(control.get(), request)) {
    return gone();
  }
  auto answer = receive_message(control.get());
  if (answer.text.empty()) {
    return gone();
  }
  if (answer.text.starts_with("no ")) {
    return fail(Fault::Usage, answer.text.substr(3));
  }
  return answer;
}

}  // namespace

Lab::Lab(Descriptor control, pid_t keeper, std::optional<ChildProcess> child)
    : control_(std::move(control)), keeper_(keeper), child_(std::move(child))
{
}

Result<Lab> Lab::start(const LabFile& file, const Options& options)
{
  Descriptor listener;
  if (options.registered) {
    auto claimed = claim(file.name);
    if (!claimed) {
      return fail(claimed.error());
    }
    listener = std::move(*claimed);
  }
  std::array<int, 2> ends{};
  const auto own = kernel::own_namespace_id("net");
  if (!own || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(Fault::Internal, say("cannot make a socket: {}", std::strerror(errno)));
  }
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  const bool is_root = ::geteuid() == 0;
  const KeeperTask task = {.file = file,
                           .options = options,
                           .own_user_namespace = !is_root,
                           .forbidden = {*own},
                           .control = theirs.get(),
                           .listener = listener ? listener.get() : -1};
  auto child = kernel::start_in_new_namespaces({.user = !is_root,
                                                .network = true,
                                                .mount = true,
                                                .pid = true,
                                                .uts = true,
                                                .ipc = true,
                                                .die_with_parent = !options.outlives_us},
                                               [&task] { return keep_lab(task); });
  if (!child) {
    return fail(child.error());
  }
  theirs.reset();
  const auto first = receive_message(ours.get()).text;
  if (first != "ready") {
    child->wait();
    if (first.size() < 4) {
      return fail(Fault::NotPossible, say("the lab ended before it was up"));
    }
    return fail(first[3] == 'u' ? Fault::Usage : Fault::NotPossible, first.substr(4));
  }
  const pid_t keeper = child->pid();
  if (options.outlives_us) {
    child->abandon();
    return Lab(std::move(ours), keeper, std::nullopt);
  }
  return Lab(std::move(ours), keeper, std::move(*child));
}

Result<Lab> Lab::find(const std::string& name)
{
  Descriptor control = new_socket();
  sockaddr_un address = {};
  const auto size = abstract_address(name, address);
  if (!is_lab_name(name) || !control ||
      ::connect(control.get(), reinterpret_cast<sockaddr*>(&address), size) != 0) {
    return fail(Fault::Usage, say("no lab {} is up; \"zonder lab up FILE.yaml\" starts one", name));
  }
  // Anybody may bind the name. What such a one would answer (namespaces that we then enter!) is not
  // even read: only our own labs are.
  const auto keeper = peer_of(control);
  if (keeper.uid != ::geteuid()) {
    return fail(Fault::NotPossible,
                say("the name of the lab {} is taken by user {}, who is not you: give your lab "
                    "another name",
                    name,
                    keeper.uid));
  }
  return Lab(std::move(control), keeper.pid, std::nullopt);
}

std::vector<std::string> Lab::names()
{
  std::vector<std::string> found;
  std::istringstream lines(read_file("/proc/net/unix").value_or(""));
  const auto wanted = "@" + registry_prefix();
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find(wanted);
    if (at != std::string::npos) {
      found.push_back(line.substr(at + wanted.size()));
    }
  }
  // A connection bears the name of the socket that it came in by.
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  // Names that somebody else bound are no labs of ours.
  std::erase_if(found, [](const std::string& name) { return !Lab::find(name); });
  return found;
}

Result<Status> Lab::status()
{
  const auto answer = ask(control_, "status");
  if (!answer) {
    return fail(answer.error());
  }
  const auto json = nlohmann::json::parse(answer->text, nullptr, false);
  if (json.is_discarded()) {
    return gone();
  }
  Status status = {.name = json.at("name"), .checksum = json.at("checksum")};
  for (const auto& host : json.at("hosts")) {
    status.hosts.push_back(
        {.name = host.at("name"), .addresses = host.at("addresses"), .names = host.at("names")});
  }
  for (const auto& server : json.at("servers")) {
    status.servers.push_back({.host = server.at("host"),
                              .kind = server.at("kind"),
                              .state = server.at("state"),
                              .reason = server.at("reason")});
  }
  return status;
}

Result<HostSpaces> Lab::host(const std::string& name)
{
  auto answer = ask(control_, "host " + name);
  if (!answer) {
    return fail(answer.error());
  }
  auto& all = answer->descriptors;
  if (all.size() != 5 && all.size() != 6) {
    return gone();
  }
  HostSpaces spaces;
  std::size_t next = 0;
  if (all.size() == 6) {
    spaces.user = std::move(all[next++]);
  }
  spaces.pid = std::move(all[next++]);
  spaces.ipc = std::move(all[next++]);
  spaces.uts = std::move(all[next++]);
  spaces.net = std::move(all[next++]);
  spaces.mount = std::move(all[next]);
  return spaces;
}

Result<Descriptor> Lab::watch(const std::string& host)
{
  auto answer = ask(control_, "watch " + host);
  if (!answer) {
    return fail(answer.error());
  }
  if (answer->descriptors.size() != 1) {
    return gone();
  }
  return std::move(answer->descriptors.front());
}

Result<void> Lab::end()
{
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, keeper_, 0)));
  (void)ask(control_, "down");  // an answer that does not come is an end too
  constexpr int longest = 10'000;
  pollfd ended = {.fd = process.get(), .events = POLLIN, .revents = 0};
  if (process && ::poll(&ended, 1, longest) != 1) {
    return fail(Fault::Internal, say("the lab does not end; its process is {}", keeper_));
  }
  if (child_) {
    child_->wait();
    return {};
  }
  // The process has ended; a moment later whoever inherited it has noted that, and it is gone.
  for (int i = 0; i < 100 && ::kill(keeper_, 0) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

}  // namespace zonder::lab
