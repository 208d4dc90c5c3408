// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/json_schema.hh"

#include <algorithm>
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

void check(const json& value,
           const json& schema,
           const std::string& place,
           std::vector<std::string>& wrong)
{
  static const std::set<std::string> known = {"$schema",
                                              "$id",
                                              "title",
                                              "description",
                                              "type",
                                              "const",
                                              "enum",
                                              "required",
                                              "properties",
                                              "items"};
  for (const auto& [word, unused] : schema.items()) {
    if (known.count(word) == 0) {
      throw std::runtime_error("the schema asks for " + word + ", which this check does not know");
    }
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
      check(value[name], part, place + "." + name, wrong);
    }
  }
  if (schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      check(value[i], schema["items"], place + "[" + std::to_string(i) + "]", wrong);
    }
  }
}

}  // namespace

std::vector<std::string> against_schema(const std::string& document, const std::string& schema)
{
  std::vector<std::string> wrong;
  check(json::parse(document), json::parse(schema), "$", wrong);
  return wrong;
}

}  // namespace zonder::test
