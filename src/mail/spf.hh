// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/prefix.hh"

// SPF (RFC 7208), read for who may send a domain's mail. A receiver asks whether one address may;
// we ask who all may, so the record is walked whole, with the limits that a receiver would keep to:
// ten terms that need a look-up (4.6.4), two look-ups that find nothing. What a receiver would not
// come to is still told, as beyond the limit. The text comes from anybody.
namespace zonder::mail {

enum class SpfMechanism : std::uint8_t { All, Include, A, Mx, Ptr, Ip4, Ip6, Exists, Redirect };

/// One term of a record. `name` is empty where the term is about the domain itself.
struct SpfTerm {
  SpfMechanism mechanism = SpfMechanism::All;
  char qualifier = '+';
  std::string name;                    // lower case, no final dot; with its macros
  bool has_macro = false;              // then the name is known only when a message comes
  std::optional<net::Prefix> network;  // of ip4 and ip6
  bool operator==(const SpfTerm&) const = default;
};

struct SpfRecord {
  std::vector<SpfTerm> terms;
  std::vector<std::string> mistakes;  // terms that are none: a receiver gives up (permerror)
  bool operator==(const SpfRecord&) const = default;
};

/// Whether the text is an SPF record at all: "v=spf1" and then nothing or a space.
bool is_spf(std::string_view text);

/// Reads one record, which is_spf().
SpfRecord parse_spf(std::string_view text);

/// What an answer to a question for a name's SPF record, addresses or mail hosts came to.
enum class SpfFound : std::uint8_t { Something, Nothing, NoAnswer };

/// The world, as far as SPF needs it.
struct SpfLookups {
  /// TXT records of the name, each whole.
  std::function<SpfFound(const std::string& name, std::vector<std::string>& texts)> texts;
  /// Whether a name has what `a`, `mx`, `ptr` and `exists` ask for.
  std::function<SpfFound(const std::string& name, SpfMechanism mechanism)> has;
};

enum class SpfTrouble : std::uint8_t {
  Syntax,           // a term that is none
  TooManyLookups,   // more than ten
  TooManyVoids,     // more than two look-ups that found nothing
  Loop,             // a record that includes itself
  SeveralRecords,   // a name with two SPF records
  IncludesNothing,  // include or redirect of a name without one
  NoAnswer,         // a name server did not answer
  Macro             // a name that depends on the message: not followed
};
std::string_view to_text(SpfTrouble trouble);
std::optional<SpfTrouble> parse_spf_trouble(std::string_view text);

/// A name that a record leads to.
struct SpfName {
  std::string name;
  SpfMechanism mechanism = SpfMechanism::Include;
  std::string by;             // whose record names it
  bool beyond_limit = false;  // a receiver gives up before it
  bool operator==(const SpfName&) const = default;
};

/// Where a domain's SPF leads.
struct SpfReach {
  std::vector<SpfName> names;  // each name and mechanism once, in the order of the walk
  std::vector<net::Prefix> networks;
  unsigned lookups = 0;
  unsigned voids = 0;
  std::vector<SpfTrouble> troubles;  // each once, sorted
  std::string policy;                // of `all`: "-", "~", "?" or "+"; empty: none
  bool operator==(const SpfReach&) const = default;
};

/// Walks the record of `domain`. At most `spf_most_records` records are read, whatever they say.
inline constexpr unsigned spf_lookup_limit = 10;
inline constexpr unsigned spf_void_limit = 2;
inline constexpr std::size_t spf_most_records = 100;
SpfReach walk_spf(const std::string& domain, const std::string& text, const SpfLookups& lookups);

/// What the texts of records, already gathered by somebody else, lead to together. The first is
/// the domain's own.
SpfReach spf_reach_of(const std::string& domain, const std::vector<std::string>& texts);

std::string_view to_text(SpfMechanism mechanism);
std::optional<SpfMechanism> parse_spf_mechanism(std::string_view text);

}  // namespace zonder::mail
