// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/facts.hh"

namespace YAML {
class Node;
}

// Values that stand in several of our YAML files and are read and judged the same in each. What is
// wrong is told to the file; what is given back is then as good as can be.
namespace zonder::catalog {

class YamlFile;
class YamlMap;

/// Lower case, [a-z0-9-], at most 64 long: ids of parties, services, groups and sources.
bool is_id(std::string_view text);

/// Two capital letters. Whether there is such a country is another question.
bool is_jurisdiction_code(std::string_view text);

/// Nobody looked it up, or nobody can tell.
bool says_unknown(const YAML::Node& node);

void check_schema(YamlFile& file, const YamlMap& map, const char* schema);

Text read_text(YamlFile& file, const YAML::Node& node);

/// Empty when it is no text or was not what the writer meant; else judged, and given as it stands.
std::string read_jurisdiction_code(YamlFile& file, const YAML::Node& node, std::string_view what);

std::optional<Date> read_date(YamlFile& file, const YAML::Node& node, std::string_view what);

/// The whole day under the key `opened`.
Date read_opened(YamlFile& file, const YamlMap& map);

/// A source, but for the day on which it was opened.
Source read_source(YamlFile& file, const YAML::Node& key, const YamlMap& map);

}  // namespace zonder::catalog
