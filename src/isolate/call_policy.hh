// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "isolate/tries.hh"
#include "model/absence.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// What becomes of a call that names an address, where calls are all that we see. The same order as
/// the gateway's rules (gateway_rules.cc), so that both engines say the same of the same address.
enum class Fate {
  Pass,
  Absent,      // as --like says
  NameServer,  // to our own name server, whichever one was meant
  PrivateDns,  // refused: names over TLS would pass our name server by
  Nowhere,     // addresses that mean another one, link-local and group addresses: silence
  Here,        // this machine, and ours or allowed
  NotHere      // this machine's own services: refused
};

struct Decision {
  Fate fate = Fate::Pass;
  std::optional<std::size_t> party;  // of Absent, where it is known; index in Absence::parties
};

class CallPolicy {
public:
  /// Whether what goes to this address of the machine itself gets to a program among ours.
  using IsOwn = std::function<bool(const Destination&)>;
  using PartyOfStandIn = std::function<std::optional<std::size_t>(net::Address)>;

  /// `absence` must outlive it. `allowed`: ports of this machine that stay (--allow-host).
  CallPolicy(const model::Absence& absence,
             std::vector<std::uint16_t> allowed,
             PartyOfStandIn party_of_stand_in);

  /// `absent_now`: false while nobody is absent, which the proof wants to see too.
  [[nodiscard]] Decision
  decide(const Destination& destination, const IsOwn& is_own, bool absent_now) const;

private:
  [[nodiscard]] std::optional<std::size_t> party_of(net::Address address) const;

  const model::Absence* absence_;
  std::vector<std::uint16_t> allowed_;
  PartyOfStandIn party_of_stand_in_;
};

}  // namespace zonder::isolate
