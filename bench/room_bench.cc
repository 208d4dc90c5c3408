// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What `zonder room` leaves of a laptop's network: thirty devices behind a switch, all at once,
// through the room and through the same laptop as a plain router (forwarding and masquerading by
// the kernel), over the same links with the same MTU. In namespaces without a way out. The two are
// measured in turns. The devices' data is compared whole before anything is timed.
//   room_bench [--benchmark_repetitions=N]      as root, with dnsmasq, slirp4netns and pasta
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "bench/rounds.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"

namespace zonder::bench {
namespace {

using net::Address;
using net::Prefix;
using std::chrono::steady_clock;

constexpr std::uint16_t port = 5201;
constexpr std::size_t devices = 30;
constexpr std::size_t block = 65536;
constexpr double seconds = 2.0;
constexpr std::chrono::milliseconds warm_up{700};
constexpr const char* server = "193.0.6.139";
constexpr const char* router = "10.213.80.1";
constexpr const char* room_net = "10.213.80.0/23";

Address address(const std::string& text)
{
  return must(Address::parse(text));
}

void shell(const std::string& line)
{
  const auto done = must(run_captured({"sh", "-c", line}));
  if (done.status.as_shell() != 0) {
    throw std::runtime_error(line + ": " + done.err);
  }
}

struct Device {
  Descriptor space;
  std::string hardware;
};

struct World {
  Descriptor internet;
  std::vector<Device> devices;
};

Device plug_in(std::size_t number)
{
  Device device{.space = must(kernel::new_network_namespace()), .hardware = {}};
  auto here = must(kernel::Links::open());
  const auto cable = "p" + std::to_string(number);
  must(here.add_veth(cable, "eth0", device.space.get()));
  must(here.set_master(cable, "sw"));
  must(here.set_up(cable));
  auto there = must(kernel::Links::open(device.space.get()));
  const auto own = "10.213.80." + std::to_string(10 + number);
  must(there.add_address("eth0", must(Prefix::parse(room_net)), address(own)));
  must(there.set_up("eth0"));
  must(there.add_route({.destination = kernel::default_destination(net::Family::V4),
                        .gateway = address(router),
                        .link = "eth0"}));
  const auto links = must(there.list_links());
  device.hardware = std::ranges::find(links, "eth0", &kernel::Link::name)->hardware.to_string();
  return device;
}

/// The calling process is the laptop: "out" leads to the internet, "sw" is a switch on it.
World build_world()
{
  World world{.internet = must(kernel::new_network_namespace()), .devices = {}};
  auto here = must(kernel::Links::open());
  auto far = must(kernel::Links::open(world.internet.get()));
  must(here.set_up("lo"));
  must(far.set_up("lo"));
  must(here.add_veth("out", "in", world.internet.get()));
  const auto net = must(Prefix::parse("192.168.50.0/24"));
  must(here.add_address("out", net, address("192.168.50.2")));
  must(far.add_address("in", net, address("192.168.50.1")));
  must(far.add_address("lo", Prefix::containing(address(server), 32), address(server)));
  must(here.set_up("out"));
  must(far.set_up("in"));
  must(here.add_route({.destination = kernel::default_destination(net::Family::V4),
                       .gateway = address("192.168.50.1")}));
  must(here.add_bridge("sw"));
  // It would take an address from the room's router, and a room refuses that.
  must(kernel::set_network_option(
      must(kernel::open_own_namespace("net")).get(), "ipv6/conf/sw/accept_ra", "0"));
  must(here.set_up("sw"));
  for (std::size_t i = 0; i < devices; ++i) {
    world.devices.push_back(plug_in(i));
  }
  return world;
}

/// Of a network card: both ways of the uplink.
void limit_uplink(const World& world, const std::string& rate)
{
  const auto limit = [&](const std::string& link) {
    shell("tc qdisc replace dev " + link + " root tbf rate " + rate + " burst 256k latency 30ms");
  };
  limit("out");
  must(kernel::in_network_namespace(world.internet.get(), [&]() -> Result<void> {
    limit("in");
    return {};
  }));
}

// --- What is sent
// -----------------------------------------------------------------------------------

struct Counts {
  std::array<std::atomic<std::uint64_t>, devices> up{};  // by the device's last byte
  std::array<std::atomic<std::uint64_t>, devices> down{};
};

std::vector<char> pattern()
{
  std::vector<char> bytes(block);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(i * 31 + i / 251);
  }
  return bytes;
}

void send_until_closed(int socket, const std::vector<char>& what)
{
  while (::send(socket, what.data(), what.size(), MSG_NOSIGNAL) > 0) {
  }
}

void receive_until_closed(int socket, std::atomic<std::uint64_t>& count)
{
  std::vector<char> bytes(block * 4);
  for (ssize_t got = 0; (got = ::recv(socket, bytes.data(), bytes.size(), 0)) > 0;) {
    count += static_cast<std::uint64_t>(got);
  }
}

/// First two bytes of each connection: which device, and 'u' or 'd' or 'p' (the pattern once).
void serve(Descriptor client, Counts& counts)
{
  std::array<char, 2> first{};
  if (::recv(client.get(), first.data(), first.size(), MSG_WAITALL) != 2) {
    return;
  }
  const auto number = static_cast<std::size_t>(first[0]);
  if (first[1] == 'u') {
    receive_until_closed(client.get(), counts.up.at(number));
  } else if (first[1] == 'd') {
    send_until_closed(client.get(), pattern());
  } else {
    const auto bytes = pattern();
    (void)::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
}

/// Also a name server that knows nothing, which a room wants to hear.
void answer_names()
{
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const isolate::SocketAddress here(address(server), 53);
  (void)::bind(socket.get(), here.get(), here.length);
  std::array<unsigned char, 512> question{};
  sockaddr_storage from{};
  for (;;) {
    socklen_t length = sizeof from;
    auto* sender = reinterpret_cast<sockaddr*>(&from);
    const auto got = ::recvfrom(socket.get(), question.data(), question.size(), 0, sender, &length);
    if (got > 12) {
      question[2] = 0x81;
      question[3] = 0x80;
      std::fill(question.begin() + 6, question.begin() + 12, 0);
      (void)::sendto(
          socket.get(), question.data(), static_cast<std::size_t>(got), 0, sender, length);
    }
  }
}

ChildProcess start_server(const World& world, Counts& counts)
{
  return must(kernel::start_in_new_namespaces({}, [&]() -> int {
    must(kernel::enter_namespace(world.internet.get()));
    std::thread(answer_names).detach();
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const isolate::SocketAddress here(address(server), port);
    if (::bind(listener.get(), here.get(), here.length) != 0 ||
        ::listen(listener.get(), 200) != 0) {
      return 1;
    }
    for (;;) {
      Descriptor client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      std::thread([client = std::move(client), &counts]() mutable {
        serve(std::move(client), counts);
      }).detach();
    }
  }));
}

Descriptor connect_from(const World& world, std::size_t number, char what)
{
  Descriptor socket;
  must(kernel::in_network_namespace(world.devices[number].space.get(), [&]() -> Result<void> {
    socket = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return {};
  }));
  const timeval limit = {.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const isolate::SocketAddress to(address(server), port);
  const std::array<char, 2> first = {static_cast<char>(number), what};
  if (::connect(socket.get(), to.get(), to.length) != 0 ||
      ::send(socket.get(), first.data(), first.size(), MSG_NOSIGNAL) != 2) {
    throw std::runtime_error("device " + std::to_string(number) +
                             " does not connect: " + std::strerror(errno));
  }
  return socket;
}

/// Every device gets the same bytes.
void compare_answers(const World& world)
{
  const auto wanted = pattern();
  for (std::size_t i = 0; i < devices; ++i) {
    const auto socket = connect_from(world, i, 'p');
    std::vector<char> got(wanted.size());
    const auto count = ::recv(socket.get(), got.data(), got.size(), MSG_WAITALL);
    if (count != static_cast<ssize_t>(got.size()) || got != wanted) {
      throw std::runtime_error("device " + std::to_string(i) + " got other bytes");
    }
  }
}

/// Jiffies in which a processor did anything, of the whole machine.
double busy_seconds()
{
  std::ifstream file("/proc/stat");
  std::string word;
  file >> word;
  std::array<double, 8> times{};
  for (auto& each : times) {
    file >> each;
  }
  return (times[0] + times[1] + times[2] + times[5] + times[6]) /
         static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct Measured {
  double gigabits = 0;              // a second
  double seconds_per_gigabyte = 0;  // of processors, senders and receivers too
};

Measured measure(const World& world, Counts& counts, char direction)
{
  auto& counted = direction == 'u' ? counts.up : counts.down;
  std::vector<Descriptor> sockets;
  std::vector<std::thread> busy;
  for (std::size_t i = 0; i < devices; ++i) {
    sockets.push_back(connect_from(world, i, direction));
  }
  for (std::size_t i = 0; i < devices; ++i) {
    busy.emplace_back([&, i, socket = sockets[i].get()] {
      if (direction == 'u') {
        send_until_closed(socket, pattern());
      } else {
        receive_until_closed(socket, counts.down.at(i));
      }
    });
  }
  std::this_thread::sleep_for(warm_up);
  const auto sum = [&] {
    std::uint64_t all = 0;
    for (const auto& each : counted) {
      all += each;
    }
    return static_cast<double>(all);
  };
  const auto begin = steady_clock::now();
  const auto bytes = sum();
  const auto worked = busy_seconds();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const auto more = sum() - bytes;
  const auto cost = busy_seconds() - worked;
  const auto took = std::chrono::duration<double>(steady_clock::now() - begin).count();
  for (const auto& socket : sockets) {
    ::shutdown(socket.get(), SHUT_RDWR);
  }
  for (auto& each : busy) {
    each.join();
  }
  return {.gigabits = more * 8 / took / 1e9, .seconds_per_gigabyte = cost / (more / 1e9)};
}

// --- The two ways
// -----------------------------------------------------------------------------------

/// Who was the router before is forgotten.
void forget_router(const World& world)
{
  for (const auto& device : world.devices) {
    must(kernel::in_network_namespace(device.space.get(), []() -> Result<void> {
      shell("ip neigh flush dev eth0");
      return {};
    }));
  }
}

struct Both {
  Measured up;
  Measured down;
};

Both measure_both(const World& world, Counts& counts)
{
  forget_router(world);
  compare_answers(world);
  const auto up = measure(world, counts, 'u');
  return {.up = up, .down = measure(world, counts, 'd')};
}

Both by_router(const World& world, Counts& counts)
{
  shell("echo 1 >/proc/sys/net/ipv4/ip_forward; ip addr add " + std::string(router) +
        "/23 dev sw; nft 'add table ip plain; add chain ip plain out { type nat hook postrouting "
        "priority 100; }; add rule ip plain out oifname out masquerade'");
  const auto both = measure_both(world, counts);
  shell("nft delete table ip plain; ip addr flush dev sw; echo 0 >/proc/sys/net/ipv4/ip_forward");
  return both;
}

Both by_room(const World& world, Counts& counts, const std::string& uplink)
{
  // A veth needs a machine that forwards already.
  shell(std::string("echo ") + (uplink == "veth" ? "1" : "0") + " >/proc/sys/net/ipv4/ip_forward");
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const std::string said = "/mnt/room.err";
  std::vector<std::string> command = {folder / "zonder",
                                      "room",
                                      "microsoft",
                                      "--like",
                                      "refuse",
                                      "--yes",
                                      "--for",
                                      "30m",
                                      "--on",
                                      "sw",
                                      "--uplink",
                                      uplink};
  for (std::size_t i = 0; i < devices; ++i) {
    command.insert(command.end(),
                   {"--device", world.devices[i].hardware + "=device " + std::to_string(i)});
  }
  const Descriptor err(::open(said.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
  auto room = must(ChildProcess::start({.argv = command, .err = err.get()}));
  const auto end = steady_clock::now() + std::chrono::seconds(30);
  while (must(read_file(said)).find("beamer") == std::string::npos) {
    if (!room.running() || steady_clock::now() > end) {
      throw std::runtime_error("the room does not begin: " + must(read_file(said)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto both = measure_both(world, counts);
  (void)room.stop(std::chrono::seconds(10));
  return both;
}

struct Figures {
  std::vector<double> up;
  std::vector<double> down;
  std::vector<double> up_ratio;  // to the router of the same round
  std::vector<double> down_ratio;
  std::vector<double> cost;
  int failed = 0;

  void add(const Both& own, const Both& peer)
  {
    up.push_back(own.up.gigabits);
    down.push_back(own.down.gigabits);
    up_ratio.push_back(own.up.gigabits / peer.up.gigabits);
    down_ratio.push_back(own.down.gigabits / peer.down.gigabits);
    cost.push_back((own.up.seconds_per_gigabyte + own.down.seconds_per_gigabyte) / 2);
  }
};

void print(const char* uplink, const std::string& way, const Figures& figures, bool wanted)
{
  if (figures.up.empty()) {
    std::printf("| %s | %s | every round failed | | | | |\n", uplink, way.c_str());
    return;
  }
  const bool is_room = way != "plain router";
  const auto least = std::min(median(figures.up_ratio), median(figures.down_ratio));
  const auto* goal = !wanted ? "" : least >= 0.9 ? "met: >= 0.9" : "MISSED: >= 0.9";
  std::printf("| %s | %s | %.2f | %.2f | %s | %.2f | %s%s |\n",
              uplink,
              way.c_str(),
              median(figures.up),
              median(figures.down),
              is_room ? (std::to_string(median(figures.up_ratio)).substr(0, 4) + " up, " +
                         std::to_string(median(figures.down_ratio)).substr(0, 4) + " down")
                            .c_str()
                      : "",
              median(figures.cost),
              goal,
              figures.failed == 0
                  ? ""
                  : ("; " + std::to_string(figures.failed) + " rounds failed").c_str());
}

void compare(const World& world, Counts& counts, const char* uplink, int rounds, bool limited)
{
  Figures peer;
  std::map<std::string, Figures> rooms;
  const std::vector<std::string> ways = {"slirp4netns", "pasta", "veth"};
  for (int round = 0; round < rounds; ++round) {
    const auto alone = by_router(world, counts);
    peer.add(alone, alone);
    for (const auto& way : ways) {
      try {
        rooms[way].add(by_room(world, counts, way), alone);
      } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s: %s\n", way.c_str(), problem.what());
        ++rooms[way].failed;
      }
    }
  }
  print(uplink, "plain router", peer, false);
  for (const auto& way : ways) {
    print(uplink, "room, " + way, rooms[way], limited && way == "slirp4netns");
  }
}

void measure_all(int rounds)
{
  if (::mount("bench", "/mnt", "tmpfs", 0, nullptr) != 0) {
    throw std::runtime_error("cannot mount");
  }
  must(write_file("/mnt/resolv.conf", std::string("nameserver ") + server + "\n"));
  if (::mount("/mnt/resolv.conf", "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0) {
    throw std::runtime_error("cannot mount");
  }
  auto* counts = new (::mmap(
      nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Counts;
  const auto world = build_world();
  [[maybe_unused]] const auto served = start_server(world, *counts);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  std::printf(
      "| uplink of the laptop | way of 30 devices | up, Gbit/s | down, Gbit/s | ratio to the "
      "router, median of the rounds | processor seconds per GB | goal |\n"
      "|---|---|---|---|---|---|---|\n");
  limit_uplink(world, "1gbit");
  compare(world, *counts, "1 Gbit/s", rounds, true);
  shell("tc qdisc del dev out root");
  must(kernel::in_network_namespace(world.internet.get(), []() -> Result<void> {
    shell("tc qdisc del dev in root");
    return {};
  }));
  compare(world, *counts, "no limit", rounds, false);
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  const int rounds = zonder::bench::rounds_in(count, arguments);
  if (::geteuid() != 0) {
    std::printf("not measured: needs root, to build its small internet\n");
    return 0;
  }
  std::fflush(stdout);
  auto child =
      zonder::kernel::start_in_new_namespaces({.network = true, .mount = true}, [rounds]() -> int {
        try {
          zonder::bench::measure_all(rounds);
        } catch (const std::exception& problem) {
          std::fprintf(stderr, "%s\n", problem.what());
          return 1;
        }
        std::fflush(stdout);
        return 0;
      });
  if (!child) {
    std::fprintf(stderr, "%s\n", child.error().message.c_str());
    return 1;
  }
  return child->wait().as_shell();
}
