// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/made_frames.hh"
#include "wire/capture/each_frame.hh"

namespace zonder::wire::capture {
namespace {

using test::Octets;

struct Read {
  std::vector<Frame> frames;  // their bytes are gone
  std::vector<Octets> bytes;
  FrameReader reader;
};

/// Gives so many bytes at once, as a pipe may.
class Drip : public ByteSource {
public:
  Drip(const Octets& bytes, std::size_t most) : source_(bytes), most_(most) {}
  Result<std::size_t> read(std::span<std::uint8_t> room) override
  {
    return source_.read(room.first(std::min(room.size(), most_)));
  }

private:
  MemorySource source_;
  std::size_t most_;
};

Read read(const Octets& file, std::size_t most = 1U << 20U)
{
  Read result;
  Drip source(file, most);
  const auto done = each_frame(source, result.reader, [&](const Frame& frame) {
    result.frames.push_back(frame);
    result.bytes.emplace_back(frame.bytes.begin(), frame.bytes.end());
  });
  EXPECT_TRUE(done.has_value());
  return result;
}

const Octets one = {1, 2, 3};
const Octets two = {4, 5, 6, 7, 8};

TEST(CaptureFrames, AreReadInBothOrdersOfBytesAndBothUnitsOfTime)
{
  for (const bool big_endian : {false, true}) {
    for (const bool nanoseconds : {false, true}) {
      const auto file = test::pcap(
          {one, two}, {.big_endian = big_endian, .nanoseconds = nanoseconds, .link = 101});
      const auto found = read(file);
      EXPECT_EQ(found.bytes, (std::vector{one, two}));
      ASSERT_EQ(found.frames.size(), 2U);
      EXPECT_EQ(found.frames[1].number, 2U);
      EXPECT_EQ(found.frames[1].link, 101U);
      EXPECT_EQ(found.frames[1].time, 1750000001'000000000 + (nanoseconds ? 5 : 5000));
      EXPECT_EQ(found.reader.troubles(), 0U);
    }
  }
}

TEST(CaptureFrames, MayComeInPiecesOfAnySize)
{
  for (const auto& file :
       {test::pcap({one, two}),
        test::joined(test::joined(test::section(), test::interface(1)),
                     test::joined(test::packet_block(0, 1, one), test::packet_block(0, 2, two)))}) {
    for (std::size_t most = 1; most < 40; ++most) {
      const auto found = read(file, most);
      EXPECT_EQ(found.bytes, (std::vector{one, two})) << most;
      EXPECT_EQ(found.reader.troubles(), 0U) << most;
      EXPECT_EQ(found.reader.offset(), file.size());
    }
  }
}

TEST(CaptureFrames, OfAFileThatWasCutOffAreThoseBefore)
{
  const auto file = test::pcap({one, two});
  for (std::size_t size = file.size() - 1; size > file.size() - two.size() - 16; --size) {
    const auto found = read(test::part(file, 0, size));
    EXPECT_EQ(found.bytes, std::vector<Octets>{one}) << size;
    ASSERT_TRUE(found.reader.first_trouble());
    EXPECT_EQ(found.reader.first_trouble()->fault, FrameFault::CutOff);
    EXPECT_EQ(found.reader.first_trouble()->offset, 24U + 16U + 3U);
    EXPECT_EQ(found.reader.first_trouble()->frame, 1U);
  }
}

TEST(CaptureFrames, AreFoundAgainAfterBytesThatAreNone)
{
  auto file = test::pcap({one, two});
  file.insert(file.end(), 100, 0xee);
  const auto rest = test::pcap({two, one, two});
  file.insert(file.end(), rest.begin() + 24, rest.end());
  const auto found = read(file);
  EXPECT_EQ(found.bytes, (std::vector{one, two, two, one, two}));
  EXPECT_EQ(found.reader.troubles(), 1U);
  ASSERT_TRUE(found.reader.first_trouble());
  EXPECT_EQ(found.reader.first_trouble()->fault, FrameFault::BadLength);
  EXPECT_EQ(found.reader.first_trouble()->frame, 2U);
  EXPECT_EQ(read(file, 7).bytes, found.bytes);
}

TEST(CaptureFrames, OfSeveralInterfacesAndSectionsHaveTheirOwnLinkAndTime)
{
  for (const bool big : {false, true}) {
    Octets file;
    for (const auto& piece : {test::section(big),
                              test::interface(1, 0, big),       // microseconds when nothing is said
                              test::interface(101, 9, big),     // nanoseconds
                              test::interface(113, 0x81, big),  // halves of a second
                              test::packet_block(0, 7, one, big),
                              test::packet_block(1, 7, two, big),
                              test::packet_block(2, 3, one, big),
                              test::block(0x0bad, {1, 2, 3, 4}, big),  // kinds that nobody knows
                              test::section(!big),
                              test::interface(276, 6, !big),
                              test::packet_block(0, 2, two, !big)}) {
      file = test::joined(file, piece);
    }
    const auto found = read(file);
    ASSERT_EQ(found.frames.size(), 4U);
    EXPECT_EQ(found.frames[0].time, 7000);
    EXPECT_EQ(found.frames[1].time, 7);
    EXPECT_EQ(found.frames[2].time, 1500000000);
    EXPECT_EQ(found.frames[3].time, 2000);
    EXPECT_EQ(found.frames[0].link, 1U);
    EXPECT_EQ(found.frames[1].link, 101U);
    EXPECT_EQ(found.frames[2].link, 113U);
    EXPECT_EQ(found.frames[3].link, 276U);
    EXPECT_EQ(found.bytes, (std::vector{one, two, one, two}));
    EXPECT_EQ(found.reader.troubles(), 0U);
  }
}

TEST(CaptureFrames, OfASimplePacketBlockHaveNoTime)
{
  Octets body = {3, 0, 0, 0, 1, 2, 3};
  auto file = test::joined(test::section(), test::interface(1));
  file = test::joined(file, test::block(3, body));
  const auto found = read(file);
  EXPECT_EQ(found.bytes, std::vector<Octets>{one});
  EXPECT_EQ(found.frames.at(0).time, no_time);
}

TEST(CaptureFrames, OfAnInterfaceThatNobodyDescribedAreCounted)
{
  auto file = test::joined(test::section(), test::packet_block(0, 1, one));
  file = test::joined(file, test::interface(1));
  file = test::joined(file, test::packet_block(0, 1, two));
  const auto found = read(file);
  EXPECT_EQ(found.bytes, std::vector<Octets>{two});
  EXPECT_EQ(found.frames.at(0).number, 2U);
  EXPECT_EQ(found.reader.troubles(), 1U);
  EXPECT_EQ(found.reader.first_trouble()->fault, FrameFault::UnknownInterface);
}

TEST(CaptureFrames, AreNotReadFromWhatIsNoCapture)
{
  for (const Octets& file : {Octets{}, Octets{1, 2, 3}, test::octets("GET / HTTP/1.1\r\n\r\n")}) {
    const auto found = read(file);
    EXPECT_TRUE(found.frames.empty());
    ASSERT_TRUE(found.reader.first_trouble());
    EXPECT_EQ(found.reader.first_trouble()->fault, FrameFault::NotACapture);
    EXPECT_FALSE(FrameReader::begins_capture(file));
  }
}

TEST(CaptureFrames, OfABlockWhoseLengthsDisagreeEndTheFile)
{
  auto file = test::joined(test::section(), test::interface(1));
  auto bad = test::packet_block(0, 1, one);
  bad.back() = 9;
  file = test::joined(file, bad);
  file = test::joined(file, test::packet_block(0, 1, two));
  const auto found = read(file);
  EXPECT_TRUE(found.frames.empty());
  EXPECT_EQ(found.reader.troubles(), 1U);
  EXPECT_EQ(found.reader.first_trouble()->fault, FrameFault::BadLength);
}

}  // namespace
}  // namespace zonder::wire::capture
