// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "base/byte_source.hh"
#include "wire/capture/frames.hh"

namespace zonder::wire::capture {

/// Reads a capture through a window of fixed size and gives its frames to `take`, some at once, which
/// may look at their bytes during the call. Files are read as streams are, and not mapped: a mapped file that is
/// cut off meanwhile, as rotated captures are, ends its reader; and mapping measured no faster.
/// Errors: as ByteSource::read.
inline constexpr std::size_t frames_at_once = 32;
template <typename Take>
Result<void> each_frames(ByteSource& source, FrameReader& reader, Take&& take)
{
  // Small enough that what the kernel copies is still in the cache when it is looked at.
  constexpr std::size_t at_once = std::size_t{1} << 17U;
  std::vector<std::uint8_t> window(FrameReader::largest_piece + at_once);
  std::size_t have = 0;
  for (;;) {
    const auto room = std::min(at_once, window.size() - have);
    const auto count = source.read(std::span(window).subspan(have, room));
    if (!count) {
      return fail(count.error());
    }
    if (*count == 0) {
      reader.end(have);
      return {};
    }
    have += *count;
    if (have < reader.wanted()) {
      continue;
    }
    Bytes bytes(window.data(), have);
    std::array<Frame, frames_at_once> frames;
    std::size_t held = 0;
    while (reader.next(bytes, frames[held])) {
      if (++held == frames.size()) {
        take(std::span<const Frame>(frames));
        held = 0;
      }
    }
    if (held > 0) {
      take(std::span<const Frame>(frames).first(held));
    }
    std::memmove(window.data(), bytes.data(), bytes.size());
    have = bytes.size();
  }
}

/// The same, one frame at a time.
template <typename Take>
Result<void> each_frame(ByteSource& source, FrameReader& reader, Take&& take)
{
  return each_frames(source, reader, [&](std::span<const Frame> frames) {
    for (const Frame& frame : frames) {
      take(frame);
    }
  });
}

}  // namespace zonder::wire::capture
