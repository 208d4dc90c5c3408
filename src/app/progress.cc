// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/progress.hh"

#include <array>

#include <unistd.h>

#include "base/translate.hh"

namespace zonder::app {

std::string bytes_in_words(std::uint64_t bytes)
{
  constexpr std::array<const char*, 5> units = {"B", "kB", "MB", "GB", "TB"};
  constexpr double step = 1000;
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= step && unit + 1 < units.size()) {
    amount /= step;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount, units.at(unit));
}

std::string progress_line(std::uint64_t so_far, std::uint64_t all, double seconds)
{
  const double rate = seconds > 0 ? static_cast<double>(so_far) / seconds : 0;
  const auto speed = bytes_in_words(static_cast<std::uint64_t>(rate));
  // More may come out of a packed file's end, or be added to it, than it had at first.
  if (all == 0 || so_far > all || rate <= 0) {
    return say("{} read, {}/s", bytes_in_words(so_far), speed);
  }
  const auto left = static_cast<std::uint64_t>(static_cast<double>(all - so_far) / rate);
  return say(
      "{} of {} read, {}/s, {} s to go", bytes_in_words(so_far), bytes_in_words(all), speed, left);
}

Progress::Progress(std::FILE* err, bool shown, std::uint64_t all)
    : err_(err), shown_(shown), terminal_(::isatty(::fileno(err)) == 1), all_(all),
      start_(Clock::now()),
      next_(start_ + (terminal_ ? std::chrono::seconds(1) : std::chrono::seconds(10)))
{
}

Progress::~Progress()
{
  if (line_open_) {
    std::fputs("\r\033[K", err_);
  }
}

void Progress::came(std::uint64_t bytes)
{
  so_far_ += bytes;
  if (!shown_) {
    return;
  }
  const auto now = Clock::now();
  if (now >= next_) {
    tell(now);
    next_ = now + (terminal_ ? std::chrono::milliseconds(250) : std::chrono::milliseconds(10'000));
  }
}

void Progress::tell(Clock::time_point now)
{
  const auto line =
      progress_line(so_far_, all_, std::chrono::duration<double>(now - start_).count());
  if (terminal_) {
    std::fprintf(err_, "\r%s\033[K", line.c_str());
    line_open_ = true;
  } else {
    std::fprintf(err_, "zonder: %s\n", line.c_str());
  }
  std::fflush(err_);
}

}  // namespace zonder::app
