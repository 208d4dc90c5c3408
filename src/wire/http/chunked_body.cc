// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/http/chunked_body.hh"

#include <algorithm>

namespace zonder::wire::http {
namespace {

constexpr unsigned most_digits = 8;  // chunks below 4 GiB

int value_of(char c)
{
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

ChunkedBody::Step ChunkedBody::on_size(char c)
{
  if (c == '\r' && digits_ > 0) {
    return Step::SizeEnd;
  }
  const int value = value_of(c);
  if (value < 0 || ++digits_ > most_digits) {
    return Step::Malformed;
  }
  left_ = left_ << 4U | static_cast<unsigned>(value);
  return Step::Size;
}

std::size_t ChunkedBody::take(std::string_view bytes)
{
  const auto expect = [](bool as_expected, Step next) {
    return as_expected ? next : Step::Malformed;
  };
  std::size_t place = 0;
  while (place < bytes.size() && state() == State::More) {
    const char c = bytes[place];
    switch (step_) {
    case Step::Size:
      step_ = on_size(c);
      break;
    case Step::SizeEnd:
      step_ = expect(c == '\n', left_ == 0 ? Step::LastReturn : Step::Data);
      break;
    case Step::Data: {
      const auto some = std::min<std::uint64_t>(left_, bytes.size() - place);
      left_ -= some;
      place += static_cast<std::size_t>(some);
      step_ = left_ == 0 ? Step::DataReturn : Step::Data;
      continue;
    }
    case Step::DataReturn:
      step_ = expect(c == '\r', Step::DataEnd);
      break;
    case Step::DataEnd:
      step_ = expect(c == '\n', Step::Size);
      digits_ = 0;
      break;
    case Step::LastReturn:
      step_ = expect(c == '\r', Step::LastEnd);
      break;
    case Step::LastEnd:
      step_ = expect(c == '\n', Step::Done);
      break;
    case Step::Done:
    case Step::Malformed:
      break;
    }
    if (step_ != Step::Malformed) {
      ++place;
    }
  }
  return place;
}

ChunkedBody::State ChunkedBody::state() const
{
  return step_ == Step::Done        ? State::Done
         : step_ == Step::Malformed ? State::Malformed
                                    : State::More;
}

}  // namespace zonder::wire::http
