// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A program that does not want to be in the room: it tries the ways out that it knows, one by one,
// to reach a party that is gone, or to get that party's address to the outside.
//
//   escape M4 M6 E4 E6 all        every way, one line each: NAME<tab>HOW IT ENDED
//   escape M4 M6 E4 E6 WAY...     these ways only
//   escape M4 M6 E4 E6 list       their names
//   escape M4 M6 E4 E6 help-outside    serves, outside of the room, whoever gets there (until
//   killed)
//
// M4 and M6 are addresses of the absent, E4 and E6 of somebody who lives. What goes to another
// address than M4 or M6 has M4's four bytes in it, so that whoever looks at packets outside can
// tell.
//
// How it ended: "went" (the kernel took it; what became of it, only others can tell), "not
// possible" with the error, "only the room" with where it came out, "not here" (this kernel does
// not have it).
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_tun.h>
#include <linux/if_xdp.h>
#include <linux/io_uring.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t echo = 7;
constexpr int ipv6_routing_header = 57;  // IPV6_RTHDR
constexpr int patience = 300;            // milliseconds, for an answer

/// The four addresses, and the link that leads out.
struct Surroundings {
  Bytes m4, m6, e4, e6;
  std::string link;
  int index = 0;
  Bytes own4, own6, gateway4, gateway_mac, own_mac;
};

