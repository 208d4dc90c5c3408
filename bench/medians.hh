// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <iostream>
#include <map>
#include <string>

#include <benchmark/benchmark.h>

namespace zonder::bench {

/// Shows the runs on stderr as they come and keeps the median of each benchmark's repetitions.
class Medians : public benchmark::ConsoleReporter {
public:
  Medians() : ConsoleReporter(OO_Tabular)
  {
    SetOutputStream(&std::cerr);
    SetErrorStream(&std::cerr);
  }

  void ReportRuns(const std::vector<Run>& runs) override
  {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const auto rate = run.counters.find("items_per_second");
      if (run.aggregate_name == "median" && rate != run.counters.end()) {
        nanoseconds_[run.run_name.function_name] = 1e9 / rate->second;
      }
    }
  }

  /// Nanoseconds of processor time per item; 0 when this benchmark did not run.
  [[nodiscard]] double of(const std::string& name) const
  {
    const auto found = nanoseconds_.find(name);
    return found == nanoseconds_.end() ? 0.0 : found->second;
  }

private:
  std::map<std::string, double> nanoseconds_;
};

}  // namespace zonder::bench
