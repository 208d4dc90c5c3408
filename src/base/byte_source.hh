// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.hh"

namespace zonder {

/// Bytes that come one after the other: a file, a pipe, or what a test made up.
class ByteSource {
public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ByteSource(ByteSource&&) = delete;
  ByteSource& operator=(ByteSource&&) = delete;
  virtual ~ByteSource() = default;

  /// Puts what there is into `room`, at least a byte, and says how many; 0: nothing more comes.
  /// Errors: cannot be read.
  virtual Result<std::size_t> read(std::span<std::uint8_t> room) = 0;
};

/// From a descriptor that the caller keeps open.
class DescriptorSource : public ByteSource {
public:
  explicit DescriptorSource(int descriptor) : descriptor_(descriptor) {}
  Result<std::size_t> read(std::span<std::uint8_t> room) override;

private:
  int descriptor_;
};

/// From memory that the caller keeps.
class MemorySource : public ByteSource {
public:
  explicit MemorySource(std::span<const std::uint8_t> bytes) : left_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> room) override
  {
    const auto count = std::min(room.size(), left_.size());
    std::copy_n(left_.begin(), count, room.begin());
    left_ = left_.subspan(count);
    return count;
  }

private:
  std::span<const std::uint8_t> left_;
};

}  // namespace zonder
