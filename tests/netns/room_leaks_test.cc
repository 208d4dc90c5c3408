// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/child_process.hh"
#include "base/file.hh"
#include "support/held_room.hh"
#include "support/mini_internet.hh"
#include "support/room_device.hh"
#include "support/run_checks.hh"

// Ways by which something could get out of a room, or into it: each is tried, and ends as
// docs/room.md says.
namespace zonder {
namespace {

using test::Arrivals;
using test::differs;
using test::HeldRoom;
using test::in_mini_internet;
using test::RoomDevice;

/// What reaches the servers of the mini internet, while a room of two goes on.
Arrivals* counted = nullptr;

/// A room with two devices, each at a port of its own; what is wrong, or nothing. `body` gets them
/// with their addresses, not joined.
void in_room_of_two(const std::vector<std::string>& options,
                    const std::function<std::string(HeldRoom&, RoomDevice&, RoomDevice&)>& body)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [&](Arrivals& arrivals) -> std::string {
    counted = &arrivals;
    RoomDevice one;
    RoomDevice two;
    HeldRoom room;
    auto all = one.plug_in("lan0") + two.plug_in("lan1");
    std::vector<std::string> typed = {"--on", "lan0", "--on", "lan1", "--for", "5m"};
    typed.insert(typed.end(), options.begin(), options.end());
    all += all.empty() ? room.open(typed) : "";
    if (!all.empty()) {
      return all;
    }
    for (auto* device : {&one, &two}) {
      const auto leased = device->ask_for_addresses();
      if (leased.find(' ') == std::string::npos || leased.starts_with("nothing")) {
        return leased;
      }
    }
    return body(room, one, two);
  });
}

std::string own_address(const RoomDevice& device)
{
  const auto said = device.sh("ip -4 -o addr show dev eth0 | awk '{print $4}' | cut -d/ -f1");
  return said.substr(0, said.find('\n'));
}

std::string router(const RoomDevice& device)
{
  const auto said = device.sh("ip route show default | awk '{print $3}'");
  return said.substr(0, said.find('\n'));
}

TEST(RoomLeaks, DevicesAtDifferentPortsDoNotReachEachOther)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one") + two.join("two");
    const auto there = own_address(two);
    // Somebody listens, and hears his own; so silence is the room's doing.
    Result<ChildProcess> served = fail(Fault::Internal, std::string());
    two.within([&] {
      served = ChildProcess::start(
          {.argv = {"python3", "-m", "http.server", "8000"}, .die_with_parent = false});
    });
    all += differs("itself", two.comes_to(there, 8000), true);
    all += differs("straight", one.connect_to(there, 8000) != 0, true);
    // By way of the router, which knows both.
    (void)one.sh("ip route add " + there + "/32 via " + router(one));
    all += differs("by the router", one.connect_to(there, 8000) != 0, true);
    all += differs("Europe all the same", one.connect_to(test::europe_v4, 443), 0);
    return all;
  });
}

TEST(RoomLeaks, WhoHasNotJoinedGetsNothing)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one");
    all += differs("who joined", one.connect_to(test::europe_v4, 443), 0);
    all += differs("TCP", two.connect_to(test::europe_v4, 443), ECONNREFUSED);
    // Another's router advertisement can still be on its way: no route, or refused.
    all += differs("TCP by IPv6", two.connect_to(test::europe_v6, 443) != 0, true);
    all += differs(
        "a name is the page's", two.address_of("www.europe.example", router(two)), router(two));
    all += differs("another's name server too",
                   two.address_of("www.europe.example", test::europe_v4),
                   router(two));
    all += differs(
        "UDP", two.sh("echo x | timeout 2 nc -u -w1 193.0.6.139 7 2>/dev/null"), std::string());
    return all;
  });
}

