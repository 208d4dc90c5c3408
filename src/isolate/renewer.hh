// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/boot_clock.hh"
#include "base/guarded.hh"
#include "base/result.hh"
#include "model/room_record.hh"

namespace zonder::isolate {

/// Keeps a lease of the kernel's alive, and knows when it was not: what has to come by again and
/// again did not (zonder hung, the machine slept), or the kernel refused. Then the room was closed.
class Lease {
public:
  struct Terms {
    std::chrono::milliseconds lasts;    // from each renewal
    std::chrono::milliseconds neglect;  // nor does it go on longer than this without looked_after()
  };
  /// It was renewed at `now`.
  Lease(Terms terms, BootClock::time_point now) : terms_(terms), renewed_(now), looked_after_(now)
  {
  }

  void looked_after(BootClock::time_point now) { looked_after_ = now; }
  [[nodiscard]] bool may_be_renewed(BootClock::time_point now) const
  {
    return now - looked_after_ < terms_.neglect;
  }
  void renewed(BootClock::time_point now);

  /// When it had ended, up to now; the last one may go on.
  struct Lapse {
    BootClock::time_point from;
    BootClock::time_point until;
  };
  [[nodiscard]] std::vector<Lapse> lapses(BootClock::time_point now) const;

private:
  Terms terms_;
  BootClock::time_point renewed_;
  BootClock::time_point looked_after_;
  std::vector<Lapse> lapses_;
};

/// Renews a lease in a thread of its own, so that a long look at something else does not end it.
class Renewer {
public:
  /// `renew` is called in that thread, each time that `rhythm` has passed, as long as it is looked
  /// after. The lease was renewed just now.
  Renewer(Lease::Terms terms,
          std::chrono::milliseconds rhythm,
          std::function<Result<void>()> renew);

  /// Whoever looks after the room has come by. Any thread.
  void looked_after() { lease_.lock()->looked_after(BootClock::now()); }
  /// See Lease::lapses(), in the time of day. Any thread.
  [[nodiscard]] std::vector<model::RoomLapse> lapses();

private:
  void run(const std::stop_token& stop);

  Guarded<Lease> lease_;
  std::chrono::milliseconds rhythm_;
  std::function<Result<void>()> renew_;
  std::mutex renewing_;  // held by the thread while it does not wait
  std::condition_variable_any no_longer_;
  std::jthread thread_;  // ends first
};

}  // namespace zonder::isolate
