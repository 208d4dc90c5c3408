// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <cstdint>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "isolate/room_clients.hh"

namespace zonder::isolate {
namespace {

TEST(RoomClients, WhatComesTooFastToBeHeardIsCounted)
{
  auto loop = EventLoop::open();
  ASSERT_TRUE(loop);
  std::uint64_t heard = 0;
  RoomClients clients(*loop, [&](const RoomClients::Client&, std::span<const std::uint8_t>) {
    return ++heard > 0;
  });

  Descriptor server(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int little = 4096;
  ASSERT_EQ(::setsockopt(server.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  auto* address = reinterpret_cast<sockaddr*>(&here);
  ASSERT_EQ(::bind(server.get(), address, size), 0);
  ASSERT_EQ(::getsockname(server.get(), address, &size), 0);
  ASSERT_TRUE(clients.add_udp(std::move(server)));

  // Nobody listens while these come.
  constexpr std::uint64_t sent = 200;
  const Descriptor asker(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const std::array<char, 64> question{};
  for (std::uint64_t i = 0; i < sent; ++i) {
    ASSERT_EQ(::sendto(asker.get(), question.data(), question.size(), 0, address, size),
              static_cast<ssize_t>(question.size()));
  }
  loop->after(std::chrono::milliseconds(50), [&] { loop->stop(); });
  loop->run();
  EXPECT_GT(heard, 0U);
  EXPECT_GT(clients.not_heard(), 0U);
  EXPECT_EQ(heard + clients.not_heard(), sent);
  clients.close_all();
}

// Of one that was ended to make place nobody knows what it would have asked.
TEST(RoomClients, CountsConnectionsThatItEndsForOthers)
{
  auto loop = EventLoop::open();
  ASSERT_TRUE(loop);
  RoomClients clients(*loop, [](const auto&, auto) { return true; });
  Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  auto* address = reinterpret_cast<sockaddr*>(&here);
  ASSERT_EQ(::bind(server.get(), address, size), 0);
  ASSERT_EQ(::listen(server.get(), 128), 0);
  ASSERT_EQ(::getsockname(server.get(), address, &size), 0);
  ASSERT_TRUE(clients.add_tcp(std::move(server)));
  EXPECT_FALSE(clients.has_unread());
  std::vector<Descriptor> askers;
  for (int i = 0; i < 70; ++i) {
    askers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::connect(askers.back().get(), address, size), 0);
  }
  EXPECT_TRUE(clients.has_unread());
  loop->after(std::chrono::milliseconds(50), [&] { loop->stop(); });
  loop->run();
  EXPECT_EQ(clients.not_heard(), 6U);
  EXPECT_FALSE(clients.has_unread());
  clients.close_all();
}

}  // namespace
}  // namespace zonder::isolate
