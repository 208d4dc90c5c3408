// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/date.hh"
#include "net/asn.hh"
#include "net/domain_name.hh"
#include "net/prefix.hh"

// What zonder itself states about parties: data/parties/*.yaml and data/jurisdictions.yaml as
// values. Every fact says what it rests on; facts_loader.hh reads and checks them.
namespace zonder::catalog {

/// How sure. A fact that nobody looked up is Unverified and counts as not known.
enum class Confidence : std::uint8_t { Unverified, Low, Medium, High };

/// Whose things run in a piece of address or name space.
enum class Space : std::uint8_t { Unknown, Services, Customers, Shared };

std::string_view to_string(Confidence confidence);
std::string_view to_string(Space space);
std::optional<Confidence> parse_confidence(std::string_view text);
std::optional<Space> parse_space(std::string_view text);

/// What a fact rests on: one of the party's sources, or nothing (`source: unverified`).
struct Basis {
  std::optional<std::size_t> source;  // index in Party::sources
  Confidence confidence = Confidence::Unverified;
};

/// Something that was opened and read.
struct Source {
  std::string key;
  std::string title;
  std::string ref;  // an address, "npm:package@version/path", "github:owner/repo/path" ...
  Date opened;
  std::vector<std::string> says;  // in our own words
};

/// A name for people, in both languages.
struct Text {
  std::string en;
  std::string nl;
};

struct Operator {
  std::string name;
  std::string jurisdiction;  // ISO 3166-1 alpha-2; empty: not known
  Basis basis;
};

/// A direct parent, for as long as it was: from the day `from` up to, but not on, the day `until`.
struct Owner {
  std::string party;
  std::optional<Date> from;   // nothing: not known since when
  std::optional<Date> until;  // nothing: still
  Basis basis;

  [[nodiscard]] bool holds_on(Date day) const
  {
    return (!from || !before(day, *from)) && (!until || before(day, *until));
  }
};

struct Owners {
  enum class State : std::uint8_t { Unknown, None, Listed };
  State state = State::Unknown;
  std::vector<Owner> list;
  Basis basis;  // of "has no parent"
};

struct AsnFact {
  net::Asn asn;
  Space space = Space::Unknown;
  std::string service;   // id of a service of this party; empty: none in particular
  std::string operated;  // id of another party that runs it; empty: its own
  Basis basis;
};

struct DomainFact {
  net::DomainName suffix;
  Space space = Space::Unknown;
  std::string service;
  std::string operated;
  Basis basis;
};

struct PrefixFact {
  net::Prefix prefix;
  Space space = Space::Unknown;
  std::string service;
  std::string operated;
  Basis basis;
};

struct Service {
  std::string id;
  Text name;
  std::string category;
  Basis basis;
};

struct Party {
  std::string id;
  std::string name;
  bool is_provider = true;  // else: in the catalogue only as somebody's parent
  std::vector<std::string> aliases;
  std::vector<std::string> categories;
  std::optional<Operator> run_by;  // nothing: not known
  Owners owners;
  bool asns_known = true;
  bool domains_known = true;
  std::vector<AsnFact> asns;
  std::vector<DomainFact> domains;  // the party's and its services'
  std::vector<PrefixFact> prefixes;
  std::vector<Service> services;
  std::vector<Source> sources;
};

struct Jurisdiction {
  std::string code;  // ISO 3166-1 alpha-2: "NL", "NO"
  Text name;
};

/// Jurisdictions together, such as the European Union.
struct Group {
  std::string id;
  Text name;
  std::vector<std::string> members;  // codes, sorted; for a complement everything else
  std::string complement_of;         // id of a group; empty: `members` were listed
  Basis basis;                       // source: index in Facts::jurisdiction_sources
};

struct Facts {
  std::vector<Party> parties;  // sorted by id
  std::vector<Jurisdiction> jurisdictions;
  std::vector<Group> groups;
  std::vector<Source> jurisdiction_sources;

  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view party_id) const;
  /// By id or alias.
  [[nodiscard]] std::optional<std::size_t> index_of_name(std::string_view id_or_alias) const;
};

}  // namespace zonder::catalog
