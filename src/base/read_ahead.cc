// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/read_ahead.hh"

#include <cassert>
#include <cstring>

#include "base/without_signals.hh"

namespace zonder {

ReadAhead::ReadAhead(ByteSource& source, std::size_t most_left)
    : source_(source), most_left_(most_left)
{
}

ReadAhead::~ReadAhead()
{
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

Result<std::size_t> ReadAhead::read_into(Buffer& buffer)
{
  if (!buffer.bytes) {
    // Not filled with zeros: most of the room is never touched.
    buffer.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(most_left_ + at_once);
  }
  return source_.read({&buffer.bytes[most_left_], at_once});
}

std::span<const std::uint8_t> ReadAhead::step(Buffer& buffer,
                                              std::span<const std::uint8_t> left) const
{
  assert(left.size() <= most_left_);  // the caller's promise
  const auto start = most_left_ - left.size();
  if (!left.empty()) {
    std::memmove(&buffer.bytes[start], left.data(), left.size());
  }
  return {&buffer.bytes[start], left.size() + *buffer.count};
}

/// The other thread: fills buffer after buffer, but never the one that was given last, nor one that
/// was not given yet.
void ReadAhead::read_all()
{
  for (std::unique_lock lock(mutex_);;) {
    changed_.wait(lock, [&] { return stop_ || filled_ - given_ < buffers_.size() - 1; });
    if (stop_) {
      return;
    }
    Buffer& buffer = buffers_[(filled_ + 1) % buffers_.size()];
    lock.unlock();
    buffer.count = read_into(buffer);
    const bool ended = !buffer.count || *buffer.count == 0;
    lock.lock();
    ++filled_;
    changed_.notify_all();
    if (ended) {
      return;
    }
  }
}

Result<std::span<const std::uint8_t>> ReadAhead::more(std::span<const std::uint8_t> left)
{
  if (read_ < long_source) {
    Buffer& buffer = buffers_[++given_ % buffers_.size()];
    ++filled_;
    buffer.count = read_into(buffer);
    read_ += buffer.count.value_or(0);
    if (!buffer.count) {
      return fail(buffer.count.error());
    }
    return step(buffer, left);
  }
  if (!thread_.joinable()) {
    const WithoutSignals without;
    thread_ = std::thread([this] { read_all(); });
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return filled_ > given_; });
  Buffer& buffer = buffers_[(given_ + 1) % buffers_.size()];
  lock.unlock();
  if (!buffer.count) {
    return fail(buffer.count.error());
  }
  const auto bytes = step(buffer, left);
  if (*buffer.count > 0) {
    lock.lock();
    ++given_;
    lock.unlock();
    changed_.notify_all();
  }
  return bytes;
}

}  // namespace zonder
