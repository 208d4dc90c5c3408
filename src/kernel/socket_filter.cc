// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/socket_filter.hh"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace zonder::kernel {
namespace {

constexpr std::uint32_t mptcp = 262;
constexpr std::uint32_t type_bits = 0xf;  // the others are SOCK_CLOEXEC and SOCK_NONBLOCK
constexpr std::array<std::uint32_t, 2> without_address_check = {AF_UNIX, AF_NETLINK};
constexpr std::array<std::uint32_t, 3> stream_protocols = {0, IPPROTO_TCP, mptcp};
constexpr std::array<std::uint32_t, 4> datagram_protocols = {
    0, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6};

/// Source routes: IP_OPTIONS; IPV6_RTHDR, IPV6_2292RTHDR, IPV6_2292PKTOPTIONS, and
/// IPV6_FLOWLABEL_MGR, whose labels can carry one (linux/in6.h).
constexpr std::uint32_t v4_options = 4;
constexpr std::array<std::uint32_t, 4> v6_options = {57, 5, 6, 32};

struct Numbers {
  std::uint32_t architecture;
  std::uint32_t socket;
  std::uint32_t set_option;
};
#if defined(__x86_64__)
constexpr std::uint32_t x32 = 0x40000000;
constexpr std::array all_numbers = {Numbers{AUDIT_ARCH_X86_64, 41, 54},
                                    Numbers{AUDIT_ARCH_X86_64, x32 + 41, x32 + 541},
                                    Numbers{AUDIT_ARCH_I386, 359, 366}};
#elif defined(__aarch64__)
constexpr std::array all_numbers = {Numbers{AUDIT_ARCH_AARCH64, 198, 208},
                                    Numbers{AUDIT_ARCH_ARM, 281, 294}};
#endif

/// A filter is written from top to bottom: each step either ends or goes on to the next.
class Steps {
public:
  void load(std::size_t offset)
  {
    add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  }
  void load_argument(unsigned number)
  {
    // Registers have 64 bits, of which the kernel takes an int: the lower half (little-endian).
    load(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t));
  }
  void keep_bits(std::uint32_t bits) { add(BPF_ALU | BPF_AND | BPF_K, bits); }
  void give(std::uint32_t action) { add(BPF_RET | BPF_K, action); }
  void allow() { give(SECCOMP_RET_ALLOW); }
  void refuse(int error) { give(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error)); }
  void allow_if_one_of(std::span<const std::uint32_t> values)
  {
    for (const auto value : values) {
      if_equal(value, [this] { allow(); });
    }
  }
  /// `then` must end.
  template <typename Then>
  void if_equal(std::uint32_t value, Then then)
  {
    const auto place = steps_.size();
    add(BPF_JMP | BPF_JEQ | BPF_K, value);
    then();
    steps_[place].jf = static_cast<std::uint8_t>(steps_.size() - place - 1);
  }
  std::vector<sock_filter> take() { return std::move(steps_); }

private:
  void add(int code, std::uint32_t value)
  {
    steps_.push_back({.code = static_cast<std::uint16_t>(code), .jt = 0, .jf = 0, .k = value});
  }
  std::vector<sock_filter> steps_;
};

void add_socket(Steps& steps)
{
  steps.load_argument(0);
  steps.allow_if_one_of(without_address_check);
  const auto by_type = [&steps] {
    steps.load_argument(1);
    steps.keep_bits(type_bits);
    steps.if_equal(SOCK_STREAM, [&steps] {
      steps.load_argument(2);
      steps.allow_if_one_of(stream_protocols);
      steps.refuse(EPROTONOSUPPORT);
    });
    steps.if_equal(SOCK_DGRAM, [&steps] {
      steps.load_argument(2);
      steps.allow_if_one_of(datagram_protocols);
      steps.refuse(EPROTONOSUPPORT);
    });
    steps.refuse(EPERM);
  };
  steps.if_equal(AF_INET, by_type);
  steps.if_equal(AF_INET6, by_type);
  steps.refuse(EAFNOSUPPORT);
}

void add_set_option(Steps& steps)
{
  steps.load_argument(1);
  steps.if_equal(IPPROTO_IP, [&steps] {
    steps.load_argument(2);
    steps.if_equal(v4_options, [&steps] { steps.refuse(EPERM); });
    steps.allow();
  });
  steps.if_equal(IPPROTO_IPV6, [&steps] {
    steps.load_argument(2);
    for (const auto option : v6_options) {
      steps.if_equal(option, [&steps] { steps.refuse(EPERM); });
    }
    steps.allow();
  });
  steps.allow();
}

bool is_among(std::span<const std::uint32_t> values, int value)
{
  for (const auto each : values) {
    if (each == static_cast<std::uint32_t>(value)) {
      return true;
    }
  }
  return false;
}

}  // namespace

int may_make_socket(int family, int type, int protocol)
{
  if (is_among(without_address_check, family)) {
    return 0;
  }
  if (family != AF_INET && family != AF_INET6) {
    return EAFNOSUPPORT;
  }
  switch (static_cast<std::uint32_t>(type) & type_bits) {
  case SOCK_STREAM:
    return is_among(stream_protocols, protocol) ? 0 : EPROTONOSUPPORT;
  case SOCK_DGRAM:
    return is_among(datagram_protocols, protocol) ? 0 : EPROTONOSUPPORT;
  default:
    return EPERM;
  }
}

std::vector<sock_filter> make_socket_filter()
{
  Steps steps;
  for (const auto& numbers : all_numbers) {
    steps.load(offsetof(seccomp_data, arch));
    steps.if_equal(numbers.architecture, [&] {
      steps.load(offsetof(seccomp_data, nr));
      steps.if_equal(numbers.socket, [&] { add_socket(steps); });
      steps.if_equal(numbers.set_option, [&] { add_set_option(steps); });
#if defined(__x86_64__)
      // x32 is x86-64's other numbers.
      if (numbers.socket == all_numbers[0].socket) {
        steps.if_equal(all_numbers[1].socket, [&] { add_socket(steps); });
        steps.if_equal(all_numbers[1].set_option, [&] { add_set_option(steps); });
      }
#endif
      steps.allow();
    });
  }
  steps.allow();
  return steps.take();
}

bool refuse_other_sockets(const std::vector<sock_filter>& filter)
{
  const sock_fprog program = {.len = static_cast<unsigned short>(filter.size()),
                              .filter = const_cast<sock_filter*>(filter.data())};  // only read
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace zonder::kernel
