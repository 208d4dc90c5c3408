// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace YAML {
class Node;
}

// The vocabulary in which a lab file is read: each function gives one value, or throws Wrong with
// the place and a sentence. What a value means is for who asks.
namespace zonder::lab {

/// From 0; line -1: nobody knows where.
struct Place {
  int line = 0;
  int column = 0;
};

Place place_of(const YAML::Node& node);

/// What is wrong and where; becomes an Error at the door (parse_lab).
struct Wrong {
  Place where;
  std::string what;
};

[[noreturn]] void wrong(const Place& where, std::string what);
[[noreturn]] void wrong(const YAML::Node& where, std::string what);

/// The tree of a lab file, within bounds that no lab comes near.
YAML::Node tree_of(const std::string& text);

/// The parts of a mapping, each key once. Here and below, `what` is what the sentence calls it.
std::vector<std::pair<YAML::Node, YAML::Node>> parts_of(const YAML::Node& node,
                                                        const std::string& what);

/// The same, where only some keys mean something.
std::map<std::string, YAML::Node> known_parts_of(const YAML::Node& node,
                                                 const std::string& what,
                                                 const std::vector<std::string>& known);

const YAML::Node& needed(const std::map<std::string, YAML::Node>& parts,
                         const std::string& key,
                         const YAML::Node& whole,
                         const std::string& what);

/// One value, or several in a list.
std::vector<YAML::Node> nodes_of(const YAML::Node& node, const std::string& what);

std::string text_of(const YAML::Node& node, const std::string& what);
/// A text that goes into a server's settings: no control characters.
std::string plain_text_of(const YAML::Node& node, const std::string& what);
std::string name_of(const YAML::Node& node, const std::string& what);
std::string domain_of(const YAML::Node& node);
unsigned number_of(const YAML::Node& node, const std::string& what, unsigned from, unsigned to);

}  // namespace zonder::lab