Bytes operator+(Bytes left, const Bytes& right)
{
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Bytes two(unsigned number)
{
  return {static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
}

Bytes text(std::string_view words)
{
  return {words.begin(), words.end()};
}

Bytes address(const char* words)
{
  Bytes bytes(16);
  if (::inet_pton(AF_INET, words, bytes.data()) == 1) {
    bytes.resize(4);
    return bytes;
  }
  return ::inet_pton(AF_INET6, words, bytes.data()) == 1 ? bytes : Bytes();
}

// ---- sockets ----

/// A socket that is closed.
class Socket {
public:
  Socket(int family, int type, int protocol = 0)
      : fd_(::socket(family, type | SOCK_CLOEXEC, protocol)), error_(fd_ < 0 ? errno : 0)
  {
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket(Socket&&) = delete;
  Socket& operator=(Socket&&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int error() const { return error_; }

  template <typename T>
  [[nodiscard]] bool set(int level, int name, const T& value) const
  {
    return ::setsockopt(fd_, level, name, &value, sizeof value) == 0;
  }
  [[nodiscard]] bool set(int level, int name, const Bytes& value) const
  {
    return ::setsockopt(fd_, level, name, value.data(), static_cast<socklen_t>(value.size())) == 0;
  }

private:
  int fd_;
  int error_;
};

struct Place {
  sockaddr_storage storage{};
  socklen_t length = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Place place(const Bytes& where, std::uint16_t port, int scope = 0)
{
  Place result;
  if (where.size() == 4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, where.data(), 4);
    std::memcpy(&result.storage, &v4, sizeof v4);
    result.length = sizeof v4;
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_scope_id = static_cast<std::uint32_t>(scope);
    std::memcpy(&v6.sin6_addr, where.data(), 16);
    std::memcpy(&result.storage, &v6, sizeof v6);
    result.length = sizeof v6;
  }
  return result;
}

int family_of(const Bytes& where)
{
  return where.size() == 4 ? AF_INET : AF_INET6;
}

/// How a call ended, in the words of the top of this file.
std::string ended(int error)
{
  switch (error) {
  case 0:
    return "went";
  case ECONNREFUSED:
  case ECONNRESET:
  case ETIMEDOUT:
  case EINPROGRESS:
  case EHOSTUNREACH:
  case EAGAIN:
    return std::string("went: ") + ::strerrorname_np(error);
  case EPROTONOSUPPORT:
  case ESOCKTNOSUPPORT:
  case EAFNOSUPPORT:
    return std::string("not here: ") + ::strerrorname_np(error);
  default:
    return std::string("not possible: ") + ::strerrorname_np(error);
  }
}

std::string said(long result)
{
  return ended(result >= 0 ? 0 : errno);
}

std::string send_to(const Socket& socket, const Bytes& bytes, const Place& to)
{
  if (socket.get() < 0) {
    return ended(socket.error());
  }
  return said(::sendto(socket.get(), bytes.data(), bytes.size(), 0, to.get(), to.length));
}

/// Connects, and waits a little for what that brings; then says something.
std::string
connect_and_say(const Socket& socket, const Place& to, const Bytes& words = text("hello\n"))
{
  if (socket.get() < 0) {
    return ended(socket.error());
  }
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  if (::connect(socket.get(), to.get(), to.length) != 0 && errno != EINPROGRESS) {
    return ended(errno);
  }
  pollfd ready = {.fd = socket.get(), .events = POLLOUT, .revents = 0};
  if (::poll(&ready, 1, patience) == 0) {
    return "went: silence";
  }
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) {
    return ended(error);
  }
  (void)::send(socket.get(), words.data(), words.size(), MSG_NOSIGNAL);
  ::shutdown(socket.get(), SHUT_WR);
  // Read to the end: closing before would take back what was sent.
  bool answered = false;
  ready.events = POLLIN;
  std::array<char, 512> answer{};
  while (::poll(&ready, 1, patience) > 0 &&
         ::recv(socket.get(), answer.data(), answer.size(), 0) > 0) {
    answered = true;
  }
  return answered ? "went: answered" : "went: connected";
}

std::string udp(const Bytes& to, std::uint16_t port, const Bytes& words, int scope = 0)
{
  return send_to(Socket(family_of(to), SOCK_DGRAM), words, place(to, port, scope));
}

// ---- packets ----

std::uint16_t sum_of(const Bytes& bytes)
{
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? static_cast<std::uint32_t>(bytes[i]) << 8U : bytes[i];
  }
  while (sum >> 16U != 0) {
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(~sum);
}

/// What goes over IP, with its checksum at that place, between these two.
Bytes with_sum(
    Bytes bytes, std::size_t at, std::uint8_t protocol, const Bytes& from, const Bytes& to)
{
  const auto pseudo =
      from + to + two(0) + two(static_cast<unsigned>(bytes.size())) + Bytes{0, 0, 0, protocol};
  const auto sum = two(sum_of(pseudo + bytes));
  bytes.at(at) = sum[0];
  bytes.at(at + 1) = sum[1];
  return bytes;
}

Bytes udp_part(const Bytes& from, const Bytes& to, unsigned port, const Bytes& words)
{
  return with_sum(two(4000) + two(port) + two(static_cast<unsigned>(8 + words.size())) + two(0) +
                      words,
                  6,
                  IPPROTO_UDP,
                  from,
                  to);
}

Bytes tcp_part(const Bytes& from, const Bytes& to, unsigned port, std::uint8_t flags)
{
  return with_sum(two(4001) + two(port) + Bytes{0, 0, 0, 9, 0, 0, 0, 5, 0x50, flags} + two(64000) +
                      two(0) + two(0),
                  16,
                  IPPROTO_TCP,
                  from,
                  to);
}

struct Head4 {
  Bytes options;
  unsigned fragment = 0;  // flags and offset
  std::uint8_t ttl = 64;
};

Bytes ip4(const Bytes& from,
          const Bytes& to,
          std::uint8_t protocol,
          const Bytes& payload,
          const Head4& how = {})
{
  const auto words = 5 + how.options.size() / 4;
  auto head = Bytes{static_cast<std::uint8_t>(0x40U + words), 0} +
              two(static_cast<unsigned>(words * 4 + payload.size())) + two(77) + two(how.fragment) +
              Bytes{how.ttl, protocol, 0, 0} + from + to + how.options;
  const auto sum = two(sum_of(head));
  head[10] = sum[0];
  head[11] = sum[1];
  return head + payload;
}

Bytes ip6(const Bytes& from,
          const Bytes& to,
          std::uint8_t next,
          const Bytes& payload,
          std::uint8_t hops = 64)
{
  return Bytes{0x60, 0, 0, 0} + two(static_cast<unsigned>(payload.size())) + Bytes{next, hops} +
         from + to + payload;
}

Bytes udp_packet(const Bytes& from, const Bytes& to, const Bytes& words)
{
  const auto inner = udp_part(from, to, echo, words);
  return from.size() == 4 ? ip4(from, to, IPPROTO_UDP, inner) : ip6(from, to, IPPROTO_UDP, inner);
}

/// By a raw socket that takes the whole packet as we made it.
std::string raw(const Bytes& packet, const Bytes& to)
{
  const Socket socket(family_of(to), SOCK_RAW, IPPROTO_RAW);
  return send_to(socket, packet, place(to, 0));
}

/// Onto the link itself, past all that the kernel thinks of routes.
std::string frame(const Surroundings& here, unsigned type, const Bytes& packet, const Bytes& mac)
{
  const Socket socket(AF_PACKET, SOCK_DGRAM);
  sockaddr_ll link{};
  link.sll_family = AF_PACKET;
  link.sll_protocol = htons(static_cast<std::uint16_t>(type));
  link.sll_ifindex = here.index;
  link.sll_halen = 6;
  std::copy(mac.begin(), mac.end(), std::begin(link.sll_addr));
  Place to;
  std::memcpy(&to.storage, &link, sizeof link);
  to.length = sizeof link;
  return send_to(socket, packet, to);
}

std::string both(const std::string& first, const std::string& second)
{
  return first.starts_with("went") ? first : second;
}

// ---- ways ----

struct Way {
  std::string name;
  std::function<std::string(const Surroundings&)> go;
};

void add_plain_ways(std::vector<Way>& ways)
{
  const auto add_both = [&ways](const std::string& name,
                                const std::function<std::string(const Bytes&)>& go) {
    ways.push_back({name + "/4", [go](const Surroundings& here) {
                      return go(here.m4);
                    }});
    ways.push_back({name + "/6", [go](const Surroundings& here) {
                      return go(here.m6);
                    }});
  };
  const auto stream = [](int protocol) {
    return [protocol](const Bytes& to) {
      return connect_and_say(Socket(family_of(to), SOCK_STREAM, protocol), place(to, 80));
    };
  };
  add_both("tcp", stream(0));
  add_both("mptcp", stream(262));
  add_both("tcp-443-own-port", [](const Bytes& to) {
    const Socket socket(family_of(to), SOCK_STREAM);
    const auto any = place(Bytes(to.size()), 53);
    if (::bind(socket.get(), any.get(), any.length) != 0) {
      const auto other = place(Bytes(to.size()), 4053);
      (void)::bind(socket.get(), other.get(), other.length);
    }
    return connect_and_say(socket, place(to, 443));
  });
  add_both("tcp-fast-open", [](const Bytes& to) {
    const Socket socket(family_of(to), SOCK_STREAM);
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
    const auto target = place(to, 80);
    return said(::sendto(socket.get(), "hello", 5, MSG_FASTOPEN, target.get(), target.length));
  });
  add_both("udp", [](const Bytes& to) { return udp(to, echo, text("x")); });
  add_both("udp-connected", [](const Bytes& to) {
    return connect_and_say(Socket(family_of(to), SOCK_DGRAM), place(to, echo));
  });
  add_both("udp-lite", [](const Bytes& to) {
    return send_to(Socket(family_of(to), SOCK_DGRAM, IPPROTO_UDPLITE), text("x"), place(to, echo));
  });
  add_both("sendmmsg", [](const Bytes& to) {
    auto target = place(to, echo);
    std::array<char, 1> byte{};
    iovec piece = {.iov_base = byte.data(), .iov_len = 1};
    std::array<mmsghdr, 3> messages{};
    for (auto& each : messages) {
      each.msg_hdr.msg_name = &target.storage;
      each.msg_hdr.msg_namelen = target.length;
      each.msg_hdr.msg_iov = &piece;
      each.msg_hdr.msg_iovlen = 1;
    }
    const Socket socket(family_of(to), SOCK_DGRAM);
    return said(::sendmmsg(socket.get(), messages.data(), messages.size(), 0));
  });
  add_both("sctp", [](const Bytes& to) {
    return connect_and_say(Socket(family_of(to), SOCK_STREAM, IPPROTO_SCTP), place(to, 80));
  });
  add_both("dccp", [](const Bytes& to) {
    return connect_and_say(Socket(family_of(to), SOCK_DCCP, IPPROTO_DCCP), place(to, 80));
  });
  add_both("ping-socket", [](const Bytes& to) {
    const bool v4 = to.size() == 4;
    const Socket socket(family_of(to), SOCK_DGRAM, v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6});
    const std::uint8_t request = v4 ? 8 : 128;
    return send_to(socket, Bytes{request, 0, 0, 0, 0, 1, 0, 1} + text("payload"), place(to, 0));
  });
  for (const int ttl : {1, 2, 3, 255}) {
    add_both("ttl-" + std::to_string(ttl), [ttl](const Bytes& to) {
      const Socket socket(family_of(to), SOCK_DGRAM);
      const bool v4 = to.size() == 4;
      if (!socket.set(v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TTL : IPV6_UNICAST_HOPS, ttl)) {
        return ended(errno);
      }
      return send_to(socket, text("x"), place(to, echo));
    });
  }
  add_both("fragmented", [](const Bytes& to) {
    const Socket socket(family_of(to), SOCK_DGRAM);
    const int never = IP_PMTUDISC_DONT;
    (void)socket.set(IPPROTO_IP, IP_MTU_DISCOVER, never);
    return send_to(socket, Bytes(65000, 'x'), place(to, echo));
  });
}

void add_socket_options(std::vector<Way>& ways)
{
  const auto with = [&ways](const std::string& name,
                            int level,
                            int option,
                            const Bytes& value,
                            const std::function<Bytes(const Surroundings&)>& to) {
    ways.push_back({name, [=](const Surroundings& here) {
                      const auto target = to(here);
                      const Socket socket(family_of(target), SOCK_DGRAM);
                      if (!socket.set(level, option, value)) {
                        return ended(errno);
                      }
                      return send_to(socket, text("x") + here.m4, place(target, echo));
                    }});
  };
  const auto m4 = [](const Surroundings& here) {
    return here.m4;
  };
  const auto m6 = [](const Surroundings& here) {
    return here.m6;
  };
  const Bytes one = {1, 0, 0, 0};
  with("so-mark", SOL_SOCKET, SO_MARK, {42, 0, 0, 0}, m4);
  with("so-dontroute", SOL_SOCKET, SO_DONTROUTE, one, m4);
  with("bind-to-loopback", SOL_SOCKET, SO_BINDTODEVICE, text("lo") + Bytes{0}, m4);
  with("bind-to-gateways-tap", SOL_SOCKET, SO_BINDTODEVICE, text("tap0") + Bytes{0}, m4);
  with("ip-transparent", IPPROTO_IP, IP_TRANSPARENT, one, m4);
  with("priority-and-tos", IPPROTO_IP, IP_TOS, {0xb8, 0, 0, 0}, m4);
  ways.push_back({"bind-to-link", [](const Surroundings& here) {
                    const Socket socket(AF_INET, SOCK_DGRAM);
                    return !socket.set(SOL_SOCKET, SO_BINDTODEVICE, text(here.link) + Bytes{0})
                               ? ended(errno)
                               : send_to(socket, text("x"), place(here.m4, echo));
                  }});
  // The first hop is one who lives; the rest of the way leads to the absent.
  for (const auto& [name, kind] : {std::pair("loose-source-route", std::uint8_t{131}),
                                   std::pair("strict-source-route", std::uint8_t{137})}) {
    ways.push_back({name, [kind = kind](const Surroundings& here) {
                      const Socket socket(AF_INET, SOCK_DGRAM);
                      const auto route = Bytes{kind, 7, 4} + here.e4 + Bytes{0};
                      return !socket.set(IPPROTO_IP, IP_OPTIONS, route)
                                 ? ended(errno)
                                 : send_to(socket, text("x"), place(here.m4, echo));
                    }});
  }
  with("record-route", IPPROTO_IP, IP_OPTIONS, Bytes{7, 11, 4} + Bytes(9), m4);
  with("timestamp-option", IPPROTO_IP, IP_OPTIONS, Bytes{68, 12, 5, 0} + Bytes(8), m4);
  with("router-alert", IPPROTO_IP, IP_OPTIONS, {148, 4, 0, 0}, m4);
  with("flow-label", IPPROTO_IPV6, 33, one, m6);
  for (const auto& [name, kind] : {std::pair("routing-header-0", std::uint8_t{0}),
                                   std::pair("routing-header-2", std::uint8_t{2})}) {
    ways.push_back({name, [kind = kind](const Surroundings& here) {
                      const Socket socket(AF_INET6, SOCK_DGRAM);
                      const auto route = Bytes{0, 2, kind, 1, 0, 0, 0, 0} + here.e6;
                      return !socket.set(IPPROTO_IPV6, ipv6_routing_header, route)
                                 ? ended(errno)
                                 : send_to(socket, text("x"), place(here.m6, echo));
                    }});
  }
  ways.push_back({"freebind-anothers-address", [](const Surroundings& here) {
                    const Socket socket(AF_INET6, SOCK_DGRAM);
                    const auto own = place(here.m6, 4000);
                    if (!socket.set(IPPROTO_IPV6, 78, Bytes{1, 0, 0, 0}) ||
                        ::bind(socket.get(), own.get(), own.length) != 0) {
                      return ended(errno);
                    }
                    return send_to(socket, text("x"), place(here.e6, echo));
                  }});
}

void add_spellings(std::vector<Way>& ways)
{
  const auto to = [&ways](const std::string& name,
                          const std::function<Bytes(const Surroundings&)>& spell) {
    ways.push_back({name, [spell](const Surroundings& here) {
                      return udp(spell(here), echo, text("x"));
                    }});
  };
  const auto behind = [](const char* prefix) {
    return [prefix](const Surroundings& here) {
      auto all = address(prefix);
      std::copy(here.m4.begin(), here.m4.end(), all.end() - 4);
      return all;
    };
  };
  to("mapped", behind("::ffff:0:0"));
  to("compatible", behind("::"));
  to("translated", behind("::ffff:0:0:0"));
  to("nat64", behind("64:ff9b::"));
  to("nat64-local", behind("64:ff9b:1::"));
  to("6to4", [](const Surroundings& here) {
    return Bytes{0x20, 0x02} + here.m4 + Bytes(9) + Bytes{1};
  });
  to("teredo", [](const Surroundings& here) {
    return Bytes{0x20, 0x01, 0, 0} + here.m4 + Bytes(8);
  });
  to("nat64-of-a-network", behind("2001:db8:64::"));
}

void add_neighbours(std::vector<Way>& ways)
{
  const auto to = [&ways](const std::string& name, const char* where) {
    ways.push_back({name, [where](const Surroundings& here) {
                      auto told = udp(address(where), echo, here.m4, here.index);
                      const Socket socket(family_of(address(where)), SOCK_STREAM);
                      return both(
                          told,
                          connect_and_say(socket, place(address(where), 80, here.index), here.m4));
                    }});
  };
  to("metadata-service", "169.254.169.254");
  to("link-local-router", "fe80::2");
  to("tap-router/4", "10.0.2.2");
  to("tap-name-server/4", "10.0.2.3");
  to("gateways-tap/4", "10.0.2.100");
  to("tap-router/6", "fd00::2");
  to("tap-name-server/6", "fd00::3");
  to("gateways-tap/6", "fd00::100");
  ways.push_back({"gateway-itself", [](const Surroundings& here) {
                    return both(udp(here.gateway4, echo, here.m4),
                                udp(here.gateway4, 53, here.m4 + Bytes(12)));
                  }});
  const auto shout = [&ways](const std::string& name, const char* where) {
    ways.push_back({name, [where](const Surroundings& here) {
                      const Socket socket(family_of(address(where)), SOCK_DGRAM);
                      (void)socket.set(SOL_SOCKET, SO_BROADCAST, 1);
                      (void)socket.set(IPPROTO_IP, IP_MULTICAST_TTL, 32);
                      (void)socket.set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 32);
                      (void)socket.set(IPPROTO_IPV6, IPV6_MULTICAST_IF, here.index);
                      return send_to(socket, here.m4, place(address(where), echo, here.index));
                    }});
  };
  shout("broadcast", "255.255.255.255");
  shout("multicast/4", "224.0.0.1");
  shout("multicast-routed/4", "239.1.2.3");
  shout("multicast-dns", "224.0.0.251");
  shout("multicast/6", "ff02::1");
  shout("multicast-routed/6", "ff0e::1");
}

void add_raw_ways(std::vector<Way>& ways)
{
  const auto add = [&ways](const std::string& name,
                           const std::function<std::string(const Surroundings&)>& go) {
    ways.push_back({"raw-" + name, go});
  };
  const auto tcp_flags = [&](const std::string& name, std::uint8_t flags) {
    add(name + "/4", [flags](const Surroundings& w) {
      return raw(ip4(w.own4, w.m4, IPPROTO_TCP, tcp_part(w.own4, w.m4, 80, flags)), w.m4);
    });
    add(name + "/6", [flags](const Surroundings& w) {
      return raw(ip6(w.own6, w.m6, IPPROTO_TCP, tcp_part(w.own6, w.m6, 80, flags)), w.m6);
    });
  };
  tcp_flags("syn", 0x02);
  tcp_flags("syn-ack-out-of-nothing", 0x12);
  tcp_flags("ack-out-of-nothing", 0x10);
  tcp_flags("simultaneous-open", 0xc2);
  tcp_flags("no-flags", 0);
  add("udp/4", [](const Surroundings& w) { return raw(udp_packet(w.own4, w.m4, {}), w.m4); });
  add("udp/6", [](const Surroundings& w) { return raw(udp_packet(w.own6, w.m6, {}), w.m6); });
  add("own-source/4",
      [](const Surroundings& w) { return raw(udp_packet(w.e4, w.m4, text("x")), w.m4); });
  add("own-source/6",
      [](const Surroundings& w) { return raw(udp_packet(w.e6, w.m6, text("x")), w.m6); });
  add("source-is-the-absent/4",
      [](const Surroundings& w) { return raw(udp_packet(w.m4, w.e4, text("x")), w.e4); });
  add("source-is-the-absent/6",
      [](const Surroundings& w) { return raw(udp_packet(w.m6, w.e6, text("x")), w.e6); });
  add("echo-with-payload/4", [](const Surroundings& w) {
    auto part = Bytes{8, 0, 0, 0, 0, 1, 0, 1} + text("data!!");
    const auto sum = two(sum_of(part));
    part[2] = sum[0];
    part[3] = sum[1];
    return raw(ip4(w.own4, w.m4, IPPROTO_ICMP, part), w.m4);
  });
  add("echo-with-payload/6", [](const Surroundings& w) {
    const auto part =
        with_sum(Bytes{128, 0, 0, 0, 0, 1, 0, 1} + text("data!!"), 2, IPPROTO_ICMPV6, w.own6, w.m6);
    return raw(ip6(w.own6, w.m6, IPPROTO_ICMPV6, part), w.m6);
  });
  add("error-about-nothing/4", [](const Surroundings& w) {
    auto part = Bytes{3, 3, 0, 0, 0, 0, 0, 0} + udp_packet(w.m4, w.own4, {});
    const auto sum = two(sum_of(part));
    part[2] = sum[0];
    part[3] = sum[1];
    return raw(ip4(w.own4, w.e4, IPPROTO_ICMP, part), w.e4);
  });
  for (const auto& [name, number] : {std::pair("sctp", std::uint8_t{132}),
                                     std::pair("dccp", std::uint8_t{33}),
                                     std::pair("esp", std::uint8_t{50}),
                                     std::pair("experiment", std::uint8_t{253})}) {
    add(name, [number = number](const Surroundings& w) {
      return raw(ip4(w.own4, w.m4, number, Bytes(32)), w.m4);
    });
  }
  add("source-route-inside", [](const Surroundings& w) {
    const Head4 how = {.options = Bytes{131, 7, 4} + w.m4 + Bytes{0}};
    return raw(ip4(w.own4, w.e4, IPPROTO_UDP, udp_part(w.own4, w.e4, echo, {}), how), w.e4);
  });
  add("fragment-without-ports/4", [](const Surroundings& w) {
    const Head4 how = {.options = Bytes(40, 1), .fragment = 0x2000};
    const auto part = udp_part(w.own4, w.m4, echo, Bytes(16));
    return raw(ip4(w.own4, w.m4, IPPROTO_UDP, Bytes(part.begin(), part.begin() + 8), how), w.m4);
  });
  add("later-fragment-alone/4", [](const Surroundings& w) {
    return raw(ip4(w.own4, w.m4, IPPROTO_UDP, Bytes(16), {.options = {}, .fragment = 0x0003}),
               w.m4);
  });
  add("fragment-without-ports/6", [](const Surroundings& w) {
    // The first fragment holds destination options only; the ports come in the second.
    const auto part =
        Bytes{IPPROTO_UDP, 0, 1, 4, 0, 0, 0, 0} + udp_part(w.own6, w.m6, echo, text("12345678"));
    const auto first = Bytes{60, 0, 0, 1, 0, 0, 0, 9} + Bytes(part.begin(), part.begin() + 8);
    const auto second = Bytes{60, 0, 0, 8, 0, 0, 0, 9} + Bytes(part.begin() + 8, part.end());
    (void)raw(ip6(w.own6, w.m6, 44, first), w.m6);
    return raw(ip6(w.own6, w.m6, 44, second), w.m6);
  });
  add("atomic-fragment/6", [](const Surroundings& w) {
    return raw(ip6(w.own6,
                   w.m6,
                   44,
                   Bytes{IPPROTO_UDP, 0, 0, 0, 0, 0, 0, 9} + udp_part(w.own6, w.m6, echo, {})),
               w.m6);
  });
  const auto behind_header = [&](const std::string& name, std::uint8_t number, const Bytes& head) {
    add(name, [number, head](const Surroundings& w) {
      return raw(ip6(w.own6, w.m6, number, head + udp_part(w.own6, w.m6, echo, {})), w.m6);
    });
  };
  behind_header("hop-by-hop", 0, {IPPROTO_UDP, 0, 5, 2, 0, 0, 1, 0});
  behind_header("destination-options", 60, {IPPROTO_UDP, 0, 1, 4, 0, 0, 0, 0});
  behind_header("jumbo", 0, {IPPROTO_UDP, 0, 0xc2, 4, 0, 1, 0, 1});
  behind_header("unknown-header", 139, {IPPROTO_UDP, 0, 0, 0, 0, 0, 0, 0});
  // To one who lives, with the absent as the next stop, or as the home of who sends.
  const auto names_absent = [&](const std::string& name, std::uint8_t number, const Bytes& head) {
    add(name, [number, head](const Surroundings& w) {
      const auto part = udp_part(w.own6, w.e6, echo, {});
      return raw(ip6(w.own6, w.e6, number, head + w.m6 + part), w.e6);
    });
  };
  names_absent("routing-header-0", 43, {IPPROTO_UDP, 2, 0, 1, 0, 0, 0, 0});
  names_absent("routing-header-2", 43, {IPPROTO_UDP, 2, 2, 1, 0, 0, 0, 0});
  names_absent("segment-routing", 43, {IPPROTO_UDP, 2, 4, 0, 0, 0, 0, 0});
  names_absent("home-address", 60, {IPPROTO_UDP, 2, 1, 2, 0, 0, 0xc9, 16});
  add("routing-header-behind-options", [](const Surroundings& w) {
    const auto part = udp_part(w.own6, w.e6, echo, {});
    return raw(
        ip6(w.own6,
            w.e6,
            60,
            Bytes{43, 0, 1, 4, 0, 0, 0, 0} + Bytes{IPPROTO_UDP, 2, 4, 0, 0, 0, 0, 0} + w.m6 + part),
        w.e6);
  });
}

/// A frame by rings that the kernel shares with us, past the whole of its network code.
std::string by_xdp(const Surroundings& here)
{
  const Socket socket(AF_XDP, SOCK_RAW);
  if (socket.get() < 0) {
    return ended(socket.error());
  }
  constexpr std::size_t size = 4096;
  auto* memory = static_cast<std::uint8_t*>(
      ::mmap(nullptr, 4 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  xdp_umem_reg area{};
  area.addr = reinterpret_cast<std::uintptr_t>(memory);
  area.len = 4 * size;
  area.chunk_size = size;
  const int entries = 4;
  xdp_mmap_offsets offsets{};
  socklen_t length = sizeof offsets;
  if (!socket.set(SOL_XDP, XDP_UMEM_REG, area) ||
      !socket.set(SOL_XDP, XDP_UMEM_FILL_RING, entries) ||
      !socket.set(SOL_XDP, XDP_UMEM_COMPLETION_RING, entries) ||
      !socket.set(SOL_XDP, XDP_TX_RING, entries) ||
      ::getsockopt(socket.get(), SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &length) != 0) {
    return ended(errno);
  }
  auto* ring = static_cast<std::uint8_t*>(::mmap(nullptr,
                                                 offsets.tx.desc + 4 * sizeof(xdp_desc),
                                                 PROT_READ | PROT_WRITE,
                                                 MAP_SHARED | MAP_POPULATE,
                                                 socket.get(),
                                                 XDP_PGOFF_TX_RING));
  sockaddr_xdp link{};
  link.sxdp_family = AF_XDP;
  link.sxdp_flags = XDP_COPY;
  link.sxdp_ifindex = static_cast<std::uint32_t>(here.index);
  Place to;
  std::memcpy(&to.storage, &link, sizeof link);
  if (ring == MAP_FAILED || ::bind(socket.get(), to.get(), sizeof link) != 0) {
    return ended(errno);
  }
  const auto whole =
      here.gateway_mac + here.own_mac + two(0x0800) + udp_packet(here.own4, here.m4, text("x"));
  std::copy(whole.begin(), whole.end(), memory);
  xdp_desc entry{};
  entry.len = static_cast<std::uint32_t>(whole.size());
  std::memcpy(ring + offsets.tx.desc, &entry, sizeof entry);
  const std::uint32_t produced = 1;
  std::memcpy(ring + offsets.tx.producer, &produced, sizeof produced);
  return said(::sendto(socket.get(), nullptr, 0, MSG_DONTWAIT, nullptr, 0));
}

void add_frames(std::vector<Way>& ways)
{
  const auto add = [&ways](const std::string& name,
                           const std::function<std::string(const Surroundings&)>& go) {
    ways.push_back({"frame-" + name, go});
  };
  const Bytes everybody(6, 0xff);
  add("ipv4", [](const Surroundings& w) {
    return frame(w, 0x0800, udp_packet(w.own4, w.m4, {}), w.gateway_mac);
  });
  add("ipv6", [](const Surroundings& w) {
    return frame(w, 0x86dd, udp_packet(w.own6, w.m6, {}), w.gateway_mac);
  });
  add("ipv4-to-everybody", [everybody](const Surroundings& w) {
    return frame(w, 0x0800, udp_packet(w.own4, w.m4, {}), everybody);
  });
  add("ipv6-called-ipv4", [](const Surroundings& w) {
    return frame(w, 0x0800, udp_packet(w.own6, w.m6, {}), w.gateway_mac);
  });
  add("vlan", [](const Surroundings& w) {
    return frame(w, 0x8100, two(0) + two(0x0800) + udp_packet(w.own4, w.m4, {}), w.gateway_mac);
  });
  add("double-vlan", [](const Surroundings& w) {
    return frame(w,
                 0x88a8,
                 two(5) + two(0x8100) + two(6) + two(0x0800) + udp_packet(w.own4, w.m4, {}),
                 w.gateway_mac);
  });
  add("mpls", [](const Surroundings& w) {
    return frame(w, 0x8847, Bytes{0, 0, 1, 64} + udp_packet(w.own4, w.m4, {}), w.gateway_mac);
  });
  add("pppoe", [](const Surroundings& w) {
    return frame(w,
                 0x8864,
                 Bytes{0x11, 0, 0, 1} + two(30) + two(0x21) + udp_packet(w.own4, w.m4, {}),
                 w.gateway_mac);
  });
  add("unknown-type",
      [](const Surroundings& w) { return frame(w, 0x88b5, w.m4 + Bytes(42), w.gateway_mac); });
  add("mapped", [](const Surroundings& w) {
    return frame(
        w, 0x86dd, udp_packet(w.own6, Bytes(10) + Bytes{0xff, 0xff} + w.m4, {}), w.gateway_mac);
  });
  add("loopback-source", [](const Surroundings& w) {
    return frame(w, 0x0800, udp_packet(address("127.0.0.1"), w.m4, {}), w.gateway_mac);
  });
  add("xdp-socket", by_xdp);
  // Afterwards everything that goes to the gateway's addresses should come to us: what that gives
  // is seen at who is reached.
  add("arp-says-we-are-the-gateway", [everybody](const Surroundings& w) {
    auto told = frame(w,
                      0x0806,
                      two(1) + two(0x0800) + Bytes{6, 4} + two(2) + w.own_mac +
                          address("10.0.2.2") + everybody + w.m4,
                      everybody);
    (void)udp(w.m4, echo, {});
    return told;
  });
  add("neighbour-says-we-are-the-router", [](const Surroundings& w) {
    const auto router = address("fd00::2");
    const auto everyone = address("ff02::1");
    const auto part =
        with_sum(Bytes{136, 0, 0, 0, 0xa0, 0, 0, 0} + router + Bytes{2, 1} + w.own_mac,
                 2,
                 IPPROTO_ICMPV6,
                 router,
                 everyone);
    return frame(
        w, 0x86dd, ip6(router, everyone, IPPROTO_ICMPV6, part, 255), {0x33, 0x33, 0, 0, 0, 1});
  });
  add("router-advertisement", [](const Surroundings& w) {
    const auto from = address("fe80::66");
    const auto everyone = address("ff02::1");
    const auto part =
        with_sum(Bytes{134, 0, 0, 0, 64, 0, 7, 8} + Bytes(8) + Bytes{1, 1} + w.own_mac,
                 2,
                 IPPROTO_ICMPV6,
                 from,
                 everyone);
    return frame(
        w, 0x86dd, ip6(from, everyone, IPPROTO_ICMPV6, part, 255), {0x33, 0x33, 0, 0, 0, 1});
  });
  add("icmp-redirect", [](const Surroundings& w) {
    auto part = Bytes{5, 1, 0, 0} + w.own4 + udp_packet(w.own4, w.m4, {});
    const auto sum = two(sum_of(part));
    part[2] = sum[0];
    part[3] = sum[1];
    return frame(w, 0x0800, ip4(w.own4, w.gateway4, IPPROTO_ICMP, part), w.gateway_mac);
  });
}

// ---- names ----

Bytes question(const Bytes& label, bool with_option, const Bytes& marker)
{
  auto words = two(0x7a6f) +
               Bytes{1, 0, 0, 1, 0, 0, 0, 0, 0, with_option ? std::uint8_t{1} : std::uint8_t{0}} +
               Bytes{static_cast<std::uint8_t>(label.size())} + label + Bytes{6} + text("europe") +
               Bytes{7} + text("example") + Bytes{0} + two(1) + two(1);
  if (with_option) {
    words =
        words + Bytes{0} + two(41) + two(1232) + Bytes(4) + two(8) + two(65001) + two(4) + marker;
  }
  return words;
}

std::string ask(const Bytes& resolver, const Bytes& words)
{
  const Socket socket(family_of(resolver), SOCK_DGRAM);
  const auto told = send_to(socket, words, place(resolver, 53));
  pollfd ready = {.fd = socket.get(), .events = POLLIN, .revents = 0};
  return told == "went" && ::poll(&ready, 1, patience) > 0 ? "went: answered" : told;
}

void add_names(std::vector<Way>& ways)
{
  ways.push_back({"dns-at-the-absent/4", [](const Surroundings& w) {
                    return ask(w.m4, question(text("www"), false, w.m4));
                  }});
  ways.push_back({"dns-at-the-absent/6", [](const Surroundings& w) {
                    return ask(w.m6, question(text("www"), false, w.m4));
                  }});
  ways.push_back({"dns-over-tcp-at-the-absent", [](const Surroundings& w) {
                    return connect_and_say(Socket(AF_INET, SOCK_STREAM), place(w.m4, 53));
                  }});
  ways.push_back({"dns-at-any-address", [](const Surroundings& w) {
                    const auto told = ask(address("8.8.8.8"), question(text("www"), true, w.m4));
                    return told == "went: answered"
                               ? "only the room: its name server answered for 8.8.8.8"
                               : told;
                  }});
  ways.push_back({"dns-over-tls-port", [](const Surroundings& w) {
                    (void)udp(w.e4, 853, w.m4);
                    return connect_and_say(Socket(AF_INET, SOCK_STREAM), place(w.e4, 853), w.m4);
                  }});
  ways.push_back({"dns-name-as-message", [](const Surroundings& w) {
                    return ask(address("8.8.8.8"), question(w.m4, false, w.m4));
                  }});
  ways.push_back({"dns-over-https-at-a-living-one", [](const Surroundings& w) {
                    const auto words =
                        text("POST /dns-query HTTP/1.0\r\nContent-Length: 40\r\n\r\n") +
                        question(text("login"), true, w.m4);
                    return connect_and_say(Socket(AF_INET, SOCK_STREAM), place(w.e4, 443), words);
                  }});
}

void add_tunnels(std::vector<Way>& ways)
{
  ways.push_back({"tunnel-over-udp", [](const Surroundings& w) {
                    return udp(w.e4, echo, udp_packet(w.own4, w.m4, text("x")));
                  }});
  ways.push_back({"tunnel-over-tcp", [](const Surroundings& w) {
                    return connect_and_say(Socket(AF_INET, SOCK_STREAM),
                                           place(w.e4, 443),
                                           udp_packet(w.own4, w.m4, text("x")));
                  }});
  for (const auto& [name, number] :
       {std::pair("tunnel-ip-in-ip", std::uint8_t{4}), std::pair("tunnel-gre", std::uint8_t{47})}) {
    ways.push_back(
        {name, [number = number](const Surroundings& w) {
           const auto head = number == 47 ? two(0) + two(0x0800) : Bytes();
           return raw(ip4(w.own4, w.e4, number, head + udp_packet(w.own4, w.m4, text("x"))), w.e4);
         }});
  }
  ways.push_back({"tunnel-6in4", [](const Surroundings& w) {
                    return raw(ip4(w.own4, w.e4, 41, udp_packet(w.own6, w.m6, text("x"))), w.e4);
                  }});
}

// ---- beside the network ----

std::string reach_unix(const std::string& path, bool abstract, const Surroundings& here)
{
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(&name.sun_path[abstract ? 1 : 0], path.size());
  const auto length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + (abstract ? 1 : 0) + path.size());
  const Socket socket(AF_UNIX, SOCK_STREAM);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), length) != 0) {
    return std::string("not possible: ") + ::strerrorname_np(errno);
  }
  (void)::send(socket.get(), here.m4.data(), 4, MSG_NOSIGNAL);
  std::array<char, 8> answer{};
  pollfd ready = {.fd = socket.get(), .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, patience) > 0 &&
                 ::recv(socket.get(), answer.data(), answer.size(), 0) > 0
             ? "went: answered"
             : "went";
}

