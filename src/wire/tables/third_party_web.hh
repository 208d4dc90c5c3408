// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"

namespace zonder::wire::tables {

/// A company behind third parties on web pages, with the names it is known by.
struct WebEntity {
  std::string name;
  std::string company;               // may be empty
  std::vector<std::string> domains;  // without "*."; as the file gives them otherwise
};

/// Reads entities.json of third-party-web. Errors: no JSON array of entities.
Result<std::vector<WebEntity>> read_web_entities(std::string_view text, const std::string& path);

}  // namespace zonder::wire::tables
