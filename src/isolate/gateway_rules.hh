// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "isolate/room_plan.hh"
#include "isolate/tries.hh"
#include "kernel/nft_transaction.hh"
#include "model/absence.hh"
#include "model/failure.hh"

// The gateway's rules. The cut is in the forward hook of a network namespace between the room and
// the outside, since only there a program sees what it would see in a real outage: in the output
// hook of its own namespace, UDP fails with EPERM and a resolver fails at once.
//
// Each absent party has a counter; a map of address ranges per family gives the counter of the
// party that an address belongs to. One look-up per packet finds out whether it is dead, and counts
// it. Beside the counters, sets of destinations (address, protocol, port), each element with a
// counter, tell exactly what was tried and what was let through; log messages, at most one per
// second and destination, tell when.
//
// The run's own resolver (--dns honest) has a link of its own. It may do nothing but ask name
// servers (port 53), meets the same cut, and is counted apart from the command.
//
// Where the absent are answered (tls-reset, denied), what opens a TCP connection to them is counted
// and written down before its destination is rewritten to a socket on the gateway, and what follows
// of that flow is rewritten with it. The forward chain stays as it was proved: whatever is not
// taken that way dies there, and is counted there.
namespace zonder::isolate {

namespace rules {
inline constexpr const char* table = "zonder";
inline constexpr std::uint16_t log_group = 1;
inline constexpr const char* blocked_prefix = "blocked";
inline constexpr const char* passed_prefix = "passed";
inline constexpr const char* hindered_prefix = "hindered";
inline constexpr const char* denied_prefix = "denied";

// Names of counters.
inline constexpr const char* synthetic = "synthetic";      // to an address that stands for a name
inline constexpr const char* private_dns = "private_dns";  // DNS over TLS, refused to everyone
inline constexpr const char* opened = "opened";            // new flows that were let through
inline constexpr const char* guarded = "guarded";  // stopped by the guard, while it is there
inline constexpr const char* lost = "lost";        // thrown away of what is lossy or slow
inline constexpr const char* left = "left";        // from the room, out of the uplink's link
inline constexpr const char* closed_proxy = "closed_proxy";  // to one that is not seen through
// The same of the run's own resolver, which is not the command.
inline constexpr const char* resolver_blocked = "resolver_blocked";
inline constexpr const char* resolver_opened = "resolver_opened";
std::string party_counter(std::size_t party);

// Names of sets, one per family.
std::string dead_map(net::Family family);
std::string blocked_set(net::Family family);
std::string passed_set(net::Family family);
std::string hindered_set(net::Family family);
std::string resolver_set(net::Family family);  // where the resolver was stopped
std::string denied_set(net::Family family);

/// Where on the gateway zonder takes connections in the place of the absent.
inline constexpr std::uint16_t reception_port = 443;
/// Where it takes those to proxies that it sees through; of a room for devices, its own proxy.
inline constexpr std::uint16_t relay_port = 3128;
/// Where devices that have not joined ask for names.
inline constexpr std::uint16_t page_names_port = 5353;
/// Where the page is.
inline constexpr std::uint16_t page_port = 80;
}  // namespace rules

/// Everything but the absent parties' ranges: nothing passes, as the guard (a second chain in the
/// forward hook, after the first) stops what the rules let through. The rules themselves are
/// already the real ones, with the parties absent.
kernel::NftTransaction
closed_gateway(const RoomPlan& plan, std::size_t parties, model::Signature signature);

/// Takes the guard away, in one transaction with the rules for now: with `absent_now` false the
/// parties still answer (--after). Where they are only lossy or slow, these rules are the first to
/// let anything through to them.
kernel::NftTransaction
open_gateway(const RoomPlan& plan, bool absent_now, model::Signature signature);

/// Forgets the destinations seen so far; the counters go on.
kernel::NftTransaction forget_destinations();

/// From now on the parties are gone; flows that are open to them too.
kernel::NftTransaction cut(const RoomPlan& plan, model::Signature signature);

/// Proxies of the user's: what goes to these is read on the gateway, and what goes to those is
/// refused. Once, when the gateway is open.
kernel::NftTransaction see_through_proxies(const RoomPlan& plan,
                                           const std::vector<InternetPlace>& seen_through,
                                           const std::vector<InternetPlace>& closed);

/// The ranges of all parties for one family's map, sorted.
std::vector<kernel::NftRange> dead_ranges(const model::Absence& absence, net::Family family);

}  // namespace zonder::isolate
