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
#include "isolate/proxy_account.hh"
#include "isolate/proxy_policy.hh"
#include "isolate/tries.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/run_record.hh"
#include "model/sighting.hh"
#include "net/prefix.hh"

namespace zonder::isolate {

/// As long as a proxy tries to reach somebody who is silent before it says so (squid's
/// connect_timeout).
inline constexpr std::chrono::seconds proxy_connect_timeout{60};

/// Stands between the room and the user's proxies, in a thread of its own: reads what is asked of
/// them, passes on what is asked of the living, and answers for the rest as a proxy does that
/// cannot reach it. Its sockets outward are in this machine's own network, so that a proxy on this
/// machine's loopback is one too.
///
/// One request a connection, but for tunnels that a proxy first asks credentials for: what a proxy
/// reads is what was read here, written anew. In a tunnel the first message of TLS is read too.
/// What is not plainly understood is refused. All that it keeps is bounded: connections at once,
/// bytes on their way, time until a request is there, and what is written down.
class ProxyRelay {
public:
  struct Proxy {
    std::string host;  // name or address
    std::uint16_t port = 0;
    std::vector<net::Address> addresses;  // all are the same proxy
    std::optional<std::size_t> party;     // itself absent, by its name
    bool on_this_machine = false;         // so it reaches what only this machine can
  };
  /// No proxy behind it: it connects itself to the addresses that were judged to live, in another
  /// network, which has rules of its own. There is one in `proxies` then: where it is itself.
  struct Direct {
    int network = -1;  // a namespace; the relay's thread lives in it, else it does not begin
    /// Whose address that is; asked in the relay's thread, for each connection.
    std::function<std::optional<std::size_t>(const net::Address& client)> device;
    /// Connections at once, of a device, or of an address where it is not known which.
    std::size_t most_per_client = 200;
  };
  struct Options {
    const model::Absence* absence = nullptr;  // outlives the relay
    model::Signature signature = model::Signature::Blackhole;
    bool armed = true;                // false: nothing is absent until arm()
    std::vector<Proxy> proxies;       // counted in this order
    std::vector<net::Address> own;    // this machine's addresses
    std::vector<net::Prefix> closed;  // what nothing is passed on to either
    std::optional<Direct> direct;
    std::chrono::milliseconds silence = proxy_connect_timeout;
    /// The program that connected from this port of the room; may be empty.
    std::function<std::optional<std::size_t>(std::uint16_t port)> asker;
    /// Told of each request that is for somebody absent, and who asked; in the relay's thread. May
    /// be empty.
    std::function<void(const model::Sighting&, std::optional<std::size_t> asker)> on_attempt;
    /// --allow-host: ports of this machine that the room may reach anyway.
    std::vector<std::uint16_t> allowed_ports;
    /// Whether something on this machine listens at the port; empty: nothing does.
    std::function<bool(std::uint16_t port)> listens_here;
    std::size_t most_connections = 1000;  // at once
    /// As ProxiedNames::Options::known_here.
    std::function<std::optional<ProxyJudgement>(const ProxyPolicy&, const std::string& name)>
        known_here;
    /// As Forwarder::look_up(); empty: nobody can look up a name.
    std::function<void(const net::DomainName&, std::function<void(const Forwarder::Found&)>)>
        look_up;
    /// As Forwarder::answers_names(); empty: never.
    std::function<bool()> answers_names;
    std::chrono::milliseconds look_up_patience{10000};  // of names that are answered as a rule
    std::chrono::milliseconds kept{30000};              // what was found of a name
  };
  struct Listener {
    Descriptor socket;
    /// Where it stands for a proxy; nothing: each connection tells where it was meant to go.
    std::optional<InternetPlace> at;
  };
  using Counts = ProxyCounts;

  /// The sockets listen. Errors: the thread cannot start, or not be where it must.
  static Result<std::unique_ptr<ProxyRelay>> start(Options options,
                                                   std::vector<Listener> listeners);
  ~ProxyRelay();
  ProxyRelay(const ProxyRelay&) = delete;
  ProxyRelay& operator=(const ProxyRelay&) = delete;
  ProxyRelay(ProxyRelay&&) = delete;
  ProxyRelay& operator=(ProxyRelay&&) = delete;

  /// --after: what is absent is gone when this returns, and tunnels to it have ended. Errors: the
  /// thread does not answer.
  Result<void> arm();

  /// Ends the thread and all connections. What was written down can be read after that.
  void stop();

  /// What was asked for, as attempts; sorted by party, name, address, port, verdict.
  [[nodiscard]] std::vector<model::Attempt> attempts() const;
  /// The same while it runs, up to now. Errors: the thread does not answer.
  struct SoFar {
    std::vector<model::Attempt> attempts;
    std::uint64_t unlisted = 0;
    std::uint64_t turned_away = 0;
  };
  Result<SoFar> so_far();
  [[nodiscard]] std::vector<Counts> counts() const;    // one per proxy
  [[nodiscard]] std::uint64_t unlisted() const;        // requests past what is kept
  [[nodiscard]] std::uint64_t turned_away() const;     // connections past what is taken at once
  [[nodiscard]] std::uint64_t waited() const;          // times that connections had to wait
  [[nodiscard]] std::uint64_t not_remembered() const;  // names past what is kept, taken as unknown

private:
  struct State;
  explicit ProxyRelay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
