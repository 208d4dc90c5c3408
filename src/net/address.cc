// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/address.hh"

#include <cstring>

#include <arpa/inet.h>

#include "base/translate.hh"

namespace zonder::net {
namespace {

std::uint64_t read_big_endian(const std::uint8_t* bytes, std::size_t count)
{
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    number = number << 8U | bytes[i];
  }
  return number;
}

}  // namespace

std::optional<Address> Address::try_parse(std::string_view text)
{
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.empty() || text.size() >= terminated.size() ||
      text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::memcpy(terminated.data(), text.data(), text.size());
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET, terminated.data(), bytes.data()) == 1) {
    return from_bytes(Family::V4, bytes.data());
  }
  if (::inet_pton(AF_INET6, terminated.data(), bytes.data()) == 1) {
    return from_bytes(Family::V6, bytes.data());
  }
  return std::nullopt;
}

Result<Address> Address::parse(std::string_view text)
{
  if (const auto address = try_parse(text)) {
    return *address;
  }
  return fail(Fault::Usage,
              say("{} is not an IP address (write it like 192.0.2.1 or 2001:db8::1)", text));
}

Address Address::from_bytes(Family family, const std::uint8_t* network_order)
{
  if (family == Family::V4) {
    return {Family::V4, 0, read_big_endian(network_order, 4)};
  }
  const auto high = read_big_endian(network_order, 8);
  const auto low = read_big_endian(network_order + 8, 8);
  if (high == 0 && low >> 32U == 0xffff) {
    return {Family::V4, 0, low & 0xffffffff};
  }
  return {Family::V6, high, low};
}

std::array<std::uint8_t, 16> Address::bytes() const
{
  std::array<std::uint8_t, 16> bytes{};
  if (is_v4()) {
    for (unsigned i = 0; i < 4; ++i) {
      bytes.at(i) = static_cast<std::uint8_t>(low_ >> (24 - 8 * i));
    }
    return bytes;
  }
  for (unsigned i = 0; i < 8; ++i) {
    bytes.at(i) = static_cast<std::uint8_t>(high_ >> (56 - 8 * i));
    bytes.at(i + 8) = static_cast<std::uint8_t>(low_ >> (56 - 8 * i));
  }
  return bytes;
}

std::string Address::to_string() const
{
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto raw = bytes();
  ::inet_ntop(is_v4() ? AF_INET : AF_INET6, raw.data(), text.data(), text.size());
  return text.data();
}

std::optional<Address> Address::next() const
{
  if (is_v4()) {
    return low_ == 0xffffffff ? std::nullopt : std::optional(Address(Family::V4, 0, low_ + 1));
  }
  if (low_ == UINT64_MAX && high_ == UINT64_MAX) {
    return std::nullopt;
  }
  return Address(Family::V6, low_ == UINT64_MAX ? high_ + 1 : high_, low_ + 1);
}

std::optional<Address> Address::previous() const
{
  if (low_ == 0 && high_ == 0) {
    return std::nullopt;
  }
  return Address(family_, low_ == 0 ? high_ - 1 : high_, low_ - 1);
}

std::optional<Address> meant_behind_nat64(Address address)
{
  constexpr std::uint64_t well_known = 0x0064ff9b00000000;
  if (address.is_v4() || address.high() != well_known || address.low() >> 32U != 0) {
    return std::nullopt;
  }
  return Address::v4(static_cast<std::uint32_t>(address.low()));
}

}  // namespace zonder::net
