// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/nflog.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/translate.hh"

namespace zonder::kernel {
namespace {

constexpr int wanted_buffer = 4 << 20;
constexpr std::uint32_t headers_only = 128;  // bytes of each packet that we get
constexpr std::uint32_t messages_at_once = 64;
constexpr std::uint32_t flush_after = 2;  // hundredths of a second

constexpr std::uint16_t log_message(std::uint16_t type)
{
  return static_cast<std::uint16_t>((NFNL_SUBSYS_ULOG << 8U) | type);
}

bool has_ports(std::uint8_t protocol)
{
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
         protocol == IPPROTO_DCCP || protocol == IPPROTO_UDPLITE;
}

std::uint16_t number_at(std::span<const std::uint8_t> bytes, std::size_t place)
{
  return static_cast<std::uint16_t>(bytes[place] << 8U | bytes[place + 1]);
}

void read_ports(LoggedPacket& packet, std::span<const std::uint8_t> transport)
{
  if (has_ports(packet.protocol) && transport.size() >= 4) {
    packet.source_port = number_at(transport, 0);
    packet.destination_port = number_at(transport, 2);
  }
}

std::optional<LoggedPacket> read_v4(std::span<const std::uint8_t> bytes)
{
  constexpr std::size_t smallest = 20;
  if (bytes.size() < smallest) {
    return std::nullopt;
  }
  const std::size_t header = (bytes[0] & 0x0fU) * std::size_t{4};
  LoggedPacket packet = {.prefix = {},
                         .source = net::Address::from_bytes(net::Family::V4, &bytes[12]),
                         .destination = net::Address::from_bytes(net::Family::V4, &bytes[16]),
                         .protocol = bytes[9]};
  const bool first_fragment = (number_at(bytes, 6) & 0x1fffU) == 0;
  if (header >= smallest && header <= bytes.size() && first_fragment) {
    read_ports(packet, bytes.subspan(header));
  }
  return packet;
}

std::optional<LoggedPacket> read_v6(std::span<const std::uint8_t> bytes)
{
  constexpr std::size_t header = 40;
  if (bytes.size() < header) {
    return std::nullopt;
  }
  LoggedPacket packet = {.prefix = {},
                         .source = net::Address::from_bytes(net::Family::V6, &bytes[8]),
                         .destination = net::Address::from_bytes(net::Family::V6, &bytes[24]),
                         .protocol = bytes[6]};
  auto rest = bytes.subspan(header);
  // Hop-by-hop, routing, destination options: length in units of 8 beyond the first 8; fragment: 8.
  while (rest.size() >= 8 &&
         (packet.protocol == IPPROTO_HOPOPTS || packet.protocol == IPPROTO_ROUTING ||
          packet.protocol == IPPROTO_DSTOPTS || packet.protocol == IPPROTO_FRAGMENT)) {
    const bool fragment = packet.protocol == IPPROTO_FRAGMENT;
    const std::size_t length = fragment ? 8 : 8 + std::size_t{rest[1]} * 8;
    packet.protocol = rest[0];
    if (length > rest.size() || (fragment && (number_at(rest, 2) & 0xfff8U) != 0)) {
      return packet;
    }
    rest = rest.subspan(length);
  }
  read_ports(packet, rest);
  return packet;
}

/// Sends one configuration message and waits for the kernel's answer; 0, or an errno.
int configure(int fd, std::uint16_t group, std::uint16_t type, std::span<const std::uint8_t> value)
{
  std::array<char, 256> buffer{};
  auto* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = log_message(NFULNL_MSG_CONFIG);
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  auto* netfilter = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  netfilter->nfgen_family = AF_UNSPEC;
  netfilter->version = NFNETLINK_V0;
  netfilter->res_id = htons(group);
  mnl_attr_put(header, type, value.size(), value.data());
  if (::send(fd, header, header->nlmsg_len, 0) < 0) {
    return errno;
  }
  std::array<char, 8192> answer{};
  pollfd ready = {.fd = fd, .events = POLLIN, .revents = 0};
  if (::poll(&ready, 1, 5000) <= 0) {
    return ETIMEDOUT;
  }
  const auto got = ::recv(fd, answer.data(), answer.size(), 0);
  const auto* message = reinterpret_cast<const nlmsghdr*>(answer.data());
  if (got < static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof(nlmsgerr)) ||
      message->nlmsg_type != NLMSG_ERROR) {
    return EPROTO;
  }
  return -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error;
}

template <typename Value>
std::span<const std::uint8_t> bytes_of(const Value& value)
{
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

struct Parts {
  std::string prefix;
  std::span<const std::uint8_t> payload;
};

int collect_part(const nlattr* attribute, void* out)
{
  auto& parts = *static_cast<Parts*>(out);
  if (mnl_attr_get_type(attribute) == NFULA_PAYLOAD) {
    parts.payload = {static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute)),
                     mnl_attr_get_payload_len(attribute)};
  } else if (mnl_attr_get_type(attribute) == NFULA_PREFIX &&
             mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0) {
    parts.prefix = mnl_attr_get_str(attribute);
  }
  return MNL_CB_OK;
}

}  // namespace

std::optional<LoggedPacket> read_packet(std::span<const std::uint8_t> bytes)
{
  if (bytes.empty()) {
    return std::nullopt;
  }
  switch (bytes[0] >> 4U) {
  case 4:
    return read_v4(bytes);
  case 6:
    return read_v6(bytes);
  default:
    return std::nullopt;
  }
}

Result<PacketLog> PacketLog::over(Descriptor socket, std::uint16_t group)
{
  const int fd = socket.get();
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted_buffer, sizeof wanted_buffer) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted_buffer, sizeof wanted_buffer);
  }
  const nfulnl_msg_config_cmd bind_group = {.command = NFULNL_CFG_CMD_BIND};
  const nfulnl_msg_config_mode mode = {
      .copy_range = htonl(headers_only), .copy_mode = NFULNL_COPY_PACKET, ._pad = 0};
  const std::uint32_t threshold = htonl(messages_at_once);
  const std::uint32_t timeout = htonl(flush_after);
  int error = configure(fd, group, NFULA_CFG_CMD, bytes_of(bind_group));
  error = error != 0 ? error : configure(fd, group, NFULA_CFG_MODE, bytes_of(mode));
  error = error != 0 ? error : configure(fd, group, NFULA_CFG_QTHRESH, bytes_of(threshold));
  error = error != 0 ? error : configure(fd, group, NFULA_CFG_TIMEOUT, bytes_of(timeout));
  if (error != 0) {
    return fail(Fault::NotPossible,
                say("the kernel cannot log packets for us (CONFIG_NETFILTER_NETLINK_LOG): {}",
                    std::strerror(error)));
  }
  return PacketLog(std::move(socket));
}

void PacketLog::read(const std::function<void(const LoggedPacket&)>& each)
{
  std::vector<char> buffer(std::size_t{128} << 10U);
  // Bounded, so that a flood cannot keep us here; what is left comes with the next call.
  for (int round = 0; round < 1000; ++round) {
    const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == ENOBUFS) {
      ++overruns_;
      continue;
    }
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return;
    }
    int left = static_cast<int>(got);
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
         mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      if (message->nlmsg_type != log_message(NFULNL_MSG_PACKET)) {
        continue;
      }
      Parts parts;
      mnl_attr_parse(message, sizeof(nfgenmsg), collect_part, &parts);
      if (auto packet = read_packet(parts.payload)) {
        packet->prefix = parts.prefix;
        each(*packet);
      } else {
        ++unreadable_;
      }
    }
  }
}

}  // namespace zonder::kernel
