// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/dns_walk.hh"

#include <algorithm>

namespace zonder::wire::capture {
namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_label = 63;
constexpr unsigned most_jumps = 64;
constexpr std::size_t smallest_question = 5;
constexpr std::size_t smallest_record = 11;

/// What a byte of a label is written as; 0: as \DDD.
constexpr std::array<char, 256> make_letters()
{
  std::array<char, 256> letters{};
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto c = static_cast<char>(i);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
      letters[i] = c;
    } else if (c >= 'A' && c <= 'Z') {
      letters[i] = static_cast<char>(c - 'A' + 'a');
    }
  }
  return letters;
}
constexpr auto letters = make_letters();

}  // namespace

void NameText::clear()
{
  size_ = 0;
  plain_ = true;
}

void NameText::label(Bytes label)
{
  if (size_ + 1 + 4 * label.size() > bytes_.size()) {
    return;  // cannot be: a name has 255 bytes at most
  }
  char* at = bytes_.data() + size_;
  if (size_ > 0) {
    *at++ = '.';
  }
  for (const auto byte : label) {
    if (const char letter = letters[byte]; letter != 0) {
      *at++ = letter;
      continue;
    }
    plain_ = false;
    *at++ = '\\';
    *at++ = static_cast<char>('0' + byte / 100);
    *at++ = static_cast<char>('0' + byte / 10 % 10);
    *at++ = static_cast<char>('0' + byte % 10);
  }
  size_ = static_cast<std::size_t>(at - bytes_.data());
}

DnsWalk::DnsWalk(Bytes message)
    : message_(message), id_(number16(message.data())), flags_(number16(&message[2])),
      questions_(number16(&message[4])), records_{number16(&message[6]),
                                                  number16(&message[8]),
                                                  number16(&message[10])}
{
}

bool DnsWalk::looks_like_dns(Bytes message)
{
  constexpr unsigned never = 0x7840;  // operations other than a query; a bit that must be 0
  if (message.size() < header + smallest_question || (number16(&message[2]) & never) != 0 ||
      number16(&message[4]) != 1) {
    return false;
  }
  DnsWalk walk(message);
  const std::size_t records = walk.records_[0] + walk.records_[1] + walk.records_[2];
  const bool query = !walk.is_response();
  if (header + smallest_question + records * smallest_record > message.size() ||
      (query && (walk.records_[0] != 0 || walk.records_[2] > 2)) || !walk.next_question() ||
      walk.class_ != 1 || !walk.name_.plain()) {
    return false;
  }
  while (walk.next_record()) {
  }
  return walk.whole() && walk.at_ == message.size();
}

bool DnsWalk::fail()
{
  broken_ = true;
  return false;
}

/// Each jump goes to where it may, and no more of them than a sound message has: so it ends.
bool DnsWalk::read_name(std::size_t& at, NameText& name) const
{
  name.clear();
  std::size_t from = at;
  std::size_t wire_size = 0;
  unsigned jumps = 0;
  for (;;) {
    if (from >= message_.size()) {
      return false;
    }
    const std::size_t length = message_[from];
    if (length == 0) {
      at = jumps == 0 ? from + 1 : at;
      return true;
    }
    if (length >= 0xc0) {
      if (from + 1 >= message_.size() || ++jumps > most_jumps) {
        return false;
      }
      at = jumps == 1 ? from + 2 : at;
      from = (length & 0x3fU) << 8U | message_[from + 1];
      continue;
    }
    wire_size += length + 1;
    if (length > longest_label || wire_size >= longest_name ||
        length > message_.size() - from - 1) {
      return false;
    }
    name.label(message_.subspan(from + 1, length));
    from += length + 1;
  }
}

bool DnsWalk::next_question()
{
  if (questions_ == 0 || broken_) {
    return false;
  }
  --questions_;
  if (!read_name(at_, name_) || message_.size() - at_ < 4) {
    return fail();
  }
  type_ = number16(&message_[at_]);
  class_ = number16(&message_[at_ + 2]);
  at_ += 4;
  return true;
}

bool DnsWalk::next_record()
{
  while (next_question()) {
  }
  while (section_ < records_.size() && records_[section_] == 0) {
    ++section_;
  }
  if (broken_ || section_ == records_.size()) {
    return false;
  }
  --records_[section_];
  if (!read_name(at_, name_) || message_.size() - at_ < 10) {
    return fail();
  }
  type_ = number16(&message_[at_]);
  class_ = number16(&message_[at_ + 2]);
  const std::size_t length = number16(&message_[at_ + 8]);
  at_ += 10;
  if (length > message_.size() - at_) {
    return fail();
  }
  data_at_ = at_;
  data_ = message_.subspan(at_, length);
  at_ += length;
  return true;
}

bool DnsWalk::target(std::size_t skip, NameText& name) const
{
  if (skip >= data_.size()) {
    return false;
  }
  std::size_t at = data_at_ + skip;
  return read_name(at, name) && at <= data_at_ + data_.size();
}

}  // namespace zonder::wire::capture
