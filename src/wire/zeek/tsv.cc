// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <bit>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/translate.hh"
#include "wire/logs/text.hh"
#include "wire/zeek/zeek.hh"

namespace zonder::wire::zeek {
namespace {

constexpr std::size_t most_columns = 1000;

/// "\x09" as Zeek writes its separator, or the character itself.
char character_of(std::string_view text)
{
  if (text.starts_with("\\x") && text.size() == 4) {
    const auto digit = [](char c) {
      constexpr std::string_view digits = "0123456789abcdef";
      const auto at = digits.find(c);
      return at == std::string_view::npos ? 0U : static_cast<unsigned>(at);
    };
    return static_cast<char>(digit(text[2]) * 16 + digit(text[3]));
  }
  return text.empty() ? '\t' : text.front();
}

}  // namespace

void TsvReader::read_header(std::string_view line)
{
  const auto rest = [&line](std::string_view word, char separator) {
    auto text = line.substr(word.size());
    if (!text.empty() && (text.front() == separator || text.front() == ' ')) {
      text.remove_prefix(1);
    }
    return text;
  };
  if (line.starts_with("#separator")) {
    separator_ = character_of(rest("#separator", ' '));
  } else if (line.starts_with("#set_separator")) {
    set_separator_ = character_of(rest("#set_separator", separator_));
  } else if (line.starts_with("#empty_field")) {
    empty_ = rest("#empty_field", separator_);
  } else if (line.starts_with("#unset_field")) {
    unset_ = rest("#unset_field", separator_);
  } else if (line.starts_with("#fields")) {
    auto names = rest("#fields", separator_);
    columns_.clear();
    all_columns_ = 0;
    std::size_t used = 0;
    has_state_ = false;
    while (!names.empty() && all_columns_ < most_columns) {
      columns_.push_back(field_of(logs::take_until(names, separator_)));
      ++all_columns_;
      used = columns_.back() == Field::None ? used : all_columns_;
      has_state_ = has_state_ || columns_.back() == Field::State;
    }
    columns_.resize(used);
  }
}

void TsvReader::put(std::size_t column, const char* start, const char* stop)
{
  const auto field = columns_[column];
  if (field == Field::None) {
    return;
  }
  const std::string_view text(start, static_cast<std::size_t>(stop - start));
  const bool is_unset = text.size() == unset_.size() && text == unset_;
  if (!is_unset && (text.size() != empty_.size() || text != empty_)) {
    row_[static_cast<std::size_t>(field)] = text;
  }
}

std::size_t TsvReader::split(std::string_view line)
{
  const char* const end = line.data() + line.size();
  const char* start = line.data();
  std::size_t seen = 0;
#ifdef __SSE2__
  // Sixteen characters at once; the line is padded, so there is always that much to read.
  const auto separators = _mm_set1_epi8(separator_);
  for (const char* at = start; at < end; at += sizeof separators) {
    const auto letters = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(letters, separators)));
    for (; found != 0; found &= found - 1) {
      const char* stop = at + std::countr_zero(found);
      if (stop >= end) {
        break;
      }
      put(seen, start, stop);
      start = stop + 1;
      if (++seen == columns_.size()) {
        return seen;
      }
    }
  }
#else
  while (const void* found =
             std::memchr(start, separator_, static_cast<std::size_t>(end - start))) {
    const auto* stop = static_cast<const char*>(found);
    put(seen, start, stop);
    start = stop + 1;
    if (++seen == columns_.size()) {
      return seen;
    }
  }
#endif
  put(seen, start, end);
  return seen + 1;
}

void TsvReader::read_line(std::string_view line, logs::EntrySink& sink)
{
  if (line.front() == '#') {
    read_header(line);
    return;
  }
  if (all_columns_ == 0) {
    unreadable(say("no #fields line stands before it, so nobody knows what its columns are"));
    return;
  }
  if (columns_.empty()) {
    count();  // a log of which nothing is of use
    return;
  }
  row_.fill({});
  if (const auto seen = split(line); seen < columns_.size()) {
    unreadable(say("it has {} of the header's {} columns", seen, all_columns_));
    return;
  }
  answers_.clear();
  for (const auto field : {Field::Answers, Field::CertifiedNames}) {
    auto list = row_[static_cast<std::size_t>(field)];
    while (!list.empty()) {
      answers_.push_back(logs::take_until(list, set_separator_));
    }
  }
  if (rows_.give(row_, has_state_, answers_, sink) == RowReader::Outcome::Refused) {
    unreadable_entry();
  } else {
    count();
  }
}

bool is_zeek_tsv(std::string_view head)
{
  // Files of Zeek's own tests have a line before the header.
  for (int lines = 0; lines < 10 && head.starts_with('#'); ++lines) {
    if (head.starts_with("#separator ") || head.starts_with("#fields\t")) {
      return true;
    }
    (void)logs::take_until(head, '\n');
  }
  return false;
}

}  // namespace zonder::wire::zeek
