// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <string>

#include "base/result.hh"
#include "mail/domain_records.hh"
#include "model/observation.hh"

// Records of domains in files: ours, a domain a line, as a scan writes them and goes on from; and
// those of mxmap-it/mxmap.it, one object with a member for each domain. Either packed with xz,
// gzip, bzip2 or zstd. What is in a file comes from anybody.
namespace zonder::collect {

/// One line without its end: {"schema":"zonder.records/1","domain":...}.
std::string records_line(const mail::DomainRecords& records);

/// Gives each domain's records in the order of the file. A domain that cannot be read is counted,
/// with the first one's place. Errors: the file cannot be read, or holds nothing of either kind.
Result<model::ReadCount> read_records(const std::string& path,
                                      const std::function<void(mail::DomainRecords)>& take);

/// The same of text that is already here; `path` is for messages.
Result<model::ReadCount> read_records_text(const std::string& path,
                                           std::string_view text,
                                           const std::function<void(mail::DomainRecords)>& take);

}  // namespace zonder::collect
