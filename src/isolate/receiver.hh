// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "model/run_record.hh"
#include "trust/authority.hh"

namespace zonder::isolate {

/// Takes the TCP connections of the absent in their place, in a thread of its own, at sockets in
/// the gateway's network to which the gateway sends them. Without an authority it reads who is
/// asked for and resets; with one it answers every request with a refusal. It sends nothing to
/// anybody else: what it says goes back on the connection that it came by.
///
/// All that it keeps is bounded: connections at once, bytes and time of each, and what is written
/// down.
class Receiver {
public:
  /// The sockets listen. Errors: the thread cannot start; OpenSSL cannot.
  static Result<std::unique_ptr<Receiver>> start(std::vector<Descriptor> listeners,
                                                 std::optional<trust::Authority> authority);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  Receiver(Receiver&&) = delete;
  Receiver& operator=(Receiver&&) = delete;

  /// Hears what was still said, and ends the thread. What was written down can be read after that.
  void stop();

  /// Sorted by name, address, port; nobody's programs yet.
  [[nodiscard]] std::vector<model::Received> received() const;
  /// Connections that were taken and are not in received().
  [[nodiscard]] std::uint64_t not_kept() const;

private:
  struct State;
  explicit Receiver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
