// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Reaches for one address in one of the ways that there are, and says how that ended.
//
//   reach WAY ADDRESS PORT     WAY: tcp, sendto, sendmsg, sendmmsg, connected-udp, socketcall,
//                              socketcall-sendto, socketcall-sendmsg, socketcall-sendmmsg,
//                              fastopen, raw
//   reach hidden WAY ADDRESS PORT     the same, by a program that hides itself (PR_SET_DUMPABLE)
//   reach socketcall-route ADDRESS PORT HOP     a datagram there by way of HOP, as socketcall sets
//   it reach socketcall-option ADDRESS PORT        sets what 32-bit programs usually set reach
//   io_uring             whether a ring can be made reach unix PATH            connects to a unix
//   socket reach own-unix PATH        makes a unix socket there and connects to that reach flood
//   ADDRESS PORT COUNT [PER_SECOND]   so many packets over one connected UDP socket, not
//              more of them in a second; prints how many and how many seconds that took
//   reach connects ADDRESS PORT COUNT   so many TCP connections, one after the other
//
//   reach race ADDRESS PORT COUNT OTHER   so many datagrams and connections, while another thread
//                              writes now one address and now the other where the kernel reads it
//
// Exit code: 0 it went, 1 the kernel said no (the error's number and text on standard output), 3
// this way does not exist on this machine.
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

constexpr int not_here = 3;

struct Target {
  sockaddr_storage address{};
  socklen_t size = 0;
  int family = AF_INET;
};

Target target_of(const char* address, const char* port)
{
  Target target;
  const auto number = htons(static_cast<std::uint16_t>(std::atoi(port)));
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = number;
    std::memcpy(&target.address, &v4, sizeof v4);
    target.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    std::memcpy(&target.address, &v6, sizeof v6);
    target.size = sizeof v6;
    target.family = AF_INET6;
  }
  return target;
}

sockaddr* as_sockaddr(Target& target)
{
  return reinterpret_cast<sockaddr*>(&target.address);
}

int said(long result)
{
  if (result >= 0) {
    std::puts("went");
    return 0;
  }
  std::printf("%d %s\n", errno, std::strerror(errno));
  return 1;
}

