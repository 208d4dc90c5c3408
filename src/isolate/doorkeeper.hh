// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.hh"
#include "isolate/call_policy.hh"
#include "isolate/call_tally.hh"
#include "isolate/process_book.hh"
#include "isolate/tries.hh"
#include "kernel/call_listener.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/sighting.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// Stands between a command and the network where there are no namespaces: a thread that the kernel
/// asks about each connect, bind and send of the command's processes, while the caller waits.
/// Beside deciding (CallPolicy) it DOES what is allowed, itself, on a copy of the socket, with a
/// copy of the address and the data: a program that changes them between our look and the call
/// changes nothing. It never waits for one call: what takes long (a connection) goes on by itself,
/// and its caller is answered when it is done, as many as there are.
///
/// It fails closed: what cannot be looked at is refused and counted, and when the thread or zonder
/// ends, every such call of whoever is left fails with ENOSYS.
class Doorkeeper {
public:
  /// Empty: nobody is absent, and nothing goes out; Closed: those are absent, and nothing goes out
  /// (both for the proof). Open: what lives is let out.
  enum class Door { Empty, Closed, Open };

  struct Options {
    const model::Absence* absence = nullptr;  // outlives it
    model::Signature signature = model::Signature::Blackhole;
    std::vector<std::uint16_t> allowed_host_ports;
    pid_t starter = 0;  // see ProcessBook
    /// As RunOptions::on_attempt: of calls, while the door is Open.
    std::function<void(const model::Sighting&)> on_attempt;
    std::vector<std::string> masked;  // unix sockets, and folders of them, that are refused
    CallPolicy::PartyOfStandIn party_of_stand_in;
    std::function<std::string(net::Address)> name_of;  // that led there; "": none was seen
    /// Whether a question for a name (a DNS message) asks for one that lives. Of whoever asks
    /// without connecting its socket, which must hear the answer from where it asked, such a
    /// question goes there itself; empty: none does.
    std::function<bool(std::span<const std::uint8_t>)> asks_for_living;
    /// Our own name server on loopback, at IPv4's and, where there is one, at IPv6's; 0: none.
    struct NameServer {
      std::uint16_t udp_v4 = 0;
      std::uint16_t tcp_v4 = 0;
      std::uint16_t udp_v6 = 0;
      std::uint16_t tcp_v6 = 0;
    } name_server;
  };

  /// Starts with the door Empty. Errors: no loopback; the thread cannot start.
  static Result<std::unique_ptr<Doorkeeper>> start(kernel::CallListener listener, Options options);
  ~Doorkeeper();
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;
  Doorkeeper(Doorkeeper&&) = delete;
  Doorkeeper& operator=(Doorkeeper&&) = delete;

  void set_door(Door door);
  /// What was seen until now was not the command.
  void begin();

  /// How often that place was tried; `blocked`: and died. Any thread.
  [[nodiscard]] std::uint64_t tried(const Destination& destination, bool blocked) const;
  /// Calls that we made towards the outside, since the start. Any thread.
  [[nodiscard]] std::uint64_t went_out() const;

  /// Calls of the command that could not be looked at, so that they were refused. Any thread.
  [[nodiscard]] std::uint64_t refused_unseen() const;

  /// The program that last asked our name server from this port. Any thread.
  [[nodiscard]] std::optional<std::size_t> asker_from(std::uint16_t port, bool over_tcp) const;

  /// What such a place stands for. Any thread.
  [[nodiscard]] std::optional<model::Program> program(std::size_t place) const;

  /// Ends the thread. What was written down can be read after that.
  void stop();
  [[nodiscard]] const CallTally& tally() const;
  [[nodiscard]] const Tries& tries() const;
  [[nodiscard]] const ProcessBook& book() const;

private:
  struct State;
  explicit Doorkeeper(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
