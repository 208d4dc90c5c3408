// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/room_plan.hh"
#include "isolate/run.hh"
#include "isolate/socket_address.hh"
#include "kernel/host_table.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "support/mini_internet.hh"
#include "support/namespaces.hh"
#include "support/run_checks.hh"

// The ways out of a room: each carries what is left, none carries what is gone, and none leaves
// anything behind. A veth pair and its packet filter only ever come into the test's own host.
namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;
using test::Arrivals;
using test::curl;
using test::differs;
using test::exits_with;
using test::http;
using test::in_mini_internet;
using test::left_behind;
using test::ordinary_user;
using test::processes;
using test::run_unless_pasta_stalls;
using test::without_microsoft;

struct Way {
  UplinkKind kind;
  const char* name;
  uid_t uid;
};

void PrintTo(const Way& way, std::ostream* out)
{
  *out << way.name << " as " << way.uid;
}

RunOptions by(const Way& way, std::vector<std::string> command)
{
  auto options = without_microsoft(std::move(command));
  options.uplink.wanted = way.kind;
  // Whether the pasta that is installed here is fast enough today is not what is tested.
  options.uplink.pasta_least = 0;
  return options;
}

const Way veth_as_root = {UplinkKind::Veth, "veth", 0};

std::string output_of(std::vector<std::string> argv)
{
  const auto done = run_captured(std::move(argv), std::chrono::seconds(10));
  return !done ? done.error().message : done->status.code != 0 ? done->err : done->out;
}

/// The packet filter and the links of the host.
std::string whole_network()
{
  return output_of({"nft", "list", "ruleset"}) + output_of({"ip", "-o", "link"}) +
         output_of({"ip", "-o", "route"}) + output_of({"ip", "-6", "-o", "route"});
}

/// The same, when nothing in it changes by itself any more: links that were just made come up in
/// their own time.
std::string settled_network()
{
  auto now = whole_network();
  for (int round = 0; round < 50; ++round) {
    std::this_thread::sleep_for(milliseconds(100));
    auto next = whole_network();
    if (next == now) {
      break;
    }
    now = std::move(next);
  }
  return now;
}

/// The same, once the kernel has had the time to clear away a namespace.
std::string changed(const std::string& before)
{
  for (int round = 0; round < 100 && whole_network() != before; ++round) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  return differs("the host's network", whole_network(), before);
}

std::string contains(const std::string& text, const std::string& part)
{
  return text.find(part) != std::string::npos ? ""
                                              : "\"" + text + "\" does not have: " + part + "; ";
}

/// What is wrong when it ran, or was refused with other words.
std::string refused_with(const RunOptions& options, const std::string& part)
{
  const auto record = run_unless_pasta_stalls(options);
  return record ? "it ran, over " + record->uplink + "; " : contains(record.error().message, part);
}

class EachUplink : public testing::TestWithParam<Way> {
protected:
  static test::MiniInternetOptions world()
  {
    return {.uid = GetParam().uid, .forwards = GetParam().kind == UplinkKind::Veth};
  }
};

INSTANTIATE_TEST_SUITE_P(By,
                         EachUplink,
                         testing::Values(Way{UplinkKind::Slirp4netns, "slirp4netns", 0},
                                         Way{UplinkKind::Slirp4netns, "slirp4netns", ordinary_user},
                                         Way{UplinkKind::Pasta, "pasta", 0},
                                         Way{UplinkKind::Pasta, "pasta", ordinary_user},
                                         veth_as_root),
                         [](const auto& which) {
                           return std::string(which.param.name) +
                                  (which.param.uid == 0 ? "AsRoot" : "AsOrdinaryUser");
                         });

TEST_P(EachUplink, CarriesEuropeAndNotMicrosoft)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const char* address : {test::europe_v4, test::europe_v6}) {
      const auto record = run_unless_pasta_stalls(by(GetParam(), curl(http(address))));
      if (!record) {
        return record.error().message;
      }
      wrong += differs(address, record->exit_code, 0) +
               differs("uplink", record->uplink, std::string(GetParam().name)) +
               differs("died", record->uplink_died, false) +
               differs("attempts", record->attempts.size(), std::size_t{1}) +
               differs("proof", record->proof.holds(), true);
    }
    for (const char* address : {test::microsoft_v4, test::microsoft_v6}) {
      wrong += exits_with(by(GetParam(), curl(http(address))), 7);
    }
    // Debian 12's pasta now and then opens a connection twice.
    return wrong + differs("arrived", arrivals.europe >= 2, true);
  });
}

