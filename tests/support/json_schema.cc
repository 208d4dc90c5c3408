// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/json_schema.hh"

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace zonder::test {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type)
{
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) ||
         (type == "integer" && value.is_number_integer()) ||
         (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
         (type == "null" && value.is_null());
}

/// `root` has the $defs that a $ref is to.
void check(const json& value,
           const json& schema,
           const json& root,
           const std::string& place,
           std::vector<std::string>& wrong)
{
  static const std::set<std::string> known = {"$schema",
                                              "$id",
                                              "$defs",
                                              "$ref",
                                              "title",
                                              "description",
                                              "type",
                                              "const",
                                              "enum",
                                              "required",
                                              "properties",
                                              "additionalProperties",
                                              "items",
                                              "minItems",
                                              "anyOf",
                                              "pattern",
                                              "minimum",
                                              "maximum"};
  for (const auto& [word, unused] : schema.items()) {
    if (known.count(word) == 0) {
      throw std::runtime_error("the schema asks for " + word + ", which this check does not know");
    }
  }
  if (schema.contains("$ref")) {
    check(value,
          root.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1))),
          root,
          place,
          wrong);
  }
  if (schema.contains("anyOf") &&
      std::none_of(schema["anyOf"].begin(), schema["anyOf"].end(), [&](const json& one) {
        std::vector<std::string> against;
        check(value, one, root, place, against);
        return against.empty();
      })) {
    wrong.push_back(place + ": none of what it may be");
  }
  if (schema.contains("pattern") && value.is_string() &&
      !std::regex_search(value.get<std::string>(),
                         std::regex(schema["pattern"].get<std::string>()))) {
    wrong.push_back(place + ": does not fit the pattern");
  }
  if (value.is_number() && ((schema.contains("minimum") && value < schema["minimum"]) ||
                            (schema.contains("maximum") && value > schema["maximum"]))) {
    wrong.push_back(place + ": out of range");
  }
  if (value.is_array() && value.size() < schema.value("minItems", std::size_t{0})) {
    wrong.push_back(place + ": too few");
  }
  if (schema.contains("type")) {
    const auto types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    if (std::none_of(types.begin(), types.end(), [&](const json& type) {
          return has_type(value, type.get<std::string>());
        })) {
      wrong.push_back(place + ": wrong type");
      return;
    }
  }
  if (schema.contains("const") && value != schema["const"]) {
    wrong.push_back(place + ": another value");
  }
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    wrong.push_back(place + ": not one of the values");
  }
  for (const auto& name : schema.value("required", json::array())) {
    if (value.is_object() && !value.contains(name.get<std::string>())) {
      wrong.push_back(place + ": lacks " + name.get<std::string>());
    }
  }
  const auto properties = schema.value("properties", json::object());
  for (const auto& [name, part] : properties.items()) {
    if (value.is_object() && value.contains(name)) {
      check(value[name], part, root, place + "." + name, wrong);
    }
  }
  if (schema.contains("additionalProperties") && value.is_object()) {
    for (const auto& [name, part] : value.items()) {
      if (properties.contains(name)) {
        continue;
      }
      if (schema["additionalProperties"] == false) {
        wrong.push_back(place + ": has " + name + " that is not known");
      } else {
        check(part, schema["additionalProperties"], root, place + "." + name, wrong);
      }
    }
  }
  if (schema.contains("items") && value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      check(value[i], schema["items"], root, place + "[" + std::to_string(i) + "]", wrong);
    }
  }
}

}  // namespace

std::vector<std::string> against_schema(const std::string& document, const std::string& schema)
{
  std::vector<std::string> wrong;
  const auto root = json::parse(schema);
  check(json::parse(document), root, root, "$", wrong);
  return wrong;
}

}  // namespace zonder::test
