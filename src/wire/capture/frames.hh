// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "wire/capture/bytes.hh"

// Capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), in both
// orders of bytes. pcap's times are micro- or nanoseconds; pcapng may have several interfaces and
// sections, each interface with its own link type and resolution of time.
namespace zonder::wire::capture {

inline constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();

/// One frame of a capture, as it lies in the bytes given.
struct Frame {
  std::uint64_t number = 0;     // from 1, as other tools count them
  std::int64_t time = no_time;  // nanoseconds since 1970
  std::uint32_t link = 0;       // LINKTYPE_ number of what its bytes begin with
  std::uint32_t length = 0;     // that it had on the wire
  Bytes bytes;                  // what was kept of it
};

enum class FrameFault : std::uint8_t {
  NotACapture,      // the file begins with neither format's mark
  CutOff,           // it ends inside a frame or block
  BadLength,        // a length that cannot be; what follows it cannot be told apart
  UnknownInterface  // a frame of an interface that was not described
};

/// Takes frames off the front of bytes as they come. Never asks for more than `largest_piece` at
/// once, so that a window of that size is enough for a capture of any length.
class FrameReader {
public:
  static constexpr std::size_t largest_piece = std::size_t{1} << 20U;

  /// The next frame, and `bytes` without all that was read. False: no whole one is there any more;
  /// then at least wanted() bytes must be in the next call, beginning with those that are left.
  bool next(Bytes& bytes, Frame& frame);
  [[nodiscard]] std::size_t wanted() const { return wanted_; }
  /// Nothing comes after the bytes that next() left.
  void end(std::size_t left);

  struct Trouble {
    FrameFault fault = FrameFault::CutOff;
    std::uint64_t offset = 0;  // in the file
    std::uint64_t frame = 0;   // the last whole one before it
  };
  [[nodiscard]] const std::optional<Trouble>& first_trouble() const { return trouble_; }
  [[nodiscard]] std::uint64_t troubles() const { return troubles_; }
  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

  /// Whether a file that begins with this is one of both formats; 4 bytes are enough.
  static bool begins_capture(Bytes bytes);

private:
  enum class Format : std::uint8_t { Unknown, Pcap, PcapNg, Lost };
  struct Interface {
    std::uint32_t link = 0;
    std::uint32_t snap = 0;
    std::uint64_t units = 1000000;  // of time in a second
    std::int64_t offset = 0;        // seconds to add
  };

  bool begin(Bytes& bytes);
  bool next_record(Bytes& bytes, Frame& frame);
  bool next_block(Bytes& bytes, Frame& frame);
  bool find_record(Bytes& bytes);
  [[nodiscard]] bool believable(const std::uint8_t* header) const;
  bool begin_section(Bytes block);
  void describe_interface(Bytes body);
  bool packet_of(std::uint32_t type, Bytes body, Frame& frame);
  void take(Bytes& bytes, std::size_t count);
  bool want(std::size_t count);
  void trouble(FrameFault fault);
  void give_up(Bytes& bytes, FrameFault fault);

  Format format_ = Format::Unknown;
  bool big_endian_ = false;
  bool searching_ = false;
  std::uint32_t record_header_ = 16;
  std::uint32_t nanoseconds_ = 1000;  // in a unit of a pcap's fraction of a second
  std::uint32_t largest_frame_ = 262144;
  std::uint32_t last_seconds_ = 0;
  std::uint32_t link_ = 0;
  std::vector<Interface> interfaces_;
  std::size_t wanted_ = 4;
  std::uint64_t skip_ = 0;  // of a block that is too long to look at
  std::uint64_t frames_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t troubles_ = 0;
  std::optional<Trouble> trouble_;
};

}  // namespace zonder::wire::capture
