// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/report_file.hh"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <set>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_junit.hh"
#include "report/run_text.hh"

namespace zonder::app {
namespace {

bool is_format(const std::string& suffix)
{
  return suffix == ".html" || suffix == ".json" || suffix == ".jsonl" || suffix == ".txt" ||
         suffix == ".xml";
}

/// Where links lead, also when nothing is there yet.
std::filesystem::path behind_links(const std::string& path)
{
  constexpr int most_links = 40;  // as the kernel has it
  std::filesystem::path file(path);
  std::error_code unknown;
  for (int i = 0; i < most_links && std::filesystem::is_symlink(file, unknown); ++i) {
    file = file.parent_path() / std::filesystem::read_symlink(file, unknown);
  }
  return file;
}

Result<void> check_would_be_a_file(const std::string& path)
{
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0 || S_ISREG(about.st_mode)) {
    return {};
  }
  return fail(Fault::Usage,
              S_ISDIR(about.st_mode)
                  ? say("cannot write {}: it is a folder", path)
                  : say("cannot write {}: it is a pipe or a device, and would be replaced by the "
                        "file; name a file",
                        path));
}

}  // namespace

Result<void> check_report_path(const std::string& path)
{
  const auto suffix = std::filesystem::path(path).extension();
  if (const auto small = ascii_lower(suffix.string()); small != suffix && is_format(small)) {
    return fail(Fault::Usage,
                say("a report's suffix is written in small letters: {} instead of {}",
                    std::filesystem::path(path).replace_extension(small).string(),
                    path));
  }
  if (!is_format(suffix.string())) {
    return fail(Fault::Usage,
                say("a report is .html, .json, .jsonl, .txt or .xml (JUnit); {} ends in none of "
                    "these",
                    path));
  }
  if (suffix == ".jsonl" && ::access(path.c_str(), F_OK) == 0 &&
      ::access(path.c_str(), W_OK) != 0) {
    const int error = errno;
    return fail(Fault::Usage,
                say("cannot write {}: {}; it is written while the run lasts, so the old file must "
                    "be ours to write",
                    path,
                    std::strerror(error)));
  }
  return check_can_write(path);
}

Result<void> check_can_write(const std::string& path)
{
  const auto file = behind_links(path);
  ZONDER_TRY(check_would_be_a_file(path));
  if (::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), W_OK) != 0) {
    const int error = errno;
    return fail(
        Fault::Usage,
        say("cannot write {}: {}; a read-only file is not replaced", path, std::strerror(error)));
  }
  const auto folder = file.has_parent_path() ? file.parent_path().string() : std::string(".");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    const int error = errno;
    return fail(Fault::Usage, say("cannot write in {}: {}", folder, std::strerror(error)));
  }
  return {};
}

Result<void> check_all_differ(const std::vector<std::string>& paths)
{
  std::set<std::filesystem::path> seen;
  std::set<std::pair<dev_t, ino_t>> files;  // one file can have several names
  for (const auto& path : paths) {
    struct stat about = {};
    const bool is_there = ::stat(path.c_str(), &about) == 0;
    std::error_code unknown;
    auto real = std::filesystem::weakly_canonical(
        std::filesystem::absolute(behind_links(path), unknown), unknown);
    if (unknown) {
      real = path;
    }
    const bool is_new = seen.insert(std::move(real)).second;
    if (!is_new || (is_there && !files.emplace(about.st_dev, about.st_ino).second)) {
      return fail(Fault::Usage, say("{} is to be written twice: give each its own file", path));
    }
  }
  return {};
}

Result<void> put_file(const std::string& path, std::string_view content)
{
  ZONDER_TRY(check_would_be_a_file(path));
  return write_file(behind_links(path), content);
}

Result<void> write_report(const std::string& path,
                          const model::RunRecord& record,
                          const report::Judgement& judgement,
                          const report::Style& style)
{
  const auto suffix = std::filesystem::path(path).extension();
  if (suffix == ".json") {
    return put_file(path, report::run_as_json(record, judgement));
  }
  if (suffix == ".html") {
    return put_file(path, report::run_as_html(record, style, judgement));
  }
  if (suffix == ".xml") {
    return put_file(path, report::run_as_junit(record, judgement, style));
  }
  const report::Style plain{.colour = false, .unicode = style.unicode, .now = style.now};
  return put_file(
      path, report::run_as_text(record, plain, judgement, std::numeric_limits<std::size_t>::max()));
}

}  // namespace zonder::app
