// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/keeper.hh"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sched.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "kernel/namespaces.hh"
#include "lab/host_view.hh"
#include "lab/servers.hh"
#include "lab/small_servers.hh"
#include "lab/wiring.hh"
#include "trust/authority.hh"

namespace zonder::lab {
namespace {

constexpr auto between_questions = std::chrono::milliseconds(15);
constexpr std::chrono::hours certificates_last{24 * 30};

/// A server with its process.
struct Running {
  Server server;
  ChildProcess process;
  std::size_t answered = 0;  // how many of its questions
};

/// Everything that the keeper holds; when it ends, all of it ends.
class Keeper {
public:
  explicit Keeper(const KeeperTask& task) : task_(task), file_(task.file) {}

  Result<void> build();
  int serve();

private:
  Result<void> lay_and_check();
  Result<void> start_servers();
  Result<void> start(const Server& server);
  Result<void> wait_for_answers();
  Result<bool> ask_all();
  std::string last_words(const Server& server) const;

  bool handle(int client);
  std::string describe();
  void give_host(int client, const std::string& name);
  void give_watch(int client, const std::string& name);
  void reap();

  const KeeperTask& task_;
  const LabFile& file_;
  Namespaces networks_;
  std::map<std::string, View> views_;
  std::vector<Running> running_;
  std::vector<LeftOut> left_out_;
  std::optional<ChildProcess> small_servers_;
};

Result<void> Keeper::build()
{
  ZONDER_TRY(mount_lab_folder());
  ZONDER_TRY(lay_and_check());
  auto authority = trust::Authority::make("zonder lab " + file_.name, certificates_last);
  if (!authority) {
    return fail(authority.error());
  }
  ZONDER_TRY(make_shared_files(*authority));
  for (const auto& host : file_.hosts) {
    auto view = make_view(file_, host);
    if (!view) {
      return fail(view.error());
    }
    views_.emplace(host.name, std::move(*view));
  }
  const auto& chosen = task_.options.identity_folder;
  auto servers =
      prepare_servers(file_, *authority, chosen.empty() ? find_identity_provider() : chosen);
  if (!servers) {
    return fail(servers.error());
  }
  left_out_ = std::move(servers->left_out);
  for (auto& server : servers->start) {
    ZONDER_TRY(start(server));
  }
  auto small = start_small_servers(file_, networks_);
  if (!small) {
    return fail(small.error());
  }
  small_servers_ = std::move(*small);
  return wait_for_answers();
}

/// Not a packet before it is known that none can leave: links that are down send nothing.
Result<void> Keeper::lay_and_check()
{
  auto networks = lay_cables(file_);
  if (!networks) {
    return fail(networks.error());
  }
  networks_ = std::move(*networks);
  if (task_.options.tamper) {
    task_.options.tamper(networks_);
  }
  ZONDER_TRY(check_closed(networks_, task_.forbidden));
  ZONDER_TRY(switch_on(file_, networks_));
  // Once more, now that there are routes.
  return check_closed(networks_, task_.forbidden);
}

Result<void> Keeper::start(const Server& server)
{
  const Descriptor log(
      ::open((server.folder + "/log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644));
  const auto& view = views_.at(server.host);
  const std::array<int, 3> spaces = {
      networks_.at(server.host).get(), view.uts.get(), view.mount.get()};
  // The identity provider is installed where the checkout is, which may be below /tmp.
  const bool own_tmp = server.kind != "identity";
  auto process = ChildProcess::start(
      {.argv = server.argv,
       .environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "LC_ALL=C.UTF-8",
                       "HOME=/run",
                       "NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt"},
       .directory = server.folder,
       .out = log.get(),
       .err = log.get(),
       .keep = {spaces.begin(), spaces.end()},
       .in_child = [&server, spaces, own_tmp] {
         for (const int space : spaces) {
           if (::setns(space, 0) != 0) {
             ::_exit(126);
           }
           ::close(space);
         }
         if (!make_files_read_only(own_tmp) || ::chdir(server.folder.c_str()) != 0) {
           ::_exit(126);
         }
       }});
  if (!process) {
    return fail(process.error());
  }
  running_.push_back({.server = server, .process = std::move(*process)});
  return {};
}

std::string Keeper::last_words(const Server& server) const
{
  const auto log = read_file(server.folder + "/log");
  if (!log || log->empty()) {
    return say("it wrote nothing to its log");
  }
  const auto text = log->substr(log->size() - std::min<std::size_t>(log->size(), 400));
  return text.substr(0, text.find_last_not_of('\n') + 1);
}

/// Asks each server its next question. True when all have answered all.
Result<bool> Keeper::ask_all()
{
  bool all = true;
  for (auto& one : running_) {
    if (!one.process.running()) {
      return fail(Fault::NotPossible,
                  say("the server {} of {} ended at once: {}",
                      one.server.kind,
                      one.server.host,
                      last_words(one.server)));
    }
    while (one.answered < one.server.questions.size()) {
      bool answered = false;
      ZONDER_TRY(
          kernel::in_network_namespace(networks_.at(one.server.host).get(), [&]() -> Result<void> {
            answered = answers(one.server.questions[one.answered]);
            return {};
          }));
      if (!answered) {
        all = false;
        break;
      }
      ++one.answered;
    }
  }
  return all;
}

Result<void> Keeper::wait_for_answers()
{
  const auto until = std::chrono::steady_clock::now() + task_.options.patience;
  for (;;) {
    const auto all = ask_all();
    if (!all) {
      return fail(all.error());
    }
    if (*all) {
      return {};
    }
    if (std::chrono::steady_clock::now() > until) {
      break;
    }
    std::this_thread::sleep_for(between_questions);
  }
  for (const auto& one : running_) {
    if (one.answered < one.server.questions.size()) {
      return fail(Fault::NotPossible,
                  say("the server {} of {} does not answer: {}",
                      one.server.kind,
                      one.server.host,
                      last_words(one.server)));
    }
  }
  return {};
}

std::string Keeper::describe()
{
  nlohmann::json json = {{"name", file_.name}, {"checksum", file_.checksum}};
  auto& hosts = json["hosts"] = nlohmann::json::array();
  auto& servers = json["servers"] = nlohmann::json::array();
  const auto add = [&servers](const std::string& host,
                              const std::string& kind,
                              const char* state,
                              const std::string& reason) {
    servers.push_back({{"host", host}, {"kind", kind}, {"state", state}, {"reason", reason}});
  };
  for (const auto& host : file_.hosts) {
    std::vector<std::string> addresses;
    for (const auto& address : host.addresses) {
      addresses.push_back(address.to_string());
    }
    hosts.push_back({{"name", host.name}, {"addresses", addresses}, {"names", host.names}});
    if (host.small.any()) {
      add(host.name, "small servers", small_servers_->running() ? "runs" : "ended", "");
    }
  }
  for (auto& one : running_) {
    add(one.server.host, one.server.kind, one.process.running() ? "runs" : "ended", "");
  }
  for (const auto& one : left_out_) {
    add(one.host, one.kind, "left out", one.reason);
  }
  return json.dump();
}

void Keeper::give_host(int client, const std::string& name)
{
  const auto view = views_.find(name);
  if (view == views_.end()) {
    send_message(client, "no " + say("there is no host {} in this lab", name));
    return;
  }
  auto pid = kernel::open_own_namespace("pid");
  auto ipc = kernel::open_own_namespace("ipc");
  auto user = kernel::open_own_namespace("user");
  if (!pid || !ipc || !user) {
    send_message(client, "no " + say("cannot open a namespace: {}", std::strerror(errno)));
    return;
  }
  std::vector<int> all = {pid->get(),
                          ipc->get(),
                          view->second.uts.get(),
                          networks_.at(name).get(),
                          view->second.mount.get()};
  if (task_.own_user_namespace) {
    all.insert(all.begin(), user->get());
  }
  send_message(client, "ok", all);
}

void Keeper::give_watch(int client, const std::string& name)
{
  const auto network = networks_.find(name);
  if (network == networks_.end()) {
    send_message(client, "no " + say("there is no host {} in this lab", name));
    return;
  }
  Descriptor socket;
  const auto done = kernel::in_network_namespace(network->second.get(), [&]() -> Result<void> {
    socket = Descriptor(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    return {};
  });
  if (!done || !socket) {
    send_message(client, "no " + say("cannot watch {}: {}", name, std::strerror(errno)));
    return;
  }
  send_message(client, "ok", {socket.get()});
}

/// Answers one request. False: the client is gone. "down" does not come back.
bool Keeper::handle(int client)
{
  const auto request = receive_message(client).text;
  if (request.empty()) {
    return false;
  }
  if (request == "down") {
    send_message(client, "ok");
    ::_exit(0);
  }
  if (request == "status") {
    return send_message(client, describe());
  }
  if (request.starts_with("host ")) {
    give_host(client, request.substr(5));
  } else if (request.starts_with("watch ")) {
    give_watch(client, request.substr(6));
  } else {
    send_message(client, "no " + say("the lab does not know the request {}", request));
  }
  return true;
}

/// Takes in what ended: our own servers through their objects, orphans of theirs here.
void Keeper::reap()
{
  for (auto& one : running_) {
    (void)one.process.running();
  }
  if (small_servers_) {
    (void)small_servers_->running();
  }
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

bool is_ours(int client)
{
  ucred who = {};
  socklen_t size = sizeof who;
  return ::getsockopt(client, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.uid == ::geteuid();
}

Descriptor open_signals()
{
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGCHLD);
  sigaddset(&wanted, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
  return Descriptor(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
}

int Keeper::serve()
{
  const Descriptor signals = open_signals();
  reap();  // what ended before signals came to us
  std::vector<Descriptor> clients;
  clients.emplace_back(::fcntl(task_.control, F_DUPFD_CLOEXEC, 3));
  ::close(task_.control);
  for (;;) {
    std::vector<pollfd> ready = {{.fd = signals.get(), .events = POLLIN, .revents = 0},
                                 {.fd = task_.listener, .events = POLLIN, .revents = 0}};
    for (const auto& client : clients) {
      ready.push_back({.fd = client.get(), .events = POLLIN, .revents = 0});
    }
    ::poll(ready.data(), ready.size(), -1);
    if (signalfd_siginfo what = {}; ::read(signals.get(), &what, sizeof what) > 0) {
      if (what.ssi_signo == SIGTERM) {
        return 0;
      }
      reap();
    }
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (ready[i + 2].revents != 0 && !handle(clients[i].get())) {
        clients[i].reset();
      }
    }
    std::erase_if(clients, [](const Descriptor& client) { return !client; });
    if (ready[1].revents != 0) {
      Descriptor client(::accept4(task_.listener, nullptr, nullptr, SOCK_CLOEXEC));
      if (client && is_ours(client.get()) && clients.size() < 64) {
        clients.push_back(std::move(client));
      }
    }
  }
}

/// The keeper keeps nothing of the one who started it: no terminal, no descriptors.
void leave_starter(const KeeperTask& task)
{
  ::setsid();
  ::umask(022);
  (void)!::chdir("/");
  std::array<unsigned, 2> keep = {
      static_cast<unsigned>(task.control),
      static_cast<unsigned>(task.listener < 0 ? task.control : task.listener)};
  std::ranges::sort(keep);
  unsigned from = 3;
  for (const unsigned fd : keep) {
    if (fd > from) {
      ::syscall(SYS_close_range, from, fd - 1, 0);
    }
    from = std::max(from, fd + 1);
  }
  ::syscall(SYS_close_range, from, ~0U, 0);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {0, 1, 2}) {
    ::dup2(nothing, standard);
  }
  ::close(nothing);
  ::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

int keep_lab(const KeeperTask& task)
{
  leave_starter(task);
  Keeper keeper(task);
  if (const auto built = keeper.build(); !built) {
    const char kind = built.error().fault == Fault::Usage ? 'u' : 'n';
    send_message(task.control, std::string("no ") + kind + built.error().message);
    return 1;
  }
  if (task.listener >= 0) {
    ::listen(task.listener, 16);
  }
  // Whoever wanted it has gone meanwhile (Ctrl-C): then nobody does.
  if (!send_message(task.control, "ready")) {
    return 1;
  }
  return keeper.serve();
}

bool send_message(int socket, const std::string& text, const std::vector<int>& descriptors)
{
  iovec part = {.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> room{};
  if (!descriptors.empty()) {
    const auto size = sizeof(int) * std::min(descriptors.size(), most_descriptors);
    message.msg_control = room.data();
    message.msg_controllen = CMSG_SPACE(size);
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), descriptors.data(), size);
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

Received receive_message(int socket)
{
  Received received;
  received.text.resize(largest_message);
  iovec part = {.iov_base = received.text.data(), .iov_len = received.text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> room{};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  ssize_t count = 0;
  do {
    count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  received.text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  for (auto* header = CMSG_FIRSTHDR(&message); count > 0 && header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      std::vector<int> all((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      std::memcpy(all.data(), CMSG_DATA(header), all.size() * sizeof(int));
      for (const int descriptor : all) {
        received.descriptors.emplace_back(descriptor);
      }
    }
  }
  return received;
}

}  // namespace zonder::lab
