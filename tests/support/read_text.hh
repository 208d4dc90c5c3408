// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

// Content read in as `zonder import` reads it, and what was seen in it as lines of text.
namespace zonder::test {

struct ReadText {
  /// "10.0.0.5 asked www.example.nl dns 2", sorted; with bytes " 2 1500" behind the count.
  std::vector<std::string> seen;
  std::string format;
  std::uint64_t records = 0;
  std::uint64_t unreadable = 0;
  std::string problem;  // the first, or why nothing was read
  bool broken_off = false;
  std::string first;  // the earliest and latest moment of all, ISO; empty: none
  std::string last;
};

/// `format` empty: recognised.
ReadText read_text(const std::string& content, const std::string& format = "");

/// Of a file on disk.
std::string content_of(const std::string& path);

}  // namespace zonder::test
