// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/absence.hh"
#include "net/address.hh"
#include "net/prefix_set.hh"

namespace zonder::isolate {

/// What a judgement stands on.
enum class ProxyFooting {
  Known,      // the address itself, the name's own rule, or all of its addresses
  Mixed,      // some of the name's addresses are of the absent, or were in this run
  NameOnly,   // its name alone: not all of its addresses are known here
  Unanswered  // nothing: whoever could know the name did not answer
};

/// What is thought of somebody whom a proxy is asked for.
struct ProxyJudgement {
  std::optional<std::size_t> party;  // absent: whose it is, in Absence::parties
  bool off_limits = false;  // this machine itself, or an address that means another: never passed
  ProxyFooting footing = ProxyFooting::Known;
  std::optional<net::Address> living;  // one of a name's addresses that may be passed on to
  std::vector<net::Address> others;    // further ones
  bool operator==(const ProxyJudgement&) const = default;
};

/// A name that a proxy is asked for is judged as a question for it at the room's name server, an
/// address as a packet to it. A proxy at this machine's loopback would open all services of the
/// machine to the room, and any proxy those that the gateway never forwards to: neither is passed.
class ProxyPolicy {
public:
  /// `own`: this machine's addresses; `closed`: what nothing is passed on to either. The absence
  /// outlives the policy.
  ProxyPolicy(const model::Absence& absence,
              const std::vector<net::Address>& own,
              const std::vector<net::Prefix>& closed = {});

  /// Nothing: the name lives, as far as it tells by itself; its addresses are to be looked up.
  [[nodiscard]] std::optional<ProxyJudgement>
  at_once(const std::string& name, const std::optional<net::Address>& address) const;

  /// With what was found: the absent party of an alias on the way, and the addresses; without any,
  /// by name only.
  [[nodiscard]] ProxyJudgement after(std::optional<std::size_t> party,
                                     const std::vector<net::Address>& addresses) const;

private:
  [[nodiscard]] std::optional<std::size_t> party_of(net::Address address) const;
  [[nodiscard]] bool off_limits(net::Address address) const;

  const model::Absence* absence_;
  net::PrefixSet off_limits_;
};

}  // namespace zonder::isolate
