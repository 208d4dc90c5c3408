// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>

#include "model/absence.hh"
#include "model/failure.hh"
#include "wire/dns/message.hh"

// What the room hears when it asks for a name. Pure: question and answer in, ruling out.
//
// A name is absent when its longest rule says so, or when an alias on the way to its address is.
// Where the network itself is to fail (blackhole, refuse, unreachable) the room should meet the
// failure on the wire, as it would in an outage: so it gets the true addresses when all of them are
// dead at the gateway, and otherwise one that stands for the name and is dead. A shared address is
// never cut off for one name's sake. Other records of an absent name (mail, text, keys) fail as
// they do when the zone's own servers are gone: SERVFAIL.
namespace zonder::isolate {

struct Ruling {
  enum class Kind {
    Ask,                    // the user's resolvers decide; only before they were asked
    Pass,                   // what they said, unchanged
    PassWithoutAdditional,  // the same, without addresses that were sent along unasked
    NxDomain,
    ServFail,
    NoData,
    StandIn  // an address that stands for the name asked for
  };
  Kind kind = Kind::Ask;
  std::optional<std::size_t> party;  // whose absence this is; nothing: the name lives
  bool operator==(const Ruling&) const = default;
};

class NamePolicy {
public:
  /// The absence outlives the policy.
  NamePolicy(const model::Absence& absence, model::Signature signature)
      : absence_(&absence), signature_(signature)
  {
  }

  /// Names that tell programs to leave the system's resolver: browsers' DNS over HTTPS (the canary
  /// use-application-dns.net) and designated resolvers (RFC 9462). They are never answered, since
  /// what is asked elsewhere is not seen. Nothing: the name is not one of these.
  static std::optional<Ruling> on_way_around(const wire::dns::Question& question);

  [[nodiscard]] Ruling before(const wire::dns::Question& question) const;
  [[nodiscard]] Ruling after(const wire::dns::Question& question,
                             const wire::dns::Response& response) const;

  /// Whose the name is, or one of those that it leads to.
  [[nodiscard]] std::optional<std::size_t>
  party_on_the_way(const wire::dns::Question& question, const wire::dns::Response& response) const;

private:
  [[nodiscard]] std::optional<std::size_t> party_of(const std::string& name) const;
  [[nodiscard]] bool all_dead(const wire::dns::Response& response) const;
  [[nodiscard]] bool carries_absent_along(const wire::dns::Response& response) const;

  const model::Absence* absence_;
  model::Signature signature_;
};

}  // namespace zonder::isolate
