// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hh"

// For benches whose rounds are too large for google-benchmark: they repeat by themselves.
namespace zonder::bench {

/// From --benchmark_repetitions=N, as google-benchmark has it; 5 when it is not given.
inline int rounds_in(int count, char** arguments)
{
  constexpr std::string_view option = "--benchmark_repetitions=";
  int rounds = 5;
  for (int i = 1; i < count; ++i) {
    if (std::string_view(arguments[i]).starts_with(option)) {
      rounds = std::max(1, std::atoi(arguments[i] + option.size()));
    }
  }
  return rounds;
}

inline double median(std::vector<double> values)
{
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

/// The value; a bench that cannot be set up ends here.
template <typename T>
T must(Result<T> result)
{
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
  if constexpr (!std::is_void_v<T>) {
    return std::move(*result);
  }
}

}  // namespace zonder::bench