TEST_P(EachUplink, CarriesDatagrams)
{
  const char* program = R"(
import socket, sys
for family, address in ((socket.AF_INET, '193.0.6.139'), (socket.AF_INET6, '2001:67c:2e8:22::c100:68b')):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(0.5)
    for attempt in range(10):  # as any program that uses datagrams: some may be lost
        s.sendto(b'there and back', (address, 7))
        try:
            if s.recv(100) == b'there and back':
                break
        except socket.timeout:
            pass
    else:
        sys.exit(1)
)";
  in_mini_internet(world(), [program](Arrivals&) -> std::string {
    return exits_with(by(GetParam(), {"python3", "-c", program}), 0);
  });
}

/// In a process of its own: waits until the command runs, then ends the uplink from outside.
pid_t end_uplink_once_started(const Way& way, pid_t zonder)
{
  const pid_t killer = ::fork();
  if (killer != 0) {
    return killer;
  }
  for (int round = 0; round < 400; ++round) {
    std::this_thread::sleep_for(milliseconds(20));
    if (!std::filesystem::exists("/mnt/scratch/started")) {
      continue;
    }
    if (way.kind == UplinkKind::Veth) {
      auto links = kernel::Links::open();
      const auto name = kernel::HostTable::link_name(static_cast<unsigned>(zonder));
      ::_exit(links && links->remove(name) ? 0 : 1);
    }
    for (const auto& [pid, name] : processes()) {
      // pasta goes on as passt.avx2 where the processor can.
      if (name == "slirp4netns" || name == "pasta" || name.starts_with("passt")) {
        ::kill(pid, SIGKILL);
      }
    }
    ::_exit(0);
  }
  ::_exit(1);
}

TEST_P(EachUplink, ItsDeathIsToldAndOpensNothing)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const pid_t killer = end_uplink_once_started(GetParam(), ::getpid());
    auto options = by(GetParam(),
                      {"sh",
                       "-c",
                       ": > /mnt/scratch/started; sleep 1; rm -f /mnt/scratch/started; "
                       "! curl -s --max-time 2 http://193.0.6.139/ && "
                       "! curl -s --max-time 2 http://20.190.128.1/"});
    std::string told;
    options.progress = [&told](const std::string& sentence) {
      told += sentence + "\n";
    };
    const auto record = run_unless_pasta_stalls(options);
    int status = 0;
    ::waitpid(killer, &status, 0);
    if (!record) {
      return record.error().message;
    }
    return differs("it was ended", status, 0) + differs("command", record->exit_code, 0) +
           differs("uplink died", record->uplink_died, true) +
           contains(told, std::string("the uplink (") + GetParam().name + ") died") +
           differs("zonder", exit_code_of(*record, false), 1) +
           differs("europe", arrivals.europe.load(), std::uint64_t{0});
  });
}

TEST_P(EachUplink, KillingZonderLeavesNothing)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto before = processes();
    const auto network = settled_network();
    const pid_t zonder = test::run_elsewhere(
        by(GetParam(),
           {"sh",
            "-c",
            "setsid sh -c 'while :; do curl -s --max-time 1 http://20.190.128.1/; done' & "
            ": > /mnt/scratch/started; "
            "while :; do curl -s --max-time 1 http://20.190.128.1/; done"}));
    for (int round = 0; round < 400 && !std::filesystem::exists("/mnt/scratch/started"); ++round) {
      std::this_thread::sleep_for(milliseconds(20));
    }
    std::this_thread::sleep_for(milliseconds(300));
    const auto during = processes();
    const bool was_there = GetParam().kind != UplinkKind::Veth || whole_network() != network;
    ::kill(zonder, SIGKILL);
    ::waitpid(zonder, nullptr, 0);
    return differs("something ran", during.size() > before.size() + 3, true) +
           differs("its link was there", was_there, true) + left_behind(before) + changed(network);
  });
}