/// A service that somebody outside offers on one of the machine's own addresses.
std::string reach_service(const char* where, std::uint16_t port, const Surroundings& here)
{
  const Socket socket(family_of(address(where)), SOCK_STREAM);
  return connect_and_say(socket, place(address(where), port), here.m4);
}

/// Through what we were given by those who started us.
std::string inherited(const Surroundings& here)
{
  std::string found = "not possible: nothing was inherited";
  for (int fd = 0; fd < 1024; ++fd) {
    int family = 0;
    socklen_t length = sizeof family;
    if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 && family != AF_UNIX) {
      found = said(::send(fd, here.m4.data(), 4, MSG_NOSIGNAL));
    }
  }
  return found;
}

/// Everybody whom /proc shows, but us.
std::vector<pid_t> others()
{
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto pid = std::atoi(entry.path().filename().c_str());
    if (pid > 0 && pid != ::getpid() && pid != ::getppid()) {
      found.push_back(pid);
    }
  }
  // Where a shell stands between us and the room's first process, that one is our grandparent.
  if (::getppid() == 1) {
    found.push_back(1);
  }
  return found;
}

/// Tries it on each, until it works on one; the last error when on none.
std::string on_anybody(const std::function<bool(pid_t)>& attack)
{
  int error = ESRCH;
  for (const auto pid : others()) {
    if (attack(pid)) {
      return "went: process " + std::to_string(pid);
    }
    error = errno;
  }
  return std::string("not possible: ") + ::strerrorname_np(error);
}

