// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/model_yaml.hh"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/duration.hh"
#include "base/suggestion.hh"
#include "base/utf8.hh"
#include "base/visible_text.hh"

namespace zonder::modelfile {

std::string listed(const std::vector<std::string>& words)
{
  std::string list;
  for (const auto& word : words) {
    if (!word.empty()) {
      list += (list.empty() ? "" : ", ") + word;
    }
  }
  return list;
}

void Reader::wrong(int line, int column, std::string what)
{
  if (!full()) {
    mistakes_.push_back({.line = line + 1, .column = column + 1, .what = std::move(what)});
  }
}

void Reader::wrong(const YAML::Node& where, std::string what)
{
  const auto mark = where.Mark();
  wrong(mark.line, mark.column, std::move(what));
}

std::vector<Mistake> Reader::take()
{
  std::sort(mistakes_.begin(), mistakes_.end());
  mistakes_.erase(std::unique(mistakes_.begin(), mistakes_.end()), mistakes_.end());
  return std::move(mistakes_);
}

std::string Reader::text(const YAML::Node& node, std::string_view what, std::size_t most)
{
  if (!node.IsScalar() || node.Scalar().empty()) {
    wrong(node, say("{} must be a text that is not empty", what));
    return {};
  }
  const auto& text = node.Scalar();
  // The escapes \N and \_ of YAML come out of yaml-cpp as single bytes, which are not UTF-8.
  if (has_control_characters(text) || !characters_in(text)) {
    wrong(node, say("{} has control characters or line ends in it: leave them out", what));
    return {};
  }
  if (*characters_in(text) > most) {
    wrong(node, say("{} is longer than {} characters: shorten it", what, most));
    return {};
  }
  return text;
}

std::string Reader::id(const YAML::Node& node, std::string_view what)
{
  auto typed = text(node, what);
  if (!typed.empty() && !model::is_model_id(typed)) {
    wrong(
        node,
        say("{} {} cannot be an id: letters, digits, \".\", \"_\" and \"-\", at most 128, a letter "
            "or digit first",
            what,
            typed));
    return {};
  }
  return typed;
}

std::vector<YAML::Node> Reader::list(const YAML::Node& node, std::string_view what)
{
  if (node.IsNull()) {
    return {};
  }
  if (!node.IsSequence()) {
    wrong(node, say("{} must be a list (write [] for none)", what));
    return {};
  }
  return {node.begin(), node.end()};
}

std::vector<std::string> Reader::ids(const YAML::Node& node, std::string_view what)
{
  std::vector<std::string> all;
  if (node.IsScalar()) {
    all.push_back(id(node, what));
    return all;
  }
  for (const auto& each : list(node, what)) {
    all.push_back(id(each, what));
  }
  return all;
}

bool Reader::yes_or_no(const YAML::Node& node, std::string_view what)
{
  const auto text = node.IsScalar() ? node.Scalar() : std::string();
  if (text != "true" && text != "false") {
    wrong(node, say("{} must be true or false", what));
  }
  return text == "true";
}

std::optional<std::chrono::seconds> Reader::duration(const YAML::Node& node)
{
  const auto typed = node.IsScalar() ? node.Scalar() : std::string();
  const auto duration = parse_duration(typed);
  if (!duration) {
    wrong(node, duration.error().message);
    return std::nullopt;
  }
  return *duration;
}

double Reader::number(const YAML::Node& node, std::string_view what, double from, double to)
{
  const auto typed = node.IsScalar() ? node.Scalar() : std::string();
  double number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (error != std::errc{} || end != typed.data() + typed.size() ||
      !(number >= from && number <= to)) {
    wrong(node, say("{} must be a number from {} to {}", what, from, to));
    return from;
  }
  return number;
}

std::size_t Reader::count(const YAML::Node& node, std::string_view what)
{
  const auto typed = node.IsScalar() ? node.Scalar() : std::string();
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (error != std::errc{} || end != typed.data() + typed.size()) {
    wrong(node, say("{} must be a whole number", what));
    return 0;
  }
  return number;
}

std::optional<Date> Reader::day(const YAML::Node& node, std::string_view what)
{
  const auto typed = node.IsScalar() ? node.Scalar() : std::string();
  const auto date = Date::try_parse(typed);
  if (!date) {
    wrong(node,
          say("{} must be a day (2026-11-23), or a month or year where no more is known", what));
  }
  return date;
}

void Reader::not_one_of(const YAML::Node& node,
                        std::string_view what,
                        const std::string& typed,
                        const std::vector<std::string>& words)
{
  const auto meant = suggestion_for(typed, words);
  wrong(node,
        meant ? say("{} cannot be {} (did you mean {}?)", what, typed, *meant)
              : say("{} cannot be {}; it is one of: {}", what, typed, listed(words)));
}

Mapping::Mapping(Reader& reader,
                 const YAML::Node& node,
                 std::string_view what,
                 const std::vector<std::string>& required,
                 const std::vector<std::string>& optional)
{
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  if (!node.IsMap()) {
    reader.wrong(node, say("{} must be a mapping with the keys {}", what, listed(known)));
    return;
  }
  sound_ = true;
  for (const auto& part : node) {
    const auto key = part.first.IsScalar() ? part.first.Scalar() : std::string();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const auto meant = suggestion_for(key, known);
      reader.wrong(part.first,
                   meant ? say("{} has no key {} (did you mean {}?)", what, key, *meant)
                         : say("{} has no key {} (known here: {})", what, key, listed(known)));
    } else if (!parts_.emplace(key, part.second).second) {
      reader.wrong(part.first, say("{} stands here twice: keep one", key));
    }
  }
  for (const auto& key : required) {
    if (parts_.count(key) == 0) {
      reader.wrong(node, say("{} needs the key {}", what, key));
    }
  }
}

const YAML::Node* Mapping::find(const std::string& key) const
{
  const auto found = parts_.find(key);
  return found == parts_.end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, YAML::Node>>
entries_of(Reader& reader, const YAML::Node& node, std::string_view what)
{
  std::vector<std::pair<std::string, YAML::Node>> entries;
  if (node.IsNull()) {
    return entries;
  }
  if (!node.IsMap()) {
    reader.wrong(node, say("{} must be a mapping: an id, and below it what it is", what));
    return entries;
  }
  std::set<std::string> seen;
  for (const auto& part : node) {
    const auto key = reader.id(part.first, what);
    if (key.empty()) {
      continue;
    }
    if (!seen.insert(key).second) {
      reader.wrong(part.first, say("{} stands here twice: keep one", key));
      continue;
    }
    entries.emplace_back(key, part.second);
  }
  return entries;
}

}  // namespace zonder::modelfile
