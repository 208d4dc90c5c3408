// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hh"
#include "isolate/process_book.hh"
#include "isolate/tries.hh"
#include "kernel/call_listener.hh"

namespace zonder::isolate {

/// Writes down who in the room reaches for what: a thread that the kernel asks about each connect
/// and each send that names an address, while the caller waits. It decides nothing: the gateway
/// does. When it ends, whoever calls next gets ENOSYS, so the room is closed then.
class Supervisor {
public:
  using OnReach = std::function<void(const Destination&, const model::Program&)>;

  /// `on_reach` is told of each address that a packet should go to, and by whom, in this thread;
  /// may be empty. `proxies` are places whose askers are kept too. `unix_table`: of the room's
  /// network (kernel::open_unix_table). Errors: the thread cannot start.
  static Result<std::unique_ptr<Supervisor>> start(kernel::CallListener listener,
                                                   OnReach on_reach = {},
                                                   std::vector<InternetPlace> proxies = {},
                                                   Descriptor unix_table = {});
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  Supervisor(Supervisor&&) = delete;
  Supervisor& operator=(Supervisor&&) = delete;

  /// The program that last reached for a name server from this port of the room, so that a question
  /// has an asker too. Any thread.
  [[nodiscard]] std::optional<std::size_t> asker_from(std::uint16_t port, bool over_tcp) const;

  /// The same for a connection to a proxy, once: its socket is let go of.
  [[nodiscard]] std::optional<std::size_t> take_asker_of_proxy(std::uint16_t port) const;

  /// What such a place stands for. Any thread.
  [[nodiscard]] std::optional<model::Program> program(std::size_t place) const;

  /// From now on what is tried is written down apart. Any thread.
  void turn();

  /// Ends the thread. What was written down can be read after that.
  void stop();
  [[nodiscard]] const Tries& tries() const;  // since turn(), where that was said
  [[nodiscard]] const Tries& tries_before_turn() const;
  [[nodiscard]] const Tries& sockets() const;  // what was tried at unix sockets, whenever
  /// Calls that went on though it could not be seen what they named, or by a socket of another
  /// network than the room's, of which nothing comes to the gateway.
  [[nodiscard]] std::uint64_t unseen_calls() const;
  [[nodiscard]] const ProcessBook& book() const;

private:
  struct State;
  explicit Supervisor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
