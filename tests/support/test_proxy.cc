// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/test_proxy.hh"

#include <array>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/file.hh"
#include "isolate/socket_address.hh"
#include "support/mini_internet.hh"

namespace zonder::test {
namespace {

void write_log(std::string_view bytes)
{
  const Descriptor file(::open(proxy_log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  (void)!::write(file.get(), bytes.data(), bytes.size());
}

/// What comes, with the log knowing of it; empty at the end.
std::string hear(const Descriptor& client)
{
  std::array<char, 16384> bytes{};
  const auto got = ::recv(client.get(), bytes.data(), bytes.size(), 0);
  const std::string heard(bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  write_log(heard);
  return heard;
}

void say_to(const Descriptor& client, const std::string& text)
{
  (void)::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

Descriptor connect_to(const std::string& host, const std::string& port)
{
  static const std::map<std::string, std::string> known = {
      {"slow.example", microsoft_v4},
      {"login.only-proxy.example", microsoft_v4},
      {"www.only-proxy.example", europe_v4},
      {"turned.europe.example", "127.0.0.1"}};
  const auto own = known.find(host);
  const auto where = own == known.end() ? host : own->second;
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(where.c_str(), port.c_str(), &wanted, &found) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  for (; found != nullptr; found = found->ai_next) {
    Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(socket.get(), found->ai_addr, found->ai_addrlen) == 0) {
      return socket;
    }
  }
  return {};
}

/// Until both have ended.
void pass_on(const Descriptor& client, const Descriptor& server)
{
  std::array<pollfd, 2> ready = {pollfd{.fd = client.get(), .events = POLLIN, .revents = 0},
                                 pollfd{.fd = server.get(), .events = POLLIN, .revents = 0}};
  while (ready[0].fd >= 0 || ready[1].fd >= 0) {
    if (::poll(ready.data(), ready.size(), 20000) <= 0) {
      return;
    }
    if (ready[0].fd >= 0 && ready[0].revents != 0) {
      const auto heard = hear(client);
      say_to(server, heard);
      if (heard.empty()) {
        ::shutdown(server.get(), SHUT_WR);
        ready[0].fd = -1;
      }
    }
    if (ready[1].fd >= 0 && ready[1].revents != 0) {
      std::array<char, 16384> bytes{};
      const auto got = ::recv(server.get(), bytes.data(), bytes.size(), 0);
      if (got <= 0) {
        ::shutdown(client.get(), SHUT_WR);
        ready[1].fd = -1;
      } else {
        say_to(client, {bytes.data(), static_cast<std::size_t>(got)});
      }
    }
  }
}

std::string read_head(const Descriptor& client)
{
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto more = hear(client);
    if (more.empty()) {
      return "";
    }
    head += more;
  }
  return head;
}

void serve_one(const Descriptor& client, bool asks_who)
{
  auto head = read_head(client);
  if (asks_who && !head.empty()) {
    say_to(client, "HTTP/1.1 407 Who\r\nContent-Length: 4\r\n\r\nwho?");
    head = read_head(client);
  }
  const auto blank = head.find(' ');
  if (blank == std::string::npos) {
    return;
  }
  auto target = head.substr(blank + 1, head.find(' ', blank + 1) - blank - 1);
  const bool tunnel = head.starts_with("CONNECT ");
  std::string path;
  if (!tunnel) {
    target = target.substr(target.find("://") + 3);
    path = target.substr(target.find('/'));
    target = target.substr(0, target.find('/'));
  }
  std::string port = "80";
  if (const auto colon = target.rfind(':'); colon != std::string::npos && target.back() != ']') {
    port = target.substr(colon + 1);
    target = target.substr(0, colon);
  }
  if (target.starts_with('[')) {
    target = target.substr(1, target.size() - 2);
  }
  const auto server = connect_to(target, port);
  if (!server) {
    say_to(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  if (tunnel) {
    say_to(client, "HTTP/1.1 200 Connection established\r\n\r\n");
  } else {
    say_to(server, head.substr(0, blank + 1) + path + head.substr(head.find(' ', blank + 1)));
  }
  pass_on(client, server);
}

}  // namespace

int serve_as_proxy(const std::vector<net::Address>& at, std::uint16_t port, int ready)
{
  ::signal(SIGCHLD, SIG_IGN);
  std::vector<Descriptor> listeners;
  std::vector<pollfd> polled;
  for (const auto& address : at) {
    Descriptor socket(
        ::socket(address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int one = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    const isolate::SocketAddress here(address, port);
    if (::bind(socket.get(), here.get(), here.length) != 0 || ::listen(socket.get(), 64) != 0) {
      return 1;
    }
    polled.push_back({.fd = socket.get(), .events = POLLIN, .revents = 0});
    listeners.push_back(std::move(socket));
  }
  (void)!::write(ready, "x", 1);
  for (;;) {
    ::poll(polled.data(), polled.size(), -1);
    for (const auto& each : polled) {
      if (each.revents == 0) {
        continue;
      }
      const Descriptor client(::accept4(each.fd, nullptr, nullptr, SOCK_CLOEXEC));
      if (::fork() == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve_one(client, port % 10 == 9);
        ::_exit(0);
      }
    }
  }
}

std::string sent_to_proxies()
{
  const auto log = read_file(proxy_log);
  return log ? *log : "";
}

}  // namespace zonder::test
