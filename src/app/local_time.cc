// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/local_time.hh"

#include <ctime>

namespace zonder::app {

std::chrono::minutes east_of_utc(model::Moment moment)
{
  const std::time_t time = std::chrono::system_clock::to_time_t(moment);
  std::tm local{};
  return ::localtime_r(&time, &local) != nullptr ? std::chrono::minutes(local.tm_gmtoff / 60)
                                                 : std::chrono::minutes(0);
}

}  // namespace zonder::app
