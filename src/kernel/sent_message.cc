// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/sent_message.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

#include <netinet/in.h>
#include <sys/socket.h>

namespace zonder::kernel {
namespace {

constexpr std::size_t most_data = 65535;
constexpr std::size_t most_pieces = 1024;
constexpr std::size_t most_control = 16384;
constexpr std::size_t most_messages = 1024;

/// Numbers as the program lays them out: words of 32 or 64 bits.
class Words {
public:
  Words(std::span<const std::uint8_t> bytes, bool narrow) : bytes_(bytes), size_(narrow ? 4 : 8) {}
  [[nodiscard]] std::uint64_t at(std::size_t place) const
  {
    std::uint64_t value = 0;  // little-endian: the lower bytes come first
    std::memcpy(&value, bytes_.data() + place * size_, size_);
    return value;
  }

private:
  std::span<const std::uint8_t> bytes_;
  std::size_t size_;
};

SocketBytes copy(pid_t process, std::uint64_t from, std::size_t size, int& error)
{
  SocketBytes bytes(size);
  if (size > 0 && !read_memory(process, from, bytes)) {
    error = EFAULT;
    bytes.clear();
  }
  return bytes;
}

SocketBytes copy_address(pid_t process, std::uint64_t from, std::uint64_t length, int& error)
{
  const auto size = static_cast<std::uint32_t>(length);
  if (from == 0 || size == 0) {
    return {};
  }
  return copy(process, from, std::min<std::size_t>(size, sizeof(sockaddr_storage)), error);
}

void copy_pieces(const CallNotice& notice, std::uint64_t from, std::uint64_t count, SentMessage& to)
{
  if (count > most_pieces) {
    to.error = EMSGSIZE;
    return;
  }
  const std::size_t step = notice.narrow ? 8 : 16;
  const auto list = copy(notice.thread, from, count * step, to.error);
  const Words words(list, notice.narrow);
  for (std::size_t i = 0; i < count && to.error == 0; ++i) {
    const auto size = words.at(2 * i + 1);
    if (size > most_data - to.data.size()) {
      to.error = EMSGSIZE;
      return;
    }
    const auto piece = copy(notice.thread, words.at(2 * i), size, to.error);
    to.data.insert(to.data.end(), piece.begin(), piece.end());
  }
}

/// Source routes: a message that says them does not go to its address first.
bool is_way_around(const cmsghdr& header)
{
  constexpr int v6_routing = 57;     // IPV6_RTHDR
  constexpr int v6_old_routing = 5;  // IPV6_2292RTHDR
  return (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RETOPTS) ||
         (header.cmsg_level == IPPROTO_IPV6 &&
          (header.cmsg_type == v6_routing || header.cmsg_type == v6_old_routing));
}

/// One header after the other, so that what we looked at is all that the kernel will see.
void take_control(std::span<const std::uint8_t> bytes, bool narrow, SentMessage& to)
{
  const std::size_t word = narrow ? 4 : 8;
  const std::size_t head = word + 8;
  while (bytes.size() >= head && to.error == 0) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), word);
    if (length < head || length > bytes.size()) {
      to.error = EINVAL;
      return;
    }
    cmsghdr header{};
    std::memcpy(&header.cmsg_level, bytes.data() + word, sizeof header.cmsg_level);
    std::memcpy(&header.cmsg_type, bytes.data() + word + 4, sizeof header.cmsg_type);
    if (is_way_around(header)) {
      to.error = EPERM;
      return;
    }
    const auto content = bytes.subspan(head, length - head);
    header.cmsg_len = CMSG_LEN(content.size());
    const auto place = to.control.size();
    to.control.resize(place + CMSG_SPACE(content.size()));
    std::memcpy(to.control.data() + place, &header, sizeof header);
    std::copy(content.begin(),
              content.end(),
              to.control.begin() + static_cast<std::ptrdiff_t>(place + CMSG_LEN(0)));
    bytes = bytes.subspan(std::min<std::size_t>((length + word - 1) / word * word, bytes.size()));
  }
}

SentMessage read_sendto(const CallNotice& notice)
{
  SentMessage message;
  const auto size =
      notice.narrow ? static_cast<std::uint32_t>(notice.arguments[2]) : notice.arguments[2];
  if (size > most_data) {
    message.error = EMSGSIZE;
    return message;
  }
  message.data = copy(notice.thread, notice.arguments[1], size, message.error);
  message.address =
      copy_address(notice.thread, notice.arguments[4], notice.arguments[5], message.error);
  return message;
}

}  // namespace

std::size_t count_messages(const CallNotice& notice)
{
  return notice.call != WatchedCall::SendMessages
             ? 1
             : std::min<std::size_t>(static_cast<std::uint32_t>(notice.arguments[2]),
                                     most_messages);
}

int send_flags(const CallNotice& notice)
{
  const std::size_t place = notice.call == WatchedCall::SendMessage ? 2 : 3;
  return static_cast<int>(notice.arguments[place]);
}

SentMessage read_message(const CallNotice& notice, std::size_t which)
{
  if (notice.call == WatchedCall::SendTo) {
    return read_sendto(notice);
  }
  SentMessage message;
  // struct msghdr; in sendmmsg each with a length behind it, and as long as its alignment wants.
  const std::size_t header_size = notice.narrow ? 28 : 56;
  const std::size_t step = notice.narrow ? 32 : 64;
  const auto at = notice.arguments[1] + which * step;
  const auto header = copy(notice.thread, at, header_size, message.error);
  if (message.error != 0) {
    return message;
  }
  // Name, its length (with a gap behind it), pieces, how many, control, its length.
  const Words words(header, notice.narrow);
  message.address = copy_address(
      notice.thread, words.at(0), static_cast<std::uint32_t>(words.at(1)), message.error);
  copy_pieces(notice, words.at(2), words.at(3), message);
  if (words.at(5) > most_control) {
    message.error = ENOBUFS;
  }
  if (message.error == 0 && words.at(4) != 0) {
    const auto control = copy(notice.thread, words.at(4), words.at(5), message.error);
    take_control(control, notice.narrow, message);
  }
  if (notice.call == WatchedCall::SendMessages) {
    message.length_place = at + header_size;
  }
  return message;
}

}  // namespace zonder::kernel