std::string steal_socket(const Surroundings& here)
{
  return on_anybody([&here](pid_t pid) {
    const auto process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    bool sent = false;
    int error = errno;
    for (int fd = 0; process >= 0 && fd < 64 && !sent; ++fd) {
      const auto copy = static_cast<int>(::syscall(SYS_pidfd_getfd, process, fd, 0));
      if (copy < 0) {
        error = errno == EBADF ? error : errno;
        continue;
      }
      sockaddr_storage peer{};
      socklen_t length = sizeof peer;
      sent = ::getpeername(copy, reinterpret_cast<sockaddr*>(&peer), &length) == 0 &&
             peer.ss_family == AF_INET && ::send(copy, here.m4.data(), 4, MSG_NOSIGNAL) == 4;
      ::close(copy);
    }
    ::close(process);
    errno = error;
    return sent;
  });
}

std::string trace(const Surroundings&)
{
  return on_anybody([](pid_t pid) {
    // It does not stop for that, and is let go of when we end.
    return ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0;
  });
}

/// Where something of that process lies in memory that it may write to.
std::uintptr_t writable_place(pid_t pid)
{
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(" rw-p ") != std::string::npos) {
      return std::strtoull(line.c_str(), nullptr, 16);
    }
  }
  return 0;
}

std::string write_memory(const Surroundings&)
{
  return on_anybody([](pid_t pid) {
    std::array<char, 1> byte{};
    const auto where = writable_place(pid);
    iovec here = {.iov_base = byte.data(), .iov_len = 1};
    iovec there = {.iov_base = reinterpret_cast<void*>(where), .iov_len = 1};
    // What was there is written there again.
    return ::process_vm_readv(pid, &here, 1, &there, 1, 0) == 1 &&
           ::process_vm_writev(pid, &here, 1, &there, 1, 0) == 1;
  });
}

