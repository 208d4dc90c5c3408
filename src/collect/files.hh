// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hh"
#include "collect/inflow.hh"

namespace zonder::collect {

/// A file that will be read, or "-" for standard input.
struct FoundFile {
  std::string path;
  std::uint64_t size = 0;  // 0: not known before
};

/// What was asked for but not read, and why.
struct PassedOver {
  std::string path;
  std::string why;
};

/// The file itself, or all files below a folder in the order of their paths: links are not
/// followed, names with a leading dot are left out. Errors: it is not there; too many files.
Result<std::vector<FoundFile>> files_at(const std::string& path);

/// Reads one stream of content; its path says where in which archive it lies. Errors end all.
using TakeStream = std::function<Result<void>(const std::string& path, Window& window)>;

/// Gives the content of a file to `take`; what is packed (gzip, xz, zstd, bzip2) unpacked, and of
/// an archive (tar, zip) each file in it, also when these are packed or archives again. Nothing is
/// written to disk. What unpacks to far more than it is, or lies too deep, is not read to its end.
/// Errors: the file cannot be opened, or `take` gave one.
Result<void> read_streams(const FoundFile& file,
                          const FileInflow::Progress& progress,
                          const TakeStream& take,
                          std::vector<PassedOver>& passed_over);

}  // namespace zonder::collect
