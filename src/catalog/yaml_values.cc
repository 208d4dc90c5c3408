// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/yaml_values.hh"

#include <algorithm>

#include "base/translate.hh"
#include "catalog/yaml_file.hh"

namespace zonder::catalog {

bool is_id(std::string_view text)
{
  return !text.empty() && text.size() <= 64 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool is_jurisdiction_code(std::string_view text)
{
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool says_unknown(const YAML::Node& node)
{
  return node.IsScalar() && node.Scalar() == "unknown";
}

void check_schema(YamlFile& file, const YamlMap& map, const char* schema)
{
  const auto given = map.text("schema");
  if (given && *given != schema) {
    file.wrong(*map.find("schema"), say("the schema must be {}, not {}", schema, *given));
  }
}

Text read_text(YamlFile& file, const YAML::Node& node)
{
  const YamlMap map(file, node, {"en", "nl"});
  return {map.text("en").value_or(""), map.text("nl").value_or("")};
}

std::string read_jurisdiction_code(YamlFile& file, const YAML::Node& node, std::string_view what)
{
  const auto code = file.scalar(node, what);
  if (!code) {
    return {};
  }
  // A plain NO is `false` to every reader of YAML 1.1; yaml-cpp marks what was quoted by the tag !.
  const bool quoted = node.Tag() == "!";
  if (!quoted && (*code == "NO" || *code == "No" || *code == "no" || *code == "false")) {
    file.wrong(
        node, say("write \"NO\" in quotes for Norway: without them YAML reads {} as false", *code));
    return {};
  }
  if (!is_jurisdiction_code(*code)) {
    file.wrong(node, say("a jurisdiction is two capital letters (ISO 3166-1), not {}", *code));
  }
  return *code;
}

std::optional<Date> read_date(YamlFile& file, const YAML::Node& node, std::string_view what)
{
  const auto text = file.scalar(node, what);
  if (!text) {
    return std::nullopt;
  }
  const auto date = Date::try_parse(*text);
  if (!date) {
    file.wrong(node, say("{} is no date: write 2016-12-08, or 2016-12, or 2016", *text));
  }
  return date;
}

Date read_opened(YamlFile& file, const YamlMap& map)
{
  const auto opened = map.text("opened");
  const auto day = opened ? Date::try_parse(*opened) : std::nullopt;
  if (opened && (!day || !day->is_whole_day())) {
    file.wrong(*map.find("opened"), tr("opened is a whole day, such as 2026-11-23"));
  }
  return day.value_or(Date{});
}

Source read_source(YamlFile& file, const YAML::Node& key, const YamlMap& map)
{
  Source source;
  source.key = key.IsScalar() ? key.Scalar() : "";
  source.title = map.text("title").value_or("");
  source.ref = map.text("ref").value_or("");
  if (const auto says = map.find("says")) {
    for (const auto& each : file.sequence(*says, "says")) {
      source.says.push_back(file.scalar(each, "says").value_or(""));
    }
    if (source.says.empty()) {
      file.wrong(*says, tr("says must tell in your own words what the source says"));
    }
  }
  return source;
}

}  // namespace zonder::catalog
