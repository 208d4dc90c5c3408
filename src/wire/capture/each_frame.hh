// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <span>

#include "base/read_ahead.hh"
#include "wire/capture/frames.hh"

namespace zonder::wire::capture {

inline constexpr std::size_t frames_at_once = 32;

/// Reads a capture through a window of fixed size and gives its frames to `take`, some at once,
/// which may look at their bytes during the call. Files are read as streams are, and not mapped: a
/// mapped file that is cut off meanwhile, as rotated captures are, ends its reader; and mapping
/// measured no faster. Errors: as ByteSource::read.
template <typename Take>
Result<void> each_frames(ByteSource& source, FrameReader& reader, Take&& take)
{
  ReadAhead window(source, FrameReader::largest_piece);
  std::array<Frame, frames_at_once> frames;
  for (Bytes left;;) {
    const auto more = window.more(left);
    if (!more) {
      return fail(more.error());
    }
    if (more->size() == left.size()) {
      reader.end(left.size());
      return {};
    }
    left = *more;
    if (left.size() < reader.wanted()) {
      continue;
    }
    std::size_t held = 0;
    while (reader.next(left, frames[held])) {
      if (++held == frames.size()) {
        take(std::span<const Frame>(frames));
        held = 0;
      }
    }
    if (held > 0) {
      take(std::span<const Frame>(frames).first(held));
    }
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
