// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "catalog/snapshot_content.hh"

namespace zonder::catalog {

/// Whose a piece of address or name space is, and by which claim. Plain numbers, since it is stored
/// in the snapshot as it is.
struct Attribution {
  std::uint32_t party = 0;     // index in Facts::parties
  std::uint32_t service = 0;   // 1 + index in Party::services; 0: none in particular
  std::uint32_t operated = 0;  // 1 + index in Facts::parties of who runs it; 0: the party itself
  std::uint32_t source = 0;    // own fact, origin: 1 + index in Party::sources, 0: unverified;
                               // published, weak: index in SnapshotContent::lists
  Space space = Space::Unknown;
  Standing standing = Standing::OwnFact;
  Confidence confidence = Confidence::Unverified;
  std::uint8_t reserved = 0;
  auto operator<=>(const Attribution&) const = default;
};

/// A range in which every address has the same attribution.
struct AttributedRange {
  net::Range range;
  std::uint32_t attribution;  // index in Attributed::kinds
  std::uint8_t length;        // of the prefix that decided; 0: an AS range did
};

struct AttributedName {
  net::DomainName suffix;
  std::uint32_t attribution;
};

struct Attributed {
  std::vector<Attribution> kinds;       // each once
  std::vector<AttributedRange> ranges;  // sorted, disjoint, IPv4 first
  std::vector<AttributedName> names;    // sorted by suffix, each once
};

/// What the party's own fact about an AS says of whoever has it.
Attribution attribution_of(const Facts& facts, std::size_t party, const AsnFact& fact);

/// Gives every address and name to one party or to nobody. Each claim names a party: our own
/// prefix facts, vendors' published lists, the origin of a catalogued AS, lists of names that
/// others keep. Which claim wins, and why: docs/adr/0006-whose-address.md.
Attributed attribute(const SnapshotContent& content);

}  // namespace zonder::catalog
