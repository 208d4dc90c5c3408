// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "isolate/joined_sockets.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {
namespace {

using State = JoinedSockets::State;

/// Both ends of a connection over loopback; the second does not block.
std::pair<Descriptor, Descriptor> connected()
{
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  SocketAddress here(net::Address::v4(0x7f000001), 0);
  socklen_t length = here.length;
  Descriptor one(::socket(AF_INET, SOCK_STREAM, 0));
  if (::bind(listener.get(), here.get(), here.length) != 0 || ::listen(listener.get(), 1) != 0 ||
      ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&here.storage), &length) != 0 ||
      ::connect(one.get(), here.get(), length) != 0) {
    throw std::runtime_error("no loopback");
  }
  Descriptor other(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK));
  return {std::move(one), std::move(other)};
}

struct Joined {
  Joined() : Joined(connected(), connected()) {}
  Joined(std::pair<Descriptor, Descriptor> a, std::pair<Descriptor, Descriptor> b)
      : left(std::move(a.first)), right(std::move(b.first)),
        sockets(std::move(a.second), std::move(b.second))
  {
  }
  Descriptor left;
  Descriptor right;
  JoinedSockets sockets;
  PipePool pipes;
};

void say(const Descriptor& end, const std::string& text)
{
  ASSERT_EQ(::send(end.get(), text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

std::string hear(const Descriptor& end, std::size_t length)
{
  std::string text(length, '\0');
  const auto got = ::recv(end.get(), text.data(), length, 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

TEST(JoinedSockets, PassOnBothWays)
{
  Joined joined;
  say(joined.left, "there");
  say(joined.right, "back");
  EXPECT_EQ(joined.sockets.pass_on(joined.pipes), State::Flows);
  EXPECT_EQ(hear(joined.right, 10), "there");
  EXPECT_EQ(hear(joined.left, 10), "back");
  EXPECT_EQ(joined.sockets.wishes(), (std::array<std::uint32_t, 2>{EPOLLIN, EPOLLIN}));
}

TEST(JoinedSockets, EachWayEndsByItself)
{
  Joined joined;
  say(joined.left, "last words");
  ::shutdown(joined.left.get(), SHUT_WR);
  EXPECT_EQ(joined.sockets.pass_on(joined.pipes), State::Flows);
  EXPECT_EQ(hear(joined.right, 20), "last words");
  EXPECT_EQ(hear(joined.right, 20), "");
  EXPECT_FALSE(joined.sockets.is_over(0));
  say(joined.right, "an answer");
  EXPECT_EQ(joined.sockets.pass_on(joined.pipes), State::Flows);
  EXPECT_EQ(hear(joined.left, 20), "an answer");
  ::shutdown(joined.right.get(), SHUT_WR);
  EXPECT_EQ(joined.sockets.pass_on(joined.pipes), State::Over);
  EXPECT_TRUE(joined.sockets.is_over(0));
  EXPECT_TRUE(joined.sockets.is_over(1));
  EXPECT_EQ(hear(joined.left, 20), "");
}

TEST(JoinedSockets, WhoDoesNotListenHoldsUpHisWayOnly)
{
  Joined joined;
  ::fcntl(joined.left.get(), F_SETFL, O_NONBLOCK);
  const std::string much(1 << 20U, 'm');
  std::size_t said = 0;
  for (int round = 0; round < 200; ++round) {
    const auto sent = ::send(joined.left.get(), much.data(), much.size(), MSG_NOSIGNAL);
    said += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    ASSERT_EQ(joined.sockets.pass_on(joined.pipes), State::Flows);
    if (sent < 0 && joined.sockets.wishes()[1] == (EPOLLIN | EPOLLOUT)) {
      break;
    }
  }
  // The one is not listened to any more; the other is, and is said to when it can be.
  EXPECT_EQ(joined.sockets.wishes(), (std::array<std::uint32_t, 2>{0U, EPOLLIN | EPOLLOUT}));
  say(joined.right, "still here");
  EXPECT_EQ(joined.sockets.pass_on(joined.pipes), State::Flows);
  ::fcntl(joined.left.get(), F_SETFL, 0);
  EXPECT_EQ(hear(joined.left, 20), "still here");
  // And nothing of it is lost.
  std::size_t heard = 0;
  while (heard < said) {
    const auto some = hear(joined.right, much.size());
    ASSERT_FALSE(some.empty());
    heard += some.size();
    ASSERT_EQ(joined.sockets.pass_on(joined.pipes), State::Flows);
  }
  EXPECT_EQ(heard, said);
  EXPECT_EQ(joined.sockets.wishes(), (std::array<std::uint32_t, 2>{EPOLLIN, EPOLLIN}));
}

TEST(JoinedSockets, WhatBreaksOneEndBreaksTheOther)
{
  Joined joined;
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(joined.left.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  joined.left.reset();
  EXPECT_EQ(joined.sockets.pass_on(joined.pipes), State::Broken);
  joined.sockets.break_off();
  {
    const JoinedSockets closed = std::move(joined.sockets);
  }
  char byte = 0;
  EXPECT_EQ(::recv(joined.right.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

}  // namespace
}  // namespace zonder::isolate
