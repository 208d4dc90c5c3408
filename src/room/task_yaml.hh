// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace YAML {
class Node;
}

// The vocabulary in which a task file is read: each function gives one value, or throws Wrong with
// the place and a sentence.
namespace zonder::room {

/// From 0; line -1: nobody knows where.
struct Place {
  int line = 0;
  int column = 0;
};

/// What is wrong and where; becomes an Error at the door (read_tasks).
struct Wrong {
  Place where;
  std::string what;
};

Place place_of(const YAML::Node& node);
[[noreturn]] void wrong(const Place& where, std::string what);
[[noreturn]] void wrong(const YAML::Node& where, std::string what);

/// The tree of a task file, within bounds that no room comes near.
YAML::Node tree_of(const std::string& text);

/// The parts of a mapping, each key once and one of `known`.
std::map<std::string, YAML::Node> parts_of(const YAML::Node& node,
                                           const std::vector<std::string>& known);

/// One value, or several in a list; `most` at most. `key` is what the sentence calls it.
std::vector<YAML::Node> nodes_of(const YAML::Node& node, const std::string& key, std::size_t most);

/// A text of 1 to `most` characters without control characters; `lines`: line ends may be in it.
std::string
text_of(const YAML::Node& node, const std::string& key, std::size_t most, bool lines = false);

/// A name of the DNS, which stands for itself and all below it.
std::string domain_of(const YAML::Node& node);
bool yes_or_no_of(const YAML::Node& node, const std::string& key);
/// A minute at least; parts of minutes are dropped.
std::chrono::minutes minutes_of(const YAML::Node& node, const std::string& key);

}  // namespace zonder::room