/// A service of the host's own on one address, that counts who comes.
class Service {
public:
  explicit Service(net::Address at)
  {
    const SocketAddress here(at, port);
    socket_ = Descriptor(::socket(here.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const int one = 1;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (::bind(socket_.get(), here.get(), here.length) != 0 || ::listen(socket_.get(), 64) != 0) {
      throw std::runtime_error("cannot open a service on " + at.to_string());
    }
  }
  std::size_t visits()
  {
    std::size_t count = 0;
    for (;;) {
      const Descriptor visitor(::accept(socket_.get(), nullptr, nullptr));
      if (!visitor) {
        return count;
      }
      ++count;
    }
  }
  static constexpr std::uint16_t port = 8088;

private:
  Descriptor socket_;
};

/// A shell that tries to reach the service at each address, once.
std::vector<std::string> visit(const std::vector<std::string>& addresses)
{
  std::string script;
  for (const auto& address : addresses) {
    const bool v6 = address.find(':') != std::string::npos;
    script += "curl -s -g -o /dev/null --max-time 1 http://" +
              (v6 ? "[" + address + "]" : address) + ":8088/; ";
  }
  return {"sh", "-c", script + "exit 0"};
}

TEST_P(EachUplink, DoesNotReachTheHostsLoopback)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    Service v4(net::Address::v4(0x7f000001));
    Service v6(net::Address::v6(0, 1));
    auto plan = plan_for_this_machine().value();
    if (GetParam().kind == UplinkKind::Veth) {
      auto links = kernel::Links::open();
      plan_for_veth(plan, links->list_routes().value(), static_cast<unsigned>(::getpid()));
    }
    const auto record = run_unless_pasta_stalls(by(GetParam(),
                                                   visit({"127.0.0.1",
                                                          "::1",
                                                          plan.tap_router_v4.to_string(),
                                                          plan.tap_router_v6.to_string(),
                                                          "::ffff:127.0.0.1"})));
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("visits over IPv4", v4.visits(), std::size_t{0}) +
                        differs("visits over IPv6", v6.visits(), std::size_t{0});
    // The same from the host itself, so that it is known that it can be done.
    (void)run_captured(visit({"127.0.0.1", "::1"}));
    return wrong + differs("own visits over IPv4", v4.visits(), std::size_t{1}) +
           differs("own visits over IPv6", v6.visits(), std::size_t{1});
  });
}

TEST(VethUplink, ReachesNoServiceOfTheMachine)
{
  in_mini_internet({.forwards = true}, [](Arrivals&) -> std::string {
    Service v4(net::Address::v4(0));
    auto plan = plan_for_this_machine().value();
    auto links = kernel::Links::open().value();
    plan_for_veth(plan, links.list_routes().value(), static_cast<unsigned>(::getpid()));
    const std::vector<std::string> addresses = {
        "192.168.50.2", plan.tap_router_v4.to_string(), "192.168.50.77"};
    auto command = visit(addresses);
    command[2] = ": > /mnt/scratch/started; sleep 1; " + command[2];
    // An address that the machine gets while the command runs: only the filter can know of it.
    const pid_t adder = ::fork();
    if (adder == 0) {
      for (int round = 0; round < 400; ++round) {
        std::this_thread::sleep_for(milliseconds(20));
        if (std::filesystem::exists("/mnt/scratch/started")) {
          const auto net = net::Prefix::parse("192.168.50.0/24").value();
          ::_exit(links.add_address("out", net, net::Address::parse("192.168.50.77").value()) ? 0
                                                                                              : 1);
        }
      }
      ::_exit(1);
    }
    command[2] += " # ";
    const auto record = run(by(veth_as_root, command));
    int status = 0;
    ::waitpid(adder, &status, 0);
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("the address was added", status, 0) +
                        differs("visits of the room", v4.visits(), std::size_t{0});
    (void)run_captured(visit({"192.168.50.2", "192.168.50.77"}));
    return wrong + differs("visits of the host", v4.visits(), std::size_t{2});
  });
}

