// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/read_ahead.hh"

namespace zonder {
namespace {

/// Bytes that tell their place, some at once, and an error at the end where one is asked for.
class Counting : public ByteSource {
public:
  Counting(std::size_t size, std::size_t most, bool fails = false)
      : size_(size), most_(most), fails_(fails)
  {
  }
  Result<std::size_t> read(std::span<std::uint8_t> room) override
  {
    if (at_ == size_ && fails_) {
      return fail(Fault::NotPossible, "the disk is gone");
    }
    const auto count = std::min({room.size(), most_, size_ - at_});
    for (std::size_t i = 0; i < count; ++i) {
      room[i] = byte_at(at_ + i);
    }
    at_ += count;
    return count;
  }
  static std::uint8_t byte_at(std::size_t place)
  {
    return static_cast<std::uint8_t>(place * 2654435761U >> 13U);
  }

private:
  std::size_t size_;
  std::size_t most_;
  bool fails_;
  std::size_t at_ = 0;
};

/// How many bytes came, each in its place, when so many are left of each step.
struct Came {
  std::size_t bytes = 0;
  bool right = true;
  std::string error;
};
Came read_all(ByteSource& source, std::size_t leave)
{
  ReadAhead window(source, 1000);
  Came came;
  for (std::span<const std::uint8_t> left;;) {
    const auto bytes = window.more(left);
    if (!bytes) {
      came.error = bytes.error().message;
      return came;
    }
    if (bytes->size() == left.size()) {
      return came;
    }
    const auto from = came.bytes - left.size();
    for (std::size_t i = 0; i < bytes->size(); ++i) {
      came.right = came.right && (*bytes)[i] == Counting::byte_at(from + i);
    }
    came.bytes = from + bytes->size();
    left = bytes->last(std::min(leave, bytes->size()));
  }
}

TEST(ReadAhead, GivesEveryByteInItsPlaceWithWhatWasLeftBefore)
{
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{100000}, std::size_t{5'000'000}}) {
    for (const std::size_t leave : {0U, 1U, 999U}) {
      Counting source(size, 1U << 20U);
      const auto came = read_all(source, leave);
      EXPECT_EQ(came.bytes, size);
      EXPECT_TRUE(came.right) << size << " " << leave;
    }
  }
}

TEST(ReadAhead, TakesWhatAPipeGives)
{
  Counting source(5'000'000, 4093);
  const auto came = read_all(source, 17);
  EXPECT_EQ(came.bytes, 5'000'000U);
  EXPECT_TRUE(came.right);
}

TEST(ReadAhead, TellsAnErrorAfterTheBytesBeforeIt)
{
  for (const std::size_t size : {std::size_t{5000}, std::size_t{5'000'000}}) {
    Counting source(size, 1U << 20U, true);
    const auto came = read_all(source, 3);
    EXPECT_EQ(came.bytes, size);
    EXPECT_EQ(came.error, "the disk is gone");
  }
}

TEST(ReadAhead, MayBeLeftBeforeTheEnd)
{
  Counting source(50'000'000, 1U << 20U);
  ReadAhead window(source, 1000);
  std::size_t steps = 0;
  while (window.more({}).value().size() > 0 && steps < 50) {
    ++steps;
  }
  EXPECT_EQ(steps, 50U);
}

TEST(ByteSource, OfADescriptorReadsItAndTellsWhatIsWrong)
{
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Descriptor in(ends[0]);
  Descriptor out(ends[1]);
  ASSERT_EQ(::write(out.get(), "abc", 3), 3);
  out.reset();
  DescriptorSource source(in.get());
  std::vector<std::uint8_t> room(10);
  EXPECT_EQ(source.read(room).value_or(99), 3U);
  EXPECT_EQ(room[2], 'c');
  EXPECT_EQ(source.read(room).value_or(99), 0U);
  DescriptorSource none(-1);
  EXPECT_FALSE(none.read(room).has_value());
}

}  // namespace
}  // namespace zonder
