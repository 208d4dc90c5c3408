// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/socket_table.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
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

std::uint64_t cookie_in(const std::uint32_t (&words)[2])
{
  return std::uint64_t{words[1]} << 32U | words[0];
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

using Row = std::function<void(const nlmsghdr*)>;

/// One message. Nothing: there are more; else whether all came.
std::optional<bool> take(const nlmsghdr* message, const Row& row)
{
  if (message->nlmsg_type == NLMSG_DONE) {
    int error = 0;
    if (mnl_nlmsg_get_payload_len(message) >= sizeof error) {
      std::memcpy(&error, mnl_nlmsg_get_payload(message), sizeof error);
    }
    return error == 0;
  }
  if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
    return false;
  }
  row(message);
  return std::nullopt;
}

/// All that is answered to a request. False: not all of it came.
bool each_row(const Descriptor& socket, const Row& row)
{
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
      if (const auto all = take(message, row)) {
        return *all;
      }
    }
  }
}

Descriptor open_table()
{
  return Descriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
}

bool list(int family, int protocol, std::uint16_t port, std::vector<SocketRow>& into)
{
  const auto socket = open_table();
  return socket && ask(socket, family, protocol, port) &&
         each_row(socket, [&](const nlmsghdr* message) {
           if (mnl_nlmsg_get_payload_len(message) < sizeof(inet_diag_msg)) {
             return;
           }
           const auto& row = *static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(message));
           if (ntohs(row.id.idiag_sport) == port) {
             into.push_back({.address = address_in(row),
                             .cookie = cookie_in(row.id.idiag_cookie),
                             .is_mptcp = protocol == mptcp});
           }
         });
}

bool ask_of_unix(const Descriptor& socket)
{
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  auto* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto* request =
      static_cast<unix_diag_req*>(mnl_nlmsg_put_extra_header(header, sizeof(unix_diag_req)));
  request->sdiag_family = AF_UNIX;
  request->udiag_states = in_any_state;
  request->udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS;
  return ::send(socket.get(), header, header->nlmsg_len, 0) >= 0;
}

struct NamedRow {
  const UnixName* wanted;
  bool is_it = false;
};

int compare_name(const nlattr* attribute, void* given)
{
  auto& row = *static_cast<NamedRow*>(given);
  const auto type = mnl_attr_get_type(attribute);
  const auto* bytes = static_cast<const char*>(mnl_attr_get_payload(attribute));
  const std::size_t size = mnl_attr_get_payload_len(attribute);
  if (type == UNIX_DIAG_VFS && row.wanted->inode != 0 && size >= sizeof(unix_diag_vfs)) {
    unix_diag_vfs file{};
    std::memcpy(&file, bytes, sizeof file);
    // As the kernel itself writes a device; of the inode it tells 32 bits.
    constexpr unsigned minor_bits = 20;
    row.is_it = file.udiag_vfs_ino == static_cast<std::uint32_t>(row.wanted->inode) &&
                file.udiag_vfs_dev >> minor_bits == row.wanted->device_major &&
                (file.udiag_vfs_dev & ((1U << minor_bits) - 1)) == row.wanted->device_minor;
  } else if (type == UNIX_DIAG_NAME && row.wanted->inode == 0 && size > 0 && *bytes == 0) {
    row.is_it = std::string_view(bytes + 1, size - 1) == row.wanted->abstract;
  }
  return row.is_it ? MNL_CB_STOP : MNL_CB_OK;
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

Descriptor open_unix_table()
{
  return open_table();
}

std::optional<std::vector<std::uint64_t>> unix_sockets_at(const Descriptor& table,
                                                          const UnixName& name)
{
  std::vector<std::uint64_t> cookies;
  const bool all = table && ask_of_unix(table) && each_row(table, [&](const nlmsghdr* message) {
                     if (mnl_nlmsg_get_payload_len(message) < sizeof(unix_diag_msg)) {
                       return;
                     }
                     NamedRow row = {.wanted = &name};
                     mnl_attr_parse(message, sizeof(unix_diag_msg), compare_name, &row);
                     if (row.is_it) {
                       const auto& about =
                           *static_cast<const unix_diag_msg*>(mnl_nlmsg_get_payload(message));
                       cookies.push_back(cookie_in(about.udiag_cookie));
                     }
                   });
  return all ? std::optional(std::move(cookies)) : std::nullopt;
}

}  // namespace zonder::kernel