TEST(VethUplink, ReachesNoIpv6ServiceOfTheMachine)
{
  in_mini_internet({.forwards = true}, [](Arrivals&) -> std::string {
    Service v6(net::Address::v6(0, 0));
    auto plan = plan_for_this_machine().value();
    auto links = kernel::Links::open().value();
    plan_for_veth(plan, links.list_routes().value(), static_cast<unsigned>(::getpid()));
    const auto record =
        run(by(veth_as_root, visit({"fd50::2", plan.tap_router_v6.to_string(), "::1"})));
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("visits of the room", v6.visits(), std::size_t{0});
    (void)run_captured(visit({"fd50::2"}));
    return wrong + differs("visits of the host", v6.visits(), std::size_t{1});
  });
}

// The filter goes with zonder's last breath, the room a moment later: in between the gateway's own
// rules keep the machine closed. The room tries without pause.
TEST(VethUplink, KillingZonderOpensNoWayToTheMachine)
{
  const char* program = R"(
import socket, sys
def reach(family, address):
    s = socket.socket(family, socket.SOCK_STREAM)
    s.setblocking(False)
    s.connect_ex((address, 8088))
open('/mnt/scratch/started', 'w').close()
while True:
    for address in sys.argv[1:]:
        reach(socket.AF_INET6 if ':' in address else socket.AF_INET, address)
)";
  in_mini_internet({.forwards = true}, [program](Arrivals&) -> std::string {
    Service v4(net::Address::v4(0));
    std::string wrong;
    for (int round = 0; round < 5; ++round) {
      const pid_t zonder = ::fork();
      if (zonder == 0) {
        auto plan = plan_for_this_machine().value();
        auto links = kernel::Links::open().value();
        plan_for_veth(plan, links.list_routes().value(), static_cast<unsigned>(::getpid()));
        const auto router = plan.tap_router_v4.to_string();
        (void)run(by(veth_as_root, {"python3", "-c", program, "192.168.50.2", router}));
        ::_exit(0);
      }
      for (int i = 0; i < 400 && !std::filesystem::exists("/mnt/scratch/started"); ++i) {
        std::this_thread::sleep_for(milliseconds(20));
      }
      wrong += differs("started", std::filesystem::remove("/mnt/scratch/started"), true);
      std::this_thread::sleep_for(milliseconds(100));
      ::kill(zonder, SIGKILL);
      ::waitpid(zonder, nullptr, 0);
      std::this_thread::sleep_for(milliseconds(200));
    }
    wrong += differs("visits of the room", v4.visits(), std::size_t{0});
    (void)run_captured(visit({"192.168.50.2"}));
    return wrong + differs("visits of the host", v4.visits(), std::size_t{1});
  });
}

TEST(VethUplink, WorksWithAUserNamespaceToo)
{
  in_mini_internet({.forwards = true}, [](Arrivals& arrivals) -> std::string {
    auto options = by(veth_as_root, curl(http(test::europe_v4)));
    options.engine = Engine::Netns;
    const auto wrong = exits_with(options, 0);
    return wrong + differs("arrivals", arrivals.europe.load(), std::uint64_t{1});
  });
}

TEST(VethUplink, SaysBeforehandWhatItAddsAndTakesItAway)
{
  in_mini_internet({.forwards = true}, [](Arrivals&) -> std::string {
    const auto before = whole_network();
    auto options = by(veth_as_root, {"sh", "-c", "exit 0"});
    std::string told;
    std::string when_told;
    options.progress = [&](const std::string& sentence) {
      told += sentence;
      when_told = whole_network();
    };
    const auto record = run_unless_pasta_stalls(options);
    if (!record) {
      return record.error().message;
    }
    const auto number = static_cast<unsigned>(::getpid());
    return contains(told, kernel::HostTable::link_name(number)) +
           contains(told, kernel::HostTable::table_name(number)) +
           differs("told before anything", when_told, before) +
           // Not after some time: when the run has ended.
           differs("the host's network", whole_network(), before);
  });
}

TEST(VethUplink, TwoAtOnceDoNotMeet)
{
  in_mini_internet({.forwards = true}, [](Arrivals& arrivals) -> std::string {
    std::array<pid_t, 2> both{};
    for (auto& pid : both) {
      pid = test::run_elsewhere(
          by(veth_as_root,
             {"sh", "-c", "sleep 1; curl -s -o /dev/null --max-time 3 http://193.0.6.139/"}));
    }
    std::string wrong;
    for (const auto pid : both) {
      int status = 0;
      ::waitpid(pid, &status, 0);
      wrong += differs("run", status, 0);
    }
    return wrong + differs("arrivals", arrivals.europe.load(), std::uint64_t{2});
  });
}

