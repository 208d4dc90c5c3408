// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/kept_words.hh"

#include <iterator>

namespace zonder::wire::capture {

std::size_t Words::size() const
{
  std::size_t sum = bytes.capacity() + quic.message.capacity() + dtls.message.capacity();
  for (const auto& segment : early) {
    sum += segment.bytes.capacity();
  }
  for (const auto& piece : quic.pieces) {
    sum += piece.bytes.capacity();
  }
  return sum;
}

Words* KeptWords::find(std::uint32_t id)
{
  if (id == 0) {
    return nullptr;
  }
  const auto found = words_.find(id);
  return found == words_.end() ? nullptr : &found->second;
}

std::uint32_t KeptWords::add()
{
  while (words_.size() >= most_ && !words_.empty()) {
    give_up(words_.begin());
  }
  last_ = last_ == UINT32_MAX ? 1 : last_ + 1;
  words_[last_];
  return last_;
}

void KeptWords::drop(std::uint32_t id)
{
  if (const auto found = words_.find(id); found != words_.end()) {
    bytes_ -= found->second.counted;
    words_.erase(found);
  }
}

void KeptWords::give_up(std::map<std::uint32_t, Words>::iterator which)
{
  ++given_up_;
  bytes_ -= which->second.counted;
  words_.erase(which);
}

void KeptWords::account(std::uint32_t id)
{
  auto* words = find(id);
  if (words == nullptr) {
    return;
  }
  bytes_ += words->size() - words->counted;
  words->counted = words->size();
  while (bytes_ > most_bytes_ && !words_.empty()) {
    const auto oldest = words_.begin();
    const bool only_these = words_.size() == 1;
    give_up(oldest->first == id && !only_these ? std::next(oldest) : oldest);
  }
}

}  // namespace zonder::wire::capture
