// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/prefix.hh"

#include <charconv>

#include "base/translate.hh"

namespace zonder::net {
namespace {

struct Mask {
  std::uint64_t high;
  std::uint64_t low;
};

/// The mask of the host bits: ones where the prefix leaves freedom.
Mask host_bits(Family family, unsigned length)
{
  const unsigned host = width(family) - length;
  if (host >= 128) {
    return {UINT64_MAX, UINT64_MAX};
  }
  if (host > 64) {
    return {(std::uint64_t{1} << (host - 64)) - 1, UINT64_MAX};
  }
  return {0, host == 64 ? UINT64_MAX : (std::uint64_t{1} << host) - 1};
}

Address with_numbers(Family family, std::uint64_t high, std::uint64_t low)
{
  return family == Family::V4 ? Address::v4(static_cast<std::uint32_t>(low))
                              : Address::v6(high, low);
}

}  // namespace

Result<Prefix> Prefix::parse(std::string_view text)
{
  const auto slash = text.find('/');
  const auto address = Address::try_parse(text.substr(0, slash));
  const auto wrong = [&] {
    return fail(Fault::Usage,
                say("{} is not a prefix (write it like 192.0.2.0/24 or 2001:db8::/32)", text));
  };
  if (!address) {
    return wrong();
  }
  unsigned length = width(address->family());
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size() ||
        length > width(address->family())) {
      return wrong();
    }
  }
  const Prefix prefix = containing(*address, length);
  if (prefix.first_ != *address) {
    return fail(Fault::Usage,
                say("prefix has host bits set: {} (did you mean {}?)", text, prefix.to_string()));
  }
  return prefix;
}

Prefix Prefix::containing(Address address, unsigned length)
{
  const Mask host = host_bits(address.family(), length);
  return {with_numbers(address.family(), address.high() & ~host.high, address.low() & ~host.low),
          static_cast<std::uint8_t>(length)};
}

Address Prefix::last() const
{
  const Mask host = host_bits(family(), length_);
  return with_numbers(family(), first_.high() | host.high, first_.low() | host.low);
}

bool Prefix::contains(Address address) const
{
  return address.family() == family() && containing(address, length_).first_ == first_;
}

bool Prefix::contains(const Prefix& other) const
{
  return other.length_ >= length_ && contains(other.first_);
}

std::string Prefix::to_string() const
{
  return first_.to_string() + "/" + std::to_string(length_);
}

std::vector<Prefix> prefixes_of_range(Address first, Address last)
{
  std::vector<Prefix> prefixes;
  for (;;) {
    // The widest prefix that starts here and does not reach past the end.
    unsigned length = width(first.family());
    while (length > 0) {
      const Prefix wider = Prefix::containing(first, length - 1);
      if (wider.first() != first || wider.last() > last) {
        break;
      }
      --length;
    }
    prefixes.push_back(Prefix::containing(first, length));
    const Address end = prefixes.back().last();
    if (end == last) {
      return prefixes;
    }
    first = *end.next();
  }
}

}  // namespace zonder::net
