// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstring>
#include <string_view>
#include <vector>

#include <simdjson.h>

// Only for the .cc files of readers of JSON lines.
namespace zonder::wire::logs {

/// The name of a member as it is written. One with escapes is none that we look for.
inline std::string_view json_key(simdjson::ondemand::field& member)
{
  const char* start = member.key().raw();
  return {start, static_cast<std::size_t>(std::strchr(start, '"') - start)};
}

/// A string without its escapes, a number as it is written; empty for null, truth values, lists
/// and objects. False: it is malformed.
inline bool json_text(simdjson::ondemand::value value, std::string_view& text)
{
  using simdjson::ondemand::json_type;
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) {
    return false;
  }
  if (type == json_type::string) {
    // Nearly none has an escape, and then it need not be copied.
    const auto token = value.raw_json_token();
    const auto end = token.find('"', 1);
    if (end != std::string_view::npos) {
      text = token.substr(1, end - 1);
      if (text.find('\\') == std::string_view::npos) {
        return true;
      }
    }
    return value.get_string().get(text) == simdjson::SUCCESS;
  }
  text = {};
  if (type == json_type::number) {
    text = value.raw_json_token();
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
      text.remove_suffix(1);
    }
  }
  return true;
}

/// The strings of a list; one for a string alone. False: it is malformed.
inline bool json_texts(simdjson::ondemand::value value, std::vector<std::string_view>& texts)
{
  using simdjson::ondemand::json_type;
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) {
    return false;
  }
  std::string_view text;
  if (type != json_type::array) {
    const bool sound = json_text(value, text);
    if (!text.empty()) {
      texts.push_back(text);
    }
    return sound;
  }
  simdjson::ondemand::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) {
    return false;
  }
  for (auto each : list) {
    simdjson::ondemand::value item;
    if (std::move(each).get(item) != simdjson::SUCCESS || !json_text(item, text)) {
      return false;
    }
    if (!text.empty()) {
      texts.push_back(text);
    }
  }
  return true;
}

}  // namespace zonder::wire::logs
