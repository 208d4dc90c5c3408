// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/baseline_file.hh"

#include <filesystem>

#include "app/report_file.hh"
#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::app {

Result<report::Baseline> read_baseline(const std::string& path)
{
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) {
    return fail(
        Fault::Usage,
        say("there is no baseline {}: a run with --write-baseline {} makes one", path, path));
  }
  const auto text = read_file(path, report::largest_baseline);
  if (!text) {
    return fail(
        Fault::Usage,
        say("{}; --baseline wants a file that --write-baseline made", text.error().message));
  }
  return report::baseline_from_json(*text, path);
}

Result<void> write_baseline(const std::string& path,
                            const model::RunRecord& record,
                            const report::Judgement& judgement)
{
  if (const auto why = report::why_no_baseline(record); !why.empty()) {
    return fail(Fault::Incomplete, say("no baseline was written to {}: {}", path, why));
  }
  // What is allowed would hide itself on the day on which it no longer is.
  auto contacts = judgement.with(report::Standing::Counts);
  const auto known = judgement.with(report::Standing::Known);
  contacts.insert(contacts.end(), known.begin(), known.end());
  const auto text = report::baseline_as_json(report::baseline_of(record, std::move(contacts)));
  if (text.size() > report::largest_baseline) {
    return fail(Fault::Incomplete,
                say("no baseline was written to {}: it would be larger than {} bytes; --allow "
                    "takes out what may be contacted",
                    path,
                    report::largest_baseline));
  }
  return put_file(path, text);
}

}  // namespace zonder::app
