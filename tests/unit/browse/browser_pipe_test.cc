// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "browse/browser_pipe.hh"

namespace zonder::browse {
namespace {

using namespace std::string_literals;

TEST(MessageCutter, CutsAtZeroBytesHoweverTheyArrive)
{
  MessageCutter cutter;
  cutter.put("on");
  EXPECT_FALSE(cutter.next());
  cutter.put("e\0two\0\0thr"s);
  EXPECT_EQ(cutter.next(), "one");
  EXPECT_EQ(cutter.next(), "two");
  EXPECT_EQ(cutter.next(), "");
  EXPECT_FALSE(cutter.next());
  cutter.put("ee\0"s);
  EXPECT_EQ(cutter.next(), "three");
  EXPECT_EQ(cutter.too_large(), 0U);
}

TEST(MessageCutter, ThrowsAwayWhatIsTooLargeAndGoesOnBehindIt)
{
  MessageCutter cutter(4);
  cutter.put("12345\0ok\0"s);
  EXPECT_EQ(cutter.next(), "ok");
  for (int i = 0; i < 10; ++i) {
    cutter.put("678");
    EXPECT_FALSE(cutter.next());
  }
  cutter.put("9\0fine\0"s);
  EXPECT_EQ(cutter.next(), "fine");
  EXPECT_EQ(cutter.too_large(), 2U);
}

class Pipe : public testing::Test {
protected:
  void SetUp() override
  {
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, up_.data()), 0);
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, down_.data()), 0);
  }
  std::array<int, 2> up_{};
  std::array<int, 2> down_{};
};

TEST_F(Pipe, SendsAndReceives)
{
  BrowserPipe pipe((Descriptor(up_[0])), Descriptor(down_[0]));
  const Descriptor writes(up_[1]);
  const Descriptor reads(down_[1]);
  EXPECT_TRUE(pipe.send("hello"));
  std::array<char, 16> got{};
  EXPECT_EQ(::read(reads.get(), got.data(), got.size()), 6);
  EXPECT_EQ(std::string(got.data(), 6), "hello\0"s);
  ASSERT_EQ(::write(writes.get(), "answer\0", 7), 7);
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  EXPECT_EQ(pipe.receive(soon), "answer");
  EXPECT_FALSE(pipe.receive(std::chrono::steady_clock::now()));
  EXPECT_FALSE(pipe.gone());
}

TEST_F(Pipe, TellsThatTheOtherEndHasGone)
{
  BrowserPipe pipe((Descriptor(up_[0])), Descriptor(down_[0]));
  ASSERT_EQ(::write(up_[1], "last\0half", 9), 9);
  ::close(up_[1]);
  ::close(down_[1]);
  const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  EXPECT_EQ(pipe.receive(late), "last");
  EXPECT_FALSE(pipe.receive(late));
  EXPECT_TRUE(pipe.gone());
  EXPECT_FALSE(pipe.send("anybody?"));
}

}  // namespace
}  // namespace zonder::browse
