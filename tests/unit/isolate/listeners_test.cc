// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "isolate/host_relay.hh"
#include "isolate/listeners.hh"
#include "isolate/receiver.hh"
#include "isolate/room_clients.hh"
#include "isolate/socket_address.hh"
#include "support/few_descriptors.hh"

// Whoever lets connections in and has no descriptor left waits for one, and does not spin. Each on
// this machine's loopback.
namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;

struct Door {
  Descriptor socket = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  std::uint16_t port = 0;

  Door()
  {
    const SocketAddress any(net::Address::v4(0x7f000001), 0);
    sockaddr_in own{};
    socklen_t length = sizeof own;
    EXPECT_EQ(::bind(socket.get(), any.get(), any.length), 0);
    EXPECT_EQ(::listen(socket.get(), 200), 0);
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &length);
    port = ntohs(own.sin_port);
  }
};

Descriptor client_of(std::uint16_t port)
{
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress there(net::Address::v4(0x7f000001), port);
  EXPECT_EQ(::connect(socket.get(), there.get(), there.length), 0);
  return socket;
}

/// While somebody waits who cannot be let in.
std::chrono::microseconds used_meanwhile(std::uint16_t port)
{
  const test::FewDescriptors few(1);
  const auto client = client_of(port);
  const auto before = test::used_by_process();
  ::usleep(400'000);
  return test::used_by_process() - before;
}

constexpr milliseconds little{100};

TEST(Listeners, RestWhileNobodyCanBeLetInAndThenLetThemIn)
{
  auto loop = EventLoop::open();
  ASSERT_TRUE(loop);
  Listeners listeners(*loop);
  Door one;
  Door other;
  const auto port = one.port;
  const auto other_port = other.port;
  std::vector<Descriptor> in;
  const auto take = [&](Descriptor socket) {
    in.push_back(std::move(socket));
  };
  ASSERT_TRUE(listeners.add(std::move(one.socket), take));
  ASSERT_TRUE(listeners.add(std::move(other.socket), take));
  const auto before = test::used_by_process();
  std::vector<Descriptor> clients;
  {
    const test::FewDescriptors few(2);
    clients.push_back(client_of(port));
    clients.push_back(client_of(other_port));
    loop->after(milliseconds(350), [&] { loop->stop(); });
    loop->run();
  }
  EXPECT_TRUE(in.empty());
  EXPECT_LT(test::used_by_process() - before, little);
  EXPECT_GE(listeners.rests(), 2U);
  loop->after(milliseconds(250), [&] { loop->stop(); });
  loop->run();
  EXPECT_EQ(in.size(), 2U);
}

TEST(Listeners, TakeAllThatWaitWithoutTheirLoop)
{
  auto loop = EventLoop::open();
  ASSERT_TRUE(loop);
  Listeners listeners(*loop);
  Door door;
  const auto port = door.port;
  int taken = 0;
  ASSERT_TRUE(listeners.add(std::move(door.socket), [&](const Descriptor&) { ++taken; }));
  std::vector<Descriptor> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(client_of(port));
  }
  listeners.take_all();
  EXPECT_EQ(taken, 100);
}

TEST(Listeners, OfWhoAnswersForTheAbsentDoNotSpin)
{
  std::vector<Descriptor> sockets;
  Door door;
  sockets.push_back(std::move(door.socket));
  const auto receiver = Receiver::start(std::move(sockets), std::nullopt);
  ASSERT_TRUE(receiver);
  EXPECT_LT(used_meanwhile(door.port), little);
}

TEST(Listeners, OfServicesOfThisMachineDoNotSpin)
{
  std::vector<HostPort> ports;
  Door door;
  ports.push_back(
      {.port = door.port, .family = net::Family::V4, .listener = std::move(door.socket)});
  const auto relay = HostRelay::start(std::move(ports));
  ASSERT_TRUE(relay);
  EXPECT_LT(used_meanwhile(door.port), little);
}

TEST(Listeners, OfTheNameServerRestTogetherAndEndWithIt)
{
  auto loop = EventLoop::open();
  ASSERT_TRUE(loop);
  Door one;
  Door other;
  const auto ports = {one.port, other.port};
  std::vector<Descriptor> waiting;
  const auto before = test::used_by_process();
  {
    RoomClients clients(*loop, [](const auto&, auto) { return true; });
    ASSERT_TRUE(clients.add_tcp(std::move(one.socket)));
    ASSERT_TRUE(clients.add_tcp(std::move(other.socket)));
    const test::FewDescriptors few(2);
    for (const auto port : ports) {
      waiting.push_back(client_of(port));
    }
    loop->after(milliseconds(50), [&] { loop->stop(); });
    loop->run();
  }
  // Nothing of it comes back when its rest would be over.
  loop->after(milliseconds(250), [&] { loop->stop(); });
  loop->run();
  EXPECT_LT(test::used_by_process() - before, little);
}

}  // namespace
}  // namespace zonder::isolate
