// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/channel.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_descriptors = 128;
constexpr std::size_t longest_message = 8192;

tl::unexpected<Error> other_side_ended()
{
  return fail(Fault::Internal, say("a helper process of zonder ended too early"));
}

}  // namespace

Result<std::pair<Channel, Channel>> Channel::make_pair()
{
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(Fault::Internal, say("cannot make a socket pair: {}", std::strerror(errno)));
  }
  return std::pair(Channel(Descriptor(ends[0])), Channel(Descriptor(ends[1])));
}

Result<void>
Channel::send(std::string_view word, std::string_view rest, const std::vector<int>& descriptors)
{
  std::string text(word);
  if (!rest.empty()) {
    text += ' ';
    text += rest.substr(0, longest_message - word.size() - 1);
  }
  iovec part = {.iov_base = text.data(), .iov_len = text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> control{};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!descriptors.empty() && descriptors.size() <= most_descriptors) {
    const auto length = sizeof(int) * descriptors.size();
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(length);
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(length);
    std::memcpy(CMSG_DATA(header), descriptors.data(), length);
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    return other_side_ended();
  }
  return {};
}

Result<Notice> Channel::receive(std::chrono::milliseconds limit)
{
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd ready = {.fd = socket_.get(), .events = POLLIN, .revents = 0};
    constexpr std::int64_t hour = 3600000;
    const int count =
        ::poll(&ready, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, hour)));
    if (count > 0) {
      break;
    }
    if (count == 0 && left.count() <= 0) {
      return fail(Fault::Internal, say("a helper process of zonder does not answer"));
    }
  }
  std::array<char, longest_message> text{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> control{};
  iovec part = {.iov_base = text.data(), .iov_len = text.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto got = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (got <= 0) {
    return other_side_ended();
  }
  Notice notice;
  for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      for (std::size_t i = 0; i < (header->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
        notice.descriptors.emplace_back(fd);
      }
    }
  }
  const std::string_view all(text.data(), static_cast<std::size_t>(got));
  const auto space = all.find(' ');
  notice.word = all.substr(0, space);
  notice.rest = space == std::string_view::npos ? "" : all.substr(space + 1);
  if (notice.word == "error") {
    return fail(Fault::NotPossible, notice.rest);
  }
  return notice;
}

Result<Notice> Channel::expect(std::string_view word, std::chrono::milliseconds limit)
{
  auto notice = receive(limit);
  if (notice && notice->word != word) {
    return other_side_ended();
  }
  return notice;
}

}  // namespace zonder::isolate
