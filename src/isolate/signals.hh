// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <csignal>

#include "base/descriptor.hh"

namespace zonder::isolate {

/// What zonder itself does with signals while the command runs: what the terminal sends (Ctrl-C)
/// reaches the command by itself, what a process sends to us is passed on to it.
class Signals {
public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  Signals(Signals&&) = delete;
  Signals& operator=(Signals&&) = delete;

  /// Readable when there is something to pass on.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  void pass_on(int pidfd) const;

private:
  sigset_t ours_{};
  sigset_t before_{};
  Descriptor descriptor_;
};

}  // namespace zonder::isolate
