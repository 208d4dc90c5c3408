// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace zonder::app {

/// Says on the error stream how far a long reading is: on a terminal one line that is written over,
/// elsewhere a line every 10 seconds. What takes less than a second says nothing.
class Progress {
public:
  using Clock = std::chrono::steady_clock;

  /// `all`: bytes that will come; 0: not known.
  Progress(std::FILE* err, bool shown, std::uint64_t all);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;

  void came(std::uint64_t bytes);

private:
  void tell(Clock::time_point now);

  std::FILE* err_;
  bool shown_;
  bool terminal_;
  std::uint64_t all_;
  std::uint64_t so_far_ = 0;
  Clock::time_point start_;
  Clock::time_point next_;
  bool line_open_ = false;
};

/// "1.2 GB": of bytes, by powers of ten.
std::string bytes_in_words(std::uint64_t bytes);

/// How far it is, as the line says it.
std::string progress_line(std::uint64_t so_far, std::uint64_t all, double seconds);

}  // namespace zonder::app