TEST(RoomLeaks, ByIPv6Alone)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice&) -> std::string {
    auto all = one.join("one");
    all += differs("a router was heard", one.comes_to(test::europe_v6, 443), true);
    // Not a single IPv4 address is left.
    (void)one.sh("ip -4 addr flush dev eth0");
    all += differs("IPv4", one.connect_to(test::europe_v4, 443), ENETUNREACH);
    all += differs("Europe", one.connect_to(test::europe_v6, 443), 0);
    all += differs("Microsoft", one.connect_to(test::microsoft_v6, 443), ECONNREFUSED);
    const auto via = one.sh("ip -6 route show default | awk '{print $3}' | head -1");
    return all + differs("there is a router", via.starts_with("fe80"), true);
  });
}

TEST(RoomLeaks, ByAnAddressAndRouterOfItsOwnChoice)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one");
    const auto via = router(one);
    const auto own = own_address(one);
    for (const auto* device : {&one, &two}) {
      const bool joined = device == &one;
      const auto other = own.substr(0, own.rfind('.')) + (joined ? ".77" : ".76");
      (void)device->sh("ip -4 addr flush dev eth0; ip addr add " + other +
                       "/23 dev eth0; ip route add default via " + via);
      all += differs(joined ? "Microsoft" : "Microsoft for who did not join",
                     device->connect_to(test::microsoft_v4, 443),
                     ECONNREFUSED);
      all += differs(joined ? "Europe" : "Europe for who did not join",
                     device->connect_to(test::europe_v4, 443),
                     joined ? 0 : ECONNREFUSED);
      (void)device->sh("ip -4 addr flush dev eth0");
    }
    return all;
  });
}

TEST(RoomLeaks, ByAnotherNameServer)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice&) -> std::string {
    auto all = one.join("one");
    // Whatever it says of the absent leads nowhere.
    for (const auto* server : {test::europe_v4, "9.9.9.9"}) {
      for (const auto* name : {"login.microsoft.example", "cdn.microsoft.example"}) {
        const auto said = one.address_of(name, server);
        all += differs(
            name, net::Address::try_parse(said) ? one.connect_to(said, 443) : -1, ECONNREFUSED);
      }
      all += differs("a living name",
                     one.address_of("www.europe.example", server),
                     std::string(test::europe_v4));
    }
    return all + differs("names by TLS", one.connect_to(test::europe_v4, 853), ECONNREFUSED);
  });
}

// The address of a card can be copied: who does that is taken for the other, and is cut like him.
TEST(RoomLeaks, ByAnothersCard)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one");
    all += differs("before", two.connect_to(test::europe_v4, 443), ECONNREFUSED);
    const auto card = one.hardware().to_string();
    const auto address = own_address(one);
    const auto via = router(one);
    (void)one.sh("ip link set eth0 down");
    (void)two.sh("ip link set eth0 down; ip -4 addr flush dev eth0; ip link set eth0 address " +
                 card + "; ip link set eth0 up; ip addr add " + address +
                 "/23 dev eth0; ip route add default via " + via);
    all += differs("taken for the other", two.comes_to(test::europe_v4, 443), true);
    return all + differs("Microsoft", two.connect_to(test::microsoft_v4, 443), ECONNREFUSED);
  });
}

// Saying that one has another's address does not make one joined.
TEST(RoomLeaks, ByAnothersAddress)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one");
    const auto others = own_address(one);
    const auto via = router(one);
    (void)two.sh("ip -4 addr flush dev eth0; ip addr add " + others +
                 "/23 dev eth0; ip route add default via " + via);
    all += differs("still a stranger", two.connect_to(test::europe_v4, 443) != 0, true);
    const auto page = two.sh("curl -s --max-time 5 -H 'Host: zonder.internal' http://" + via + "/");
    all +=
        differs("no page of the other's",
                page.find("one") != std::string::npos && page.find("/leave") != std::string::npos,
                false);
    return all;
  });
}

