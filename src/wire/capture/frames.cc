// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/frames.hh"

#include <algorithm>

namespace zonder::wire::capture {
namespace {

constexpr std::uint32_t microsecond_mark = 0xa1b2c3d4;
constexpr std::uint32_t nanosecond_mark = 0xa1b23c4d;
constexpr std::uint32_t longer_header_mark =
    0xa1b2cd34;  // Kuznetzov's: 8 bytes more in each record
constexpr std::size_t file_header = 24;

constexpr std::uint32_t section_block = 0x0a0d0d0a;
constexpr std::uint32_t interface_block = 1;
constexpr std::uint32_t old_packet_block = 2;
constexpr std::uint32_t simple_packet_block = 3;
constexpr std::uint32_t enhanced_packet_block = 6;
constexpr std::uint32_t order_mark = 0x1a2b3c4d;
constexpr std::size_t block_header = 8;
constexpr std::size_t smallest_block = 12;
constexpr std::uint16_t resolution_option = 9;
constexpr std::uint16_t offset_option = 14;
constexpr std::size_t most_interfaces = 65536;

constexpr std::int64_t second = 1000000000;
constexpr std::uint32_t day = 86400;
/// LINKTYPE_ numbers have 16 bits; above are the length of a checksum and flags.
constexpr std::uint32_t link_bits = 0xffff;

/// The most that fits; a foreign number must not overflow.
std::int64_t nanoseconds(std::uint64_t ticks, std::uint64_t units, std::int64_t offset)
{
  const std::uint64_t seconds = ticks / units;
  constexpr std::uint64_t last = std::numeric_limits<std::int64_t>::max() / second - 1;
  if (seconds > last || offset > static_cast<std::int64_t>(last - seconds) ||
      offset < -static_cast<std::int64_t>(last)) {
    return no_time;
  }
  const auto part = ticks % units;
  constexpr std::uint64_t billion = second;
  const auto rest = units <= billion ? part * billion / units : part / (units / billion);
  return (static_cast<std::int64_t>(seconds) + offset) * second + static_cast<std::int64_t>(rest);
}

std::uint64_t units_of(std::uint8_t resolution)
{
  const unsigned power = resolution & 0x7fU;
  if ((resolution & 0x80U) != 0) {
    return power < 63 ? std::uint64_t{1} << power : 0;
  }
  std::uint64_t units = power <= 18 ? 1 : 0;
  for (unsigned i = 0; i < power && units != 0; ++i) {
    units *= 10;
  }
  return units;
}

}  // namespace

bool FrameReader::begins_capture(Bytes bytes)
{
  if (bytes.size() < 4) {
    return false;
  }
  for (const bool big : {false, true}) {
    const auto mark = number32(bytes.data(), big);
    if (mark == microsecond_mark || mark == nanosecond_mark || mark == longer_header_mark) {
      return true;
    }
  }
  return number32(bytes.data()) == section_block;
}

void FrameReader::take(Bytes& bytes, std::size_t count)
{
  bytes = bytes.subspan(count);
  offset_ += count;
}

bool FrameReader::want(std::size_t count)
{
  wanted_ = count;
  return false;
}

void FrameReader::trouble(FrameFault fault)
{
  ++troubles_;
  if (!trouble_) {
    trouble_ = Trouble{.fault = fault, .offset = offset_, .frame = frames_};
  }
}

void FrameReader::give_up(Bytes& bytes, FrameFault fault)
{
  trouble(fault);
  format_ = Format::Lost;
  take(bytes, bytes.size());
}

void FrameReader::end(std::size_t left)
{
  if (format_ == Format::Unknown) {
    trouble(FrameFault::NotACapture);
  } else if (format_ != Format::Lost && !searching_ && (left > 0 || skip_ > 0)) {
    trouble(FrameFault::CutOff);
  }
}

bool FrameReader::next(Bytes& bytes, Frame& frame)
{
  if (format_ == Format::Unknown && !begin(bytes)) {
    return false;
  }
  switch (format_) {
  case Format::Pcap:
    return next_record(bytes, frame);
  case Format::PcapNg:
    return next_block(bytes, frame);
  case Format::Unknown:
  case Format::Lost:
    break;
  }
  take(bytes, bytes.size());
  return want(1);
}

bool FrameReader::begin(Bytes& bytes)
{
  if (bytes.size() < 4) {
    return want(4);
  }
  if (!begins_capture(bytes)) {
    give_up(bytes, FrameFault::NotACapture);
    return want(1);
  }
  if (number32(bytes.data()) == section_block) {
    format_ = Format::PcapNg;
    return true;
  }
  if (bytes.size() < file_header) {
    return want(file_header);
  }
  const auto first = number32(bytes.data());
  big_endian_ =
      first == microsecond_mark || first == nanosecond_mark || first == longer_header_mark;
  const auto mark = number32(bytes.data(), big_endian_);
  nanoseconds_ = mark == nanosecond_mark ? 1 : 1000;
  record_header_ = mark == longer_header_mark ? 24 : 16;
  const auto snap = number32(bytes.data() + 16, big_endian_);
  // libpcap writes 262144 at most; some tools put a larger one and keep to less.
  largest_frame_ = std::clamp<std::uint32_t>(snap, 262144, largest_piece / 2);
  link_ = number32(bytes.data() + 20, big_endian_) & link_bits;
  format_ = Format::Pcap;
  take(bytes, file_header);
  return true;
}

/// A record's header may be one: used only where one was not, to find the next.
bool FrameReader::believable(const std::uint8_t* header) const
{
  const auto seconds = number32(header, big_endian_);
  const auto fraction = number32(header + 4, big_endian_);
  const auto kept = number32(header + 8, big_endian_);
  const auto length = number32(header + 12, big_endian_);
  return seconds + day - last_seconds_ < 2 * day &&
         std::uint64_t{fraction} * nanoseconds_ < static_cast<std::uint64_t>(second) && kept > 0 &&
         kept <= length && length <= 65535 + 64;
}

/// Steps over bytes that are no record, until two headers follow each other as they must.
bool FrameReader::find_record(Bytes& bytes)
{
  while (bytes.size() >= record_header_) {
    if (believable(bytes.data())) {
      const std::size_t next = record_header_ + number32(bytes.data() + 8, big_endian_);
      if (bytes.size() < next + record_header_) {
        return want(next + record_header_);
      }
      if (believable(bytes.data() + next)) {
        searching_ = false;
        return true;
      }
    }
    take(bytes, 1);
  }
  return want(record_header_);
}

bool FrameReader::next_record(Bytes& bytes, Frame& frame)
{
  for (;;) {
    if (searching_ && !find_record(bytes)) {
      return false;
    }
    if (bytes.size() < record_header_) {
      return want(record_header_);
    }
    const auto* header = bytes.data();
    const std::size_t kept = number32(header + 8, big_endian_);
    if (kept > largest_frame_) {
      trouble(FrameFault::BadLength);
      searching_ = true;
      continue;
    }
    if (bytes.size() - record_header_ < kept) {
      return want(record_header_ + kept);
    }
    last_seconds_ = number32(header, big_endian_);
    frame.number = ++frames_;
    frame.time = std::int64_t{last_seconds_} * second +
                 std::int64_t{number32(header + 4, big_endian_)} * nanoseconds_;
    frame.link = link_;
    frame.length = number32(header + 12, big_endian_);
    frame.bytes = bytes.subspan(record_header_, kept);
    take(bytes, record_header_ + kept);
    return true;
  }
}

bool FrameReader::next_block(Bytes& bytes, Frame& frame)
{
  for (;;) {
    if (skip_ > 0) {
      const auto count = std::min<std::uint64_t>(skip_, bytes.size());
      take(bytes, count);
      skip_ -= count;
      if (skip_ > 0) {
        return want(1);
      }
    }
    if (bytes.size() < smallest_block) {
      return want(smallest_block);
    }
    // Of a section's block the type reads the same in both orders, and its order follows the
    // length.
    const bool section = number32(bytes.data()) == section_block;
    if (section) {
      if (bytes.size() < 28) {
        return want(28);
      }
      big_endian_ = number32(bytes.data() + 8) == order_mark;
      if (number32(bytes.data() + 8, big_endian_) != order_mark) {
        give_up(bytes, FrameFault::BadLength);
        return want(1);
      }
    }
    const auto type = number32(bytes.data(), big_endian_);
    const std::uint64_t length = number32(bytes.data() + 4, big_endian_);
    const auto padded = (length + 3) & ~std::uint64_t{3};
    if (length < smallest_block || (section && length < 28)) {
      give_up(bytes, FrameFault::BadLength);
      return want(1);
    }
    const bool ours = section || type == interface_block || type == simple_packet_block ||
                      type == enhanced_packet_block || type == old_packet_block;
    if (padded > largest_piece) {
      if (ours) {
        give_up(bytes, FrameFault::BadLength);
        return want(1);
      }
      skip_ = padded;
      continue;
    }
    if (bytes.size() < padded) {
      return want(padded);
    }
    if (number32(bytes.data() + padded - 4, big_endian_) != length) {
      give_up(bytes, FrameFault::BadLength);
      return want(1);
    }
    const auto body = bytes.subspan(block_header, padded - smallest_block);
    bool found = false;
    if (section) {
      interfaces_.clear();
    } else if (type == interface_block) {
      describe_interface(body);
    } else if (ours) {
      found = packet_of(type, body, frame);
    }
    take(bytes, padded);
    if (found) {
      return true;
    }
  }
}

void FrameReader::describe_interface(Bytes body)
{
  if (body.size() < 8 || interfaces_.size() >= most_interfaces) {
    trouble(FrameFault::BadLength);
    return;
  }
  Interface interface {
    .link = number16(body.data(), big_endian_), .snap = number32(body.data() + 4, big_endian_)
  };
  for (auto options = body.subspan(8); options.size() >= 4;) {
    const auto code = number16(options.data(), big_endian_);
    const std::size_t length = number16(options.data() + 2, big_endian_);
    if (code == 0 || length > options.size() - 4) {
      break;
    }
    const auto* value = options.data() + 4;
    if (code == resolution_option && length >= 1) {
      interface.units = units_of(*value);
    } else if (code == offset_option && length >= 8) {
      const auto first = number32(value, big_endian_);
      const auto last = number32(value + 4, big_endian_);
      const auto whole =
          big_endian_ ? std::uint64_t{first} << 32U | last : std::uint64_t{last} << 32U | first;
      interface.offset = static_cast<std::int64_t>(whole);
    }
    options = after(options, 4 + ((length + 3) & ~std::size_t{3}));
  }
  interfaces_.push_back(interface);
}

bool FrameReader::packet_of(std::uint32_t type, Bytes body, Frame& frame)
{
  const bool simple = type == simple_packet_block;
  const std::size_t fixed = simple ? 4 : 20;
  if (body.size() < fixed) {
    trouble(FrameFault::BadLength);
    return false;
  }
  ++frames_;
  const auto* at = body.data();
  const std::size_t place = simple                     ? 0
                            : type == old_packet_block ? number16(at, big_endian_)
                                                       : number32(at, big_endian_);
  if (place >= interfaces_.size()) {
    trouble(FrameFault::UnknownInterface);
    return false;
  }
  const Interface& interface = interfaces_[place];
  std::size_t kept = 0;
  if (simple) {
    frame.length = number32(at, big_endian_);
    kept = interface.snap == 0 ? frame.length : std::min(frame.length, interface.snap);
    kept = std::min(kept, body.size() - fixed);
    frame.time = no_time;
  } else {
    const auto ticks =
        std::uint64_t{number32(at + 4, big_endian_)} << 32U | number32(at + 8, big_endian_);
    kept = number32(at + 12, big_endian_);
    frame.length = number32(at + 16, big_endian_);
    frame.time =
        interface.units == 0 ? no_time : nanoseconds(ticks, interface.units, interface.offset);
  }
  if (kept > body.size() - fixed) {
    trouble(FrameFault::BadLength);
    return false;
  }
  frame.number = frames_;
  frame.link = interface.link;
  frame.bytes = body.subspan(fixed, kept);
  return true;
}

}  // namespace zonder::wire::capture
