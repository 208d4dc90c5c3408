// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/file.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "support/held_room.hh"
#include "support/mini_internet.hh"
#include "support/room_device.hh"
#include "support/router_word.hh"
#include "support/run_checks.hh"

// A full room: thirty devices that come in the same moment, by three kinds of client.
namespace zonder {
namespace {

using std::chrono::steady_clock;
using test::Arrivals;
using test::differs;
using test::HeldRoom;
using test::in_mini_internet;
using test::RoomDevice;

constexpr std::size_t many = 30;
constexpr std::size_t behind_bridge = 12;  // a bridge of the laptop's own
constexpr std::size_t behind_switch = 12;  // another box, at the end of one cable
constexpr std::chrono::seconds in_time{15};

enum class Client { Udhcpc, Dhclient, Slaac };

struct Guest {
  RoomDevice device;
  Client client = Client::Udhcpc;
  std::string name;
  std::string folder;  // its own files
  std::string wrong;
  std::chrono::milliseconds took{0};  // from a dark port to joined
};

/// A box with ports, one of which has a cable to the machine's lan0.
Result<Descriptor> make_switch()
{
  auto box = kernel::new_network_namespace();
  auto here = kernel::Links::open();
  if (!box || !here) {
    return fail(!box ? box.error() : here.error());
  }
  ZONDER_TRY(here->add_veth("lan0", "cable", box->get()));
  ZONDER_TRY(here->set_up("lan0"));
  auto inside = kernel::Links::open(box->get());
  if (!inside) {
    return fail(inside.error());
  }
  ZONDER_TRY(inside->add_bridge("sw"));
  ZONDER_TRY(inside->set_master("cable", "sw"));
  ZONDER_TRY(inside->set_up("cable"));
  ZONDER_TRY(inside->set_up("sw"));
  return box;
}

std::string plug_in(Guest& guest, std::size_t number, const Descriptor& box)
{
  const auto port = "p" + std::to_string(number);
  guest.folder = "/mnt/scratch/" + port;
  std::string wrong;
  if (number < behind_bridge) {
    wrong = guest.device.plug_into_switch("br0", port);
  } else if (number < behind_bridge + behind_switch) {
    (void)kernel::in_network_namespace(box.get(), [&]() -> Result<void> {
      wrong = guest.device.plug_into_switch("sw", port);
      return {};
    });
  } else {
    wrong = guest.device.plug_in(port);
  }
  // Switched off until all are there.
  auto there = kernel::Links::open(guest.device.space());
  return !wrong.empty() || !there || !there->set_down("eth0") ? "no device: " + wrong : "";
}

/// As a device's own network manager does before it calls itself connected: a question from a
/// link-local address would be nobody's.
bool has_own_address(const RoomDevice& device, steady_clock::time_point end)
{
  while (steady_clock::now() < end) {
    if (device.sh("ip -6 -o addr show dev eth0 scope global -tentative").find("inet6") !=
        std::string::npos) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return false;
}

/// Until it has an address and knows whom to ask for names. What is wrong, or nothing.
std::string find_network(Guest& guest)
{
  if (guest.client != Client::Slaac) {
    const auto leased = guest.client == Client::Udhcpc
                            ? guest.device.ask_for_addresses()
                            : guest.device.ask_for_addresses_by_dhclient();
    return leased.starts_with("10.") ? "" : leased;
  }
  const auto server = test::name_server_by_router(guest.device.space(), in_time);
  if (!server) {
    return "no router named a name server";
  }
  if (!has_own_address(guest.device, steady_clock::now() + in_time)) {
    return "no address by router advertisement";
  }
  const auto file = "nameserver " + server->to_string() + "\n";
  return write_file(guest.folder + "/resolv.conf", file, 0644) ? "" : "no resolv.conf";
}

/// As people do: the page is tried until it comes, then its form is filled in.
std::string join(Guest& guest, steady_clock::time_point end)
{
  while (guest.device.token().empty()) {
    if (steady_clock::now() > end) {
      return "the page does not come";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return guest.device.join(guest.name);
}

void come_in(Guest& guest)
{
  const auto begin = steady_clock::now();
  auto there = kernel::Links::open(guest.device.space());
  guest.wrong = there && there->set_up("eth0") ? find_network(guest) : "not switched on";
  if (guest.wrong.empty()) {
    guest.wrong = join(guest, begin + in_time);
  }
  guest.took = std::chrono::ceil<std::chrono::milliseconds>(steady_clock::now() - begin);
}

void all_come_in(std::vector<Guest>& guests)
{
  std::latch start(static_cast<std::ptrdiff_t>(guests.size()));
  std::vector<std::thread> people;
  people.reserve(guests.size());
  for (auto& guest : guests) {
    people.emplace_back([&guest, &start] {
      start.arrive_and_wait();
      come_in(guest);
    });
  }
  for (auto& each : people) {
    each.join();
  }
}

const char* word_for(Client client)
{
  constexpr std::array words = {"udhcpc", "dhclient", "SLAAC alone"};
  return words.at(static_cast<std::size_t>(client));
}

/// Who is not in, or was too late; the slowest of each kind is printed.
std::string too_late(const std::vector<Guest>& guests)
{
  std::string all;
  for (const auto client : {Client::Udhcpc, Client::Dhclient, Client::Slaac}) {
    std::chrono::milliseconds slowest{0};
    for (const auto& guest : guests) {
      if (guest.client == client) {
        slowest = std::max(slowest, guest.took);
      }
    }
    std::printf("slowest of %s: %.1f s\n",
                word_for(client),
                std::chrono::duration<double>(slowest).count());
  }
  std::fflush(stdout);  // this process ends without
  for (const auto& guest : guests) {
    if (!guest.wrong.empty() || guest.took > in_time) {
      all += guest.name + ": " + guest.wrong + " after " + std::to_string(guest.took.count()) +
             " ms; ";
    }
  }
  return all;
}

/// What lives, and nothing of the absent, each by what it has.
std::string reaches_what_it_should(const Guest& guest)
{
  const bool v6 = guest.client == Client::Slaac;
  const auto* europe = v6 ? test::europe_v6 : test::europe_v4;
  const auto* microsoft = v6 ? test::microsoft_v6 : test::microsoft_v4;
  auto all = differs("Europe", guest.device.connect_to(europe, 443), 0) +
             differs("Microsoft", guest.device.connect_to(microsoft, 443), ECONNREFUSED);
  if (v6) {
    all += differs("IPv4", guest.device.connect_to(test::europe_v4, 443), ENETUNREACH);
  }
  return all.empty() ? "" : guest.name + ": " + all;
}

TEST(RoomMany, ThirtyDevicesComeInAtOnceAndAreInWithinFifteenSeconds)
{
  if (test::lacks_room_programs() || !find_program("dhclient")) {
    GTEST_SKIP() << "dnsmasq, udhcpc or dhclient is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    const auto box = make_switch();
    auto here = kernel::Links::open();
    const auto own = kernel::open_own_namespace("net");
    if (!box || !here || !here->add_bridge("br0") || !here->set_up("br0") ||
        !kernel::set_network_option(own->get(), "ipv6/conf/br0/accept_ra", "0")) {
      return "no switch";
    }
    std::vector<Guest> guests(many);
    std::vector<std::string> options = {"--for", "5m", "--on", "br0", "--on", "lan0"};
    for (std::size_t i = 0; i < many; ++i) {
      guests[i].client = static_cast<Client>(i % 3);
      guests[i].name = "device " + std::to_string(i) + " (" + word_for(guests[i].client) + ")";
      if (auto wrong = plug_in(guests[i], i, *box); !wrong.empty()) {
        return wrong;
      }
      if (i >= behind_bridge + behind_switch) {
        options.insert(options.end(), {"--on", "p" + std::to_string(i)});
      }
    }
    HeldRoom room;
    options.emplace_back("--json");
    if (auto wrong = room.open(options); !wrong.empty()) {
      return wrong;
    }
    all_come_in(guests);
    auto all = too_late(guests);
    for (const auto& guest : guests) {
      all += reaches_what_it_should(guest);
    }
    const auto board =
        test::ended({"curl", "-s", "--max-time", "5", HeldRoom::leader_url() + "?lang=en"});
    all += test::lacks(board.printed, "30 devices are in.");
    const auto report = nlohmann::json::parse(room.stop(), nullptr, false);
    all += differs(
        "in the report", report.is_discarded() ? 0 : report["devices"].size(), std::size_t{many});
    return all.empty() ? "" : all + HeldRoom::said();
  });
}

}  // namespace
}  // namespace zonder
