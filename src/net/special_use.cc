// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/special_use.hh"

#include <algorithm>
#include <vector>

namespace zonder::net {
namespace {

struct Block {
  Prefix prefix;
  SpecialUse use;
};

Prefix v4(std::uint32_t first, unsigned length)
{
  return Prefix::containing(Address::v4(first), length);
}

Prefix v6(std::uint64_t high, std::uint64_t low, unsigned length)
{
  return Prefix::containing(Address::v6(high, low), length);
}

const std::vector<Block>& blocks()
{
  using enum SpecialUse;
  static const std::vector<Block> all = {
      {v4(0x0a000000, 8), Private},
      {v4(0xac100000, 12), Private},
      {v4(0xc0a80000, 16), Private},
      {v6(0xfc00000000000000, 0, 7), Private},
      {v4(0x64400000, 10), Shared},
      {v4(0x7f000000, 8), Loopback},
      {v6(0, 1, 128), Loopback},
      {v4(0xa9fe0000, 16), LinkLocal},
      {v6(0xfe80000000000000, 0, 10), LinkLocal},
      {v4(0xc0000200, 24), Documentation},
      {v4(0xc6336400, 24), Documentation},
      {v4(0xcb007100, 24), Documentation},
      {v6(0x20010db800000000, 0, 32), Documentation},
      {v6(0x3fff000000000000, 0, 20), Documentation},
      {v4(0xe0000000, 4), Multicast},
      {v6(0xff00000000000000, 0, 8), Multicast},
      {v4(0x00000000, 8), Reserved},
      {v4(0xf0000000, 4), Reserved},
      {v6(0, 0, 128), Reserved},
  };
  return all;
}

}  // namespace

std::string_view to_string(SpecialUse use)
{
  switch (use) {
  case SpecialUse::Private:
    return "private";
  case SpecialUse::Shared:
    return "shared";
  case SpecialUse::Loopback:
    return "loopback";
  case SpecialUse::LinkLocal:
    return "link-local";
  case SpecialUse::Documentation:
    return "documentation";
  case SpecialUse::Multicast:
    return "multicast";
  case SpecialUse::Reserved:
    return "reserved";
  }
  return "";
}

std::optional<SpecialUse> special_use(const Prefix& prefix)
{
  for (const auto& block : blocks()) {
    if (block.prefix.contains(prefix)) {
      return block.use;
    }
  }
  return std::nullopt;
}

std::optional<SpecialUse> special_use(Address address)
{
  return special_use(Prefix::containing(address, width(address.family())));
}

bool is_in_nobodys_space(const Prefix& prefix)
{
  return std::any_of(blocks().begin(), blocks().end(), [&prefix](const Block& block) {
    return block.use != SpecialUse::Documentation &&
           (block.prefix.contains(prefix) || prefix.contains(block.prefix));
  });
}

}  // namespace zonder::net