int udp(const Target& target)
{
  return ::socket(target.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

int reach_by_message(Target& target, unsigned int how_many)
{
  char byte = 'x';
  iovec piece = {.iov_base = &byte, .iov_len = 1};
  std::array<mmsghdr, 4> messages{};
  for (auto& each : messages) {
    each.msg_hdr.msg_name = &target.address;
    each.msg_hdr.msg_namelen = target.size;
    each.msg_hdr.msg_iov = &piece;
    each.msg_hdr.msg_iovlen = 1;
  }
  const int socket = udp(target);
  return said(how_many == 1 ? ::sendmsg(socket, &messages[0].msg_hdr, 0)
                            : ::sendmmsg(socket, messages.data(), how_many, 0));
}

#if defined(__x86_64__)
/// socketcall(2) of i386, which a 64-bit program can call too: the gate that a filter for one
/// architecture alone leaves open. Its arguments, and all that they point at, lie in memory of
/// which 32 bits say the place.
class SocketCall {
public:
  static constexpr std::uint32_t connect = 3;
  static constexpr std::uint32_t sendto = 11;
  static constexpr std::uint32_t setsockopt = 14;
  static constexpr std::uint32_t sendmsg = 16;
  static constexpr std::uint32_t sendmmsg = 20;

  SocketCall()
      : words_(static_cast<std::uint32_t*>(::mmap(
            nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0)))
  {
  }
  [[nodiscard]] bool is_here() const { return words_ != MAP_FAILED; }

  long call(std::uint32_t number, std::initializer_list<std::uint32_t> arguments)
  {
    std::copy(arguments.begin(), arguments.end(), words_);
    constexpr int socketcall = 102;
    long result = 0;
    asm volatile("int $0x80"
                 : "=a"(result)
                 : "a"(socketcall), "b"(number), "c"(words_)
                 : "memory", "r8", "r9", "r10", "r11");
    return static_cast<int>(result);
  }

  /// As setsockopt, with a value that lies where 32 bits reach.
  long set_option(int socket, int level, int name, const void* value, std::uint32_t size)
  {
    std::memcpy(words_ + data_at, value, size);
    return call(setsockopt,
                {static_cast<std::uint32_t>(socket),
                 static_cast<std::uint32_t>(level),
                 static_cast<std::uint32_t>(name),
                 place_of(data_at),
                 size});
  }

  /// By the call of that number, on a socket that a socketcall made.
  long reach(std::uint32_t number, const Target& target)
  {
    std::memcpy(words_ + address_at, &target.address, target.size);
    words_[data_at] = 'x';
    words_[piece_at] = place_of(data_at);
    words_[piece_at + 1] = 1;
    // struct msghdr, and the length of struct mmsghdr behind it.
    const std::array<std::uint32_t, 8> header = {
        place_of(address_at), target.size, place_of(piece_at), 1, 0, 0, 0, 0};
    std::copy(header.begin(), header.end(), words_ + header_at);
    const auto type = number == connect ? SOCK_STREAM : SOCK_DGRAM;
    const long made = call(1, {static_cast<std::uint32_t>(target.family), type, 0});
    const auto socket = static_cast<std::uint32_t>(made);
    if (made < 0) {
      return made;
    }
    switch (number) {
    case connect:
      return call(number, {socket, place_of(address_at), target.size});
    case sendto:
      return call(number, {socket, place_of(data_at), 1, 0, place_of(address_at), target.size});
    case sendmsg:
      return call(number, {socket, place_of(header_at), 0});
    default: {
      const long sent = call(number, {socket, place_of(header_at), 1, 0});
      // It says how many bytes of the message went.
      return sent == 1 && words_[header_at + 7] != 1 ? -EPROTO : sent;
    }
    }
  }

private:
  static constexpr std::size_t address_at = 16;
  static constexpr std::size_t piece_at = 64;
  static constexpr std::size_t data_at = 70;
  static constexpr std::size_t header_at = 80;
  [[nodiscard]] std::uint32_t place_of(std::size_t word) const
  {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(words_ + word));
  }
  std::uint32_t* words_;
};
#endif

int reach_by_socketcall([[maybe_unused]] std::string_view way, [[maybe_unused]] Target& target)
{
#if defined(__x86_64__)
  SocketCall gate;
  if (!gate.is_here()) {
    return not_here;
  }
  const long result = gate.reach(way == "socketcall"           ? SocketCall::connect
                                 : way == "socketcall-sendto"  ? SocketCall::sendto
                                 : way == "socketcall-sendmsg" ? SocketCall::sendmsg
                                                               : SocketCall::sendmmsg,
                                 target);
  if (result == -ENOSYS) {
    return not_here;
  }
  errno = static_cast<int>(-result);
  return said(result);
#else
  return not_here;
#endif
}

/// Loosely by way of `hop`, which then is where the packet goes first (RFC 791).
int reach_by_route([[maybe_unused]] Target& target, [[maybe_unused]] const Target& hop)
{
#if defined(__x86_64__)
  SocketCall gate;
  std::array<std::uint8_t, 8> route = {131, 7, 4};
  std::memcpy(&route[3], &reinterpret_cast<const sockaddr_in*>(&hop.address)->sin_addr, 4);
  const int socket = udp(target);
  const long set = gate.is_here()
                       ? gate.set_option(socket, IPPROTO_IP, IP_OPTIONS, route.data(), route.size())
                       : -ENOSYS;
  if (set == -ENOSYS) {
    return not_here;
  }
  const long sent = ::sendto(socket, "x", 1, 0, as_sockaddr(target), target.size);
  errno = static_cast<int>(-set);
  return said(set < 0 ? set : sent);
#else
  return not_here;
#endif
}

int set_usual_options([[maybe_unused]] Target& target)
{
#if defined(__x86_64__)
  SocketCall gate;
  const int one = 1;
  const int socket = ::socket(target.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const long set = gate.is_here()
                       ? gate.set_option(socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one)
                       : -ENOSYS;
  if (set == -ENOSYS) {
    return not_here;
  }
  int is = 0;
  socklen_t length = sizeof is;
  (void)::getsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &is, &length);
  errno = set < 0 ? static_cast<int>(-set) : EPROTO;
  return said(is == 1 ? 0 : -1);
#else
  return not_here;
#endif
}

int reach_unix(const char* path, bool own)
{
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const auto* place = reinterpret_cast<const sockaddr*>(&address);
  if (own) {
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener, place, sizeof address) != 0 || ::listen(listener, 1) != 0) {
      return said(-1);
    }
  }
  return said(::connect(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), place, sizeof address));
}

