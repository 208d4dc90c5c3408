// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "base/byte_source.hh"

namespace zonder {

/// A window that moves over a source: each step gives the bytes that were left of the one before
/// and those that follow, in one piece. Once a source has shown to be long, another thread reads it
/// ahead, some buffers at most, so that who looks at the bytes does not wait for the kernel to copy
/// them.
class ReadAhead {
public:
  /// `most_left`: no more than these may be left of a step.
  ReadAhead(ByteSource& source, std::size_t most_left);
  /// Waits for a read that has begun.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ReadAhead(ReadAhead&&) = delete;
  ReadAhead& operator=(ReadAhead&&) = delete;

  /// `left` is the end of what the last step gave. No bytes more than it has: nothing more comes.
  /// Errors: as ByteSource::read.
  Result<std::span<const std::uint8_t>> more(std::span<const std::uint8_t> left);

private:
  struct Buffer {
    std::unique_ptr<std::uint8_t[]> bytes;  // room for what is left, then what was read
    Result<std::size_t> count = 0;
  };
  void read_all();
  Result<std::size_t> read_into(Buffer& buffer);
  std::span<const std::uint8_t> step(Buffer& buffer, std::span<const std::uint8_t> left) const;

  // Small enough that what the kernel copied is still in the cache when it is looked at.
  static constexpr std::size_t at_once = std::size_t{1} << 17U;
  static constexpr std::size_t long_source = std::size_t{4} << 20U;

  ByteSource& source_;
  std::size_t most_left_;
  std::array<Buffer, 4> buffers_;
  std::size_t read_ = 0;      // bytes, before there is another thread
  std::uint64_t given_ = 0;   // steps; the last one's buffer is given_ % 4
  std::mutex mutex_;          // holds the next two
  std::uint64_t filled_ = 0;  // buffers so far
  bool stop_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace zonder
