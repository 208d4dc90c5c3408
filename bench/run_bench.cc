// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What `zonder run` costs: start-up over the bare command, also without all of @us as an ordinary
// user, and throughput against the machine's own connection, in a small internet in namespaces
// without a way out. Medians; the two of a pair are measured one after the other, so that what else
// the machine does falls on both. A pasta that stalls makes the round fail, which is counted and
// shown.
//   run_bench [--benchmark_repetitions=N]      as root, with iperf3, slirp4netns and pasta
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "bench/rounds.hh"
#include "isolate/holder.hh"
#include "isolate/room_plan.hh"
#include "isolate/run.hh"
#include "isolate/uplink_program.hh"
#include "isolate/uplink_veth.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"

namespace zonder::bench {
namespace {

using net::Address;
using net::Prefix;

constexpr const char* server = "193.0.6.139";
constexpr const char* control = "193.0.6.139:5202";

Address address(const char* text)
{
  return must(Address::parse(text));
}

/// The calling process is the host; the other side has the servers.
Descriptor build_world()
{
  auto internet = must(kernel::new_network_namespace());
  auto host = must(kernel::Links::open());
  auto far = must(kernel::Links::open(internet.get()));
  must(host.set_up("lo"));
  must(far.set_up("lo"));
  must(host.add_veth("out", "in", internet.get()));
  const auto net = must(Prefix::parse("192.168.50.0/24"));
  must(host.add_address("out", net, address("192.168.50.2")));
  must(far.add_address("in", net, address("192.168.50.1")));
  must(far.add_address("lo", Prefix::containing(address(server), 32), address(server)));
  must(host.set_up("out"));
  must(far.set_up("in"));
  must(host.add_route({.destination = kernel::default_destination(net::Family::V4),
                       .gateway = address("192.168.50.1")}));
  // For veth. This host is ours.
  const auto own = must(kernel::open_own_namespace("net"));
  must(kernel::set_network_option(own.get(), "ipv4/ip_forward", "1"));
  return internet;
}

/// A tun device that an ordinary user may open, as Debian has it; in this process's own mounts.
void open_tun_to_all()
{
  const std::string own = "/mnt/tun";
  if (::mount("bench", "/mnt", "tmpfs", 0, nullptr) != 0 ||
      ::mknod(own.c_str(), S_IFCHR | 0666, ::makedev(10, 200)) != 0 ||
      ::chmod(own.c_str(), 0666) != 0 ||
      ::mount(own.c_str(), "/dev/net/tun", nullptr, MS_BIND, nullptr) != 0) {
    throw std::runtime_error(std::string("cannot make a tun device: ") + std::strerror(errno));
  }
}

ChildProcess start_server(int internet, const char* port)
{
  return must(kernel::start_in_new_namespaces({}, [&]() -> int {
    must(kernel::enter_namespace(internet));
    const auto command = std::string("exec iperf3 -s -p ") + port + " >/dev/null 2>&1";
    ::execlp("sh", "sh", "-c", command.c_str(), nullptr);
    return 1;
  }));
}

model::Absence absence_of(std::uint32_t prefixes)
{
  model::Absence absence;
  if (prefixes == 0) {
    return absence;
  }
  std::vector<net::Range> ranges;
  for (std::uint32_t i = 0; i < prefixes; ++i) {
    ranges.push_back(
        {Address::v4(0x14000000U + i * 1024), Address::v4(0x14000000U + i * 1024 + 255)});
  }
  absence.parties.push_back(
      {.id = "many", .name = "many", .addresses = net::PrefixSet::of(ranges)});
  return absence;
}

const std::vector<std::string> as_ordinary_user = {
    "setpriv", "--reuid=1500", "--regid=1500", "--clear-groups"};

struct Way {
  isolate::UplinkKind kind;
  const char* name;
};

constexpr std::array ways = {Way{isolate::UplinkKind::Slirp4netns, "slirp4netns"},
                             Way{isolate::UplinkKind::Pasta, "pasta"},
                             Way{isolate::UplinkKind::Veth, "veth"}};

isolate::RunOptions options_for(const model::Absence& absence,
                                std::vector<std::string> command,
                                isolate::UplinkKind uplink = isolate::UplinkKind::Slirp4netns)
{
  isolate::RunOptions options;
  options.uplink = {.wanted = uplink, .pasta_least = 0};  // what it does is measured here
  options.absence = absence;
  options.command = std::move(command);
  options.controls = {control};
  return options;
}

double seconds_of(const std::function<void()>& what)
{
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Gbit/s that iperf3 wrote into a file.
double throughput_in(const std::string& path)
{
  const auto text = must(read_file(path));
  const auto report = nlohmann::json::parse(text, nullptr, false);
  if (report.is_discarded() || !report.contains("end") || report["end"].empty()) {
    throw std::runtime_error("iperf3 did not finish: " + text.substr(0, 300));
  }
  return report["end"]["sum_received"]["bits_per_second"].get<double>() / 1e9;
}

std::string iperf3_to(const std::string& path)
{
  ::unlink(path.c_str());
  return std::string("exec timeout 20 iperf3 -c ") + server + " -t 2 -J > " + path;
}

double throughput_of_run(const Way& way, const model::Absence& absence, const std::string& path)
{
  must(isolate::run(options_for(absence, {"sh", "-c", iperf3_to(path)}, way.kind)));
  return throughput_in(path);
}

/// Without any room: this machine's own connection.
double throughput_of_machine(const std::string& path)
{
  must(run_captured({"sh", "-c", iperf3_to(path)}, std::chrono::seconds(30)));
  return throughput_in(path);
}

/// The uplink on a namespace, and the program in that namespace: no second one, no rules.
double throughput_of_uplink(const Way& way, const std::string& path)
{
  auto plan = must(isolate::plan_for_this_machine());
  if (way.kind == isolate::UplinkKind::Veth) {
    must(isolate::prepare_veth(plan));
  }
  auto ends = must(isolate::Channel::make_pair());
  auto inside = must(kernel::start_in_new_namespaces({.network = true}, [&]() -> int {
    must(ends.second.expect("go"));
    auto links = must(kernel::Links::open());
    must(links.set_mtu(plan.uplink_link, plan.mtu));
    must(links.add_address(plan.uplink_link, plan.tap_net_v4, plan.tap_v4));
    must(links.set_up(plan.uplink_link));
    must(links.add_route({.destination = kernel::default_destination(net::Family::V4),
                          .gateway = plan.tap_router_v4,
                          .link = plan.uplink_link}));
    ::execlp("sh", "sh", "-c", iperf3_to(path).c_str(), nullptr);
    return 1;
  }));
  const auto network = must(kernel::open_namespace(inside.pid(), "net"));
  const auto uplink = must(isolate::start_uplink(way.kind,
                                                 plan,
                                                 {.holder = inside.pid(), .network = network.get()},
                                                 true,
                                                 [](const std::string&) {}));
  must(uplink->wait_until_ready());
  must(ends.first.send("go"));
  inside.wait();
  return throughput_in(path);
}

/// `zonder` as it is installed beside this bench, started by an ordinary user, until `true` has
/// ended in the room: the catalogue, the selector, the sets and the proof are in it.
void run_without_us()
{
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  auto command = as_ordinary_user;
  for (const char* word : {"run", "@us", "--like", "refuse", "-q", "--control", control, "--"}) {
    command.emplace_back(word);
  }
  command.insert(command.begin() + static_cast<std::ptrdiff_t>(as_ordinary_user.size()),
                 folder / "zonder");
  command.emplace_back("true");
  const auto done = must(run_captured(command));
  if (done.status.as_shell() != 0) {
    throw std::runtime_error("zonder run @us: " + done.err);
  }
}

void measure(int rounds)
{
  open_tun_to_all();
  const auto internet = build_world();
  [[maybe_unused]] const auto measured = start_server(internet.get(), "5201");
  [[maybe_unused]] const auto for_control = start_server(internet.get(), "5202");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto folder = must(TemporaryFolder::make());
  const auto path = folder.path() + "/iperf3.json";

  const auto none = absence_of(0);
  const auto many = absence_of(100000);
  std::vector<double> bare;
  std::vector<double> start;
  std::vector<double> start_many;
  std::vector<double> without_us;
  std::vector<double> machine;
  struct Figures {
    std::vector<double> bare;
    std::vector<double> run;
    std::vector<double> ratio;  // of run to the machine itself, measured one after the other
    int failed = 0;
  };
  std::array<Figures, ways.size()> figures;
  for (int round = 0; round < rounds; ++round) {
    bare.push_back(seconds_of([] { must(run_captured({"true"})); }));
    start.push_back(seconds_of([&] { must(isolate::run(options_for(none, {"true"}))); }));
    start_many.push_back(seconds_of([&] { must(isolate::run(options_for(many, {"true"}))); }));
    without_us.push_back(seconds_of([] { run_without_us(); }));
    for (std::size_t i = 0; i < ways.size(); ++i) {
      try {
        const double alone = throughput_of_uplink(ways.at(i), path);
        const double in_room = throughput_of_run(ways.at(i), many, path);
        machine.push_back(throughput_of_machine(path));
        figures.at(i).bare.push_back(alone);
        figures.at(i).run.push_back(in_room);
        figures.at(i).ratio.push_back(in_room / machine.back());
      } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s: %s\n", ways.at(i).name, problem.what());
        ++figures.at(i).failed;
      }
    }
  }
  std::printf("| what | median of %d |\n|---|---|\n", rounds);
  std::printf("| start-up without a target, over the bare command | %.0f ms (target: < 150) |\n",
              (median(start) - median(bare)) * 1000);
  std::printf("| the same with 100,000 prefixes | %.0f ms |\n",
              (median(start_many) - median(bare)) * 1000);
  std::printf("| `zonder run @us`, as an ordinary user, proof included | %.2f s (target: < 2) |\n",
              median(without_us));
  std::printf("| throughput of this machine itself | %.2f Gbit/s |\n", median(machine));
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const auto& [alone, in_room, ratio, failed] = figures.at(i);
    if (!alone.empty()) {
      std::printf("| throughput of bare %s | %.2f Gbit/s |\n", ways.at(i).name, median(alone));
      std::printf("| throughput of run over %s with 100,000 prefixes | %.2f Gbit/s |\n",
                  ways.at(i).name,
                  median(in_room));
      std::printf("| ratio of run over %s to the machine itself, median of the rounds | %.2f%s |\n",
                  ways.at(i).name,
                  median(ratio),
                  ways.at(i).kind == isolate::UplinkKind::Slirp4netns ? " (target: >= 0.9)" : "");
    }
    if (failed != 0) {
      std::printf("| rounds in which %s failed | %d |\n", ways.at(i).name, failed);
    }
  }
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
