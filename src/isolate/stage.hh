// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isolate/evidence.hh"
#include "isolate/forwarder.hh"
#include "isolate/gateway.hh"
#include "isolate/holder.hh"
#include "isolate/honest_resolver.hh"
#include "isolate/host_relay.hh"
#include "isolate/receiver.hh"
#include "isolate/room_plan.hh"
#include "isolate/room_proxies.hh"
#include "isolate/run.hh"
#include "isolate/supervisor.hh"
#include "isolate/uplink.hh"
#include "kernel/nflog.hh"
#include "model/run_record.hh"
#include "trust/authority.hh"

namespace zonder::isolate {

/// Everything that lives while a command runs. Taken down in reverse order of the members: first
/// the name server and the uplink, so that nothing has a way out when the room goes.
struct Stage {
  const RunOptions& options;
  RoomPlan plan;
  bool as_root = false;
  model::RunRecord record;
  std::optional<Holder> holder;
  std::optional<Gateway> gateway;
  std::optional<kernel::PacketLog> log;
  UplinkKind uplink_kind = UplinkKind::Automatic;
  std::unique_ptr<Uplink> uplink;
  std::unique_ptr<HostRelay> host_relay;
  std::optional<trust::Authority> authority;  // until the receiver has it
  std::unique_ptr<Receiver> receiver;
  Descriptor unix_table;  // until the supervisor has it
  std::unique_ptr<Supervisor> supervisor;
  std::atomic<const Supervisor*> watching = nullptr;  // the same, for the name server's thread
  ResolverOrder resolver_order;
  std::optional<HonestResolver> resolver;  // outlives the forwarder, which asks it
  std::unique_ptr<Forwarder> forwarder;
  std::string no_forwarder;            // why there is none
  std::optional<RoomProxies> proxies;  // asks the forwarder too
  std::atomic<bool> absent_now = false;
  GatewayCounts before;  // at the moment the command starts
  std::vector<Question> asked_before;
  Times times;

  void tell(const std::string& sentence) const
  {
    if (options.progress) {
      options.progress(sentence);
    }
  }
  [[nodiscard]] Tell teller() const
  {
    return [this](const std::string& sentence) {
      tell(sentence);
    };
  }
};

}  // namespace zonder::isolate
