// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/joined_sockets.hh"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "isolate/original_destination.hh"

namespace zonder::isolate {
namespace {

constexpr int pipe_bytes = 256 * 1024;  // asked for; the kernel may give less
constexpr int rounds = 16;              // of one connection, before another has its turn

bool must_wait(int error)
{
  return error == EAGAIN || error == EINTR;
}

}  // namespace

PipePool::Pipe PipePool::take()
{
  if (!idle_.empty()) {
    auto pipe = std::move(idle_.back());
    idle_.pop_back();
    return pipe;
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return {};
  }
  (void)::fcntl(ends[1], F_SETPIPE_SZ, pipe_bytes);
  return {.read = Descriptor(ends[0]), .write = Descriptor(ends[1])};
}

void PipePool::give_back(Pipe pipe)
{
  constexpr std::size_t most_idle = 2;
  if (idle_.size() < most_idle) {
    idle_.push_back(std::move(pipe));
  }
}

JoinedSockets::JoinedSockets(Descriptor one, Descriptor other)
    : sockets_({std::move(one), std::move(other)})
{
}

/// False: the connection is broken.
bool JoinedSockets::carry(Way& way, const Descriptor& from, const Descriptor& to, PipePool& pipes)
{
  for (int i = 0; i < rounds && !way.told_all; ++i) {
    if (way.held == 0 && !way.heard_all) {
      if (!way.pipe.read) {
        way.pipe = pipes.take();
        if (!way.pipe.read) {
          return false;
        }
      }
      const auto got = ::splice(from.get(),
                                nullptr,
                                way.pipe.write.get(),
                                nullptr,
                                pipe_bytes,
                                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
      if (got < 0) {
        const bool waits = must_wait(errno);
        pipes.give_back(std::move(way.pipe));
        return waits;
      }
      way.held = static_cast<std::size_t>(got);
      way.heard_all = got == 0;
    }
    while (way.held > 0) {
      const auto said = ::splice(way.pipe.read.get(),
                                 nullptr,
                                 to.get(),
                                 nullptr,
                                 way.held,
                                 SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
      if (said <= 0) {
        return said < 0 && must_wait(errno);
      }
      way.held -= static_cast<std::size_t>(said);
    }
    if (way.heard_all) {
      way.told_all = true;
      pipes.give_back(std::move(way.pipe));
      (void)::shutdown(to.get(), SHUT_WR);
    }
  }
  if (way.held == 0 && way.pipe.read) {
    pipes.give_back(std::move(way.pipe));
  }
  return true;
}

JoinedSockets::State JoinedSockets::pass_on(PipePool& pipes)
{
  if (!carry(ways_[0], sockets_[0], sockets_[1], pipes) ||
      !carry(ways_[1], sockets_[1], sockets_[0], pipes)) {
    return State::Broken;
  }
  return ways_[0].told_all && ways_[1].told_all ? State::Over : State::Flows;
}

std::array<std::uint32_t, 2> JoinedSockets::wishes() const
{
  const auto of = [](const Way& heard, const Way& said) -> std::uint32_t {
    return (!heard.heard_all && heard.held == 0 ? EPOLLIN : 0U) | (said.held > 0 ? EPOLLOUT : 0U);
  };
  return {of(ways_[0], ways_[1]), of(ways_[1], ways_[0])};
}

bool JoinedSockets::is_over(std::size_t end) const
{
  return ways_.at(end).heard_all && ways_.at(1 - end).told_all;
}

void JoinedSockets::break_off() const
{
  for (const auto& socket : sockets_) {
    reset_at_close(socket);
  }
}

}  // namespace zonder::isolate
