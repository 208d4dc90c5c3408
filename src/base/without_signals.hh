// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <csignal>

namespace zonder {

/// While this lives, no signal reaches the calling thread, nor any thread that it starts: signals
/// are for the thread that waits for the command.
class WithoutSignals {
public:
  WithoutSignals()
  {
    sigset_t all{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;
  WithoutSignals(WithoutSignals&&) = delete;
  WithoutSignals& operator=(WithoutSignals&&) = delete;

private:
  sigset_t before_{};
};

}  // namespace zonder
