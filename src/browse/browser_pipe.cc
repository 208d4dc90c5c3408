// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "browse/browser_pipe.hh"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <poll.h>
#include <sys/socket.h>

namespace zonder::browse {
namespace {

constexpr int patience = 10'000;  // milliseconds that the browser may leave our words unread

/// Milliseconds from now, at least 0 and at most a minute: poll is asked again.
int left(Deadline until)
{
  const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(span.count(), 0, 60'000));
}

}  // namespace

void MessageCutter::put(std::string_view bytes)
{
  if (skipping_) {
    const auto end = bytes.find('\0');
    if (end == std::string_view::npos) {
      return;
    }
    bytes.remove_prefix(end + 1);
    skipping_ = false;
  }
  waiting_ += bytes;
}

std::optional<std::string> MessageCutter::next()
{
  const auto end = waiting_.find('\0', searched_);
  if (end == std::string::npos) {
    searched_ = waiting_.size();
    if (waiting_.size() > largest_) {
      ++too_large_;
      skipping_ = true;
      waiting_ = {};
      searched_ = 0;
    }
    return std::nullopt;
  }
  std::string message = waiting_.substr(0, end);
  waiting_.erase(0, end + 1);
  searched_ = 0;
  if (message.size() > largest_) {
    ++too_large_;
    return next();
  }
  return message;
}

bool BrowserPipe::send(std::string_view message)
{
  std::string rest(message);
  rest += '\0';
  while (!rest.empty() && !gone_) {
    const auto count = ::send(to_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      rest.erase(0, static_cast<std::size_t>(count));
      continue;
    }
    pollfd ready = {.fd = to_.get(), .events = POLLOUT, .revents = 0};
    gone_ = (errno != EAGAIN && errno != EINTR) || ::poll(&ready, 1, patience) == 0;
  }
  return !gone_;
}

std::optional<std::string> BrowserPipe::receive(Deadline until)
{
  std::vector<char> buffer(65536);
  for (;;) {
    if (auto message = cutter_.next()) {
      return message;
    }
    pollfd ready = {.fd = from_.get(), .events = POLLIN, .revents = 0};
    const int count = gone_ ? 0 : ::poll(&ready, 1, left(until));
    if (count == 0 && (gone_ || std::chrono::steady_clock::now() >= until)) {
      return std::nullopt;
    }
    if (count <= 0) {
      continue;
    }
    const auto got = ::recv(from_.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) {
      cutter_.put({buffer.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || errno != EINTR) {
      gone_ = true;
    }
  }
}

}  // namespace zonder::browse