// Nor does what is sent in another's name count as his.
TEST(RoomLeaks, WhatIsAskedFromAnothersAddressIsNotHis)
{
  in_room_of_two({"--json"}, [](HeldRoom& room, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one") + two.join("two");
    const auto others = own_address(one);
    const auto via = router(two);
    all +=
        differs("his own", one.address_of("www.europe.example", via), std::string(test::europe_v4));
    (void)two.sh("ip -4 addr flush dev eth0; ip addr add " + others +
                 "/23 dev eth0; ip route add default via " + via + "; dig +tries=3 +time=1 @" +
                 via + " shameful.europe.example");
    // Asked by himself it is his: the test would see it.
    (void)one.sh("dig +tries=1 +time=1 @" + via + " honest.europe.example");
    std::this_thread::sleep_for(std::chrono::seconds(4));
    const auto printed = room.stop();
    all += test::lacks(printed, "honest.europe.example");
    return all + differs("in the other's name",
                         printed.find("shameful.europe.example") != std::string::npos,
                         false);
  });
}

/// Sends to addresses of the room by way of its router, and tells how many redirects come (ICMPv6,
/// type 137) and how many other packets of IPv6.
constexpr const char* redirects_program = R"(
import socket, sys, time
heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
heard.settimeout(0.2)
sender = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
redirects = others = 0
for i in range(5):
    for there in sys.argv[1:]:
        sender.sendto(b"x", (there, 9))
    until = time.time() + 1
    while time.time() < until:
        try:
            frame = heard.recv(2000)
        except OSError:
            continue
        if frame[20] == 58 and frame[54] == 137:
            redirects += 1
        else:
            others += 1
print("redirects", redirects, "others", others > 0)
)";

// A router that knows a shorter way would tell another's card with it.
TEST(RoomLeaks, TheRouterTellsNobodysCard)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one");
    all += differs("Europe", one.comes_to(test::europe_v6, 443), true);
    const auto own = one.sh("ip -6 -o addr show dev eth0 scope global | awk '{print $4}' | cut -d/ "
                            "-f1 | head -1");
    const auto his = own.substr(0, own.find('\n'));
    // The proxy goes out by IPv6, so that the router knows its card as well.
    (void)one.sh("curl -s -o /dev/null --max-time 5 -x http://" + router(one) + ":3128 'http://[" +
                 test::europe_v6 + "]/'");
    (void)write_file("/mnt/scratch/redirects.py", redirects_program);
    const auto said = two.sh(
        "for i in 1 2 3 4 5 6 7 8 9 10; do via=$(ip -6 route show default | awk '{print $3}' | "
        "head "
        "-1); [ -n \"$via\" ] && break; sleep 1; done; for there in " +
        his +
        " fd00:7a6f:6e64:1::2; do ip -6 route add $there/128 via $via dev eth0; done; python3 "
        "/mnt/scratch/redirects.py " +
        his + " fd00:7a6f:6e64:1::2");
    return all + differs("heard", said, std::string("redirects 0 others True\n"));
  });
}

TEST(RoomLeaks, ServicesOfTheMachineItselfAreNotReached)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice&) -> std::string {
    auto served = ChildProcess::start(
        {.argv = {"python3", "-m", "http.server", "2222", "--bind", "0.0.0.0"}});
    auto all = one.join("one");
    all += differs("it is there",
                   test::ended({"curl",
                                "-s",
                                "-o",
                                "/dev/null",
                                "--retry",
                                "60",
                                "--retry-delay",
                                "1",
                                "--retry-connrefused",
                                "http://192.168.50.2:2222/"})
                       .code,
                   0);
    all += differs("from the room", one.connect_to("192.168.50.2", 2222) != 0, true);
    return all + differs("by the proxy",
                         one.sh("curl -s -o /dev/null -w '%{http_code}' --max-time 5 -x http://" +
                                router(one) + ":3128 http://192.168.50.2:2222/"),
                         std::string("403"));
  });
}

