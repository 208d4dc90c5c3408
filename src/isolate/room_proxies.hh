// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/forwarder.hh"
#include "isolate/gateway.hh"
#include "isolate/hosts_file.hh"
#include "isolate/proxies.hh"
#include "isolate/proxy_policy.hh"
#include "isolate/proxy_relay.hh"
#include "isolate/tries.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/run_record.hh"
#include "model/sighting.hh"

namespace zonder::isolate {

/// The proxies that zonder was told of, in one room: where each is, which are seen through, and the
/// relay that does so. In two steps, since sockets on the room's loopback are made with the room,
/// and names are looked up when its name server is there.
class RoomProxies {
public:
  struct Options {
    const ToldProxies* told = nullptr;  // these two outlive it
    const model::Absence* absence = nullptr;
    model::Signature signature = model::Signature::Blackhole;
    bool armed = true;
    std::vector<std::string> search;           // domains of the user's resolv.conf
    std::string hosts;                         // the text of the user's hosts file
    std::vector<std::uint16_t> allowed_ports;  // --allow-host
  };
  explicit RoomProxies(Options options);

  /// Those at this machine's loopback, each address once: for RoomOrder.
  [[nodiscard]] std::vector<InternetPlace> at_loopback() const;

  struct Means {
    Gateway* gateway = nullptr;
    Forwarder* forwarder = nullptr;  // null: the room has no name server
    std::vector<Descriptor> relay;   // sockets on the gateway
    std::vector<Descriptor> at_loopback;
    std::vector<net::Address> own;  // this machine's
    std::function<std::optional<std::size_t>(std::uint16_t port)> asker;
    std::function<void(const model::Sighting&, std::optional<std::size_t> asker)> on_attempt;
    std::function<void(const std::string&)> tell;
  };
  /// Looks the rest up, turns the gateway, and starts the relay. Errors: the kernel or a thread.
  Result<void> open(Means means);

  /// Where programs go for them, all addresses.
  [[nodiscard]] std::vector<InternetPlace> places() const;

  Result<void> arm();
  void stop();
  /// When stopped, to a record with the attempts of the gateway: what was asked of them. `tries`:
  /// the calls; null: nobody saw them.
  void add_to(model::RunRecord& record, const Tries* tries) const;

private:
  struct Found {
    ProxyPlace place;
    std::vector<net::Address> addresses;  // that live
    model::ProxyUse::Kind kind = model::ProxyUse::Kind::SeenThrough;
    std::optional<std::size_t> party;   // whose it is, where Absent
    std::optional<std::size_t> number;  // in the relay
    bool on_this_machine = false;
  };
  void find_here(Found& found) const;
  void find_by_name(Found& found, Forwarder* forwarder) const;
  void judge(Found& found) const;
  [[nodiscard]] std::optional<ProxyJudgement> known_here(const ProxyPolicy& policy,
                                                         const std::string& name) const;
  void tell_of(const Found& found, const std::function<void(const std::string&)>& tell) const;

  Options options_;
  const HostsFile hosts_;
  std::vector<Found> found_;
  std::unique_ptr<ProxyRelay> relay_;
};

}  // namespace zonder::isolate
