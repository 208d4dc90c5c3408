// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zonder::modelfile {

/// Something to be written as YAML: a word, a list, or a mapping in the order in which it was
/// filled.
struct YamlValue {
  enum class Shape : std::uint8_t { Scalar, List, Map };
  Shape shape = Shape::Scalar;
  std::string scalar;             // as it stands in the file, quotes included
  bool block = false;             // a list or mapping: a line for each item, else {all: in one}
  std::vector<YamlValue> items;   // of a list; of a mapping the values
  std::vector<std::string> keys;  // of a mapping, as many as items

  /// A word of ours, a number, a duration, a day: never needs quotes.
  static YamlValue word(std::string_view word);
  /// Anything; with quotes where some reader of YAML would take it for something else.
  static YamlValue text(std::string_view text);
  static YamlValue list(bool block = false);
  static YamlValue map(bool block = false);
  YamlValue& put(std::string key, YamlValue value);   // into a mapping
  YamlValue& with(std::string key, YamlValue value);  // the same, unless it is empty
};

/// In one line.
std::string flow_text(const YamlValue& value);

/// The entries of a mapping, or the items of a list, each on lines of its own, `indent` deep.
std::string block_text(const YamlValue& value, std::size_t indent);

/// "key: value" or "key:" with a block below it.
std::string entry_text(const std::string& key, const YamlValue& value, std::size_t indent);

}  // namespace zonder::modelfile
