// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/logs/json_objects.hh"

#include <algorithm>

#include "base/translate.hh"

namespace zonder::wire::logs {
namespace {

constexpr std::size_t longest_object = std::size_t{1} << 20U;
constexpr std::size_t longest_beginning = std::size_t{64} << 10U;
constexpr std::size_t most_depth = 64;
constexpr std::string_view blanks = " \t\r\n,\xEF\xBB\xBF";

/// Where the list within `"value": [` begins, behind its bracket, when that is what the object at
/// the front is; 0: it is not; npos: more must be read to tell.
std::size_t value_of_answer(std::string_view text)
{
  bool quoted = false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && quoted) {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '[') {
      auto before = text.substr(0, at);
      const auto end = before.find_last_not_of(" \t\r\n:");
      before = before.substr(0, end == std::string_view::npos ? 0 : end + 1);
      return before.ends_with("\"value\"") ? at + 1 : 0;
    } else if (!quoted && (c == '{' || c == '}')) {
      return 0;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void JsonObjects::unreadable(const std::string& why)
{
  if (tally_.unreadable++ == 0) {
    tally_.first_problem = say("object {}: {}", number_, why);
  }
}

void JsonObjects::lose(const std::string& why)
{
  unreadable(why);
  lost_ = true;
}

std::size_t JsonObjects::pass_between(std::string_view text, bool last)
{
  if (after_value_) {
    // What an answer has behind its list: the address of the next.
    const auto end = text.find('}');
    after_value_ = end == std::string_view::npos;
    return after_value_ ? text.size() : end + 1;
  }
  const auto start = std::min(text.find_first_not_of(blanks), text.size());
  if (start > 0 || text.empty()) {
    return start;
  }
  if (text[0] == '[' && !in_answer_) {
    return 1;
  }
  if (text[0] == ']') {
    after_value_ = in_answer_;
    in_answer_ = false;
    return 1;
  }
  if (text[0] != '{') {
    ++number_;
    lose(say("not a JSON object"));
    return 0;
  }
  const auto list = in_answer_ ? 0 : value_of_answer(text);
  if (list == std::string_view::npos) {
    if (last || text.size() > longest_beginning) {
      ++number_;
      lose(text.size() > longest_beginning ? say("the object is too long")
                                           : say("it breaks off within an object"));
    }
    return 0;
  }
  in_answer_ = in_answer_ || list > 0;
  return list;
}

std::size_t JsonObjects::end_of_object(std::string_view text)
{
  for (; scanned_ < text.size(); ++scanned_) {
    const char c = text[scanned_];
    if (escaped_) {
      escaped_ = false;
    } else if (quoted_) {
      escaped_ = c == '\\';
      quoted_ = c != '"';
    } else if (c == '"') {
      quoted_ = true;
    } else if (c == '{' || c == '[') {
      deepest_ = std::max(deepest_, ++depth_);
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      return scanned_ + 1;
    }
  }
  return 0;
}

std::size_t JsonObjects::take(std::span<const std::uint8_t> bytes, bool last, EntrySink& sink)
{
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::size_t at = 0;
  while (at < text.size() && !lost_) {
    const auto left = text.substr(at);
    if (depth_ == 0) {
      const auto passed = pass_between(left, last);
      at += passed;
      if (passed > 0 || lost_) {
        continue;
      }
      if (!in_answer_ && value_of_answer(left) == std::string_view::npos) {
        return at;
      }
    }
    const auto size = end_of_object(left);
    if (size == 0) {
      if (last || left.size() > longest_object) {
        ++number_;
        lose(left.size() > longest_object ? say("the object is too long")
                                          : say("it breaks off within an object"));
      }
      return at;
    }
    ++number_;
    if (deepest_ > most_depth) {
      unreadable(say("the object has too many within one another"));
    } else {
      read_object(left.substr(0, size), sink);
    }
    at += size;
    scanned_ = depth_ = deepest_ = 0;
  }
  return at;
}

}  // namespace zonder::wire::logs
