// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "model/made_up.hh"

namespace zonder::model {

net::Prefix made_up_v4()
{
  static const auto prefix = *net::Prefix::parse("198.18.0.0/15");
  return prefix;
}

net::Prefix made_up_v6()
{
  static const auto prefix = *net::Prefix::parse("fd00:7a6f:6e64:6572::/64");
  return prefix;
}

bool is_made_up(const net::Address& address)
{
  return made_up_v4().contains(address) || made_up_v6().contains(address);
}

}  // namespace zonder::model