std::string open_memory(const Surroundings&)
{
  return on_anybody([](pid_t pid) {
    const int file = ::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDWR | O_CLOEXEC);
    return file >= 0 && ::close(file) == 0;
  });
}

/// In a child, so that we stay where we are: into any other network that /proc leads to.
std::string in_child(const std::function<std::string()>& body)
{
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) {
    return ended(errno);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const auto words = body();
    (void)!::write(ends[1], words.data(), words.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::array<char, 300> words{};
  const auto got = ::read(ends[0], words.data(), words.size());
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return std::string(words.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
}

std::string join_namespace(const Surroundings&)
{
  const auto own = std::filesystem::read_symlink("/proc/self/ns/net").string();
  return in_child([own] {
    return on_anybody([own](pid_t pid) {
      std::error_code problem;
      const auto path = "/proc/" + std::to_string(pid) + "/ns/";
      for (const char* kind : {"user", "net"}) {
        const int space = ::open((path + kind).c_str(), O_RDONLY | O_CLOEXEC);
        if (space >= 0) {
          (void)::setns(space, 0);
          const int error = errno;
          ::close(space);
          errno = error;
        }
      }
      const int error = errno;
      const auto now = std::filesystem::read_symlink("/proc/self/ns/net", problem).string();
      errno = error;
      return !problem && now != own;
    });
  });
}

std::string join_by_pidfd(const Surroundings&)
{
  const auto own = std::filesystem::read_symlink("/proc/self/ns/net").string();
  return in_child([own] {
    return on_anybody([own](pid_t pid) {
      const auto process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
      const bool joined = ::setns(process, CLONE_NEWNET) == 0;
      const int error = errno;
      ::close(process);
      std::error_code problem;
      const auto now = std::filesystem::read_symlink("/proc/self/ns/net", problem).string();
      errno = error;
      return joined && !problem && now != own;
    });
  });
}

void write_file(const char* path, const std::string& words)
{
  std::ofstream(path) << words;
}

/// Root of a network of our own; -1 and errno when that cannot be.
int own_network()
{
  const auto uid = ::getuid();
  const auto gid = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    return -1;
  }
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
  write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
  return 0;
}

/// The kernel's own way to set an address, a flag, or a route; 0 or the error.
int configure(const Socket& socket, unsigned long request, const char* link, const char* number)
{
  ifreq wish{};
  std::string_view(link).copy(wish.ifr_name, IFNAMSIZ - 1);
  if (number != nullptr) {
    const auto where = place(address(number), 0);
    std::memcpy(&wish.ifr_addr, &where.storage, sizeof wish.ifr_addr);
  } else {
    wish.ifr_flags = IFF_UP | IFF_RUNNING;
  }
  return ::ioctl(socket.get(), request, &wish) == 0 ? 0 : errno;
}

int add_default_route(const Socket& socket, const char* gateway, char* link)
{
  rtentry route{};
  const auto via = place(address(gateway), 0);
  const auto any = place(Bytes(4), 0);
  std::memcpy(&route.rt_gateway, &via.storage, sizeof route.rt_gateway);
  std::memcpy(&route.rt_dst, &any.storage, sizeof route.rt_dst);
  std::memcpy(&route.rt_genmask, &any.storage, sizeof route.rt_genmask);
  route.rt_flags = RTF_UP | RTF_GATEWAY;
  route.rt_dev = link;
  return ::ioctl(socket.get(), SIOCADDRT, &route) == 0 ? 0 : errno;
}

int make_tun(const char* name)
{
  const int tun = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  ifreq wish{};
  wish.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::string_view(name).copy(wish.ifr_name, IFNAMSIZ - 1);
  if (tun >= 0 && ::ioctl(tun, TUNSETIFF, &wish) != 0) {
    const int error = errno;
    ::close(tun);
    errno = error;
    return -1;
  }
  return tun;
}

std::string own_network_with_tun(const Surroundings& here)
{
  return in_child([&here]() -> std::string {
    if (own_network() != 0) {
      return ended(errno);
    }
    const int tun = make_tun("own0");
    if (tun < 0) {
      return ended(errno);
    }
    std::array<char, 8> link{"own0"};
    const Socket socket(AF_INET, SOCK_DGRAM);
    (void)configure(socket, SIOCSIFADDR, link.data(), "10.9.0.2");
    (void)configure(socket, SIOCSIFNETMASK, link.data(), "255.255.255.0");
    (void)configure(socket, SIOCSIFFLAGS, link.data(), nullptr);
    (void)add_default_route(socket, "10.9.0.1", link.data());
    const auto told = udp(here.m4, echo, text("x"));
    pollfd ready = {.fd = tun, .events = POLLIN, .revents = 0};
    return told == "went" && ::poll(&ready, 1, patience) > 0
               ? "only the room: the packets come back to who made the link"
               : told;
  });
}

std::string own_network_alone(const Surroundings& here)
{
  return in_child([&here]() -> std::string {
    if (own_network() != 0) {
      return ended(errno);
    }
    const auto told = udp(here.m4, echo, text("x"));
    return told == "not possible: ENETUNREACH" ? "only the room: a network with nothing in it"
                                               : told;
  });
}

std::string raw_with_own_rights(const Surroundings& here)
{
  return in_child([&here]() -> std::string {
    const auto uid = ::getuid();
    if (::unshare(CLONE_NEWUSER) != 0) {
      return ended(errno);
    }
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
    return raw(udp_packet(here.own4, here.m4, {}), here.m4);
  });
}

/// What a shell prints nothing about and only says by its exit code.
std::string by_program(const std::string& command)
{
  const int status = std::system((command + " >/dev/null 2>&1").c_str());
  return status == 0 ? "went" : "not possible: the program failed";
}

std::string own_network_with_link_out(const Surroundings&)
{
  const auto parent = std::to_string(::getpid());
  return in_child([&parent]() -> std::string {
    if (own_network() != 0) {
      return ended(errno);
    }
    return by_program("ip link add esc0 type veth peer name esc1 netns " + parent);
  });
}

std::string change_network(const Surroundings& here)
{
  const Socket socket(AF_INET, SOCK_DGRAM);
  auto link = here.link;
  (void)add_default_route(socket, "10.0.2.2", link.data());
  return ended(configure(socket, SIOCSIFADDR, "lo:9", "192.0.2.9"));
}

/// Opens it for writing; what it would do is not tried, since it is the machine's.
std::string may_write(const char* path)
{
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  const auto told = file >= 0 ? std::string("went: it can be opened for writing")
                              : std::string("not possible: ") + ::strerrorname_np(errno);
  ::close(file);
  return told;
}

/// A send by a ring of the kernel's, that no filter of calls sees.
std::string by_ring(const Surroundings& here)
{
  io_uring_params about{};
  const auto ring = static_cast<int>(::syscall(SYS_io_uring_setup, 4, &about));
  if (ring < 0) {
    return std::string("not possible: ") + ::strerrorname_np(errno);
  }
  const auto map = [ring](std::size_t size, std::uint64_t offset) {
    return static_cast<std::uint8_t*>(::mmap(nullptr,
                                             size,
                                             PROT_READ | PROT_WRITE,
                                             MAP_SHARED | MAP_POPULATE,
                                             ring,
                                             static_cast<off_t>(offset)));
  };
  auto* queue =
      map(about.sq_off.array + about.sq_entries * sizeof(std::uint32_t), IORING_OFF_SQ_RING);
  auto* entries = map(about.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES);
  const Socket socket(AF_INET, SOCK_DGRAM);
  const auto to = place(here.m4, echo);
  io_uring_sqe wish{};
  wish.opcode = IORING_OP_CONNECT;
  wish.fd = socket.get();
  wish.addr = reinterpret_cast<std::uintptr_t>(to.get());
  wish.off = to.length;
  wish.flags = IOSQE_IO_LINK;
  std::memcpy(entries, &wish, sizeof wish);
  wish = {};
  wish.opcode = IORING_OP_SEND;
  wish.fd = socket.get();
  wish.addr = reinterpret_cast<std::uintptr_t>(here.m4.data());
  wish.len = 4;
  std::memcpy(entries + sizeof wish, &wish, sizeof wish);
  const std::array<std::uint32_t, 2> order = {0, 1};
  const std::uint32_t tail = 2;
  std::memcpy(queue + about.sq_off.array, order.data(), sizeof order);
  std::memcpy(queue + about.sq_off.tail, &tail, sizeof tail);
  const auto told =
      said(::syscall(SYS_io_uring_enter, ring, 2, 2, IORING_ENTER_GETEVENTS, nullptr, 0));
  ::close(ring);
  return told;
}

void add_ways_beside(std::vector<Way>& ways)
{
  const auto add = [&ways](const std::string& name,
                           const std::function<std::string(const Surroundings&)>& go) {
    ways.push_back({name, go});
  };
  add("io-uring", by_ring);
  add("vsock", [](const Surroundings&) {
    // Made, but not used: who is at its other end is no part of any network of ours.
    const Socket socket(AF_VSOCK, SOCK_STREAM);
    return socket.get() < 0 ? ended(socket.error()) : std::string("went: a socket to the host");
  });
  add("unix-abstract",
      [](const Surroundings& w) { return reach_unix("zonder-test-outside", true, w); });
  add("unix-path",
      [](const Surroundings& w) { return reach_unix("/mnt/scratch/outside", false, w); });
  add("machines-loopback/4",
      [](const Surroundings& w) { return reach_service("127.0.0.1", 7099, w); });
  add("machines-loopback/6", [](const Surroundings& w) { return reach_service("::1", 7099, w); });
  add("machines-own-address",
      [](const Surroundings& w) { return reach_service("192.168.50.2", 7098, w); });
  add("inherited-descriptor", inherited);
  add("steal-a-socket", steal_socket);
  add("trace-a-process", trace);
  add("write-a-process", write_memory);
  add("open-a-process", open_memory);
  add("join-a-namespace", join_namespace);
  add("join-by-pidfd", join_by_pidfd);
  add("tun-device", [](const Surroundings&) { return said(make_tun("esc0")); });
  add("own-network", own_network_alone);
  add("own-network-with-tun", own_network_with_tun);
  add("own-network-with-link-out", own_network_with_link_out);
  add("raw-with-own-rights", raw_with_own_rights);
  add("change-routes-and-addresses", change_network);
  add("nft-flush", [](const Surroundings&) { return by_program("nft flush ruleset"); });
  add("nft-own-table", [](const Surroundings&) { return by_program("nft add table inet escape"); });
  add("cores-of-the-machine",
      [](const Surroundings&) { return may_write("/proc/sys/kernel/core_pattern"); });
}

std::vector<Way> all_ways()
{
  std::vector<Way> ways;
  add_plain_ways(ways);
  add_socket_options(ways);
  add_spellings(ways);
  add_neighbours(ways);
  add_names(ways);
  add_tunnels(ways);
  add_ways_beside(ways);
  add_raw_ways(ways);
  add_frames(ways);
  return ways;
}

// ---- where we are ----

void find_own_addresses(Surroundings& here)
{
  ifaddrs* list = nullptr;
  (void)::getifaddrs(&list);
  for (const auto* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) {
      continue;
    }
    here.link = each->ifa_name;
    here.index = static_cast<int>(::if_nametoindex(each->ifa_name));
    if (each->ifa_addr->sa_family == AF_INET) {
      sockaddr_in v4{};
      std::memcpy(&v4, each->ifa_addr, sizeof v4);
      here.own4.resize(4);
      std::memcpy(here.own4.data(), &v4.sin_addr, 4);
    } else if (each->ifa_addr->sa_family == AF_INET6) {
      sockaddr_in6 v6{};
      std::memcpy(&v6, each->ifa_addr, sizeof v6);
      if (v6.sin6_addr.s6_addr[0] != 0xfe) {
        here.own6.resize(16);
        std::memcpy(here.own6.data(), &v6.sin6_addr, 16);
      }
    }
  }
  ::freeifaddrs(list);
}

