// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <memory>

#include "base/result.hh"

namespace zonder::app {

/// Makes a run audible, for talks: a click for each attempt, a pitch for each party. A program of
/// the system plays it, outside the room; when that ends, there is silence and nothing else.
class Beeper {
public:
  /// The program that would play. Errors (not possible): none is installed.
  static Result<std::string> player();

  /// Starts the player, and no thread yet. Errors: none is installed, or it does not start.
  static Result<Beeper> start();
  Beeper(Beeper&&) noexcept;
  Beeper& operator=(Beeper&&) noexcept;
  Beeper(const Beeper&) = delete;
  Beeper& operator=(const Beeper&) = delete;
  /// What was struck is played to its end: half a second at most.
  ~Beeper();

  /// Any thread; never waits for the player.
  void strike(std::size_t party);

  /// Whether the player still plays; where there is no sound card, it ends at once.
  [[nodiscard]] bool plays();

private:
  struct State;
  explicit Beeper(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::app
