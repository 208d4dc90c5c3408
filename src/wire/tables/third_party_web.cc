// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/tables/third_party_web.hh"

#include <nlohmann/json.hpp>

#include "base/translate.hh"

namespace zonder::wire::tables {

Result<std::vector<WebEntity>> read_web_entities(std::string_view text, const std::string& path)
{
  const auto wrong = [&path] {
    return fail(Fault::Usage,
                say("{}: not the list of entities of third-party-web: fetch it again", path));
  };
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) {
    return wrong();
  }
  std::vector<WebEntity> entities;
  for (const auto& each : json) {
    if (!each.is_object() || !each.contains("name") || !each["name"].is_string() ||
        !each.contains("domains") || !each["domains"].is_array()) {
      return wrong();
    }
    WebEntity entity;
    entity.name = each["name"];
    if (each.contains("company") && each["company"].is_string()) {
      entity.company = each["company"];
    }
    for (const auto& domain : each["domains"]) {
      if (!domain.is_string()) {
        return wrong();
      }
      std::string name = domain;
      if (name.starts_with("*.")) {
        name.erase(0, 2);
      }
      entity.domains.push_back(std::move(name));
    }
    entities.push_back(std::move(entity));
  }
  return entities;
}

}  // namespace zonder::wire::tables
