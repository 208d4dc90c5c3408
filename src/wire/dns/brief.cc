// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/dns/brief.hh"

#include <algorithm>
#include <array>

#include "net/address.hh"

namespace zonder::wire::dns {
namespace {

constexpr std::size_t header = 12;
constexpr std::size_t longest_name = 255;

constexpr std::array<char, 256> make_letters()
{
  std::array<char, 256> letters{};
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool upper = i >= 'A' && i <= 'Z';
    letters[i] = i == '.' ? '\\' : static_cast<char>(upper ? i - 'A' + 'a' : i);
  }
  return letters;
}
constexpr auto letters = make_letters();

char* put_number(char* at, unsigned value)
{
  if (value >= 100) {
    *at++ = static_cast<char>('0' + value / 100);
  }
  if (value >= 10) {
    *at++ = static_cast<char>('0' + value / 10 % 10);
  }
  *at++ = static_cast<char>('0' + value % 10);
  return at;
}

}  // namespace

BriefReader::BriefReader() : text_(std::make_unique<char[]>(most_text)) {}

std::uint16_t BriefReader::number(std::size_t at) const
{
  return static_cast<std::uint16_t>(message_[at] << 8U | message_[at + 1]);
}

bool BriefReader::take_name(std::size_t& at, std::string_view& name)
{
  constexpr std::uint8_t pointer = 0xC0;
  if (used_ + longest_name + 1 > most_text) {
    return false;
  }
  char* const start = text_.get() + used_;
  char* out = start;
  std::size_t here = at;
  std::size_t limit = at;  // a pointer must lead to before this
  bool followed = false;
  for (;;) {
    if (here >= message_.size()) {
      return false;
    }
    const std::uint8_t length = message_[here];
    if ((length & pointer) == pointer) {
      if (here + 1 >= message_.size()) {
        return false;
      }
      const std::size_t target = number(here) & 0x3FFFU;
      if (target >= limit || target < header) {
        return false;
      }
      if (!followed) {
        at = here + 2;
        followed = true;
      }
      // The question again, which is how most answers begin.
      limit = target;
      here = target;
      continue;
    }
    if ((length & pointer) != 0) {
      return false;
    }
    ++here;
    if (length == 0) {
      break;
    }
    const auto so_far = static_cast<std::size_t>(out - start);
    if (length > message_.size() - here || so_far + length + 1 > longest_name) {
      return false;
    }
    if (so_far > 0) {
      *out++ = '.';
    }
    for (std::size_t i = 0; i < length; ++i) {
      *out++ = letters[message_[here + i]];
    }
    here += length;
  }
  if (!followed) {
    at = here;
  }
  name = {start, static_cast<std::size_t>(out - start)};
  used_ += name.size();
  return true;
}

std::string_view BriefReader::address_text(std::size_t at, bool is_v4)
{
  constexpr std::size_t longest_address = 46;
  if (used_ + longest_address > most_text) {
    return {};
  }
  char* const start = text_.get() + used_;
  char* out = start;
  if (is_v4) {
    for (std::size_t i = 0; i < 4; ++i) {
      out = put_number(out, message_[at + i]);
      *out++ = '.';
    }
    --out;
  } else {
    const auto written =
        net::Address::from_bytes(net::Family::V6, message_.data() + at).to_string();
    out = std::copy(written.begin(), written.end(), out);
  }
  const std::string_view text(start, static_cast<std::size_t>(out - start));
  used_ += text.size();
  return text;
}

bool BriefReader::take_record(std::size_t& at)
{
  constexpr std::size_t fixed = 10;
  logs::DnsRecord record;
  // Whose it is is nearly always the name of the question, which is the first in the message.
  if (message_.size() - at >= 2 && number(at) == (0xC000U | header)) {
    record.owner = question_;
    at += 2;
  } else if (!take_name(at, record.owner)) {
    return false;
  }
  if (message_.size() - at < fixed) {
    return false;
  }
  record.type = number(at);
  const auto class_code = number(at + 2);
  const std::size_t length = number(at + 8);
  at += fixed;
  if (length > message_.size() - at) {
    return false;
  }
  const auto end = at + length;
  auto inside = at;
  at = end;
  if (class_code != 1) {
    return true;
  }
  switch (record.type) {
  case 1:
  case 28:
    if (length != (record.type == 1 ? 4U : 16U)) {
      return false;
    }
    record.data = address_text(inside, record.type == 1);
    break;
  case 15:
  case 64:
  case 65:
    inside += 2;
    [[fallthrough]];
  case 2:
  case 5:
  case 39:
    if (inside > end || !take_name(inside, record.data) || inside > end) {
      return false;
    }
    break;
  default:
    return true;
  }
  if (!record.owner.empty() && !record.data.empty()) {
    records_.push_back(record);
  }
  return true;
}

bool BriefReader::read(std::span<const std::uint8_t> message)
{
  records_.clear();
  question_ = {};
  used_ = 0;
  message_ = message;
  if (message.size() < header) {
    return false;
  }
  constexpr unsigned response = 0x8000;
  constexpr unsigned opcode = 0x7800;
  const auto flags = number(2);
  is_response_ = (flags & response) != 0;
  if ((flags & opcode) != 0 || number(4) != 1) {
    return false;
  }
  std::size_t at = header;
  if (!take_name(at, question_) || message.size() - at < 4) {
    return false;
  }
  type_ = number(at);
  at += 4;
  const unsigned answers = is_response_ && (flags & 0xFU) == 0 ? number(6) : 0U;
  constexpr unsigned truncated = 0x0200;
  for (unsigned i = 0; i < answers; ++i) {
    if (at >= message.size()) {
      return (flags & truncated) != 0;
    }
    if (!take_record(at)) {
      return (flags & truncated) != 0;
    }
  }
  return true;
}

}  // namespace zonder::wire::dns
