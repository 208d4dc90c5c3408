// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/address.hh"

// How names were looked up during a run, and why those that failed did.
namespace zonder::model {

/// Forward: the user's own resolvers are asked, which reach name servers of the absent. Honest: a
/// resolver of the run's own asks the name servers themselves, and those of the absent are gone.
enum class DnsMode { Forward, Honest };

/// A name server of a zone, and the absent party at whose address it is.
struct NameServer {
  std::string name;
  std::optional<net::Address> address;  // nothing: none could be found for the name
  std::string party;                    // id; empty: there is no address
  bool operator==(const NameServer&) const = default;
};

/// One step on the way from a name to where it got stuck.
struct NameStep {
  enum class Reason {
    Alias,               // the name is a CNAME, `target` is what counts
    ServersAbsent,       // all name servers of the zone are at absent parties
    ServersNotResolved,  // the names of name servers of the zone got stuck themselves
  };
  std::string name;  // what was looked for
  std::string zone;  // the zone that it is in
  Reason reason = Reason::ServersAbsent;
  std::string target;               // of an alias
  std::vector<NameServer> servers;  // sorted; none for an alias
  bool operator==(const NameStep&) const = default;
};

/// A name that could not be looked up. The chain says why; empty: it was not seen why.
struct FailedName {
  std::string name;
  std::vector<NameStep> chain;
  bool operator==(const FailedName&) const = default;
};

/// A name server of the absent that the run's own resolver asked in vain.
struct NameServerAsked {
  net::Address address;
  std::string party;        // id
  std::uint64_t count = 0;  // packets
  bool operator==(const NameServerAsked&) const = default;
};

struct NameResolution {
  DnsMode mode = DnsMode::Forward;
  std::vector<FailedName> failed;  // sorted by name; honest mode only
  // What the run's own resolver did; none of it is among the command's attempts and totals.
  std::uint64_t resolver_passed = 0;           // new flows to name servers that live
  std::uint64_t resolver_blocked = 0;          // packets to name servers of the absent
  std::vector<NameServerAsked> asked_in_vain;  // sorted by address
  bool resolver_died = false;
  bool show_names = false;        // --show-names
  std::uint64_t ech_removed = 0;  // records that lost their "ech" for it
};

}  // namespace zonder::model
