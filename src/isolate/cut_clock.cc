// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/cut_clock.hh"

#include <algorithm>
#include <cstdint>

namespace zonder::isolate {

using std::chrono::steady_clock;

CutClock::CutClock(std::optional<std::chrono::seconds> after)
{
  if (after) {
    at_ = steady_clock::now() + *after;
  }
}

int CutClock::milliseconds_left() const
{
  if (!at_) {
    return -1;
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*at_ - steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3600000));
}

bool CutClock::strikes()
{
  if (!at_ || steady_clock::now() < *at_) {
    return false;
  }
  at_.reset();
  return true;
}

}  // namespace zonder::isolate
