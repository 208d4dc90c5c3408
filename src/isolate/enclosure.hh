// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hh"
#include "isolate/cut_options.hh"
#include "isolate/forwarder.hh"
#include "isolate/gateway.hh"
#include "isolate/holder.hh"
#include "isolate/honest_resolver.hh"
#include "isolate/receiver.hh"
#include "isolate/room_plan.hh"
#include "isolate/tcp_relay.hh"
#include "isolate/uplink.hh"
#include "kernel/nflog.hh"
#include "model/run_record.hh"
#include "trust/authority.hh"

namespace zonder::isolate {

/// A network with one way out, in which the absent are dead: a gateway, what it knows of names, and
/// what takes its packets on. A command lives in it (`run`), or devices do. The steps follow each
/// other; until open() nothing leaves. Taken down in reverse order of the members: first the name
/// server and the uplink, so that nothing has a way out when the rest goes.
struct Enclosure {
  const CutOptions& options;
  RoomPlan plan;
  bool as_root = false;
  model::Proof proof;
  std::optional<Holder> holder;
  std::optional<Gateway> gateway;
  std::optional<kernel::PacketLog> log;
  std::unique_ptr<TcpRelay> relay;
  UplinkKind uplink_kind = UplinkKind::Automatic;
  std::unique_ptr<Uplink> uplink;
  std::optional<trust::Authority> authority;  // until the receiver has it
  std::unique_ptr<Receiver> receiver;
  ResolverOrder resolver_order;
  std::optional<HonestResolver> resolver;  // outlives the forwarder, which asks it
  std::unique_ptr<Forwarder> forwarder;
  std::string no_forwarder;  // why there is none

  /// Addresses, uplink, resolver, authority: what can be chosen before anything is made. Errors:
  /// what is missing on this machine, and what to do.
  static Result<Enclosure> plan_for(const CutOptions& options, bool as_root);

  /// Namespaces, links, the packet filter, and the proof that it stops the absent. Nothing leaves.
  Result<Holder::Built> build(const RoomOrder& order);

  /// From now on all but the absent can be reached, by address.
  Result<void> open(Probes& probes, bool absent_now);

  /// Who asked, and whom to tell; see Forwarder::Options.
  struct Listeners {
    std::function<std::optional<std::size_t>(const NameClient&)> asker;
    std::function<void(
        std::size_t party, const std::string& name, std::optional<std::size_t> asker)>
        on_failed_name;
  };
  /// Whether there is a way out. When its program has ended there is none, for TCP neither.
  [[nodiscard]] bool has_way_out();

  /// The name server, and what answers in the place of the absent.
  Result<void> serve(Holder::Built& built, bool absent_now, Listeners listeners);

  /// What must be reachable is tried, and added to the proof. `own`: the machine's addresses.
  void try_controls(Probes& probes, const std::vector<net::Address>& own);

private:
  Result<void> close_gateway(const RoomOrder& order);
  Result<Descriptor> network_of_uplink();
  Result<kernel::NftSocket> rules_in(Descriptor socket) const;
  Result<void> choose_upstream(Forwarder::Options& forwarder);
};

/// Where the machine does not let us build, what would help is added.
Error with_remedy(Error error, bool as_root);

}  // namespace zonder::isolate
