// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/channel.hh"
#include "isolate/resolv_conf.hh"
#include "isolate/room_plan.hh"

// The resolver of --dns honest: unbound, which asks the name servers of each zone itself, from the
// root down, in a network of its own behind the same gateway as the room. The cut is in the
// gateway's forward hook, so that a name server of the absent is silent to it (or refuses), as in
// an outage; in the output hook of its own network a send would fail at once, which no outage does.
//
// It has no rights, writes no file, and is the child of a keeper that is the first process of a pid
// namespace: when zonder ends in any way the kernel ends the keeper, and with it unbound. Its
// configuration lies in a file system in memory that only those two see.
namespace zonder::isolate {

/// What the keeper shall start.
struct ResolverOrder {
  std::string program;  // the path of unbound
  std::string configuration;
  std::string root_hints;  // the text of a zone file; empty: unbound's own
  bool as_root = false;    // there are other users than us, so that it can be nobody
};

/// Finds unbound and writes its configuration. `root_hints`: for another root than the internet's,
/// which then is not validated. Errors: unbound is not installed.
Result<ResolverOrder>
order_resolver(const RoomPlan& plan, const std::string& root_hints, bool as_root);

/// The keeper's life, in the resolver's network and in pid and mount namespaces of its own. Starts
/// unbound, says "ready", then hands out sockets; ends when unbound or the controller has.
int keep_resolver(const ResolverOrder& order, Channel controller);

/// The controller's end.
class HonestResolver {
public:
  explicit HonestResolver(Channel keeper) : keeper_(std::move(keeper)) {}

  /// Where it answers, in its own network.
  static Upstream address();
  /// Errors: unbound does not start, with what it said.
  Result<void> wait_until_ready();
  /// A socket (SOCK_DGRAM, SOCK_STREAM) in its network, not connected; an empty one when it has
  /// ended. For one thread at a time.
  Descriptor socket(int kind);
  [[nodiscard]] bool works() const;
  /// Has POLLHUP when it has ended.
  [[nodiscard]] int ended() const { return keeper_.descriptor(); }

private:
  Channel keeper_;
};

}  // namespace zonder::isolate