TEST(VethUplink, RefusesWhereTheMachineDoesNotForwardAndChangesNoSysctl)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    const std::vector<std::string> sysctls = {"sysctl", "-a", "--pattern", "net.ipv[46].conf"};
    const auto before = whole_network() + output_of(sysctls);
    const auto wrong = contains(before, "net.ipv4.conf.default.forwarding = 0") +
                       refused_with(by(veth_as_root, {"true"}),
                                    "\"sysctl -w net.ipv4.conf.default.forwarding=1\"");
    return wrong + differs("the host", whole_network() + output_of(sysctls), before);
  });
  const auto turn_on = [](const char* sysctl) {
    return [sysctl] {
      std::ofstream(std::string("/proc/sys/net/") + sysctl) << "1\n";
    };
  };
  in_mini_internet(
      {.prepare = turn_on("ipv4/conf/default/forwarding")}, [](Arrivals&) -> std::string {
        return refused_with(by(veth_as_root, {"true"}), "net.ipv4.conf.out.forwarding");
      });
  in_mini_internet({.prepare = turn_on("ipv4/ip_forward")}, [](Arrivals&) -> std::string {
    return refused_with(by(veth_as_root, {"true"}), "net.ipv6.conf.all.forwarding");
  });
  // A family that the machine does not have needs nothing.
  in_mini_internet(
      {.v6 = false, .prepare = turn_on("ipv4/ip_forward")}, [](Arrivals& arrivals) -> std::string {
        const auto wrong = exits_with(by(veth_as_root, curl(http(test::europe_v4))), 0);
        return wrong + differs("arrivals", arrivals.europe.load(), std::uint64_t{1});
      });
}

TEST(VethUplink, SaysThatTheMachinesOwnPacketFilterStopsIt)
{
  const auto drop_all = [] {
    (void)run_captured({"nft",
                        "add table ip theirs; add chain ip theirs forward "
                        "{ type filter hook forward priority 0; policy drop; }"});
  };
  in_mini_internet({.forwards = true, .prepare = drop_all}, [](Arrivals&) -> std::string {
    const auto before = whole_network();
    auto wrong = contains(before, "policy drop");
    wrong += refused_with(by(veth_as_root, {"true"}),
                          "does not pass on IPv4 packets that come from the link zonder");
    return wrong + changed(before);
  });
}

TEST(VethUplink, IsForRootOnly)
{
  in_mini_internet({.uid = ordinary_user, .forwards = true}, [](Arrivals&) -> std::string {
    return refused_with(by(veth_as_root, {"true"}), "needs root");
  });
}

class PastaUplink : public testing::TestWithParam<uid_t> {};
INSTANTIATE_TEST_SUITE_P(As,
                         PastaUplink,
                         testing::Values(uid_t{0}, ordinary_user),
                         [](const auto& which) {
                           return which.param == 0 ? "Root" : "OrdinaryUser";
                         });

RunOptions by_pasta(double least)
{
  auto options = without_microsoft({"/bin/true"});
  options.uplink = {.wanted = UplinkKind::Pasta, .pasta_least = least};
  return options;
}

TEST_P(PastaUplink, RefusesWithTheFigureWhenItsTrialFails)
{
  in_mini_internet({.uid = GetParam()}, [](Arrivals& arrivals) -> std::string {
    const auto before = processes();
    const auto record = run(by_pasta(100000));
    if (record) {
      return "it ran";
    }
    const auto& words = record.error().message;
    return contains(words, "pasta cannot be the uplink: in its trial it carried ") +
           contains(words, " Gbit/s out of the room over IPv4, and 100000.0 is the least") +
           contains(words, "--uplink slirp4netns") + left_behind(before) +
           // The trial is not an excuse to contact anybody.
           differs("arrivals", arrivals.europe + arrivals.microsoft, std::uint64_t{0});
  });
}

void install(const std::string& name, const std::string& script)
{
  ::mkdir("/mnt/scratch/bin", 0777);
  const auto path = "/mnt/scratch/bin/" + name;
  std::ofstream(path) << script;
  ::chmod(path.c_str(), 0755);
}

