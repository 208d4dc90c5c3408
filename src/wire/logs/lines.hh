// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "wire/logs/entry.hh"

namespace zonder::wire::logs {

/// Text behind which more memory may be read, whatever is in it: what simdjson asks for.
class PaddedText {
public:
  static constexpr std::size_t padding = 64;

  /// `text` is followed by `padding` bytes that may be read.
  static PaddedText promised(std::string_view text) { return PaddedText(text); }
  /// The same text with room behind it, as long as `owner` is not changed.
  static PaddedText of(std::string& owner)
  {
    owner.reserve(owner.size() + padding);
    return PaddedText(owner);
  }
  [[nodiscard]] std::string_view text() const { return text_; }

private:
  explicit PaddedText(std::string_view text) : text_(text) {}
  std::string_view text_;
};

/// A reader of text, a line an entry. It is given whole lines, many at a time.
class LineReader {
public:
  static constexpr std::size_t longest_line = std::size_t{1} << 20U;

  LineReader() = default;
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  LineReader(LineReader&&) = delete;
  LineReader& operator=(LineReader&&) = delete;
  virtual ~LineReader() = default;

  /// `lines` end with '\n', but the last of all may lack it.
  void take(PaddedText lines, EntrySink& sink)
  {
    const char* at = lines.text().data();
    const char* const end = at + lines.text().size();
    while (at < end) {
      const auto left = static_cast<std::size_t>(end - at);
      const auto* found = static_cast<const char*>(std::memchr(at, '\n', left));
      const char* stop = found == nullptr ? end : found;
      ++line_number_;
      std::string_view line(at, static_cast<std::size_t>(stop - at));
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      if (line.size() > longest_line) {
        unreadable_line();
      } else if (!line.empty()) {
        read_line(line, sink);
      }
      at = stop + 1;
    }
  }
  /// A line that was too long to be looked at.
  void pass_over_line();

  /// All lines were given. For what is told by several lines together.
  virtual void finish(EntrySink& /*sink*/) {}

  [[nodiscard]] const Tally& tally() const { return tally_; }
  /// What one must know to rely on it, a sentence each, in the user's language.
  [[nodiscard]] virtual std::vector<std::string> remarks() const { return {}; }

protected:
  /// `line` is padded, and not empty.
  virtual void read_line(std::string_view line, EntrySink& sink) = 0;
  void unreadable(const std::string& why);
  void count() { ++tally_.records; }
  /// Gives an entry on; counts it, or the line as unreadable.
  void give(const Entry& entry, EntrySink& sink)
  {
    if (sink.take(entry)) {
      ++tally_.records;
    } else {
      unreadable_entry();
    }
  }
  void unreadable_entry();

private:
  void unreadable_line();

  std::uint64_t line_number_ = 0;
  Tally tally_;
};

}  // namespace zonder::wire::logs
