// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hh"
#include "isolate/room_plan.hh"
#include "isolate/tries.hh"
#include "kernel/nft_socket.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// What the gateway has counted since it was made.
struct GatewayCounts {
  std::vector<std::uint64_t> by_party;  // packets to each absent party, as in Absence::parties
  std::uint64_t synthetic = 0;
  std::uint64_t private_dns = 0;
  std::uint64_t opened = 0;
  std::uint64_t guarded = 0;
  std::uint64_t lost = 0;
  std::uint64_t left = 0;
  std::uint64_t closed_proxy = 0;
  std::uint64_t resolver_blocked = 0;  // of the run's own resolver, not of the command
  std::uint64_t resolver_opened = 0;

  [[nodiscard]] std::uint64_t blocked() const;
  /// What came since `before`.
  [[nodiscard]] GatewayCounts since(const GatewayCounts& before) const;
};

/// The packet filter between the room and the outside. It goes one way: closed, loaded, open. While
/// it is closed nothing leaves, whatever its rules say.
class Gateway {
public:
  /// `absence` must outlive it.
  static Result<Gateway> close(kernel::NftSocket socket,
                               const RoomPlan& plan,
                               const model::Absence& absence,
                               model::Signature signature);
  /// Puts the absent parties' ranges into the sets, which were empty.
  Result<void> load_sets();
  /// Lets through what the rules let through.
  Result<void> open(bool absent_now);
  /// What was seen until now was not the command. Gives the counters to count from.
  Result<GatewayCounts> begin();
  /// What goes to these proxies is read at the relay's sockets, what goes to those is refused.
  Result<void> see_through_proxies(const std::vector<InternetPlace>& seen_through,
                                   const std::vector<InternetPlace>& closed);
  /// For --after: the parties are gone from now on.
  Result<void> cut();

  Result<GatewayCounts> counts();
  /// Where packets wanted to go that were stopped, denied, hindered, or that opened something.
  Result<std::vector<kernel::NftDestination>> destinations(model::Verdict verdict);

  /// Where the run's own resolver was stopped; since the gateway is there.
  Result<std::vector<kernel::NftDestination>> stopped_for_resolver();

private:
  Gateway(kernel::NftSocket socket,
          RoomPlan plan,
          const model::Absence& absence,
          model::Signature signature)
      : socket_(std::move(socket)), plan_(std::move(plan)), absence_(&absence),
        signature_(signature)
  {
  }
  kernel::NftSocket socket_;
  RoomPlan plan_;
  const model::Absence* absence_;
  model::Signature signature_;
};

}  // namespace zonder::isolate