/// From now on programs are only found in a folder of the test's own.
void find_only_ours()
{
  ::setenv("PATH", "/mnt/scratch/bin", 1);
}

TEST_P(PastaUplink, IsRefusedWhenItStalls)
{
  in_mini_internet({.uid = GetParam()}, [](Arrivals&) -> std::string {
    // It stands still for thirty times as long as it runs.
    install("pasta",
            "#!/bin/sh\n(while /bin/sleep 0.02; do kill -STOP $$ || exit; /bin/sleep 0.6; "
            "kill -CONT $$ || exit; done) >/dev/null 2>&1 &\nexec /usr/bin/pasta \"$@\"\n");
    find_only_ours();
    const auto start = std::chrono::steady_clock::now();
    const auto wrong = refused_with(by_pasta(pasta_floor), "pasta cannot be the uplink: ");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return wrong + differs("soon enough", took.count() < 40, true);
  });
}

TEST_P(PastaUplink, IsTakenByItselfOnlyWhereSlirp4netnsIsNotInstalledAndSaysSo)
{
  in_mini_internet({.uid = GetParam()}, [](Arrivals&) -> std::string {
    auto options = without_microsoft({"/bin/true"});
    options.uplink.pasta_least = 0;
    std::string told;
    options.progress = [&told](const std::string& sentence) {
      told += sentence;
    };
    const auto usual = run(options);
    if (!usual) {
      return usual.error().message;
    }
    std::string wrong = differs("usual", usual->uplink, std::string("slirp4netns")) +
                        differs("told", told, std::string());
    find_only_ours();
    wrong += refused_with(options, "neither slirp4netns nor pasta is installed");
    options.uplink.wanted = UplinkKind::Slirp4netns;
    wrong += refused_with(options, "slirp4netns is not installed");
    options.uplink.wanted = UplinkKind::Pasta;
    wrong += refused_with(options, "pasta is not installed");
    install("pasta", "#!/bin/sh\nexec /usr/bin/pasta \"$@\"\n");
    options.uplink.wanted = UplinkKind::Automatic;
    const auto instead = run_unless_pasta_stalls(options);
    if (!instead) {
      return wrong + instead.error().message;
    }
    wrong += differs("instead", instead->uplink, std::string("pasta")) +
             contains(told, "slirp4netns is not installed: the uplink is pasta");
    options.uplink.pasta_least = 100000;
    return wrong + refused_with(options, "slirp4netns is not installed") +
           refused_with(options, "Gbit/s");
  });
}

TEST(HostTable, CannotBeMadeInTheNetworkThatTheTestsRunIn)
{
  // In a network of its own, that takes the place of the machine's.
  test::in_new_namespaces({}, []() -> std::string {
    kernel::HostTable::forbid_in(kernel::own_namespace_id("net").value());
    const bool refused = !kernel::HostTable::create(1);
    return differs("refused", refused, true) +
           differs("rules", output_of({"nft", "list", "ruleset"}), std::string());
  });
}

TEST(HostTable, GoesWithItsOwnerAndCannotBeMadeTwice)
{
  test::in_new_namespaces({}, []() -> std::string {
    std::string wrong;
    {
      auto table = kernel::HostTable::create(7);
      if (!table) {
        return table.error().message;
      }
      wrong += contains(output_of({"nft", "list", "ruleset"}), "table inet zonder_7") +
               differs("a second", kernel::HostTable::create(7).has_value(), false) +
               differs("another", kernel::HostTable::create(8).has_value(), true);
      // Nobody else takes it away while we are there.
      (void)run_captured({"nft", "flush", "ruleset"});
      wrong += contains(output_of({"nft", "list", "ruleset"}), "table inet zonder_7");
    }
    wrong += differs("rules", output_of({"nft", "list", "ruleset"}), std::string());
    const pid_t owner = ::fork();
    if (owner == 0) {
      const auto table = kernel::HostTable::create(9);
      ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(owner, nullptr, 0);
    return wrong +
           differs("rules after a kill", output_of({"nft", "list", "ruleset"}), std::string());
  });
}

}  // namespace
}  // namespace zonder::isolate
