// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/lab_yaml.hh"

#include <algorithm>
#include <charconv>
#include <set>

#include <yaml-cpp/yaml.h>

#include "base/translate.hh"
#include "lab/lab_file.hh"
#include "net/domain_name.hh"
#include "wire/bounded_yaml.hh"

namespace zonder::lab {
namespace {

constexpr wire::YamlLimits limits = {.values = 20'000, .depth = 12, .only_one_document = false};
constexpr std::size_t most_text = 16'384;  // of one page

std::string sentence_of(const wire::YamlRefusal& refusal)
{
  using Why = wire::YamlRefusal::Why;
  switch (refusal.why) {
  case Why::Alias:
    return say("anchors and aliases (& and *) are not used here; write it out");
  case Why::TooManyValues:
    return say("more than {} values: this is not a lab", limits.values);
  case Why::TooDeep:
    return say("nested more than {} deep: this is not a lab", limits.depth);
  case Why::Empty:
    return say("the file is empty; examples/lab/voorbeeldstad.yaml is a lab");
  case Why::SecondDocument:  // not looked at
  case Why::NoYaml:
    break;
  }
  return say("this is not YAML: {}", refusal.parser_says);
}

std::string joined(const std::vector<std::string>& keys)
{
  std::string text;
  for (const auto& key : keys) {
    text += (text.empty() ? "" : ", ") + key;
  }
  return text;
}

}  // namespace

Place place_of(const YAML::Node& node)
{
  const auto mark = node.Mark();
  return {.line = mark.line, .column = mark.column};
}

void wrong(const Place& where, std::string what)
{
  throw Wrong{.where = where, .what = std::move(what)};
}

void wrong(const YAML::Node& where, std::string what)
{
  wrong(place_of(where), std::move(what));
}

YAML::Node tree_of(const std::string& text)
{
  auto tree = wire::load_bounded_yaml(text, limits);
  if (!tree) {
    wrong({.line = tree.error().line, .column = tree.error().column}, sentence_of(tree.error()));
  }
  return std::move(*tree);
}

std::vector<std::pair<YAML::Node, YAML::Node>> parts_of(const YAML::Node& node,
                                                        const std::string& what)
{
  if (!node.IsMap()) {
    wrong(node, say("{} must be a mapping (key: value)", what));
  }
  std::vector<std::pair<YAML::Node, YAML::Node>> parts;
  std::set<std::string> seen;
  for (const auto& part : node) {
    const auto key = text_of(part.first, say("a key"));
    if (!seen.insert(key).second) {
      wrong(part.first, say("{} stands here twice", key));
    }
    parts.emplace_back(part.first, part.second);
  }
  return parts;
}

std::map<std::string, YAML::Node> known_parts_of(const YAML::Node& node,
                                                 const std::string& what,
                                                 const std::vector<std::string>& known)
{
  std::map<std::string, YAML::Node> parts;
  for (const auto& [key, value] : parts_of(node, what)) {
    if (std::ranges::find(known, key.Scalar()) == known.end()) {
      wrong(key, say("{} has no key {}; there are: {}", what, key.Scalar(), joined(known)));
    }
    parts.emplace(key.Scalar(), value);
  }
  return parts;
}

const YAML::Node& needed(const std::map<std::string, YAML::Node>& parts,
                         const std::string& key,
                         const YAML::Node& whole,
                         const std::string& what)
{
  const auto found = parts.find(key);
  if (found == parts.end()) {
    wrong(whole, say("{} needs the key {}", what, key));
  }
  return found->second;
}

std::vector<YAML::Node> nodes_of(const YAML::Node& node, const std::string& what)
{
  if (node.IsScalar()) {
    return {node};
  }
  if (!node.IsSequence() || node.size() == 0) {
    wrong(node, say("{} must be a list with something in it", what));
  }
  return {node.begin(), node.end()};
}

std::string text_of(const YAML::Node& node, const std::string& what)
{
  if (!node.IsScalar() || node.Scalar().empty()) {
    wrong(node, say("{} must be a text", what));
  }
  if (node.Scalar().size() > most_text) {
    wrong(node, say("{} is longer than {} bytes", what, most_text));
  }
  return node.Scalar();
}

std::string plain_text_of(const YAML::Node& node, const std::string& what)
{
  auto text = text_of(node, what);
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    wrong(node, say("{} may not have control characters or line ends in it", what));
  }
  return text;
}

std::string name_of(const YAML::Node& node, const std::string& what)
{
  auto name = text_of(node, what);
  if (!is_lab_name(name)) {
    wrong(node,
          say("{} {} must be a small letter and then small letters, digits and \"-\", at most 31",
              what,
              name));
  }
  return name;
}

std::string domain_of(const YAML::Node& node)
{
  const auto name = net::DomainName::parse(text_of(node, say("a name")));
  if (!name) {
    wrong(node, name.error().message);
  }
  return name->text();
}

unsigned number_of(const YAML::Node& node, const std::string& what, unsigned from, unsigned to)
{
  const auto text = text_of(node, what);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < from || number > to) {
    wrong(node, say("{} must be a number from {} to {}, not {}", what, from, to, text));
  }
  return number;
}

}  // namespace zonder::lab
