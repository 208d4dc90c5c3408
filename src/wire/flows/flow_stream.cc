// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/flows/flow_stream.hh"

#include "base/translate.hh"

namespace zonder::wire::flows {

std::size_t FlowStream::take(std::span<const std::uint8_t> bytes, bool last, logs::EntrySink& sink)
{
  constexpr std::size_t head = 4;
  constexpr std::size_t largest = 65535;
  constexpr std::size_t smallest = 16;
  std::size_t used = 0;
  while (!lost_ && bytes.size() - used >= head) {
    const auto left = bytes.subspan(used);
    const bool framed = framing_ == Framing::LengthBefore;
    const std::size_t length = framed ? std::size_t{left[0]} << 24U | std::size_t{left[1]} << 16U |
                                            std::size_t{left[2]} << 8U | left[3]
                                      : std::size_t{left[2]} << 8U | left[3];
    if (length < smallest || length > largest || (!framed && (left[0] != 0 || left[1] != 10))) {
      datagrams_.unreadable(say("no datagram has a length of {} bytes", length));
      lost_ = true;
      return used;
    }
    const std::size_t whole = framed ? head + length : length;
    if (left.size() < whole) {
      wants_ = whole;
      break;
    }
    datagrams_.take(framed ? left.subspan(head, length) : left.first(length), sink);
    used += whole;
    wants_ = head;
  }
  if (last && !lost_ && used < bytes.size()) {
    datagrams_.unreadable(say("it breaks off within a datagram"));
    lost_ = true;
  }
  return used;
}

}  // namespace zonder::wire::flows
