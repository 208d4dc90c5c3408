// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "isolate/holder.hh"
#include "isolate/room_plan.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "support/held_room.hh"
#include "support/mini_internet.hh"
#include "support/room_device.hh"
#include "support/run_checks.hh"

// A port that was taken for a room is the machine's again afterwards, as it was, whatever happened.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::HeldRoom;
using test::in_mini_internet;
using test::RoomDevice;

int number_of(const std::string& name)
{
  auto links = kernel::Links::open();
  const auto all = links->list_links();
  const auto found = std::ranges::find(*all, name, &kernel::Link::name);
  return found == all->end() ? 0 : found->index;
}

bool comes_back(std::chrono::milliseconds limit)
{
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!test::has_link("lan0") && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // what is set on it
  return test::has_link("lan0");
}

/// What is set for a port, as by a network manager, and its number are the same after a room that
/// ends by `signal`.
void keeps_its_settings(int signal)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [signal](Arrivals&) -> std::string {
    RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    const auto own = kernel::open_own_namespace("net");
    for (const auto& [option, value] : {std::pair("ipv6/conf/lan0/accept_ra", "0"),
                                        std::pair("ipv6/conf/lan0/use_tempaddr", "2"),
                                        std::pair("ipv4/conf/lan0/rp_filter", "2"),
                                        std::pair("ipv4/neigh/lan0/gc_stale_time", "77")}) {
      if (!kernel::set_network_option(own->get(), option, value)) {
        return std::string("cannot set ") + option;
      }
    }
    const auto number = number_of("lan0");
    const auto settings = [] {
      return run_captured({"sh", "-c", "cd /proc/sys/net; grep -s . */conf/lan0/* */neigh/lan0/*"})
          ->out;
    };
    const auto before = settings();
    HeldRoom room;
    if (auto wrong = room.open({"--for", "5m"}); !wrong.empty()) {
      return wrong;
    }
    auto all = differs("taken", test::has_link("lan0"), false);
    room.send(signal);
    (void)room.wait_for(std::chrono::seconds(10));
    all += differs("back", comes_back(std::chrono::seconds(1)), true);
    all += differs("its number", number_of("lan0"), number);
    all += differs("what is set for it", settings(), before);
    return all;
  });
}

TEST(PortReturns, WithWhatWasSetForIt)
{
  keeps_its_settings(SIGTERM);
}

TEST(PortReturns, WithWhatWasSetForItWhenZonderIsKilled)
{
  keeps_its_settings(SIGKILL);
}

/// The process that holds the room's network: of zonder's children the one that is zonder too.
pid_t holder_of(pid_t zonder)
{
  const auto found = run_captured({"pgrep", "-P", std::to_string(zonder), "-x", "zonder"});
  return found && !found->out.empty() ? std::stoi(found->out) : 0;
}

TEST(PortReturns, WhenWhoHoldsItWasStopped)
{
  if (test::lacks_room_programs() || !find_program("pgrep")) {
    GTEST_SKIP() << "dnsmasq, udhcpc or pgrep is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    HeldRoom room;
    auto all = device.plug_in("lan0");
    all += all.empty() ? room.open({"--for", "5m"}) : "";
    const auto holder = all.empty() ? holder_of(room.pid()) : 0;
    if (holder == 0) {
      return all + "no holder";
    }
    (void)::kill(holder, SIGSTOP);
    room.send(SIGTERM);
    const auto ended = room.wait_for(std::chrono::seconds(25));
    if (!ended) {
      (void)::kill(holder, SIGCONT);  // so that nothing is left behind
    }
    return differs("zonder has ended", ended.has_value(), true) +
           differs("back", comes_back(std::chrono::seconds(1)), true);
  });
}

/// Asks the holder to take the port, and is killed before it can do so.
void ask_and_die(int tell)
{
  auto links = kernel::Links::open();
  auto plan = plan_for_this_machine();
  plan_for_hall(*plan, {"lan0"}, *links->list_routes());
  auto holder = Holder::start(*plan, {}, true);
  if (!holder || !holder->build()) {
    return;
  }
  holder->process().send(SIGSTOP);
  const auto number = holder->pid();
  (void)!::write(tell, &number, sizeof number);
  const std::thread asks([&] { (void)holder->take_ports(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  (void)::kill(::getpid(), SIGKILL);
}

TEST(PortReturns, WhenZonderIsKilledWhileItIsTaken)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
      return "no pipe";
    }
    const auto zonder = ::fork();
    if (zonder == 0) {
      ask_and_die(ends[1]);
      ::_exit(1);
    }
    pid_t holder = 0;
    ::close(ends[1]);
    const auto got = ::read(ends[0], &holder, sizeof holder);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(zonder, &status, 0);
    if (got != sizeof holder || !WIFSIGNALED(status)) {
      return "the holder did not start";
    }
    (void)::kill(holder, SIGCONT);
    // Whatever it does, it has done it by then, and so has the kernel.
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return differs("the port is the machine's", test::has_link("lan0"), true);
  });
}

}  // namespace
}  // namespace zonder::isolate