void find_gateway(Surroundings& here)
{
  std::ifstream routes("/proc/net/route");
  std::string link;
  std::string destination;
  std::string gateway;
  for (std::string line; std::getline(routes, line);) {
    std::array<char, 32> name{};
    unsigned to = 1;
    unsigned via = 0;
    if (std::sscanf(line.c_str(), "%31s %x %x", name.data(), &to, &via) == 3 && to == 0) {
      here.gateway4.resize(4);
      std::memcpy(here.gateway4.data(), &via, 4);
    }
  }
}

void find_hardware(Surroundings& here)
{
  (void)udp(here.gateway4, 9, text("x"));  // so that it is asked for
  ::usleep(50000);
  const Socket socket(AF_INET, SOCK_DGRAM);
  arpreq neighbour{};
  const auto where = place(here.gateway4, 0);
  std::memcpy(&neighbour.arp_pa, &where.storage, sizeof neighbour.arp_pa);
  here.link.copy(neighbour.arp_dev, sizeof neighbour.arp_dev - 1);
  (void)::ioctl(socket.get(), SIOCGARP, &neighbour);
  here.gateway_mac.resize(6);
  std::memcpy(here.gateway_mac.data(), neighbour.arp_ha.sa_data, 6);
  ifreq own{};
  here.link.copy(own.ifr_name, IFNAMSIZ - 1);
  (void)::ioctl(socket.get(), SIOCGIFHWADDR, &own);
  here.own_mac.resize(6);
  std::memcpy(here.own_mac.data(), own.ifr_hwaddr.sa_data, 6);
}

