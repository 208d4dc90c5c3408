// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "model/run_record.hh"
#include "report/judgement.hh"
#include "report/style.hh"

namespace zonder::app {

/// Whether a report can be written there, told before anything else is done: the suffix is .html,
/// .json, .xml or .txt, and the folder can be written.
Result<void> check_report_path(const std::string& path);

/// Whether a file can be put there: it is no folder, pipe or device, and lies in a folder that can
/// be written.
Result<void> check_can_write(const std::string& path);

/// Writes the file, at once or not at all: where a link leads, for the link is the user's. Never
/// in the place of a pipe or device, nor into one: who reads it may be slow, or not be there.
Result<void> put_file(const std::string& path, std::string_view content);

/// Whether no two of the paths are one file: the later would replace the earlier.
Result<void> check_all_differ(const std::vector<std::string>& paths);

/// Writes the record, in the format of the suffix, at once or not at all.
Result<void> write_report(const std::string& path,
                          const model::RunRecord& record,
                          const report::Judgement& judgement,
                          const report::Style& style);

}  // namespace zonder::app
