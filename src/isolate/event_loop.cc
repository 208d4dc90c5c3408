// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/event_loop.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr EventLoop::Token wake_token = 0;
constexpr int longest_sleep = 1000;  // milliseconds; only so that nothing can sleep for ever

}  // namespace

Result<EventLoop> EventLoop::open()
{
  EventLoop loop;
  loop.epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
  loop.wake_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  epoll_event event{.events = EPOLLIN, .data = {.u64 = wake_token}};
  if (!loop.epoll_ || !loop.wake_ ||
      epoll_ctl(loop.epoll_.get(), EPOLL_CTL_ADD, loop.wake_.get(), &event) != 0) {
    return fail(Fault::NotPossible, say("cannot watch sockets: {}", std::strerror(errno)));
  }
  loop.posted_ = std::make_unique<Guarded<Posted>>();
  return loop;
}

Result<EventLoop::Token> EventLoop::watch(int descriptor, std::uint32_t events, OnEvent on_event)
{
  const auto token = next_token_++;
  epoll_event event{.events = events, .data = {.u64 = token}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
    return fail(Fault::NotPossible, say("cannot watch sockets: {}", std::strerror(errno)));
  }
  watched_.emplace(token, Watched{descriptor, std::move(on_event)});
  return token;
}

void EventLoop::change(Token token, std::uint32_t events)
{
  const auto found = watched_.find(token);
  if (found != watched_.end()) {
    epoll_event event{.events = events, .data = {.u64 = token}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, found->second.descriptor, &event);
  }
}

void EventLoop::forget(Token token)
{
  const auto found = watched_.find(token);
  if (found != watched_.end()) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, found->second.descriptor, nullptr);
    watched_.erase(found);
  }
}

EventLoop::Timer EventLoop::at(Clock::time_point when, Action action)
{
  const Timer timer{when, next_token_++};
  timers_.emplace(timer, std::move(action));
  return timer;
}

EventLoop::Timer EventLoop::after(std::chrono::milliseconds delay, Action action)
{
  return at(Clock::now() + delay, std::move(action));
}

void EventLoop::cancel(const Timer& timer)
{
  timers_.erase(timer);
}

int EventLoop::milliseconds_to_next_timer() const
{
  if (timers_.empty()) {
    return longest_sleep;
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first.first - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, longest_sleep));
}

void EventLoop::run_timers()
{
  const auto now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    const auto action = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    action();
  }
}

bool EventLoop::run_posted()
{
  std::uint64_t wakes = 0;
  // Only empties the counter: whether there was something stands in posted_.
  [[maybe_unused]] const auto got = read(wake_.get(), &wakes, sizeof wakes);
  auto posted = std::exchange(*posted_->lock(), Posted{});
  for (const auto& action : posted.actions) {
    action();
  }
  return !posted.stop;
}

void EventLoop::dispatch(Token token, std::uint32_t events)
{
  const auto found = watched_.find(token);
  if (found != watched_.end()) {
    // A copy, since the callback may forget its own token.
    const auto on_event = found->second.on_event;
    on_event(token, events);
  }
}

void EventLoop::run()
{
  std::array<epoll_event, 64> events{};
  for (;;) {
    const int count = epoll_wait(
        epoll_.get(), events.data(), static_cast<int>(events.size()), milliseconds_to_next_timer());
    for (int i = 0; i < count; ++i) {
      const auto& event = events.at(static_cast<std::size_t>(i));
      dispatch(event.data.u64, event.events);
    }
    run_timers();
    if (!run_posted()) {
      return;
    }
  }
}

void EventLoop::post(Action action)
{
  posted_->lock()->actions.push_back(std::move(action));
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = write(wake_.get(), &one, sizeof one);
}

void EventLoop::stop()
{
  posted_->lock()->stop = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = write(wake_.get(), &one, sizeof one);
}

}  // namespace zonder::isolate
