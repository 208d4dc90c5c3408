// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/renewer.hh"

#include <utility>

namespace zonder::isolate {
namespace {

constexpr std::size_t most_lapses = 1000;

}  // namespace

void Lease::renewed(BootClock::time_point now)
{
  if (now - renewed_ > terms_.lasts && lapses_.size() < most_lapses) {
    lapses_.push_back({.from = renewed_ + terms_.lasts, .until = now});
  }
  renewed_ = now;
}

std::vector<Lease::Lapse> Lease::lapses(BootClock::time_point now) const
{
  auto all = lapses_;
  if (now - renewed_ > terms_.lasts) {
    all.push_back({.from = renewed_ + terms_.lasts, .until = now});
  }
  return all;
}

Renewer::Renewer(Lease::Terms terms,
                 std::chrono::milliseconds rhythm,
                 std::function<Result<void>()> renew)
    : lease_(Lease(terms, BootClock::now())), rhythm_(rhythm), renew_(std::move(renew)),
      thread_([this](const std::stop_token& stop) { run(stop); })
{
}

void Renewer::run(const std::stop_token& stop)
{
  std::unique_lock lock(renewing_);
  while (!no_longer_.wait_for(lock, stop, rhythm_, [&] { return stop.stop_requested(); })) {
    if (lease_.lock()->may_be_renewed(BootClock::now()) && renew_()) {
      lease_.lock()->renewed(BootClock::now());
    }
  }
}

std::vector<model::RoomLapse> Renewer::lapses()
{
  const auto now = BootClock::now();
  const auto day = time_of_day();
  std::vector<model::RoomLapse> all;
  for (const auto& each : lease_.lock()->lapses(now)) {
    const auto then = [&](BootClock::time_point moment) {
      return day - std::chrono::duration_cast<model::Moment::duration>(now - moment);
    };
    all.push_back({.from = then(each.from), .until = then(each.until)});
  }
  return all;
}

}  // namespace zonder::isolate