int flood(Target& target, long count, long per_second)
{
  const int socket = udp(target);
  if (::connect(socket, as_sockaddr(target), target.size) != 0) {
    return said(-1);
  }
  std::array<char, 32> bytes{};
  std::array<iovec, 64> pieces{};
  std::array<mmsghdr, 64> messages{};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    pieces.at(i) = {.iov_base = bytes.data(), .iov_len = bytes.size()};
    messages.at(i).msg_hdr.msg_iov = &pieces.at(i);
    messages.at(i).msg_hdr.msg_iovlen = 1;
  }
  long sent = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  while (sent < count) {
    if (per_second > 0 && static_cast<double>(sent) > seconds() * static_cast<double>(per_second)) {
      ::usleep(200);
      continue;
    }
    // Errors that an earlier packet brought about are told here, and take no packet away.
    const int now = ::sendmmsg(
        socket, messages.data(), static_cast<unsigned>(count - sent < 64 ? count - sent : 64), 0);
    sent += now > 0 ? now : 0;
  }
  std::printf("%ld %.3f\n", sent, seconds());
  return 0;
}

int connects(Target& target, long count)
{
  for (long i = 0; i < count; ++i) {
    const int socket = ::socket(target.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)::connect(socket, as_sockaddr(target), target.size);
    ::close(socket);
  }
  return 0;
}

/// What a supervisor that looks, and then lets the program do the call, is deceived by.
int race(Target& target, const Target& other, long count)
{
  std::atomic<bool> over = false;
  const auto here = target;
  std::thread swap([&] {
    while (!over) {
      std::memcpy(&target.address, &other.address, other.size);
      std::memcpy(&target.address, &here.address, here.size);
    }
  });
  for (long i = 0; i < count; ++i) {
    const int datagram = udp(target);
    (void)::sendto(datagram, "x", 1, 0, as_sockaddr(target), target.size);
    char byte = 'x';
    iovec piece = {.iov_base = &byte, .iov_len = 1};
    msghdr message{};
    message.msg_name = &target.address;
    message.msg_namelen = target.size;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    (void)::sendmsg(datagram, &message, 0);
    ::close(datagram);
    const int stream = ::socket(target.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)::connect(stream, as_sockaddr(target), target.size);
    ::close(stream);
  }
  over = true;
  swap.join();
  return 0;
}

int reach(std::string_view way, Target& target, long count, long per_second)
{
  if (way == "tcp") {
    return said(::connect(
        ::socket(target.family, SOCK_STREAM | SOCK_CLOEXEC, 0), as_sockaddr(target), target.size));
  }
  if (way == "sendto") {
    return said(::sendto(udp(target), "x", 1, 0, as_sockaddr(target), target.size));
  }
  if (way == "connected-udp") {
    const int socket = udp(target);
    return ::connect(socket, as_sockaddr(target), target.size) != 0
               ? said(-1)
               : said(::send(socket, "x", 1, 0));
  }
  if (way == "sendmsg") {
    return reach_by_message(target, 1);
  }
  if (way == "sendmmsg") {
    return reach_by_message(target, 4);
  }
  if (way == "fastopen") {
    const int socket = ::socket(target.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return said(::sendto(socket, "x", 1, MSG_FASTOPEN, as_sockaddr(target), target.size));
  }
  if (way == "raw") {
    const int socket = ::socket(target.family, SOCK_RAW | SOCK_CLOEXEC, 253);  // for experiments
    return socket < 0 ? not_here
                      : said(::sendto(socket, "x", 1, 0, as_sockaddr(target), target.size));
  }
  if (way == "socketcall-option") {
    return set_usual_options(target);
  }
  if (way.starts_with("socketcall")) {
    return reach_by_socketcall(way, target);
  }
  if (way == "flood") {
    return flood(target, count, per_second);
  }
  if (way == "connects") {
    return connects(target, count);
  }
  return 2;
}

}  // namespace

int main(int count, char** words)
{
  if (count > 2 && std::string_view(words[1]) == "hidden") {
    (void)::prctl(PR_SET_DUMPABLE, 0);
    --count;
    ++words;
  }
  const std::string_view way = count > 1 ? words[1] : "";
  if (way == "io_uring") {
    std::array<std::uint32_t, 64> parameters{};
    return said(::syscall(SYS_io_uring_setup, 4, parameters.data()));
  }
  if (count == 3 && (way == "unix" || way == "own-unix")) {
    return reach_unix(words[2], way == "own-unix");
  }
  if (count < 4) {
    return 2;
  }
  auto target = target_of(words[2], words[3]);
  if (way == "socketcall-route" && count > 4) {
    return reach_by_route(target, target_of(words[4], words[3]));
  }
  if (way == "race" && count > 5) {
    return race(target, target_of(words[5], words[3]), std::atol(words[4]));
  }
  return reach(
      way, target, count > 4 ? std::atol(words[4]) : 1, count > 5 ? std::atol(words[5]) : 0);
}
