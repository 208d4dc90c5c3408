// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "base/byte_source.hh"
#include "wire/capture/frames.hh"

namespace zonder::wire::capture {

/// Reads a capture through a window of fixed size and gives each frame to `take`, which may look at
/// its bytes during the call. Files are read as streams are, and not mapped: a mapped file that is
/// cut off meanwhile, as rotated captures are, ends its reader; and mapping measured no faster.
/// Errors: as ByteSource::read.
template <typename Take>
Result<void> each_frame(ByteSource& source, FrameReader& reader, Take&& take)
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
    Frame frame;
    while (reader.next(bytes, frame)) {
      take(std::as_const(frame));
    }
    std::memmove(window.data(), bytes.data(), bytes.size());
    have = bytes.size();
  }
}

}  // namespace zonder::wire::capture
