// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/listeners.hh"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace zonder::isolate {
namespace {

constexpr std::chrono::milliseconds longest_rest{100};
constexpr int most_at_once = 64;  // so that nobody else in the loop waits long

bool set_nonblocking(int descriptor)
{
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0;
}

}  // namespace

bool is_short_of_means(int error)
{
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

Listeners::~Listeners()
{
  close();
}

Result<void> Listeners::add(Descriptor socket, OnConnection on_connection)
{
  if (!set_nonblocking(socket.get())) {
    return fail(Fault::NotPossible, std::strerror(errno));
  }
  auto door = std::make_unique<Door>();
  door->socket = std::move(socket);
  door->on_connection = std::move(on_connection);
  const auto token =
      loop_.watch(door->socket.get(),
                  EPOLLIN,
                  [this, kept = door.get()](EventLoop::Token, std::uint32_t) { on_event(*kept); });
  if (!token) {
    return fail(token.error());
  }
  door->token = *token;
  doors_.push_back(std::move(door));
  return {};
}

/// False: nobody waits there, or nobody can be let in.
bool Listeners::take_one(const Door& door)
{
  Descriptor connection(
      ::accept4(door.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!connection) {
    if (is_short_of_means(errno)) {
      rest();
    }
    return false;
  }
  door.on_connection(std::move(connection));
  return true;
}

void Listeners::on_event(const Door& door)
{
  for (int i = 0; i < most_at_once && take_one(door); ++i) {
  }
}

void Listeners::take_all()
{
  for (const auto& door : doors_) {
    while (take_one(*door)) {
    }
  }
}

void Listeners::rest()
{
  if (std::exchange(resting_, true)) {
    return;
  }
  ++rests_;
  listen_for(0);
  waking_ = loop_.after(longest_rest, [this] {
    resting_ = false;
    listen_for(EPOLLIN);
  });
}

void Listeners::listen_for(std::uint32_t events)
{
  for (const auto& door : doors_) {
    loop_.change(door->token, events);
  }
}

std::vector<pollfd> Listeners::to_poll() const
{
  std::vector<pollfd> all;
  for (const auto& door : doors_) {
    all.push_back({.fd = door->socket.get(), .events = POLLIN, .revents = 0});
  }
  return all;
}

void Listeners::close()
{
  loop_.cancel(waking_);
  resting_ = false;
  for (const auto& door : doors_) {
    loop_.forget(door->token);
  }
  doors_.clear();
}

}  // namespace zonder::isolate
