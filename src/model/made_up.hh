// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "net/address.hh"
#include "net/prefix.hh"

// Addresses that zonder makes up: each stands for one absent name in one run.
namespace zonder::model {

net::Prefix made_up_v4();  // 198.18.0.0/15 (RFC 2544: never on the internet)
net::Prefix made_up_v6();  // fd00:7a6f:6e64:6572::/64

/// Whether it is in one of these.
bool is_made_up(const net::Address& address);

}  // namespace zonder::model
