// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// How many made-up domains a minute a scan asks about, by the real libunbound: a resolver of our
// own on loopback answers at once, so what is measured is zonder and the library, not a network. At
// no pace but its own, and at the pace that is the default; without start pages. Medians of wall
// time.
//   scan_bench [--benchmark_repetitions=N]
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ascii.hh"
#include "bench/rounds.hh"
#include "collect/scan/scanner.hh"

namespace zonder::bench {
namespace {

using Message = std::vector<std::uint8_t>;

constexpr std::uint8_t type_a = 1;
constexpr std::uint8_t type_ns = 2;
constexpr std::uint8_t type_mx = 15;
constexpr std::uint8_t type_txt = 16;

void put_name(Message& message, const std::string& name)
{
  for (std::size_t at = 0; at < name.size();) {
    const auto end = std::min(name.find('.', at), name.size());
    message.push_back(static_cast<std::uint8_t>(end - at));
    message.insert(message.end(),
                   name.begin() + static_cast<std::ptrdiff_t>(at),
                   name.begin() + static_cast<std::ptrdiff_t>(end));
    at = end + 1;
  }
  message.push_back(0);
}

/// What a domain of ours has: name servers, a mail host, SPF with an include; addresses for hosts.
/// Everything else has nothing of its type.
Message content_for(std::uint8_t type, const std::string& first_label, std::size_t labels)
{
  Message content;
  if (type == type_ns && labels == 2) {
    put_name(content, "ns" + first_label.substr(first_label.size() - 1) + ".dns.example");
  } else if (type == type_mx && labels == 2) {
    content = {0, 10};
    put_name(content, "mail." + first_label + ".example");
  } else if (type == type_txt && (labels == 2 || first_label == "spf")) {
    const std::string text = first_label == "spf" ? "v=spf1 ip4:192.0.2.0/24 -all"
                                                  : "v=spf1 mx include:spf.s.example -all";
    content.push_back(static_cast<std::uint8_t>(text.size()));
    content.insert(content.end(), text.begin(), text.end());
  } else if (type == type_a && (first_label == "mail" || first_label.starts_with("ns"))) {
    content = {192, 0, 2, 1};
  }
  return content;
}

/// Answers until it is killed; in a process of its own.
[[noreturn]] void answer_forever(int socket)
{
  std::array<std::uint8_t, 4096> query{};
  for (;;) {
    sockaddr_in from{};
    socklen_t length = sizeof from;
    auto* address = reinterpret_cast<sockaddr*>(&from);
    const auto got = ::recvfrom(socket, query.data(), query.size(), 0, address, &length);
    if (got < 17) {
      continue;
    }
    std::string first_label;
    std::size_t labels = 0;
    std::size_t at = 12;
    for (; query[at] != 0 && at < static_cast<std::size_t>(got); at += query[at] + 1U) {
      if (labels++ == 0) {
        first_label.assign(reinterpret_cast<const char*>(&query[at + 1]), query[at]);
      }
    }
    const std::size_t end = at + 5;
    const auto content = content_for(query[at + 2], ascii_lower(first_label), labels);
    Message reply(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end));
    reply[2] = 0x81;
    reply[3] = 0x80;
    std::fill(reply.begin() + 6, reply.begin() + 12, std::uint8_t{0});
    if (!content.empty()) {
      reply[7] = 1;
      reply.insert(reply.end(), {0xc0, 12, 0, query[at + 2], 0, 1, 0, 0, 1, 0, 0});
      reply.push_back(static_cast<std::uint8_t>(content.size()));
      reply.insert(reply.end(), content.begin(), content.end());
    }
    (void)::sendto(socket, reply.data(), reply.size(), 0, address, length);
  }
}

struct Resolver {
  pid_t pid = 0;
  std::uint16_t port = 0;

  Resolver()
  {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const int room = 8 << 20;
    (void)::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (::bind(socket, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("no port on loopback");
    }
    port = ntohs(address.sin_port);
    pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      answer_forever(socket);
    }
    ::close(socket);
  }
  ~Resolver()
  {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  Resolver(Resolver&&) = delete;
  Resolver& operator=(Resolver&&) = delete;
};

struct Round {
  double seconds = 0;
  collect::ScanCounts counts;
};

Round scan(const Resolver& resolver, std::size_t domains, double rate)
{
  collect::ScannerOptions options;
  options.asker.resolver = "127.0.0.1@" + std::to_string(resolver.port);
  options.asker.trust_anchors.clear();
  options.pages = false;
  options.rate = rate;
  options.rate_of_a_server = rate;
  std::size_t next = 0;
  std::size_t with_mail = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto counts = must(collect::scan_domains(
      options,
      {.next = [&]() -> std::optional<std::string> {
         return next < domains ? std::optional("d" + std::to_string(next++) + ".example")
                               : std::nullopt;
       },
       .told =
           [&](mail::DomainRecords records) {
             with_mail += records.mail_hosts.size() == 1 && records.unanswered.empty() &&
                                  records.spf_reach.names.size() == 1
                              ? 1U
                              : 0U;
           },
       .stop = [] { return false; },
       .now =
           [] {
             return model::Moment();
           }}));
  if (with_mail != domains) {
    throw std::runtime_error(fmt::format("{} of {} domains came out right", with_mail, domains));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {took.count(), counts};
}

void measure(const char* name, std::size_t domains, double rate, std::size_t rounds)
{
  const Resolver resolver;
  std::vector<Round> all;
  for (std::size_t i = 0; i < rounds; ++i) {
    all.push_back(scan(resolver, domains, rate));
  }
  std::sort(all.begin(), all.end(), [](const Round& one, const Round& other) {
    return one.seconds < other.seconds;
  });
  const auto& median = all[all.size() / 2];
  fmt::print("| {} | {} | {:.0f} | {:.0f} |\n",
             name,
             domains,
             static_cast<double>(domains) / median.seconds * 60,
             static_cast<double>(median.counts.questions) / median.seconds);
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  using namespace zonder::bench;
  const auto rounds = static_cast<std::size_t>(rounds_in(count, arguments));
  std::puts("| scan | domains | domains a minute | questions a second |\n|---|---|---|---|");
  measure("at the default pace", 400, 2000, rounds);
  measure("as fast as it can", 3000, 1'000'000, rounds);
  return 0;
}
