// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/waiting_calls.hh"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <sys/epoll.h>

#include "base/file.hh"

namespace zonder::isolate {
namespace {

using std::chrono::steady_clock;

constexpr int restart_the_call = -512;  // -ERESTARTSYS: the kernel sees to the signal, then again
constexpr std::chrono::milliseconds look_again{50};

/// A line of /proc/N/status such as "SigBlk:\t0000000000010000".
std::uint64_t signals_in(const std::string& status, const char* field)
{
  const auto at = status.find(field);
  return at == std::string::npos
             ? 0
             : std::strtoull(status.c_str() + at + std::strlen(field), nullptr, 16);
}

/// Whether a signal waits for the thread that it would want to see to: a call that waits would end
/// for it, but one that waits for us does not, unless it is killed.
bool has_signal(pid_t thread)
{
  const auto status = read_file("/proc/" + std::to_string(thread) + "/status", 8192);
  if (!status) {
    return false;
  }
  const auto waits = signals_in(*status, "\nSigPnd:\t") | signals_in(*status, "\nShdPnd:\t");
  return (waits & ~signals_in(*status, "\nSigBlk:\t") & ~signals_in(*status, "\nSigIgn:\t")) != 0;
}

}  // namespace

void WaitingCalls::add(const kernel::CallNotice& notice,
                       BorrowedSocket socket,
                       Try try_again,
                       std::int64_t too_late)
{
  const auto id = notice.id;
  const auto patience = patience_of(socket);
  auto token = loop_.watch(socket.descriptor.get(),
                           EPOLLOUT,
                           [this, id](EventLoop::Token, std::uint32_t) { on_writable(id); });
  if (!token) {
    listener_.answer(notice, -ENOBUFS);
    return;
  }
  Waiting entry{.notice = notice,
                .socket = std::move(socket),
                .try_again = std::move(try_again),
                .until = {},
                .too_late = too_late,
                .token = *token};
  if (patience > 0) {
    entry.until = steady_clock::now() + std::chrono::milliseconds(patience);
  }
  waiting_.emplace(id, std::move(entry));
  if (!looking_) {
    looking_ = true;
    loop_.after(look_again, [this] { look(); });
  }
}

void WaitingCalls::on_writable(std::uint64_t id)
{
  const auto place = waiting_.find(id);
  if (place == waiting_.end()) {
    return;
  }
  auto& held = place->second;
  if (const auto value = held.try_again(held.notice, held.socket)) {
    end(id, value);
  }
}

/// Whose program lost patience, was ended, or has a signal to see to.
void WaitingCalls::look()
{
  std::vector<std::pair<std::uint64_t, std::optional<std::int64_t>>> over;
  const auto now = steady_clock::now();
  for (const auto& [id, each] : waiting_) {
    if (!listener_.still_waits(each.notice)) {
      over.emplace_back(id, std::nullopt);
    } else if (each.until && now >= *each.until) {
      over.emplace_back(id, each.too_late);
    } else if (has_signal(each.notice.thread)) {
      over.emplace_back(id, restart_the_call);
    }
  }
  for (const auto& [id, value] : over) {
    end(id, value);
  }
  looking_ = !waiting_.empty();
  if (looking_) {
    loop_.after(look_again, [this] { look(); });
  }
}

/// Nothing: whoever waited has ended.
void WaitingCalls::end(std::uint64_t id, std::optional<std::int64_t> value)
{
  const auto place = waiting_.find(id);
  loop_.forget(place->second.token);
  if (value) {
    listener_.answer(place->second.notice, *value);
  }
  waiting_.erase(place);
}

}  // namespace zonder::isolate
