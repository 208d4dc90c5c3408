// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "base/descriptor.hh"
#include "base/guarded.hh"
#include "base/result.hh"
#include "catalog/checksum.hh"
#include "model/absence.hh"
#include "model/run_record.hh"
#include "model/sighting.hh"
#include "report/judgement.hh"

namespace zonder::app {

/// A report that is written while the run lasts (.jsonl), for whoever follows the file: a line when
/// the command starts, one for each new attempt at an absent party when it is made, and the whole
/// account behind them. A file without a last line "end" is of a run that was cut off. Each line is
/// one write, at the end of the file; what could be written of half a line is taken back.
class LiveReport {
public:
  /// Whether a report by that name is one of these.
  static bool is_for(const std::string& path);

  /// Empties the file. `absence` outlives it. Errors: it cannot be written, or is no file: who
  /// reads a pipe too slowly would hold up the command.
  static Result<std::unique_ptr<LiveReport>> open(const std::string& path,
                                                  const model::Absence& absence);

  void start(const model::RunRecord& record);
  /// The parties fell away, later than at the start (--after).
  void cut(model::Moment when);
  /// Any thread. Each thing that a program tries is told once; past the bound nothing new is.
  void attempt(const model::Sighting& sighting);
  /// Errors: some of it could not be written, now or before; the file is no longer at its path; or
  /// it is not what was written, since somebody else emptied it or wrote in it.
  Result<void> end(const model::RunRecord& record, const report::Judgement& judgement);

private:
  struct Written {
    Descriptor file;
    bool started = false;
    std::set<std::string> told;
    std::size_t size = 0;      // bytes, in whole lines
    catalog::Sha256 sum = {};  // of the sum of all lines before, and the last one
    int error = 0;             // the first one
  };
  static void write(Written& written, std::string_view lines);
  static void write_line(Written& written, std::string_view line);
  [[nodiscard]] Result<void> check_whole(const Written& written) const;

  LiveReport(std::string path, const model::Absence& absence, Descriptor file);

  const std::string path_;
  const model::Absence& absence_;
  Guarded<Written> written_;
};

}  // namespace zonder::app