// ---- outside ----

int listen_at(const Place& where)
{
  const int socket = ::socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const bool open = ::bind(socket, where.get(), where.length) == 0 && ::listen(socket, 8) == 0;
  return open ? socket : -1;
}

Place unix_place(const std::string& path, bool abstract)
{
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(&name.sun_path[abstract ? 1 : 0], path.size());
  Place where;
  std::memcpy(&where.storage, &name, sizeof name);
  where.length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + (abstract ? 1 : 0) + path.size());
  return where;
}

/// Does for everybody who comes what they cannot do themselves: a packet to the absent. A socket to
/// the absent lies open in this process, for who can take it.
[[noreturn]] void help_outside(const Surroundings& here)
{
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  const Socket absent(AF_INET, SOCK_DGRAM);
  const auto target = place(here.m4, echo);
  (void)::connect(absent.get(), target.get(), target.length);
  std::vector<pollfd> doors;
  for (const auto& where : {unix_place("zonder-test-outside", true),
                            unix_place("/mnt/scratch/outside", false),
                            place(address("127.0.0.1"), 7099),
                            place(address("::1"), 7099),
                            place(address("192.168.50.2"), 7098)}) {
    doors.push_back({.fd = listen_at(where), .events = POLLIN, .revents = 0});
    if (doors.back().fd < 0) {
      std::perror("help-outside");
      ::_exit(1);
    }
  }
  std::puts("ready");
  std::fflush(stdout);
  for (;;) {
    ::poll(doors.data(), doors.size(), -1);
    for (const auto& door : doors) {
      if ((door.revents & POLLIN) != 0) {
        const int visitor = ::accept4(door.fd, nullptr, nullptr, SOCK_CLOEXEC);
        (void)::send(absent.get(), here.m4.data(), 4, MSG_NOSIGNAL);
        (void)::send(visitor, "done", 4, MSG_NOSIGNAL);
        ::close(visitor);
      }
    }
  }
}

}  // namespace

int main(int count, char** words)
{
  if (count < 6) {
    return 2;
  }
  Surroundings here;
  here.m4 = address(words[1]);
  here.m6 = address(words[2]);
  here.e4 = address(words[3]);
  here.e6 = address(words[4]);
  const std::string_view first = words[5];
  if (first == "help-outside") {
    help_outside(here);
  }
  const auto ways = all_ways();
  if (first != "list") {
    find_own_addresses(here);
    find_gateway(here);
    find_hardware(here);
  }
  bool tried = false;
  for (const auto& way : ways) {
    const bool chosen = first == "all" || first == "list" ||
                        std::find(words + 5, words + count, way.name) != words + count;
    if (chosen) {
      tried = true;
      std::printf("%s\t%s\n", way.name.c_str(), first == "list" ? "" : way.go(here).c_str());
      std::fflush(stdout);
    }
  }
  return tried ? 0 : 2;
}
