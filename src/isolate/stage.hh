// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "isolate/enclosure.hh"
#include "isolate/evidence.hh"
#include "isolate/host_relay.hh"
#include "isolate/room_proxies.hh"
#include "isolate/run.hh"
#include "isolate/supervisor.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// Everything that lives while a command runs. Taken down in reverse order of the members: first
/// what asks the name server, then what the command is enclosed in, then who looked at its calls.
struct Stage {
  const RunOptions& options;
  model::RunRecord record;
  std::unique_ptr<HostRelay> host_relay;
  Descriptor unix_table;  // until the supervisor has it
  std::unique_ptr<Supervisor> supervisor;
  std::atomic<const Supervisor*> watching = nullptr;  // the same, for the name server's thread
  Enclosure enclosure;
  std::optional<RoomProxies> proxies;  // asks the forwarder too
  std::atomic<bool> absent_now = false;
  GatewayCounts before;  // at the moment the command starts
  std::vector<Question> asked_before;
  Times times;
};

}  // namespace zonder::isolate
