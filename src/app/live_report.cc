// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/live_report.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "report/run_events.hh"

namespace zonder::app {
namespace {

constexpr std::size_t most_told = 20000;

/// The sum of all lines up to and with this one.
catalog::Sha256 with_line(const catalog::Sha256& before, std::string_view line)
{
  std::string both(before.begin(), before.end());
  both += line;
  return catalog::sha256_of(std::as_bytes(std::span(both)));
}

catalog::Sha256 sum_of_lines(std::string_view lines)
{
  catalog::Sha256 sum = {};
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size() - 1) + 1;
    sum = with_line(sum, lines.substr(0, end));
    lines.remove_prefix(end);
  }
  return sum;
}

}  // namespace

bool LiveReport::is_for(const std::string& path)
{
  return std::filesystem::path(path).extension() == ".jsonl";
}

Result<std::unique_ptr<LiveReport>> LiveReport::open(const std::string& path,
                                                     const model::Absence& absence)
{
  struct stat before = {};
  if (::stat(path.c_str(), &before) == 0 && !S_ISREG(before.st_mode)) {
    return fail(Fault::Usage,
                say("{} is no file, and a .jsonl report is followed in a file", path));
  }
  Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0644));
  struct stat now = {};
  if (!file || ::fstat(file.get(), &now) != 0 || !S_ISREG(now.st_mode)) {
    const int error = file ? EINVAL : errno;
    return fail(Fault::NotPossible, say("cannot write {}: {}", path, std::strerror(error)));
  }
  return std::unique_ptr<LiveReport>(new LiveReport(path, absence, std::move(file)));
}

LiveReport::LiveReport(std::string path, const model::Absence& absence, Descriptor file)
    : path_(std::move(path)), absence_(absence)
{
  written_.lock()->file = std::move(file);
}

/// Who kills zonder, or follows the file, finds whole lines.
void LiveReport::write(Written& written, std::string_view lines)
{
  while (!lines.empty() && written.error == 0) {
    const auto end = std::min(lines.find('\n'), lines.size() - 1) + 1;
    write_line(written, lines.substr(0, end));
    lines.remove_prefix(end);
  }
}

void LiveReport::write_line(Written& written, std::string_view line)
{
  std::size_t begun = 0;
  const auto whole = line;
  while (!line.empty() && written.error == 0) {
    const auto taken = ::write(written.file.get(), line.data(), line.size());
    if (taken < 0) {
      written.error = errno == EINTR ? 0 : errno;
      continue;
    }
    begun += static_cast<std::size_t>(taken);
    line.remove_prefix(static_cast<std::size_t>(taken));
  }
  struct stat now = {};
  if (line.empty()) {
    written.size += begun;
    written.sum = with_line(written.sum, whole);
  } else if (begun > 0 && ::fstat(written.file.get(), &now) == 0) {
    // Nothing is written after an error.
    (void)!::ftruncate(written.file.get(),
                       std::max<off_t>(0, now.st_size - static_cast<off_t>(begun)));
  }
}

Result<void> LiveReport::check_whole(const Written& written) const
{
  if (written.error != 0) {
    return fail(Fault::NotPossible,
                say("cannot write {}: {}", path_, std::strerror(written.error)));
  }
  struct stat ours = {};
  struct stat there = {};
  if (::fstat(written.file.get(), &ours) != 0 || ::stat(path_.c_str(), &there) != 0 ||
      ours.st_dev != there.st_dev || ours.st_ino != there.st_ino) {
    return fail(Fault::NotPossible,
                say("{} was deleted, renamed or replaced while the command ran: this run's report "
                    "is not there",
                    path_));
  }
  const auto lines = read_file(path_, written.size + 1);
  if (!lines || lines->size() != written.size || sum_of_lines(*lines) != written.sum) {
    return fail(Fault::NotPossible,
                say("{} was emptied or changed by something else while the command ran: this "
                    "run's report is not whole",
                    path_));
  }
  return {};
}

void LiveReport::start(const model::RunRecord& record)
{
  const auto held = written_.lock();
  held->started = true;
  write(*held, report::run_start_line(record));
}

void LiveReport::cut(model::Moment when)
{
  write(*written_.lock(), report::cut_line(when));
}

void LiveReport::attempt(const model::Sighting& sighting)
{
  const auto& party = absence_.parties[sighting.party].id;
  auto timeless = sighting;
  timeless.time = {};
  const auto held = written_.lock();
  if (!held->started || held->told.size() > most_told ||
      !held->told.insert(report::attempt_line(timeless, party)).second) {
    return;
  }
  write(*held,
        held->told.size() > most_told ? report::not_listed_line(sighting.time)
                                      : report::attempt_line(sighting, party));
}

Result<void> LiveReport::end(const model::RunRecord& record, const report::Judgement& judgement)
{
  const auto held = written_.lock();
  if (!held->started) {
    write(*held, report::run_start_line(record));
  }
  write(*held, report::run_lines_after_start(record, judgement));
  return check_whole(*held);
}

}  // namespace zonder::app
