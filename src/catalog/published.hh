// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/facts.hh"
#include "net/domain_name.hh"
#include "net/prefix.hh"

namespace zonder::catalog {

/// How much a list is worth as a claim.
enum class Standing : std::uint8_t {
  OwnFact,    // data/parties: looked up by us
  Published,  // the vendor's own publication, or a copy of it
  Origin,     // the AS that originates the address
  Weak        // somebody else's collection of names: third-party-web, v2fly
};

struct PublishedPrefix {
  net::Prefix prefix;
  Space space = Space::Unknown;
  std::string service;  // id of a service of the party; empty: the list does not say
};

struct PublishedName {
  net::DomainName suffix;
  Space space = Space::Unknown;
  std::string service;
};

/// One list about one party, as it was imported.
struct PublishedList {
  std::string name;    // what a later import of the same list replaces: "aws-ip-ranges"
  std::string format;  // id of the format it was read as
  std::string party;   // id
  std::string title;   // for people: what it is and where it came from
  std::string date;    // ISO day that it speaks of, or of the import when it does not say
  Standing standing = Standing::Published;
  std::vector<PublishedPrefix> prefixes;
  std::vector<PublishedName> names;
};

}  // namespace zonder::catalog
