// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/tries.hh"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace zonder::isolate {
namespace {

constexpr std::size_t most_path_bytes = std::size_t{32} << 20U;

std::uint64_t big_endian(std::span<const std::uint8_t> bytes)
{
  std::uint64_t value = 0;
  for (const auto byte : bytes) {
    value = value << 8U | byte;
  }
  return value;
}

NamedPlace internet_place_v4(std::span<const std::uint8_t> bytes)
{
  if (bytes.size() < 8) {
    return {};
  }
  return InternetPlace{
      .address = net::Address::v4(static_cast<std::uint32_t>(big_endian(bytes.subspan(4, 4)))),
      .port = static_cast<std::uint16_t>(big_endian(bytes.subspan(2, 2)))};
}

NamedPlace internet_place_v6(std::span<const std::uint8_t> bytes)
{
  if (bytes.size() < 24) {
    return {};
  }
  const auto port = static_cast<std::uint16_t>(big_endian(bytes.subspan(2, 2)));
  const auto high = big_endian(bytes.subspan(8, 8));
  const auto low = big_endian(bytes.subspan(16, 8));
  // ::ffff:192.0.2.1 goes out as IPv4.
  const bool mapped = high == 0 && low >> 32U == 0xffff;
  return InternetPlace{.address = mapped ? net::Address::v4(static_cast<std::uint32_t>(low))
                                         : net::Address::v6(high, low),
                       .port = port};
}

NamedPlace unix_place(std::span<const std::uint8_t> bytes)
{
  const auto path = bytes.subspan(offsetof(sockaddr_un, sun_path));
  if (path.empty() || path.front() == 0) {
    return {};
  }
  const auto end = std::find(path.begin(), path.end(), std::uint8_t{0});
  return std::string(path.begin(), end);
}

}  // namespace

std::string protocol_name(std::uint8_t number)
{
  switch (number) {
  case IPPROTO_TCP:
    return "tcp";
  case IPPROTO_UDP:
    return "udp";
  case IPPROTO_ICMP:
  case IPPROTO_ICMPV6:
    return "icmp";
  default:
    return std::to_string(number);
  }
}

NamedPlace place_named_by(std::span<const std::uint8_t> sockaddr)
{
  sa_family_t family = AF_UNSPEC;
  if (sockaddr.size() < sizeof family) {
    return {};
  }
  std::memcpy(&family, sockaddr.data(), sizeof family);
  switch (family) {
  case AF_INET:
    return internet_place_v4(sockaddr);
  case AF_INET6:
    return internet_place_v6(sockaddr);
  case AF_UNIX:
    return unix_place(sockaddr);
  default:
    return {};
  }
}

Tries::Span* Tries::note(Shares& shares, std::size_t program, model::Moment now)
{
  auto share = shares.find(program);
  if (share == shares.end()) {
    if (rows_ >= capacity_) {
      ++not_kept_;
      return nullptr;
    }
    ++rows_;
    share = shares.emplace(program, Span{.first = now, .last = now}).first;
  }
  ++share->second.tries;
  share->second.last = now;
  return &share->second;
}

namespace {

/// Where a new row goes; nothing when it is full and this one would be new.
template <typename Map, typename Key>
auto* row_for(Map& map, const Key& key, bool full)
{
  const auto found = map.find(key);
  if (found != map.end()) {
    return &found->second;
  }
  return full ? nullptr : &map[key];
}

template <typename Shares>
std::vector<model::Share> as_list(const Shares& shares)
{
  std::vector<model::Share> list;
  for (const auto& [program, span] : shares) {
    list.push_back(
        {.program = program, .tries = span.tries, .first = span.first, .last = span.last});
  }
  std::sort(list.begin(), list.end(), [](const model::Share& a, const model::Share& b) {
    return std::tie(a.first, a.program) < std::tie(b.first, b.program);
  });
  return list;
}

}  // namespace

void Tries::reached_for(const Destination& destination,
                        std::size_t program,
                        model::Moment now,
                        bool sends)
{
  auto* shares = row_for(destinations_, destination, rows_ >= capacity_);
  if (shares == nullptr) {
    ++not_kept_;
  } else if (auto* span = note(*shares, program, now)) {
    span->sent = span->sent || sends;
  }
}

void Tries::connected(const UnixPlace& socket, std::size_t program, model::Moment now)
{
  const std::pair key(socket.path, socket.kind != UnixPlace::Kind::Unknown);
  const bool is_new = sockets_.count(key) == 0;
  const bool full = rows_ >= capacity_ || path_bytes_ + socket.path.size() > most_path_bytes;
  if (auto* shares = row_for(sockets_, key, full)) {
    path_bytes_ += is_new ? socket.path.size() : 0;
    (void)note(*shares, program, now);
  } else {
    ++not_kept_;
  }
}

std::vector<model::Share> Tries::at(const Destination& destination) const
{
  const auto found = destinations_.find(destination);
  return found == destinations_.end() ? std::vector<model::Share>() : as_list(found->second);
}

std::vector<std::pair<Destination, std::vector<model::Share>>> Tries::sent_to() const
{
  std::vector<std::pair<Destination, std::vector<model::Share>>> all;
  for (const auto& [destination, shares] : destinations_) {
    const bool sent = std::any_of(
        shares.begin(), shares.end(), [](const auto& share) { return share.second.sent; });
    if (sent) {
      all.emplace_back(destination, as_list(shares));
    }
  }
  return all;
}

std::vector<UsedSocket> Tries::outside() const
{
  std::vector<UsedSocket> all;
  for (const auto& [socket, shares] : sockets_) {
    all.push_back({.path = socket.first, .is_known = socket.second, .programs = as_list(shares)});
  }
  return all;
}

}  // namespace zonder::isolate