/// Sends datagrams to port 7777 of an address by the router, in frames of its own making: with the
/// tag of a virtual network, or without where that is -1.
constexpr const char* tagged_program = R"(
import socket, struct, sys
router, there, tag = sys.argv[1], sys.argv[2], int(sys.argv[3])
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0))
own = sys.argv[4]
cards = {l.split()[0]: l.split()[3] for l in open("/proc/self/net/arp") if l[0].isdigit()}
card = bytes.fromhex(cards[router].replace(":", ""))
def total(data):
    n = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    n = (n & 0xffff) + (n >> 16)
    return ~((n & 0xffff) + (n >> 16)) & 0xffff
for port in range(40000, 40005):
    udp = struct.pack("!HHHH", port, 7777, 12, 0) + b"tags"
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), port, 0, 64, 17, 0)
    head += socket.inet_aton(own) + socket.inet_aton(there)
    head = head[:10] + struct.pack("!H", total(head)) + head[12:]
    kind = b"\x08\x00" if tag < 0 else b"\x81\x00" + struct.pack("!H", tag) + b"\x08\x00"
    wire.send(card + wire.getsockname()[4] + kind + head + udp)
)";

/// How many of such datagrams came to a server.
std::uint64_t arrived(const std::atomic<std::uint64_t>& counter,
                      const RoomDevice& device,
                      const char* there,
                      const char* tag)
{
  const auto before = counter.load();
  const auto via = router(device);
  (void)device.address_of("www.europe.example", via);  // so that the router's card is known
  (void)device.sh("python3 /mnt/scratch/tagged.py " + via + " " + there + " " + tag + " " +
                  own_address(device));
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  return counter.load() - before;
}

TEST(RoomLeaks, ByTagsOfAVirtualNetwork)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice& two) -> std::string {
    (void)write_file("/mnt/scratch/tagged.py", tagged_program);
    auto all = one.join("one");
    const auto& europe = counted->europe;
    const auto& microsoft = counted->microsoft;
    // Without a tag they come through: what is silent with one is so for its sake.
    all += differs("no tag", arrived(europe, one, test::europe_v4, "-1"), std::uint64_t{5});
    all +=
        differs("another network's", arrived(europe, one, test::europe_v4, "5"), std::uint64_t{0});
    for (const auto* tag : {"-1", "0", "5"}) {
      all += differs(tag, arrived(microsoft, one, test::microsoft_v4, tag), std::uint64_t{0});
      all += differs("a stranger's", arrived(europe, two, test::europe_v4, tag), std::uint64_t{0});
    }
    return all;
  });
}

// Whoever stays must not believe that he has a network: a zonder that hangs closes the room.
TEST(RoomLeaks, AZonderThatHangsClosesTheRoom)
{
  in_room_of_two({"--json"}, [](HeldRoom& room, RoomDevice& one, RoomDevice&) -> std::string {
    auto all = one.join("one");
    all += differs("before", one.connect_to(test::europe_v4, 443), 0);
    room.send(SIGSTOP);
    std::this_thread::sleep_for(std::chrono::seconds(16));
    all += differs("after", one.connect_to(test::europe_v4, 443) != 0, true);
    room.send(SIGCONT);
    std::this_thread::sleep_for(std::chrono::seconds(4));
    all += differs("again", one.connect_to(test::europe_v4, 443), 0);
    all += test::lacks(HeldRoom::said(), "the room was closed from ");
    const auto board =
        test::ended({"curl", "-s", "--max-time", "5", HeldRoom::leader_url() + "?lang=en"});
    all += test::lacks(board.printed, "The room was closed from ");
    const auto report = nlohmann::json::parse(room.stop(), nullptr, false);
    return all + differs("lapses", report["lapses"].size(), std::size_t{1});
  });
}

/// An answer to nobody's question for an address, as a router that was put into the room gives.
constexpr const char* giver_program = R"(
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
server.bind(("0.0.0.0", 67))
server.sendto(b"offer", ("255.255.255.255", 68))
)";

