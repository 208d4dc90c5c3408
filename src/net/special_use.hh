// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "net/address.hh"
#include "net/prefix.hh"

// Address space that is nobody's in particular (IANA's special-purpose registries, RFC 6890): every
// network may use it, or none.
namespace zonder::net {

enum class SpecialUse : std::uint8_t {
  Private,        // 10/8, 172.16/12, 192.168/16 (RFC 1918); fc00::/7 (RFC 4193)
  Shared,         // 100.64/10: between providers and their customers (RFC 6598)
  Loopback,       // 127/8, ::1
  LinkLocal,      // 169.254/16, fe80::/10
  Documentation,  // 192.0.2/24 and others of RFC 5737; 2001:db8::/32, 3fff::/20
  Multicast,      // 224/4, ff00::/8
  Reserved        // 0/8, 240/4, ::
};

/// "private", "link-local" ...: stable, for JSON.
std::string_view to_string(SpecialUse use);

/// What the address is set apart for; nothing for one that can be somebody's.
std::optional<SpecialUse> special_use(Address address);

/// What all of the prefix is set apart for.
std::optional<SpecialUse> special_use(const Prefix& prefix);

/// Whether some of the prefix can never be one party's, whoever says so: everything above but
/// documentation, with which examples and laboratories are made.
bool is_in_nobodys_space(const Prefix& prefix);

}  // namespace zonder::net
