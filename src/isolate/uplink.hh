// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.hh"
#include "isolate/pasta_trial.hh"
#include "isolate/room_plan.hh"

namespace zonder::isolate {

struct Probes;

/// Slirp4netns and Pasta: a program that carries the gateway's packets to the machine's own network
/// as ordinary connections of the user; nothing on the machine is changed for it. Veth: a pair of
/// links and masquerading, for root who asks for it; see uplink_veth.hh for what that changes.
enum class UplinkKind { Automatic, Slirp4netns, Pasta, Veth };

std::optional<UplinkKind> parse_uplink(std::string_view text);  // "auto", "slirp4netns", ...

/// How the gateway reaches the machine's own network. Whatever it is, it goes when we end, however
/// we end, and when it goes by itself the room has no network.
class Uplink {
public:
  Uplink() = default;
  Uplink(const Uplink&) = delete;
  Uplink& operator=(const Uplink&) = delete;
  Uplink(Uplink&&) = delete;
  Uplink& operator=(Uplink&&) = delete;
  virtual ~Uplink() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  /// Waits until its link is there. Errors: it ended, with what it said; or it hangs.
  virtual Result<void> wait_until_ready() = 0;
  /// With the gateway open: does the machine pass on what comes from it? Sends nothing beyond the
  /// machine. Errors: what stops it.
  virtual Result<void> check(Probes& probes) = 0;
  /// Readable when it may have ended: ask works(). -1: nothing tells.
  [[nodiscard]] virtual int ended() const = 0;
  [[nodiscard]] virtual bool works() = 0;
};

using Tell = std::function<void(const std::string&)>;

struct UplinkChoice {
  UplinkKind wanted = UplinkKind::Automatic;
  double pasta_least = pasta_floor;  // Gbit/s
};

/// Which one it will be, before anything is made: Automatic becomes slirp4netns, or pasta where
/// that is not installed (and tells so). Pasta must pass its trial. For veth the machine must
/// already forward, and the plan gets addresses that suit it; for a program, a relay's network.
/// Errors: why not, and what to do.
Result<UplinkKind>
choose_uplink(const UplinkChoice& choice, RoomPlan& plan, bool as_root, const Tell& tell);

/// The network that an uplink's link is made in.
struct UplinkSite {
  pid_t holder = -1;  // the process that holds the gateway's namespaces
  int network = -1;   // a descriptor; the gateway's own, or the relay's
};

/// Starts it there. Does not wait.
Result<std::unique_ptr<Uplink>> start_uplink(
    UplinkKind kind, const RoomPlan& plan, const UplinkSite& site, bool as_root, const Tell& tell);

}  // namespace zonder::isolate