/// "I take the address that 192.168.7.1 offered me", to all.
constexpr const char* taker_program = R"(
import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
client.bind(("0.0.0.0", 68))
card = bytes.fromhex(open("/sys/class/net/eth0/address").read().strip().replace(":", ""))
message = bytes([1, 1, 6, 0]) + b"zond" + bytes(20) + card + bytes(202) + bytes([99, 130, 83, 99])
message += bytes([53, 1, 3, 50, 4, 192, 168, 7, 9, 54, 4, 192, 168, 7, 1, 255])
client.sendto(message, ("255.255.255.255", 67))
)";

// As behind a switch, where only who asked hears an offer.
TEST(RoomLeaks, WhoTakesAnothersAddressIsToldToo)
{
  in_room_of_two({}, [](HeldRoom&, RoomDevice& one, RoomDevice&) -> std::string {
    (void)write_file("/mnt/scratch/taker.py", taker_program);
    auto all = differs("before", HeldRoom::said().find("somebody else") == std::string::npos, true);
    (void)one.sh("python3 /mnt/scratch/taker.py");
    for (int i = 0; i < 100 && HeldRoom::said().find("somebody else") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return all + test::lacks(HeldRoom::said(), "192.168.7.1") +
           test::lacks(HeldRoom::said(), one.hardware().to_string());
  });
}

TEST(RoomLeaks, WhoElseGivesOutAddressesIsToldAtOnce)
{
  in_room_of_two({"--json"}, [](HeldRoom& room, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one");
    (void)write_file("/mnt/scratch/giver.py", giver_program);
    const auto card = two.hardware().to_string();
    all += differs("before", HeldRoom::said().find("somebody else") == std::string::npos, true);
    (void)two.sh("python3 /mnt/scratch/giver.py");
    for (int i = 0; i < 100 && HeldRoom::said().find("somebody else") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    all += test::lacks(HeldRoom::said(), "somebody else gives out addresses in the room");
    all += test::lacks(HeldRoom::said(), card);
    const auto board =
        test::ended({"curl", "-s", "--max-time", "5", HeldRoom::leader_url() + "?lang=en"});
    all += test::lacks(board.printed, card);
    const auto printed = room.stop();
    all += differs("the report tells no card", printed.find(card) != std::string::npos, false);
    const auto report = nlohmann::json::parse(printed, nullptr, false);
    return all + differs("givers", report["givers"].size(), std::size_t{1}) +
           differs("who", report["givers"][0]["device"].is_null(), true);
  });
}

/// "I have this address", by ARP, to everybody; five times.
constexpr const char* claim_program = R"(
import socket, sys, time
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0))
card = wire.getsockname()[4]
claimed, told = (socket.inet_aton(each) for each in sys.argv[1:])
for i in range(5):
    wire.send(b"\xff" * 6 + card + b"\x08\x06\x00\x01\x08\x00\x06\x04\x00\x02" + card + claimed
              + b"\xff" * 6 + told)
    time.sleep(0.3)
)";

// Whatever a device says by ARP, the router sends what is another's to the other.
TEST(RoomLeaks, ByAnothersAddressInArp)
{
  in_room_of_two({}, [](HeldRoom& room, RoomDevice& one, RoomDevice& two) -> std::string {
    auto all = one.join("one") + two.join("two");
    (void)write_file("/mnt/scratch/claim.py", claim_program);
    all += differs("before", one.connect_to(test::europe_v4, 443), 0);
    const auto claim = "python3 /mnt/scratch/claim.py " + own_address(one) + " " + router(one);
    // What the router of the room believes is in a network that nobody else sees.
    const auto held = test::ended({"pgrep", "-P", std::to_string(room.pid()), "-x", "zonder"});
    const auto holder = held.printed.substr(0, held.printed.find('\n'));
    (void)two.sh(claim);
    const auto believed = test::ended(
        {"nsenter", "--net=/proc/" + holder + "/ns/net", "ip", "neigh", "show", own_address(one)});
    all += test::lacks(believed.printed, one.hardware().to_string());
    return all + differs("after", one.connect_to(test::europe_v4, 443), 0);
  });
}

}  // namespace
}  // namespace zonder
