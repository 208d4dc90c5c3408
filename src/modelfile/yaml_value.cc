// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/yaml_value.hh"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace zonder::modelfile {
namespace {

bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/// Words that readers of YAML 1.1 take for something else than a text. NO is Norway.
bool is_special(std::string_view text)
{
  static constexpr std::array<std::string_view, 11> special = {
      "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(special.begin(), special.end(), lower) != special.end();
}

bool can_be_plain(std::string_view text)
{
  return !text.empty() && is_letter(text.front()) && text.back() != ' ' && !is_special(text) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) ||
                  std::string_view(" _./()+-'").find(c) != std::string_view::npos;
         });
}

std::string quoted(std::string_view text)
{
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      all += '\\';
      all += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      all += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      all += c;
    }
  }
  return all + "\"";
}

bool is_empty(const YamlValue& value)
{
  return value.shape == YamlValue::Shape::Scalar ? value.scalar.empty() : value.items.empty();
}

}  // namespace

YamlValue YamlValue::word(std::string_view word)
{
  YamlValue value;
  value.scalar = word;
  return value;
}

YamlValue YamlValue::text(std::string_view text)
{
  return word(can_be_plain(text) ? std::string(text) : quoted(text));
}

YamlValue YamlValue::list(bool block)
{
  YamlValue value;
  value.shape = Shape::List;
  value.block = block;
  return value;
}

YamlValue YamlValue::map(bool block)
{
  YamlValue value;
  value.shape = Shape::Map;
  value.block = block;
  return value;
}

YamlValue& YamlValue::put(std::string key, YamlValue value)
{
  keys.push_back(std::move(key));
  items.push_back(std::move(value));
  return *this;
}

YamlValue& YamlValue::with(std::string key, YamlValue value)
{
  return is_empty(value) ? *this : put(std::move(key), std::move(value));
}

std::string flow_text(const YamlValue& value)
{
  if (value.shape == YamlValue::Shape::Scalar) {
    return value.scalar;
  }
  const bool map = value.shape == YamlValue::Shape::Map;
  std::string all;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    all += (i == 0 ? "" : ", ") + (map ? value.keys[i] + ": " : "") + flow_text(value.items[i]);
  }
  return map ? "{" + all + "}" : "[" + all + "]";
}

std::string entry_text(const std::string& key, const YamlValue& value, std::size_t indent)
{
  const std::string start = std::string(indent, ' ') + key + ":";
  if (value.shape == YamlValue::Shape::Scalar || !value.block || is_empty(value)) {
    return start + " " + flow_text(value) + "\n";
  }
  return start + "\n" + block_text(value, indent + 2);
}

std::string block_text(const YamlValue& value, std::size_t indent)
{
  std::string all;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const auto& item = value.items[i];
    if (value.shape == YamlValue::Shape::Map) {
      all += entry_text(value.keys[i], item, indent);
    } else if (item.shape == YamlValue::Shape::Map && item.block) {
      auto lines = block_text(item, indent + 2);
      lines[indent] = '-';
      all += lines;
    } else {
      all += std::string(indent, ' ') + "- " + flow_text(item) + "\n";
    }
  }
  return all;
}

}  // namespace zonder::modelfile
