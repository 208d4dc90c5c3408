// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/socket_table.hh"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace zonder::kernel {
namespace {

constexpr int mptcp = 262;
constexpr int patience_ms = 2000;
constexpr std::uint32_t in_any_state = 0xffffffff;

net::Address address_in(const inet_diag_msg& row)
{
  if (row.idiag_family == AF_INET) {
    return net::Address::v4(ntohl(row.id.idiag_src[0]));
  }
  const auto word = [&row](std::size_t place) {
    return std::uint64_t{ntohl(row.id.idiag_src[place])};
  };
  const auto high = word(0) << 32U | word(1);
  const auto low = word(2) << 32U | word(3);
  const bool mapped = high == 0 && low >> 32U == 0xffff;
  return mapped ? net::Address::v4(static_cast<std::uint32_t>(low)) : net::Address::v6(high, low);
}

std::uint64_t cookie_in(const inet_diag_msg& row)
{
  return std::uint64_t{row.id.idiag_cookie[1]} << 32U | row.id.idiag_cookie[0];
}

bool ask(const Descriptor& socket, int family, int protocol, std::uint16_t port)
{
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  auto* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto* request =
      static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req_v2)));
  request->sdiag_family = static_cast<std::uint8_t>(family);
  request->sdiag_protocol = static_cast<std::uint8_t>(protocol);  // of MPTCP, what fits in
  request->idiag_states = protocol == IPPROTO_UDP ? in_any_state : 1U << unsigned{TCP_LISTEN};
  request->id.idiag_sport = htons(port);
  if (protocol == mptcp) {
    mnl_attr_put_u32(header, INET_DIAG_REQ_PROTOCOL, mptcp);
  }
  return ::send(socket.get(), header, header->nlmsg_len, 0) >= 0;
}

/// One message. Nothing: there are more; else whether all came.
std::optional<bool>
take(const nlmsghdr* message, bool is_mptcp, std::uint16_t port, std::vector<SocketRow>& into)
{
  const auto size = mnl_nlmsg_get_payload_len(message);
  const void* payload = mnl_nlmsg_get_payload(message);
  if (message->nlmsg_type == NLMSG_DONE) {
    int error = 0;
    if (size >= sizeof error) {
      std::memcpy(&error, payload, sizeof error);
    }
    return error == 0;
  }
  if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY || size < sizeof(inet_diag_msg)) {
    return false;
  }
  const auto& row = *static_cast<const inet_diag_msg*>(payload);
  if (ntohs(row.id.idiag_sport) == port) {
    into.push_back({.address = address_in(row), .cookie = cookie_in(row), .is_mptcp = is_mptcp});
  }
  return std::nullopt;
}

bool list(int family, int protocol, std::uint16_t port, std::vector<SocketRow>& into)
{
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!socket || !ask(socket, family, protocol, port)) {
    return false;
  }
  alignas(nlmsghdr) std::array<char, 32768> answer{};
  for (;;) {
    pollfd ready = {.fd = socket.get(), .events = POLLIN, .revents = 0};
    const int count = ::poll(&ready, 1, patience_ms);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    const auto got = count > 0 ? ::recv(socket.get(), answer.data(), answer.size(), 0) : -1;
    if (got <= 0) {
      return false;
    }
    int left = static_cast<int>(got);
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(answer.data());
         mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      if (const auto all = take(message, protocol == mptcp, port, into)) {
        return *all;
      }
    }
  }
}

}  // namespace

std::uint64_t cookie_of(const Descriptor& socket)
{
  std::uint64_t cookie = 0;
  socklen_t length = sizeof cookie;
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0 ? cookie : 0;
}

std::optional<std::vector<SocketRow>> sockets_at(std::uint8_t protocol, std::uint16_t port)
{
  std::vector<SocketRow> all;
  for (const int family : {AF_INET, AF_INET6}) {
    if (!list(family, protocol, port, all)) {
      return std::nullopt;
    }
  }
  if (protocol == IPPROTO_TCP && !all.empty()) {
    for (const int family : {AF_INET, AF_INET6}) {
      // A kernel without MPTCP has no such list, and nobody who would be in it.
      auto more = all;
      if (list(family, mptcp, port, more)) {
        all = std::move(more);
      }
    }
  }
  return all;
}

}  // namespace zonder::kernel
