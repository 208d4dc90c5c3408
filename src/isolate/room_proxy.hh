// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/forwarder.hh"
#include "isolate/proxy_relay.hh"
#include "isolate/room_plan.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/run_record.hh"
#include "net/address.hh"
#include "net/mac_address.hh"

namespace zonder::isolate {

/// The proxy that a room for devices offers at its gateway, for organisations whose devices go out
/// by one: CONNECT and plain http. It judges what it is asked for as the relay of `run` does, and
/// then connects itself, from the network that the proof is tried from. So every packet of it meets
/// the gateway's rules as a device's does: what was judged wrongly is not reached either.
///
/// In the order of a room:
///   built = enclosure.build(...), enclosure.open(...), enclosure.serve(...);
///   Admission::close(socket, {..., .proxy = RoomProxy::card(built.guest_network, plan)});
///   RoomProxy::start({..., .network = built.guest_network.get(),
///                     .listening = std::move(built.relay), .forwarder = ...});
/// It has no way out before Admission::renew(). stop() before the forwarder ends.
class RoomProxy {
public:
  struct Options {
    const model::Absence* absence = nullptr;  // outlives it
    model::Signature signature = model::Signature::Blackhole;
    RoomPlan plan;                      // of a hall
    int network = -1;                   // Holder::Built::guest_network; until start() returns
    std::vector<Descriptor> listening;  // Holder::Built::relay
    std::vector<net::Address> own;      // this machine's: never passed on to
    Forwarder* forwarder = nullptr;     // null: only what is asked for by address is reached
    /// The device that has this address, as a number of the caller's; nothing: not known, and it is
    /// served all the same, since only who is admitted comes here. In the proxy's thread, for each
    /// connection: keep it short.
    std::function<std::optional<std::size_t>(const net::Address& client)> device;
    std::chrono::milliseconds silence = proxy_connect_timeout;
  };

  /// Whether those who are gone in this way can be so through a proxy: not when they still answer
  /// (lossy, slow, late, denied). The room then has none.
  static bool is_possible(model::Signature signature);

  /// The card by which it goes out. Errors: the network is not that of a room.
  static Result<net::MacAddress> card(const Descriptor& network, const RoomPlan& plan);

  /// Errors: not possible, no thread, or the network cannot be entered.
  static Result<std::unique_ptr<RoomProxy>> start(Options options);

  /// What a device asked for, by name, address, port, party and whether it was refused.
  struct Asked {
    std::optional<std::size_t> device;    // as Options::device told; nothing: not known
    std::string name;                     // empty: by address only
    std::optional<net::Address> address;  // it connected to, or was asked for
    std::uint16_t port = 0;
    std::string party;     // id; empty: nobody's that is absent
    bool blocked = false;  // not passed on: of the absent, not to be judged, or of the room itself
    std::uint64_t count = 0;
    model::Moment first;
    model::Moment last;
  };
  struct Attempts {
    std::vector<Asked> asked;       // sorted by device and target
    std::uint64_t unlisted = 0;     // requests past what is kept
    std::uint64_t turned_away = 0;  // connections past what is taken at once
  };
  /// Up to now; the same after stop(). Errors: its thread does not answer.
  Result<Attempts> attempts();

  /// Requests in numbers. When stopped.
  [[nodiscard]] ProxyCounts counts() const;

  /// Ends the thread and all connections.
  void stop();

private:
  explicit RoomProxy(std::unique_ptr<ProxyRelay> relay) : relay_(std::move(relay)) {}
  std::unique_ptr<ProxyRelay> relay_;
};

}  // namespace zonder::isolate
