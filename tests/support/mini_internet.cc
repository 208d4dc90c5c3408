// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/mini_internet.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <new>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "isolate/socket_address.hh"
#include "kernel/host_table.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "support/dns_bytes.hh"
#include "support/mini_names.hh"
#include "support/namespaces.hh"

namespace zonder::test {
namespace {

using net::Address;
using net::Prefix;

void must(const Result<void>& result)
{
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
}

template <typename T>
T must(Result<T> result)
{
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
  return std::move(*result);
}

Address address(const char* text)
{
  return Address::parse(text).value();
}

/// Whatever a test does by mistake, no rule of ours gets into the network that the tests run in.
[[maybe_unused]] const bool forbidden_outside = [] {
  if (const auto outside = kernel::own_namespace_id("net")) {
    kernel::HostTable::forbid_in(*outside);
  }
  return true;
}();

/// Two namespaces and a link between them; the calling process is in the host's.
Descriptor build(const MiniInternetOptions& options)
{
  auto internet = must(kernel::new_network_namespace());
  auto host = must(kernel::Links::open());
  auto far = must(kernel::Links::open(internet.get()));
  must(host.set_up("lo"));
  must(far.set_up("lo"));
  must(host.add_veth("out", "in", internet.get()));
  must(host.set_mtu("out", 65520));
  must(far.set_mtu("in", 65520));
  const auto v4 = Prefix::parse("192.168.50.0/24").value();
  const auto v6 = Prefix::parse("fd50::/64").value();
  if (options.v4) {
    must(host.add_address("out", v4, address("192.168.50.2")));
  }
  if (options.v6) {
    must(host.add_address("out", v6, address("fd50::2")));
  }
  must(far.add_address("in", v4, address("192.168.50.1")));
  must(far.add_address("in", v6, address("fd50::1")));
  for (const char* text : {microsoft_v4,
                           europe_v4,
                           microsoft_v6,
                           europe_v6,
                           root_server,
                           example_server,
                           europe_server}) {
    const auto each = address(text);
    must(far.add_address("lo", Prefix::containing(each, net::width(each.family())), each));
  }
  must(host.set_up("out"));
  must(far.set_up("in"));
  if (options.v4) {
    must(host.add_route({.destination = kernel::default_destination(net::Family::V4),
                         .gateway = address("192.168.50.1")}));
  }
  if (options.v6) {
    must(host.add_route({.destination = kernel::default_destination(net::Family::V6),
                         .gateway = address("fd50::1")}));
  }
  // No packet before it is certain that there is no other way out.
  for (const auto& link : must(far.list_links())) {
    if (link.name != "in" && !link.loopback) {
      throw std::runtime_error("the internet of the test has a link out: " + link.name);
    }
  }
  for (const auto& link : must(host.list_links())) {
    if (link.name != "out" && !link.loopback) {
      throw std::runtime_error("the host of the test has a link out: " + link.name);
    }
  }
  return internet;
}

std::vector<std::uint8_t> bytes_of(const Address& which)
{
  const isolate::SocketAddress place(which, 0);
  const auto* at = reinterpret_cast<const std::uint8_t*>(&place.storage);
  return which.is_v4() ? std::vector<std::uint8_t>(at + offsetof(sockaddr_in, sin_addr),
                                                   at + offsetof(sockaddr_in, sin_addr) + 4)
                       : std::vector<std::uint8_t>(at + offsetof(sockaddr_in6, sin6_addr),
                                                   at + offsetof(sockaddr_in6, sin6_addr) + 16);
}

void count(Arrivals& arrivals, const Address& reached)
{
  if (reached == address(microsoft_v4) || reached == address(microsoft_v6)) {
    ++arrivals.microsoft;
  } else {
    ++arrivals.europe;
  }
}

Descriptor open_server(const Address& at, int type, std::uint16_t port)
{
  Descriptor socket(
      ::socket(at.is_v4() ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int one = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const isolate::SocketAddress here(at, port);
  if (::bind(socket.get(), here.get(), here.length) != 0 ||
      (type == SOCK_STREAM && ::listen(socket.get(), 64) != 0)) {
    throw std::runtime_error("cannot open a server on " + at.to_string());
  }
  return socket;
}

/// The question's name, as text; the place after the question.
std::pair<std::string, std::size_t> read_question(const std::vector<std::uint8_t>& query)
{
  std::string name;
  std::size_t place = 12;
  while (place < query.size() && query[place] != 0) {
    const std::size_t length = query[place];
    if (length > 63 || place + 1 + length > query.size()) {
      return {"", 0};
    }
    name += (name.empty() ? "" : ".") +
            std::string(query.begin() + static_cast<std::ptrdiff_t>(place + 1),
                        query.begin() + static_cast<std::ptrdiff_t>(place + 1 + length));
    place += 1 + length;
  }
  return {name.empty() ? "." : name, place + 5};
}

std::vector<std::uint8_t> answer_to(const std::vector<std::uint8_t>& query)
{
  static const std::map<std::string, std::array<const char*, 2>> names = {
      {"login.microsoft.example", {microsoft_v4, microsoft_v6}},
      {"www.europe.example", {europe_v4, europe_v6}},
      {"cdn.microsoft.example", {europe_v4, europe_v6}},
      {"hosted.europe.example", {microsoft_v4, microsoft_v6}},
      {"proxy.europe.example", {europe_v4, europe_v6}},
      {"turned.europe.example", {europe_v4, europe_v6}},
      {"proxy.microsoft.example", {microsoft_v4, microsoft_v6}}};
  // Their IPv4 address is another one each time that they are asked for; they have no other.
  static std::map<std::string, std::vector<const char*>> in_turn = {
      {"turning.europe.example", {europe_v4, microsoft_v4}},
      {"rebinding.example", {europe_v4, "127.0.0.1"}},
      {"slow.example", {europe_v4}}};
  const auto [name, end] = read_question(query);
  if (end == 0 || end > query.size()) {
    return {};
  }
  TestMessage reply;
  reply.id = static_cast<unsigned>(query[0] << 8U | query[1]);
  reply.name = name;
  reply.type = static_cast<unsigned>(query[end - 4] << 8U | query[end - 3]);
  const auto found = names.find(name);
  if (const auto turning = in_turn.find(name); turning != in_turn.end()) {
    auto& addresses = turning->second;
    if (reply.type == 1) {
      reply.answers.push_back({name, reply.type, address_data(addresses.front())});
      std::rotate(addresses.begin(), addresses.begin() + 1, addresses.end());
    }
  } else if (found == names.end() && name != ".") {
    reply.flags |= 3;  // no such name
  } else if (found != names.end() && (reply.type == 1 || reply.type == 28)) {
    const auto* text = found->second.at(reply.type == 1 ? 0 : 1);
    reply.answers.push_back({name, reply.type, address_data(text)});
  }
  const auto bytes = write(reply);
  return {bytes.begin(), bytes.end()};
}

struct Server {
  Descriptor socket;
  Address at;
  int type = SOCK_STREAM;
  std::uint16_t port = 0;
  bool resolver = false;  // of the host's own; else port 53 is a name server's
};

void count_questions(Arrivals& arrivals, const Address& reached)
{
  if (reached == address(microsoft_v4)) {
    ++arrivals.microsoft;
  } else {
    ++arrivals.questions;
  }
}

using Pages = std::map<std::string, std::string>;

/// Answers one request, if there is one soon: a browser opens connections that it does not use.
void serve_page(const Descriptor& client, const Pages& pages)
{
  const timeval limit = {.tv_sec = 0, .tv_usec = 300'000};
  ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::array<char, 4096> request{};
  const auto got = ::recv(client.get(), request.data(), request.size(), 0);
  const std::string text(request.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const auto end = text.find_first_of("? ", 4);
  if (!text.starts_with("GET ") || end == std::string::npos) {
    return;
  }
  const auto path = text.substr(4, end - 4);
  const auto found = pages.find(path);
  const auto body = found == pages.end() ? std::string("there is no such page") : found->second;
  const char* kind = path.ends_with(".js")
                         ? "text/javascript"
                         : (path.ends_with(".svg") ? "image/svg+xml" : "text/html");
  const auto answer = std::string("HTTP/1.1 ") + (found == pages.end() ? "404 No" : "200 OK") +
                      "\r\nContent-Type: " + kind +
                      "\r\nContent-Length: " + std::to_string(body.size()) +
                      "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + body;
  ::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  ::shutdown(client.get(), SHUT_WR);
}

/// Serves until it is killed.
[[noreturn]] void serve(std::vector<Server> servers, Arrivals& arrivals, const Pages& pages)
{
  std::vector<pollfd> ready;
  for (const auto& server : servers) {
    ready.push_back({.fd = server.socket.get(), .events = POLLIN, .revents = 0});
  }
  for (;;) {
    ::poll(ready.data(), ready.size(), -1);
    for (std::size_t i = 0; i < servers.size(); ++i) {
      if (ready[i].revents == 0) {
        continue;
      }
      if (servers[i].type == SOCK_STREAM) {
        const Descriptor client(::accept4(servers[i].socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (client) {
          count(arrivals, servers[i].at);
          if (!pages.empty()) {
            serve_page(client, pages);
            continue;
          }
          const auto body = "this is " + servers[i].at.to_string() + "\n";
          const auto text = "HTTP/1.0 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                            "\r\nConnection: close\r\n\r\n" + body;
          ::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL);
          ::shutdown(client.get(), SHUT_WR);
          std::array<char, 2048> request{};
          const timeval limit = {.tv_sec = 1, .tv_usec = 0};
          ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
          while (::recv(client.get(), request.data(), request.size(), 0) > 0) {
          }
        }
        continue;
      }
      std::vector<std::uint8_t> datagram(2048);
      sockaddr_storage from{};
      socklen_t length = sizeof from;
      const auto got = ::recvfrom(servers[i].socket.get(),
                                  datagram.data(),
                                  datagram.size(),
                                  0,
                                  reinterpret_cast<sockaddr*>(&from),
                                  &length);
      if (got < 0) {
        continue;
      }
      datagram.resize(static_cast<std::size_t>(got));
      if (servers[i].resolver && read_question(datagram).first == "slow.example") {
        if (::fork() == 0) {
          ::prctl(PR_SET_PDEATHSIG, SIGKILL);
          datagram = answer_to(datagram);
          ::sleep(9);
          ::sendto(servers[i].socket.get(),
                   datagram.data(),
                   datagram.size(),
                   0,
                   reinterpret_cast<const sockaddr*>(&from),
                   length);
          ::_exit(0);
        }
        continue;
      }
      if (servers[i].resolver) {
        datagram = datagram.size() > 16 ? answer_to(datagram) : std::vector<std::uint8_t>();
      } else if (servers[i].port == 53) {
        count_questions(arrivals, servers[i].at);
        datagram = authoritative_answer(servers[i].at.to_string(), datagram);
      } else {
        count(arrivals, servers[i].at);
      }
      ::sendto(servers[i].socket.get(),
               datagram.data(),
               datagram.size(),
               0,
               reinterpret_cast<const sockaddr*>(&from),
               length);
    }
  }
}

ChildProcess start_servers(int internet, Arrivals& arrivals, const Pages& pages)
{
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  auto child = must(kernel::start_in_new_namespaces({}, [&]() -> int {
    must(kernel::enter_namespace(internet));
    std::vector<Server> servers;
    for (const char* text : {microsoft_v4, europe_v4, microsoft_v6, europe_v6}) {
      const auto at = address(text);
      for (const auto port : {std::uint16_t{80}, std::uint16_t{443}}) {
        servers.push_back({open_server(at, SOCK_STREAM, port), at, SOCK_STREAM, port});
      }
      for (const auto port : {std::uint16_t{7}, std::uint16_t{7777}}) {
        servers.push_back({open_server(at, SOCK_DGRAM, port), at, SOCK_DGRAM, port});
      }
    }
    for (const char* text : {europe_v4, europe_v6}) {
      const auto at = address(text);
      servers.push_back({open_server(at, SOCK_DGRAM, 53), at, SOCK_DGRAM, 53, true});
    }
    for (const char* text : {root_server, example_server, europe_server, microsoft_v4}) {
      const auto at = address(text);
      servers.push_back({open_server(at, SOCK_DGRAM, 53), at, SOCK_DGRAM, 53});
    }
    (void)!::write(ends[1], "x", 1);
    serve(std::move(servers), arrivals, pages);
  }));
  char byte = 0;
  ::close(ends[1]);
  if (::read(ends[0], &byte, 1) != 1) {
    throw std::runtime_error("the servers of the test did not start");
  }
  ::close(ends[0]);
  return child;
}

/// Looks at what comes out of the host, below all that has ports. In a process of its own, since
/// the servers take their time.
ChildProcess start_watch(int internet, Arrivals& arrivals)
{
  Descriptor link;
  must(kernel::in_network_namespace(internet, [&link]() -> Result<void> {
    link = Descriptor(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    return link ? Result<void>() : fail(Fault::NotPossible, std::strerror(errno));
  }));
  return must(kernel::start_in_new_namespaces({}, [&arrivals, &link]() -> int {
    const std::array<Address, 2> absent = {address(microsoft_v4), address(microsoft_v6)};
    std::vector<std::uint8_t> packet(70000);
    for (;;) {
      sockaddr_ll from{};
      socklen_t length = sizeof from;
      const auto got = ::recvfrom(
          link.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
      // Loopback is where the servers' own addresses are.
      if (got <= 0 || from.sll_pkttype == PACKET_OUTGOING || from.sll_hatype == ARPHRD_LOOPBACK) {
        continue;
      }
      const auto end = packet.begin() + got;
      const bool named = std::any_of(absent.begin(), absent.end(), [&](const Address& each) {
        const auto bytes = bytes_of(each);
        return std::search(packet.begin(), end, bytes.begin(), bytes.end()) != end;
      });
      arrivals.naming_microsoft += named ? 1U : 0U;
    }
  }));
}

void write_text(const std::string& path, const std::string& text)
{
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot write " + path);
  }
  ::fchmod(file.get(), 0644);
}

void must_mount(const char* source, const char* target, const char* type, unsigned long flags)
{
  if (::mount(source, target, type, flags, nullptr) != 0) {
    throw std::runtime_error(std::string("cannot mount on ") + target + ": " +
                             std::strerror(errno));
  }
}

/// In the test's own mount namespace: a name server of its own, and a tun device that an ordinary
/// user may open, as it is on a real Debian.
void arrange_host(const MiniInternetOptions& options)
{
  // Held, since it may lie where nothing is seen of it in a moment.
  const auto build = std::filesystem::path(ZONDER_BINARY).parent_path().parent_path();
  const Descriptor built(::open(build.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  must_mount("test", "/mnt", "tmpfs", 0);
  ::chmod("/mnt", 0755);
  ::mkdir("/mnt/zonder", 0755);
  must_mount(
      ("/proc/self/fd/" + std::to_string(built.get())).c_str(), "/mnt/zonder", nullptr, MS_BIND);
  ::mkdir("/mnt/etc", 0755);
  ::mkdir("/mnt/scratch", 0777);
  ::chmod("/mnt/scratch", 0777);
  write_text("/mnt/resolv.conf",
             std::string("nameserver ") + (options.v4 ? europe_v4 : europe_v6) + "\n");
  if (options.dangling_resolv_conf) {
    // A copy of /etc in memory, with a link that leads nowhere.
    must_mount("/etc", "/mnt/etc", nullptr, MS_BIND);
    must_mount("test", "/etc", "tmpfs", 0);
    std::filesystem::copy("/mnt/etc",
                          "/etc",
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::copy_symlinks |
                              std::filesystem::copy_options::skip_existing);
    ::unlink("/etc/resolv.conf");
    if (::symlink("../run/zonder-test/nowhere/resolv.conf", "/etc/resolv.conf") != 0) {
      throw std::runtime_error("cannot make a link");
    }
  } else {
    must_mount("/mnt/resolv.conf", "/etc/resolv.conf", nullptr, MS_BIND);
  }
  if (::mknod("/mnt/tun", S_IFCHR | 0666, ::makedev(10, 200)) == 0) {
    ::chmod("/mnt/tun", 0666);
    must_mount("/mnt/tun", "/dev/net/tun", nullptr, MS_BIND);
  }
  must_mount("proc", "/proc", "proc", 0);
}

/// `body` in a process of its own, as whom it shall be; what is wrong comes through a pipe.
std::string run_as(uid_t uid, const std::function<std::string()>& body)
{
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return "no pipe";
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::string wrong;
    if (uid != 0 && (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 ||
                     ::setresuid(uid, uid, uid) != 0)) {
      wrong = "cannot become an ordinary user";
    } else {
      // Changing who we are hides our /proc files from ourselves; exec would do the same.
      ::prctl(PR_SET_DUMPABLE, 1);
      try {
        wrong = body();
      } catch (const std::exception& problem) {
        wrong = problem.what();
      }
    }
    (void)!::write(ends[1], wrong.data(), wrong.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string wrong;
  std::array<char, 4096> text{};
  for (ssize_t got = 0; (got = ::read(ends[0], text.data(), text.size())) > 0;) {
    wrong.append(text.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status == 0 ? wrong : "the test's process ended with " + std::to_string(status) + wrong;
}

}  // namespace

void in_mini_internet(const MiniInternetOptions& options,
                      const std::function<std::string(Arrivals&)>& body)
{
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to make a network with an uplink for an ordinary user";
  }
  void* shared =
      ::mmap(nullptr, sizeof(Arrivals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* arrivals = new (shared) Arrivals;
  in_new_namespaces({.mount = true, .pid = true}, [&]() -> std::string {
    try {
      arrange_host(options);
      const auto internet = build(options);
      if (options.forwards) {
        must(kernel::set_network_option(
            must(kernel::open_own_namespace("net")).get(), "ipv4/ip_forward", "1"));
        must(kernel::set_network_option(
            must(kernel::open_own_namespace("net")).get(), "ipv6/conf/all/forwarding", "1"));
      }
      if (options.prepare) {
        options.prepare();
      }
      const auto servers = start_servers(internet.get(), *arrivals, options.pages);
      const auto more =
          options.beside ? options.beside(internet.get()) : std::vector<ChildProcess>();
      std::optional<ChildProcess> watch;
      if (options.watched) {
        watch = start_watch(internet.get(), *arrivals);
      }
      return run_as(options.uid, [&] { return body(*arrivals); });
    } catch (const std::exception& problem) {
      return problem.what();
    }
  });
  if (!options.reaches_microsoft) {
    EXPECT_EQ(arrivals->microsoft.load(), 0U) << "arrivals at the absent party";
  }
  ::munmap(shared, sizeof(Arrivals));
}

model::Absence microsoft_absence()
{
  model::Absence absence;
  absence.selector = "microsoft";
  absence.data_date = "2026-11-01";
  absence.parties.push_back(
      {.id = "microsoft",
       .name = "Microsoft",
       .addresses = net::PrefixSet::of(std::vector<Prefix>{
           Prefix::parse("20.190.128.0/18").value(), Prefix::parse("2603:1000::/24").value()})});
  absence.names.push_back(
      {.suffix = net::DomainName::parse("microsoft.example").value(), .party = 0});
  return absence;
}

}  // namespace zonder::test
